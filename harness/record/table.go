package record

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strconv"
)

// Metrics are the values of every trial, and the first value columns of a table; measures follow, sorted by name.
var Metrics = []string{
	"train_error", "val_error", "test_error", "train_loss", "val_loss", "test_loss", "error_gap", "loss_gap",
	"best_val_error", "best_val_epoch", "epochs_run",
}

// WriteCSV writes one row a record: id, status, the dotted configuration keys, the metrics, the seconds, then every other value.
// What a record lacks, and null, is an empty cell.
func WriteCSV(w io.Writer, recs []Record) error {
	keys := map[string]bool{}
	dotted := make([]map[string]any, len(recs))
	for i, r := range recs {
		dotted[i] = r.Dotted()
		for k := range dotted[i] {
			keys[k] = true
		}
	}
	settings := slices.Sorted(maps.Keys(keys))
	others := slices.DeleteFunc(Names(recs), func(n string) bool { return slices.Contains(Metrics, n) })
	out := csv.NewWriter(w)
	out.Write(slices.Concat([]string{"id", "status"}, settings, Metrics, []string{"train_seconds", "measure_seconds"}, others))
	for i, r := range recs {
		row := []string{r.ID, string(r.Status)}
		for _, k := range settings {
			row = append(row, Text(dotted[i][k]))
		}
		value := func(name string) {
			if v, ok := r.Values.Numbers[name]; ok {
				row = append(row, Text(v))
			} else {
				row = append(row, "")
			}
		}
		for _, name := range Metrics {
			value(name)
		}
		if r.Run == nil {
			row = append(row, "", "")
		} else {
			row = append(row, seconds(r.Run.TrainSeconds), seconds(r.Run.MeasureSeconds))
		}
		for _, name := range others {
			value(name)
		}
		out.Write(row)
	}
	out.Flush()
	return out.Error()
}

func seconds(s float64) string { return strconv.FormatFloat(s, 'f', 3, 64) }

// WriteJSONL writes one record a line, as the store keeps them but joined and sorted.
func WriteJSONL(w io.Writer, recs []Record) error {
	enc := json.NewEncoder(w)
	for _, r := range recs {
		if err := enc.Encode(r); err != nil {
			return err
		}
	}
	return nil
}
