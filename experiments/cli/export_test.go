package cli

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"msharp/harness/record"
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

// parquetColumns returns the columns of a folder's export: the type and the cells of each.
func parquetColumns(t *testing.T, dir, out string) map[string]string {
	t.Helper()
	text := quickly(t, dir, exitOK, "export", "--out", out, "--format", "parquet").out
	file, err := parquet.OpenFile(strings.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string]string{}
	rows := make([]parquet.Row, file.NumRows())
	if n, err := file.RowGroups()[0].Rows().ReadRows(rows); n != len(rows) {
		t.Fatal(n, err)
	}
	for k, f := range file.Schema().Fields() {
		columns[f.Name()] = f.Type().String()
		for _, row := range rows {
			columns[f.Name()] += " " + row[k].String()
		}
	}
	return columns
}

// The exports of two sweeps have the same types, whatever values their keys have: they can be read as one table. Infinity is a number, and a value
// of a network that diverged is none.
func TestExportsOfTwoSweepsAgree(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	words := []string{"seed=1", "optimizer.m=4", "--quiet"}
	quickly(t, dir, exitOK, append(words, "--out", "whole", "optimizer.rho=1", "lr=1", "optimizer.p=.inf", "optimizer.base.momentum=0")...)
	quickly(t, dir, exitOK, append(words, "--out", "real", "optimizer.rho=0.05", "lr=1e30", "optimizer.p=2")...)
	whole, real := parquetColumns(t, dir, "whole"), parquetColumns(t, dir, "real")
	for name, want := range map[string][2]string{
		"optimizer.rho": {"DOUBLE 1", "DOUBLE 0.05"}, "optimizer.p": {"DOUBLE +Inf", "DOUBLE 2"}, "optimizer.m": {"INT(64,true) 4", "INT(64,true) 4"},
		"lr": {"DOUBLE 1", "DOUBLE 1e+30"}, "optimizer.base.momentum": {"DOUBLE 0", "DOUBLE 0.9"}, "data.noise": {"DOUBLE 0.03", "DOUBLE 0.03"}, "data.label_noise": {"DOUBLE 0", "DOUBLE 0"},
		"data.classes": {"INT(64,true) 3", "INT(64,true) 3"}, "clip": {"DOUBLE 0", "DOUBLE 0"}, "status": {"STRING done", "STRING diverged"},
	} {
		if got := [2]string{whole[name], real[name]}; got != want {
			t.Errorf("%s: %q; want %q", name, got, want)
		}
	}
	if real["test_loss"] != "DOUBLE <null>" || real["msharp(m=1 rho=0.05)"] != "DOUBLE <null>" {
		t.Errorf("test_loss of what diverged is %s, m-sharpness %s", real["test_loss"], real["msharp(m=1 rho=0.05)"])
	}
	if csv := quickly(t, dir, exitOK, "export", "--out", "whole").out; !strings.Contains(csv, ",inf,") || strings.Contains(csv, ".inf") {
		t.Errorf("the CSV is %s", csv)
	}
	if csv := quickly(t, dir, exitOK, "export", "--out", "real").out; strings.Contains(csv, "NaN") || strings.Contains(csv, "null") {
		t.Errorf("the CSV is %s", csv)
	}
}

// The long exports have every number of the records, in their rows; trials that diverged have empty cells.
func TestLongExportsAreTheRecords(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	quickly(t, dir, exitOK, "--out", "out", "--quiet", "seed=1,2", "optimizer.m=4", "optimizer.rho=0,0.1", "lr=0.1,1e30",
		"measures=[{kind: msharp, m: [1, 0], rho: [0.05]}, norm]", "watch={every: 3, measures: [gradnorm]}")
	var want []string
	recs := load(t, filepath.Join(dir, "out"))
	cell := func(v record.Number) string { return record.Text(v) }
	for _, r := range recs {
		for _, e := range r.Epochs {
			want = append(want, fmt.Sprint("epochs ", r.ID, e.Epoch, cell(e.TrainLoss), cell(e.PerturbedLoss), cell(e.ValError)))
		}
		for name, v := range r.Values.Numbers {
			if !slices.Contains(record.Metrics, name) {
				want = append(want, fmt.Sprint("measures ", r.ID, name, cell(v)))
			}
		}
		for name, values := range r.Watch.Values {
			for k, v := range values {
				want = append(want, fmt.Sprint("watch ", r.ID, name, r.Watch.At[k], cell(v)))
			}
		}
	}
	var got []string
	for what, parts := range map[string][]string{
		"epochs": {"epoch", "train_loss", "perturbed_loss", "val_error"}, "measures": {"column", "value"}, "watch": {"column", "at", "value"},
	} {
		rows, err := csv.NewReader(strings.NewReader(quickly(t, dir, exitOK, "export", "--out", "out", "--what", what).out)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if place := strings.Join(rows[0][:5], " "); place != "id status lr optimizer.m optimizer.rho" {
			t.Errorf("%s begins with %s", what, place)
		}
		for _, row := range rows[1:] {
			line := what + " " + row[0]
			for _, part := range parts {
				line += row[slices.Index(rows[0], part)]
			}
			got = append(got, line)
			if i := slices.Index(rows[0], "measure"); i >= 0 && row[slices.Index(rows[0], "column")] == "msharp(m=n rho=0.05)" && strings.Join(row[i:i+3], " ") != "msharp inf 0.05" {
				t.Errorf("%s: %q", what, row)
			}
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) || len(recs) != 8 {
		t.Errorf("%d records: %d rows\n%q\nwant %d\n%q", len(recs), len(got), got, len(want), want)
	}
	call(t, dir, exitUsage, "export", "--out", "out", "--what", "looks")
}
