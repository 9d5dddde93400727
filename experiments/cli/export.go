package cli

import (
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"msharp/harness/config"
	"msharp/harness/disk"
	"msharp/harness/folder"
	"msharp/harness/record"
	"msharp/sharpness"
)

// exported is what export writes of the records, and the parts of them that it needs not.
type exported struct {
	name    string
	table   func([]record.Record) record.Table
	without []record.Without
}

var exports = []exported{
	{"trials", record.Trials, []record.Without{record.WithoutEpochs, record.WithoutConfusion}},
	{"epochs", record.Epochs, []record.Without{record.WithoutConfusion}},
	{"measures", ofValues(record.Measures), []record.Without{record.WithoutEpochs, record.WithoutConfusion}},
	{"watch", ofValues(record.Looks), []record.Without{record.WithoutConfusion}},
}

// exportFormat is a way to write a table. Trials as jsonl are the records themselves.
type exportFormat struct {
	name  string
	write func(record.Table, io.Writer) error
}

var exportFormats = []exportFormat{
	{"csv", func(t record.Table, w io.Writer) error { return t.WriteCSV(w, config.KeyType) }},
	{"jsonl", record.Table.WriteJSONL},
	{"parquet", func(t record.Table, w io.Writer) error { return t.WriteParquet(w, config.KeyType) }},
}

func whats() (names []string) {
	for _, e := range exports {
		names = append(names, e.name)
	}
	return names
}

func formats() (names []string) {
	for _, f := range exportFormats {
		names = append(names, f.name)
	}
	return names
}

// ofValues names the columns of a table of values as measures do.
func ofValues(table func([]record.Record, record.Naming) record.Table) func([]record.Record) record.Table {
	return func(recs []record.Record) record.Table { return table(recs, measureOf) }
}

// measureOf is a record.Naming. A name that no measure has is a measure of its own.
func measureOf(name string) (measure string, params map[string]any) {
	c, ok := sharpness.ParseColumn(name)
	if !ok {
		return name, nil
	}
	params = map[string]any{}
	for _, p := range c.Params {
		v, isNumber := c.Number(p.Key)
		switch {
		case isNumber && math.IsInf(v, 1):
			params[p.Key] = ".inf"
		case isNumber:
			params[p.Key] = v
		case p.Value == "true" || p.Value == "false":
			params[p.Key] = p.Value == "true"
		default:
			params[p.Key] = p.Value
		}
	}
	return c.Measure, params
}

func (s *session) exportCommand() *cobra.Command {
	var what, format, path string
	c := &cobra.Command{
		Use:   fmt.Sprintf("export [--what %s] [--format %s] [-o PATH]", strings.Join(whats(), "|"), strings.Join(formats(), "|")),
		Short: "the records as a table: a row a trial, an epoch, a measure's value or a look along training",
		Long: `The records as a table. Its rows are

  trials    one a trial: id, status, every configuration key, metrics, seconds, every measure's columns.
            As jsonl they are the records themselves.
  epochs    one an epoch of a trial: epoch, train_loss, perturbed_loss, val_error
  measures  one a value: column, measure, m, rho and its other parameters, value
  watch     one a look along training: unit, at, and as measures

The last three begin with id, status, seed and the keys in which the trials differ; the id joins them to the trials. Their m and rho are
the measure's, inf where m = n; those of training are optimizer.m and optimizer.rho. A value that is not finite is missing.`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return s.export(what, format, path) },
	}
	c.Flags().StringVar(&what, "what", "trials", "what the rows are: `WHAT`, one of "+strings.Join(whats(), ", "))
	c.Flags().StringVar(&format, "format", "csv", "`FORMAT`, one of "+strings.Join(formats(), ", "))
	completed(c, "what", oneOfThese(whats()...))
	completed(c, "format", oneOfThese(formats()...))
	c.Flags().StringVarP(&path, "output", "o", "", "write to `PATH` in place of standard output")
	return c
}

func (s *session) export(what, format, path string) error {
	i, k := slices.Index(whats(), what), slices.Index(formats(), format)
	switch {
	case i < 0:
		return usageError{fmt.Errorf("--what %s: expected one of %s", what, strings.Join(whats(), ", "))}
	case k < 0:
		return usageError{fmt.Errorf("--format %s: expected one of %s", format, strings.Join(formats(), ", "))}
	case format == "parquet" && path == "" && isTerminal(s.table):
		return usageError{fmt.Errorf("--format parquet is binary; name a file with -o")}
	}
	e := exports[i]
	whole := what == "trials" && format == "jsonl"
	if whole {
		e.without = nil
	}
	if path != "" {
		if err := folder.MayWrite(path); err != nil {
			return usageError{fmt.Errorf("-o %w", err)}
		}
	}
	out, err := s.existingFolder()
	if err != nil {
		return err
	}
	recs, err := s.load(out, e.without...)
	if err != nil {
		return err
	}
	to := func(w io.Writer) error {
		if whole {
			return record.WriteJSONL(w, recs)
		}
		return exportFormats[k].write(e.table(recs), w)
	}
	info, err := os.Stat(path)
	switch {
	case path == "":
		return to(s.table)
	case err == nil && info.Mode()&fs.ModeNamedPipe != 0: // somebody reads there
		return disk.WriteInto(path, to)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	disk.RemoveDead(filepath.Dir(path), func(name string) bool { return name == filepath.Base(path) })
	return disk.WriteWith(path, to)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
