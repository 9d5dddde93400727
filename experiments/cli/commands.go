package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"msharp/harness"
	"msharp/harness/config"
	"msharp/harness/folder"
	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/harness/verdict"
	"msharp/plots"
	"msharp/plots/page"
)

// existingFolder returns the output folder, which must hold records.
func (s *session) existingFolder() (folder.Dir, error) {
	out := folder.Dir(s.folder)
	if out == "" {
		name, text, err := s.text()
		if err != nil {
			return "", err
		}
		sweep, err := config.Outline(name, text, nil)
		if err != nil {
			return "", err
		}
		out = s.outFolder(sweep.Name)
	}
	if err := out.Exists(); errors.Is(err, fs.ErrNotExist) {
		return "", usageError{fmt.Errorf("%s holds no records; run first, or name a folder with --out", out)}
	} else if err != nil {
		return "", err
	}
	return out, nil
}

func (s *session) drawCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "draw",
		Short: "figures, verdicts and report again, from the records alone",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			out, err := s.existingFolder()
			if err != nil {
				return err
			}
			verdicts, err := s.drawFolder(out)
			if err != nil {
				return err
			}
			s.say(verdicts)
			fmt.Fprintf(s.out, "drew %s and %s\n", out.Figures(), out.Report())
			return nil
		},
	}
}

// drawFolder writes records.csv, figures, verdicts.json and report.html of the records in a folder, and returns the verdicts.
func (s *session) drawFolder(dir folder.Dir) (verdicts []verdict.Verdict, err error) {
	out := string(dir)
	err = dir.Exclusively(folder.Drawing, func() error {
		dir.RemoveTornDrawings()
		recs, err := s.load(dir)
		if err != nil {
			return err
		}
		m, _, err := dir.Read()
		if err != nil {
			return err
		}
		trials := study.Of(recs)
		var beside sync.WaitGroup
		var table error
		beside.Go(func() {
			table = record.WriteWith(dir.Table(), func(w io.Writer) error { return record.WriteCSV(w, recs) })
			verdicts = verdict.Judge(s.Claims, trials)
		})
		drawings, err := plots.DrawAll(s.Figures, trials)
		if err == nil {
			err = plots.Write(out, drawings)
		}
		if beside.Wait(); cmp.Or(table, err) != nil {
			return cmp.Or(table, err)
		}
		if err := writeVerdicts(dir, verdicts); err != nil {
			return err
		}
		return record.WriteWith(dir.Report(), func(w io.Writer) error {
			return page.Report(w, trials, m, verdict.Finding(s.Claims, verdicts), verdicts, drawings...)
		})
	})
	if err == nil {
		if err := refreshIndex(out); err != nil {
			fmt.Fprintln(s.talk, "warning: the index beside", out, "is not current:", err)
		}
	}
	return verdicts, err
}

// say prints the verdicts, one a line.
func (s *session) say(verdicts []verdict.Verdict) {
	for _, line := range page.VerdictLines(verdicts) {
		fmt.Fprintln(s.out, line)
	}
}

func (s *session) selftestCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "selftest",
		Short: "the analytic oracles, on this machine",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(table, "oracle\texpected\tmeasured\ttolerance\t")
			bad := 0
			for _, o := range harness.Oracles() {
				verdict := "ok"
				if !o.OK() {
					verdict = "FAILED"
					bad++
				}
				fmt.Fprintf(table, "%s\t%.9g\t%.9g\t%.1g\t%s\n", o.Name, o.Want, o.Got, o.Tolerance, verdict)
			}
			if err := table.Flush(); err != nil {
				return err
			}
			if bad > 0 {
				return fmt.Errorf("%d oracles failed", bad)
			}
			return nil
		},
	}
}

func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%s takes no words such as %q", c.Name(), args[0])}
	}
	return nil
}
