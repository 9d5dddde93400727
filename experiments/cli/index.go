package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"msharp/harness/disk"
	"msharp/harness/folder"
	"msharp/harness/record"
	"msharp/harness/verdict"
	"msharp/plots"
	"msharp/plots/page"
)

func (s *session) indexCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "index [DIR]",
		Short: "DIR/index.html: a page over the output folders in DIR, by default results",
		Long: "Writes DIR/index.html, a page over the output folders in DIR: their claims side by side, main figures and reports;\n" +
			"and DIR/claims.png, .svg and .csv, the claims that several of them make.\n" +
			"From then on, run and draw keep it current when they draw a folder in DIR.",
		Args: func(_ *cobra.Command, words []string) error {
			if len(words) > 1 {
				return usageError{fmt.Errorf("index takes one folder, not also %q", words[1])}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, words []string) error {
			dir := "results"
			if len(words) == 1 {
				dir = words[0]
			}
			n, err := writeIndex(dir)
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return usageError{err}
			case err != nil:
				return err
			case n == 0:
				return usageError{fmt.Errorf("%s holds no output folders", dir)}
			}
			fmt.Fprintf(s.out, "%s in %s\n", record.Plural(n, "sweep"), filepath.Join(dir, "index.html"))
			return nil
		},
	}
}

// writeIndex writes index.html over the output folders in dir and returns their number. If there are none, it writes nothing.
func writeIndex(dir string) (int, error) {
	path := filepath.Join(dir, "index.html")
	if err := folder.MayWrite(path); err != nil {
		return 0, usageError{err}
	}
	if ours, err := indexed(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	} else if err == nil && !ours {
		return 0, usageError{fmt.Errorf("%s is no index of sweeps; expected that file to be ours or not there", path)}
	}
	sweeps, err := sweepsIn(dir)
	if err != nil || len(sweeps) == 0 {
		return 0, err
	}
	claims := plots.Claims(page.Members(sweeps))
	disk.RemoveDead(dir, func(name string) bool { return name == "index.html" || strings.HasPrefix(name, claims.Name+".") })
	if err := claims.Write(dir); err != nil {
		return 0, err
	}
	figure := claims.Name
	if claims.Skipped != "" {
		figure = ""
	}
	return len(sweeps), disk.WriteWith(path, func(w io.Writer) error { return page.Index(w, sweeps, figure) })
}

// refreshIndex writes the index of the folder around an output folder again, if writeIndex made one there. It makes none and touches no other
// index.html.
func refreshIndex(out string) error {
	whole, err := filepath.Abs(out)
	if err != nil {
		return err
	}
	path := filepath.Join(filepath.Dir(whole), "index.html")
	if ours, err := indexed(path); err != nil || !ours {
		return nil
	}
	_, err = writeIndex(filepath.Dir(path))
	return err
}

// indexed reports whether a file is an index that writeIndex wrote.
func indexed(path string) (bool, error) {
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return false, err
	}
	text, err := disk.ReadFile(path)
	return bytes.Contains(text[:min(len(text), 1000)], []byte(page.IndexMark)), err
}

// sweepsIn returns the output folders in dir, by name.
func sweepsIn(dir string) (sweeps []page.Sweep, err error) {
	entries, err := os.ReadDir(dir) // sorted
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		out := folder.Dir(filepath.Join(dir, e.Name()))
		if info, err := os.Stat(out.Records()); errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() || errors.Is(err, syscall.ENOTDIR) {
			continue
		}
		sweep, err := sweepAt(out)
		if err != nil {
			sweep.Problem = strings.ReplaceAll(err.Error(), dir+string(filepath.Separator), "")
		}
		sweep.Folder = e.Name()
		sweeps = append(sweeps, sweep)
	}
	return sweeps, nil
}

// sweepAt reads what an index says of an output folder. A file that cannot be read does not hide the others.
func sweepAt(out folder.Dir) (sweep page.Sweep, err error) {
	var errs []error
	sweep.Manifest, _, err = out.Read()
	errs = append(errs, err)
	sweep.Verdicts, err = readVerdicts(out)
	errs = append(errs, err)
	recs, _, err := record.Load(string(out))
	errs = append(errs, err)
	trials := studied(recs, sweep.Manifest)
	sweep.What, sweep.Counts = trials.Trained(), trials.Counts(sweep.Manifest.Trials).String()
	report, err := disk.ReadFile(out.Report())
	if err == nil {
		sweep.Report, sweep.Figure = true, page.MainFigure(report)
	} else if !errors.Is(err, fs.ErrNotExist) {
		errs = append(errs, err)
	}
	return sweep, errors.Join(errs...)
}

// readVerdicts returns the verdicts of a folder, nil where there are none.
func readVerdicts(out folder.Dir) (vs []verdict.Verdict, err error) {
	text, err := disk.ReadFile(out.Verdicts())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &vs); err != nil {
		return nil, fmt.Errorf("verdicts.json: %w", record.Fault(err))
	}
	return vs, nil
}
