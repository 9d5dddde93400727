package record

import (
	"maps"
	"math"
	"slices"
)

// Metrics are the values of every trial, and the first value columns of a table; measures follow, sorted by name.
var Metrics = []string{
	"train_error", "val_error", "test_error", "train_loss", "val_loss", "test_loss", "error_gap", "loss_gap",
	"best_val_error", "best_val_epoch", "epochs_run",
}

// Trials is one row a record: id, status, the dotted configuration keys, the metrics, the seconds, then every other value. A Parquet file has the
// revision, kernel and host of the record's run as well.
func Trials(recs []Record) Table {
	t := Table{columns: identity, rows: func(yield func(row) bool) {
		for i := range recs {
			if !yield(row{Record: &recs[i]}) {
				return
			}
		}
	}}
	keys, names := map[string]any{}, map[string]Number{}
	for _, r := range recs {
		dotted(keys, "", r.Config)
		maps.Copy(names, r.Values.Numbers)
	}
	t.columns = append(slices.Clip(identity), settings(slices.Sorted(maps.Keys(keys)))...)
	for _, name := range Metrics {
		t.columns = append(t.columns, valueColumn(name))
	}
	t.columns = append(t.columns,
		column{"train_seconds", ofSeconds, ofRun(func(r *Run) any { return r.TrainSeconds })},
		column{"measure_seconds", ofSeconds, ofRun(func(r *Run) any { return r.MeasureSeconds })})
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !slices.Contains(Metrics, name) {
			t.columns = append(t.columns, valueColumn(name))
		}
	}
	t.origin = []column{
		{"revision", ofText, ofRun(func(r *Run) any { return wordOrNil(r.Revision) })},
		{"kernel", ofText, ofRun(func(r *Run) any { return wordOrNil(r.Kernel) })},
		{"host", ofText, ofRun(func(r *Run) any { return wordOrNil(r.Host) })},
	}
	return t
}

// identity is the first columns of every table.
var identity = []column{
	{"id", ofText, func(r row) any { return r.ID }},
	{"status", ofText, func(r row) any { return string(r.Status) }},
}

// settings returns the columns of configuration keys.
func settings(keys []string) (cs []column) {
	for _, key := range keys {
		cs = append(cs, column{key, ofSetting, func(r row) any { v, _ := r.Setting(key); return v }})
	}
	return cs
}

func valueColumn(name string) column {
	return column{name, ofValue, func(r row) any {
		if v, ok := r.Values.Numbers[name]; ok {
			return v.finite()
		}
		return nil
	}}
}

// finite returns n as a cell: nil where it is not finite.
func (n Number) finite() any {
	if f := float64(n); math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	return n
}

func ofRun(cell func(*Run) any) func(row) any {
	return func(r row) any {
		if r.Run == nil {
			return nil
		}
		return cell(r.Run)
	}
}

func wordOrNil(word string) any {
	if word == "" {
		return nil
	}
	return word
}
