package cli

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"msharp/harness/config"
	"msharp/harness/disk"
	"msharp/harness/folder"
	"msharp/harness/record"
)

// exportFormat is a way to write records, and the parts of them that it leaves out.
type exportFormat struct {
	write   func(io.Writer, []record.Record) error
	without []record.Without
}

var exportFormats = map[string]exportFormat{
	"csv":     {typed(record.WriteCSV), []record.Without{record.WithoutEpochs, record.WithoutConfusion}},
	"parquet": {typed(record.WriteParquet), []record.Without{record.WithoutEpochs, record.WithoutConfusion}},
	"jsonl":   {record.WriteJSONL, nil},
}

// typed writes a table with the types of a configuration's keys.
func typed(write func(io.Writer, []record.Record, record.Schema) error) func(io.Writer, []record.Record) error {
	return func(w io.Writer, recs []record.Record) error { return write(w, recs, config.KeyType) }
}

func (s *session) exportCommand() *cobra.Command {
	var format, path string
	c := &cobra.Command{
		Use:   "export --format csv|jsonl|parquet [-o PATH]",
		Short: "the records as one table or one list",
		Args:  noArgs,
		RunE:  func(*cobra.Command, []string) error { return s.export(format, path) },
	}
	c.Flags().StringVar(&format, "format", "csv", "`csv|jsonl|parquet`")
	c.Flags().StringVarP(&path, "output", "o", "", "write to `PATH` in place of standard output")
	return c
}

func (s *session) export(format, path string) error {
	f, ok := exportFormats[format]
	switch {
	case !ok:
		return usageError{fmt.Errorf("--format %s: expected csv, jsonl or parquet", format)}
	case format == "parquet" && path == "" && isTerminal(s.out):
		return usageError{fmt.Errorf("--format parquet is binary; name a file with -o")}
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
	recs, err := s.load(out, f.without...)
	if err != nil {
		return err
	}
	write := func(w io.Writer) error { return f.write(w, recs) }
	info, err := os.Stat(path)
	switch {
	case path == "":
		return write(s.out)
	case err == nil && info.Mode()&fs.ModeNamedPipe != 0: // somebody reads there
		return disk.WriteInto(path, write)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	disk.RemoveDead(filepath.Dir(path), func(name string) bool { return name == filepath.Base(path) })
	return disk.WriteWith(path, write)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
