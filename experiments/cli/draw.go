package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/spf13/cobra"

	"msharp/harness/config"
	"msharp/harness/disk"
	"msharp/harness/folder"
	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/harness/verdict"
	"msharp/plots"
	"msharp/plots/page"
)

func (s *session) drawCommand() *cobra.Command {
	var paper paperFlags
	c := &cobra.Command{
		Use:   "draw",
		Short: "figures, verdicts and report again, from the records alone; or some of the figures for a paper",
		Long: "Draws what the records of an output folder say: its figures, verdicts.json, records.csv and report.html.\n" +
			"With one of --figures, --format, --width, --plain and --to it draws figures for a paper instead, and writes nothing in the output folder:\n" +
			"the files go to --to, by default paper/NAME below the current folder, NAME being that of the output folder. Nothing is removed there; of a\n" +
			"figure that the records cannot make, draw names the files that lie there. Text keeps its size, 6 points or more, at every width: put the\n" +
			"figures into a paper as they are. A figure that needs more width gets it, and draw says so. Beside each is NAME.txt, its title and its\n" +
			"caption, with n and what the intervals are.",
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			out, err := s.existingFolder()
			if err != nil {
				return err
			}
			if paper.some(c) {
				return s.drawPaper(out, paper)
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
	paper.add(c, s.Figures)
	return c
}

// drawFolder writes records.csv, figures, verdicts.json and report.html of the records in a folder, and returns the verdicts.
func (s *session) drawFolder(dir folder.Dir) (verdicts []verdict.Verdict, err error) {
	out := string(dir)
	err = dir.Exclusively(folder.Drawing, func() error {
		dir.RemoveTornDrawings()
		trials, recs, m, err := s.studyOf(dir)
		if err != nil {
			return err
		}
		s.sayMixed(trials, m)
		var beside sync.WaitGroup
		var table error
		beside.Go(func() {
			table = disk.WriteWith(dir.Table(), func(w io.Writer) error { return record.Trials(recs).WriteCSV(w, config.KeyType) })
			verdicts = verdict.Judge(s.Claims, trials)
		})
		drawings, err := plots.DrawAll(s.figuresOf(trials), trials)
		if err == nil {
			err = plots.Write(out, drawings)
		}
		if beside.Wait(); cmp.Or(table, err) != nil {
			return cmp.Or(table, err)
		}
		if err := writeVerdicts(dir, verdicts); err != nil {
			return err
		}
		return disk.WriteWith(dir.Report(), func(w io.Writer) error {
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

// figuresOf are those of the experiment, and what the trials watched where they did.
func (s *session) figuresOf(trials *study.Trials) []plots.Figure {
	if !plots.Watches(trials) {
		return s.Figures
	}
	return append(slices.Clone(s.Figures), plots.Watched{})
}

// studied reads the records of a folder as a study of the data that its manifest names. Where it names none, records tell only the kind, and
// of some kinds the data may be any.
func studied(recs []record.Record, m record.Manifest) *study.Trials {
	sources := m.Data
	for _, r := range recs {
		kind, _ := record.Lookup(r.Config, "data.kind")
		text := record.Text(kind)
		if !slices.ContainsFunc(sources, func(s record.DataSource) bool { return s.Kind == text }) {
			sources = append(slices.Clone(sources), record.DataSource{Kind: text, Name: config.DataName(text, "")})
		}
	}
	return study.Of(recs, sources...)
}

// studyOf reads a folder's records, without some parts of them, as a study; and its manifest.
func (s *session) studyOf(dir folder.Dir, without ...record.Without) (t *study.Trials, recs []record.Record, m record.Manifest, err error) {
	if recs, err = s.load(dir, without...); err != nil {
		return nil, nil, m, err
	}
	if m, _, err = dir.Read(); err != nil {
		return nil, nil, m, err
	}
	return studied(recs, m), recs, m, nil
}

// sayMixed warns of records that may not be compared.
func (s *session) sayMixed(trials *study.Trials, m record.Manifest) {
	for _, w := range page.Mixed(trials, m) {
		fmt.Fprintln(s.talk, "warning:", w)
	}
}

// say prints the verdicts, one a line.
func (s *session) say(verdicts []verdict.Verdict) {
	for _, line := range page.VerdictLines(verdicts) {
		fmt.Fprintln(s.out, line)
	}
}

// writeVerdicts writes verdicts.json, an array even where there are no claims.
func writeVerdicts(dir folder.Dir, verdicts []verdict.Verdict) error {
	return folder.WriteJSON(dir.Verdicts(), append([]verdict.Verdict{}, verdicts...))
}
