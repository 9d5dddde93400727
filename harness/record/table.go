package record

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
)

// Metrics are the values of every trial, and the first value columns of a table; measures follow, sorted by name.
var Metrics = []string{
	"train_error", "val_error", "test_error", "train_loss", "val_loss", "test_loss", "error_gap", "loss_gap",
	"best_val_error", "best_val_epoch", "epochs_run",
}

// column is one column of the table of records.
type column struct {
	name string
	kind cellKind
	cell func(r *Record) any // nil if the record has none, or one that is not finite
}

// cellKind is the type of a column's cells.
type cellKind int

const (
	ofText    cellKind = iota // string
	ofSetting                 // of any type
	ofValue                   // Number
	ofSeconds                 // float64
)

// columns returns the columns of a table: id, status, the dotted configuration keys, the metrics, the seconds, then every other value.
func columns(recs []Record) []column {
	cs := []column{
		{"id", ofText, func(r *Record) any { return r.ID }},
		{"status", ofText, func(r *Record) any { return string(r.Status) }},
	}
	keys, names := map[string]any{}, map[string]Number{}
	for _, r := range recs {
		dotted(keys, "", r.Config)
		maps.Copy(names, r.Values.Numbers)
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		cs = append(cs, column{key, ofSetting, func(r *Record) any { v, _ := r.Setting(key); return v }})
	}
	for _, name := range Metrics {
		cs = append(cs, valueColumn(name))
	}
	cs = append(cs,
		column{"train_seconds", ofSeconds, ofRun(func(r *Run) any { return r.TrainSeconds })},
		column{"measure_seconds", ofSeconds, ofRun(func(r *Run) any { return r.MeasureSeconds })})
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !slices.Contains(Metrics, name) {
			cs = append(cs, valueColumn(name))
		}
	}
	return cs
}

func valueColumn(name string) column {
	return column{name, ofValue, func(r *Record) any {
		if v, ok := r.Values.Numbers[name]; ok && !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0) {
			return v
		}
		return nil
	}}
}

func ofRun(cell func(*Run) any) func(*Record) any {
	return func(r *Record) any {
		if r.Run == nil {
			return nil
		}
		return cell(r.Run)
	}
}

// WriteCSV writes one row a record under the columns id, status, the dotted configuration keys, the metrics, the seconds, then every
// other value. A value that is missing or null is an empty cell; +∞ of a key that the schema says is real is inf.
func WriteCSV(w io.Writer, recs []Record, schema Schema) error {
	cs := columns(recs)
	row := make([]string, len(cs))
	reals := make([]bool, len(cs))
	for i, c := range cs {
		row[i] = c.name
		reals[i] = c.kind == ofSetting && schema(c.name) == KeyReal
	}
	out := csv.NewWriter(w)
	out.Write(row)
	for i := range recs {
		for k, c := range cs {
			row[k] = c.text(&recs[i], reals[k])
		}
		out.Write(row)
	}
	out.Flush()
	return out.Error()
}

// text returns the cell of a record as text.
func (c column) text(r *Record, isReal bool) string {
	v := c.cell(r)
	if isReal && v == infinity {
		return "inf"
	}
	if s, ok := v.(float64); ok && c.kind == ofSeconds {
		return strconv.FormatFloat(s, 'f', 3, 64)
	}
	return Text(v)
}

// WriteJSONL writes one record a line, in the form of the store.
func WriteJSONL(w io.Writer, recs []Record) error {
	enc := json.NewEncoder(w)
	for _, r := range recs {
		if err := enc.Encode(r); err != nil {
			return err
		}
	}
	return nil
}
