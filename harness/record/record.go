// Package record defines what a trial leaves behind, and the files that keep it.
//
// A Record is one trial: its configuration, what was measured of it, its epochs, and where it ran. Store.Append adds records to an output
// folder, Load reads them all, joined to one record a trial; Value and Setting read a number or a configuration key of a record. Trials, Epochs,
// Measures and Looks are tables of them, for CSV, JSON lines and Parquet.
package record

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"
)

// Status says what became of a trial.
type Status string

const (
	Done     Status = "done"     // trained to the end; final
	Diverged Status = "diverged" // a loss or weight became non-finite; final, and a result
	Failed   Status = "failed"   // an error outside of the trial (data, disk); run again with --retry-failed
)

// Final reports whether the trial needs no further training.
func (s Status) Final() bool { return s == Done || s == Diverged }

// Record is one trial: a line of records/*.jsonl. Records of equal ids are equal, except for Run.
type Record struct {
	ID     string         `json:"id"`               // Config, data and results version, hashed
	Status Status         `json:"status,omitempty"` // empty in a later measurement, whose Values and Watch Load adds to the trial of the same ID
	Config map[string]any `json:"config,omitempty"` // the trial's configuration, defaults included, as nested maps
	Values Values         `json:"values"`
	Epochs []Epoch        `json:"epochs,omitempty"`
	Watch  Watch          `json:"watch,omitzero"` // measures along training
	Run    *Run           `json:"run,omitempty"`

	Measured []Run `json:"-"` // the runs of later measurements that Load has added
}

// Runs returns every run that contributed to the record's numbers.
func (r Record) Runs() (runs []Run) {
	if r.Run != nil {
		runs = append(runs, *r.Run)
	}
	return append(runs, r.Measured...)
}

// Values holds what was measured of a trained network.
type Values struct {
	Numbers   map[string]Number // metrics and measures by column name: "test_error", "msharp(m=4 rho=0.05)"
	Confusion [][]int           // [true class][predicted class], counts over the test split; nil if there are none
	Blocks    Blocks            // the results on the test split by block
}

// Epoch holds means over one epoch's steps, and the validation error at its end.
type Epoch struct {
	Epoch         int    `json:"epoch"`          // from 1
	TrainLoss     Number `json:"train_loss"`     // mean clean loss of the minibatches
	PerturbedLoss Number `json:"perturbed_loss"` // mean loss at the ascent points; TrainLoss for an optimizer without ascent
	ValError      Number `json:"val_error"`      // at the end of the epoch; null without a validation split, and where validate leaves the epoch out
}

// Run says where and how fast a trial ran. It is the part of a record that may differ between records of equal ids.
type Run struct {
	Revision       string  `json:"revision,omitempty"` // of this code
	Dirty          bool    `json:"dirty,omitempty"`    // the work tree differed from Revision
	Results        int     `json:"results,omitempty"`  // the code's results version; 0 if not recorded
	Kernel         string  `json:"kernel,omitempty"`   // which implementation of the arithmetic
	Host           string  `json:"host,omitempty"`
	Ended          string  `json:"ended,omitempty"` // when, by the host's clock: UTC as in RFC 3339; "" if not recorded
	TrainSeconds   float64 `json:"train_seconds"`
	MeasureSeconds float64 `json:"measure_seconds"`
	Error          string  `json:"error,omitempty"` // why a trial failed
}

// Time formats a time for Run.Ended. Texts sort as their times do.
func Time(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// Number is a float64 whose NaN and infinities are null in JSON; null reads as NaN.
type Number float64

func (n Number) MarshalJSON() ([]byte, error) {
	if f := float64(n); math.IsNaN(f) || math.IsInf(f, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

func (n *Number) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*n = Number(math.NaN())
		return nil
	}
	return json.Unmarshal(b, (*float64)(n))
}

const confusion = "confusion"

// MarshalJSON writes one flat JSON object; the confusion counts are under "confusion", the results by block under "test_blocks".
func (v Values) MarshalJSON() ([]byte, error) {
	flat := make(map[string]any, len(v.Numbers)+2)
	for k, n := range v.Numbers {
		flat[k] = n
	}
	if v.Confusion != nil {
		flat[confusion] = v.Confusion
	}
	if v.Blocks.Examples != nil {
		flat[blocks] = v.Blocks
	}
	return json.Marshal(flat)
}

func (v *Values) UnmarshalJSON(b []byte) error {
	var flat map[string]json.RawMessage
	if err := json.Unmarshal(b, &flat); err != nil {
		return err
	}
	*v = Values{Numbers: make(map[string]Number, len(flat))}
	for _, k := range slices.Sorted(maps.Keys(flat)) { // so that the error is the same every time
		raw := flat[k]
		var n Number
		var into any = &n
		switch k {
		case confusion:
			into = &v.Confusion
		case blocks:
			into = &v.Blocks
		}
		if err := json.Unmarshal(raw, into); err != nil {
			return fmt.Errorf("%s: %w", k, Fault(err))
		}
		if into == &n {
			v.Numbers[k] = n
		}
	}
	return nil
}

// Value returns a number of the record by column name; ok is false if the record does not have the column. A null is NaN, and ok.
func (r Record) Value(name string) (v float64, ok bool) {
	n, ok := r.Values.Numbers[name]
	return float64(n), ok
}

// Setting returns a configuration value by dotted key, "optimizer.rho". ok is false if there is no such key, or if it holds further keys.
func (r Record) Setting(key string) (v any, ok bool) {
	v, ok = Lookup(r.Config, key)
	if _, is := v.(map[string]any); is {
		return nil, false
	}
	return v, ok
}

// Lookup returns what nested maps hold under a dotted key; ok is false if they hold nothing there.
func Lookup(m map[string]any, key string) (v any, ok bool) {
	if v, ok := m[key]; ok {
		return v, true
	}
	for i := range len(key) {
		if key[i] != '.' {
			continue
		}
		if sub, is := m[key[:i]].(map[string]any); is {
			if v, ok := Lookup(sub, key[i+1:]); ok {
				return v, true
			}
		}
	}
	return nil, false
}

// Dotted returns the configuration with nested keys joined by dots. A list is one value.
func (r Record) Dotted() map[string]any {
	out := map[string]any{}
	dotted(out, "", r.Config)
	return out
}

func dotted(out map[string]any, prefix string, m map[string]any) {
	for k, v := range m {
		if sub, ok := v.(map[string]any); ok {
			dotted(out, prefix+k+".", sub)
		} else {
			out[prefix+k] = v
		}
	}
}

// Float reads a configuration value as a number; if it is not one, Float returns NaN and not ok.
func Float(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case Number:
		return float64(v), true
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	case uint64:
		return float64(v), true
	}
	return math.NaN(), false
}

// Text formats a configuration value as a table cell: numbers in shortest form, lists as JSON.
func Text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case Number:
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return ""
		}
		return strconv.FormatFloat(float64(v), 'g', -1, 64)
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

// Same reports whether Text gives the same text for two configuration values.
func Same(v, w any) bool {
	switch x := v.(type) {
	case float64:
		if y, ok := w.(float64); ok {
			return x == y
		}
	case string:
		if y, ok := w.(string); ok {
			return x == y
		}
	}
	return Text(v) == Text(w)
}
