package record

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"testing"
)

// Columns: id, status, configuration keys sorted, metrics in their order, seconds, all other values sorted. A cell is empty if the record has
// no such key or value, or if the value is null.
func TestCSV(t *testing.T) {
	recs := []Record{
		{ID: "a", Status: Done, Config: map[string]any{"seed": 1.0, "optimizer": map[string]any{"rho": 0.05, "kind": "sam"}, "name": `x, "y"`, "model": map[string]any{"hidden": []any{8.0, 4.0}}},
			Values: Values{Numbers: numbers("test_error", 0.25, "train_error", 0, "epochs_run", 3, "msharp(m=4 rho=0.05)", 1e-7, "gradnorm", nan), Confusion: [][]int{{1}}},
			Run:    &Run{TrainSeconds: 1.23456, MeasureSeconds: 2}},
		{ID: "b", Status: Diverged, Config: map[string]any{"seed": 2.0, "clip": 1.0}, Values: Values{Numbers: numbers("test_error", nan, "zero_gradients", 0)}},
		{ID: "c", Status: Failed},
	}
	want := `id,status,clip,model.hidden,name,optimizer.kind,optimizer.rho,seed,` +
		`train_error,val_error,test_error,train_loss,val_loss,test_loss,error_gap,loss_gap,best_val_error,best_val_epoch,epochs_run,train_seconds,measure_seconds,` +
		`gradnorm,msharp(m=4 rho=0.05),zero_gradients
a,done,,"[8,4]","x, ""y""",sam,0.05,1,0,,0.25,,,,,,,,3,1.235,2.000,,1e-07,
b,diverged,1,,,,,2,,,,,,,,,,,,,,,,0
c,failed,,,,,,,,,,,,,,,,,,,,,,
`
	var b strings.Builder
	if err := Trials(recs).WriteCSV(&b, noSchema); err != nil {
		t.Fatal(err)
	}
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	if rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll(); err != nil || len(rows) != 4 {
		t.Errorf("%d rows, error %v", len(rows), err)
	}
}

func TestCSVOfNothing(t *testing.T) {
	var b strings.Builder
	if err := Trials(nil).WriteCSV(&b, noSchema); err != nil {
		t.Fatal(err)
	}
	if want := "id,status," + strings.Join(Metrics, ",") + ",train_seconds,measure_seconds\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}

// +∞ of a real key is inf, as pandas, R and DuckDB read it; a text stays as it is.
func TestCSVOfInfinity(t *testing.T) {
	recs := []Record{{ID: "a", Status: Diverged, Config: map[string]any{"p": ".inf", "file": ".inf"}, Values: Values{Numbers: numbers("test_error", inf)}}}
	var b strings.Builder
	if err := Trials(recs).WriteCSV(&b, func(key string) KeyType { return map[string]KeyType{"p": KeyReal, "file": KeyText}[key] }); err != nil {
		t.Fatal(err)
	}
	if _, row, _ := strings.Cut(b.String(), "\n"); row != "a,diverged,.inf,inf,"+strings.Repeat(",", 12)+"\n" {
		t.Errorf("%q", row)
	}
}

// Records written as JSONL load again unchanged.
func TestWriteJSONL(t *testing.T) {
	recs := []Record{full("a"), {ID: "b", Status: Diverged, Values: Values{Numbers: numbers("x", nan)}}, full("c")}
	var b bytes.Buffer
	if err := WriteJSONL(&b, recs); err != nil {
		t.Fatal(err)
	}
	if want := strings.Join(lines(t, recs), "\n") + "\n"; b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	again, warnings := loaded(t, folder(t, b.String()))
	if got, want := strings.Join(lines(t, again), "\n"), strings.Join(lines(t, recs), "\n"); got != want || len(warnings) > 0 {
		t.Errorf("loaded again:\n%s\nwant\n%s\nwarnings %v", got, want, warnings)
	}
}

// narrow is a writer with room for n bytes.
type narrow struct{ n int }

func (w *narrow) Write(p []byte) (int, error) {
	if len(p) > w.n {
		return w.n, errors.New("no room")
	}
	w.n -= len(p)
	return len(p), nil
}

func TestTablesSayWhatCannotBeWritten(t *testing.T) {
	recs := []Record{full("a"), full("b")}
	for _, n := range []int{0, 100} {
		if err := Trials(recs).WriteCSV(&narrow{n}, noSchema); err == nil {
			t.Errorf("%d bytes took a whole table", n)
		}
		if err := WriteJSONL(&narrow{n}, recs); err == nil {
			t.Errorf("%d bytes took two records", n)
		}
	}
}
