package cli

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// The Parquet table has the columns and rows of the CSV, typed. Every cell is looked at where it is written.
func TestExportParquet(t *testing.T) {
	t.Parallel()
	dir, out := finished(t)
	printed := call(t, dir, exitOK, "export", "--out", "out", "--format", "parquet").out
	call(t, dir, exitOK, "export", "--out", "out", "--format", "parquet", "-o", "file")
	if tree(t, dir)["file"] != printed {
		t.Error("into a file it writes another table than to standard output")
	}
	file, err := parquet.OpenFile(strings.NewReader(printed), int64(len(printed)))
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]string{}
	var names []string
	for _, f := range file.Schema().Fields() {
		names, types[f.Name()] = append(names, f.Name()), f.Type().String()
	}
	head, _, _ := strings.Cut(tree(t, out)["records.csv"], "\n")
	if want := head + ",revision,kernel,host"; strings.Join(names, ",") != want || file.NumRows() != trials {
		t.Errorf("%d rows under %q, want %s", file.NumRows(), names, want)
	}
	for name, want := range map[string]string{
		"id": "STRING", "model.hidden": "STRING", "seed": "INT(64,true)", "optimizer.m": "INT(64,true)", "optimizer.rho": "DOUBLE",
		"optimizer.base.nesterov": "BOOLEAN", "test_error": "DOUBLE", "epochs_run": "DOUBLE", "msharp(m=1 rho=0.05)": "DOUBLE", "train_seconds": "DOUBLE", "host": "STRING",
	} {
		if types[name] != want {
			t.Errorf("%s is %q, want %s", name, types[name], want)
		}
	}
}

// Packed records are records: nothing is trained again, and the table is the same.
func TestPackedRecords(t *testing.T) {
	notShort(t, "calls every command on packed records")
	t.Parallel()
	dir, out := finished(t)
	before := tree(t, out)
	for name, text := range before {
		if !strings.HasSuffix(name, ".jsonl") {
			continue
		}
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := io.WriteString(w, text); err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(out, name+".gz"), b.String())
		if err := os.Remove(filepath.Join(out, name)); err != nil {
			t.Fatal(err)
		}
	}
	if o := call(t, dir, exitOK, "--out", "out"); !strings.Contains(o.talk, "recorded") {
		t.Errorf("it trains again: %s", o.talk)
	}
	if o := call(t, dir, exitOK, "export", "--out", "out"); o.out != before["records.csv"] {
		t.Errorf("it exports\n%s", o.out)
	}
}
