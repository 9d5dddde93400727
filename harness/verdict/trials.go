package verdict

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"msharp/harness/record"
)

// trial is one final trial, its axes read once.
type trial struct {
	record.Record
	config   map[string]any // dotted
	seed     uint64
	rho      float64 // of the ascent; 0 without
	m        float64 // examples per ascent group, the batch size for all of it; 0 at ρ = 0
	diverged bool
	errors   errorColumns
}

// errorColumns are where a trial's errors stand: after the last epoch, or after that of its best validation error.
type errorColumns struct{ test, val string }

var (
	lastEpoch = errorColumns{"test_error", "val_error"}
	bestEpoch = errorColumns{"test_error_at_best_val", "best_val_error"}
)

// table is the final trials of an experiment, in an order that depends on nothing but themselves.
type table []trial

// read takes the final trials out of recs; with none that a claim could rest on it says why.
func read(recs []record.Record) (t table, missing string) {
	seen := map[string]bool{}
	diverged := 0
	for _, rec := range recs {
		if !rec.Status.Final() || seen[rec.ID] {
			continue
		}
		seen[rec.ID] = true
		r := trial{Record: rec, config: rec.Dotted(), diverged: rec.Status == record.Diverged, errors: lastEpoch}
		if s, ok := r.number("seed"); ok {
			r.seed = uint64(s)
		}
		if rho, ok := r.number("optimizer.rho"); ok && rho != 0 {
			r.rho = rho
			if r.m, ok = r.number("optimizer.m"); !ok || r.m == 0 {
				r.m, _ = r.number("batch_size")
			}
		}
		if r.diverged {
			diverged++
		}
		t = append(t, r)
	}
	slices.SortStableFunc(t, func(a, b trial) int {
		return cmp.Or(cmp.Compare(a.seed, b.seed), cmp.Compare(a.m, b.m), cmp.Compare(a.rho, b.rho), cmp.Compare(a.ID, b.ID))
	})
	switch {
	case len(t) == 0:
		return nil, "no trial has finished"
	case diverged == len(t):
		return nil, fmt.Sprintf("all %s diverged", plural(diverged, "trial"))
	}
	return t, t.twice()
}

// twice says which trials stand more than once, under different ids: they are of two results versions, or of other
// data, and not one experiment.
func (t table) twice() string {
	settings := t.settings(func(trial) bool { return true })
	type cell struct {
		seed     uint64
		rho, m   float64
		settings string
	}
	count := map[cell]int{}
	several := 0
	for _, r := range t {
		c := cell{r.seed, r.rho, r.m, r.text(settings)}
		if count[c]++; count[c] == 2 {
			several++
		}
	}
	if several == 0 {
		return ""
	}
	return fmt.Sprintf("records of two results versions or data sets: %s with several ids, of %s; keep those of one",
		plural(several, "setting"), plural(len(t), "trial"))
}

// number reads a number of the configuration.
func (r trial) number(key string) (float64, bool) { return record.Float(r.config[key]) }

// seeds of the trials, ascending.
func (t table) seeds() (out []uint64) {
	for _, r := range t {
		out = append(out, r.seed)
	}
	return slices.Compact(out) // a table is sorted by seed
}

// finite returns a measured value where the trial has a finite one.
func (r trial) finite(name string) (float64, bool) {
	v, ok := r.Value(name)
	return v, ok && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// settings returns the keys, other than ρ, m and the seed, that take several values among the trials of which, sorted.
// A key that a trial lacks takes no value there.
func (t table) settings(which func(trial) bool) (keys []string) {
	first, several := map[string]any{}, map[string]bool{}
	for _, r := range t {
		if !which(r) {
			continue
		}
		for k, v := range r.config {
			switch k {
			case "seed", "optimizer.rho", "optimizer.m", "name", "measures":
				continue
			}
			if several[k] {
				continue
			}
			if f, ok := first[k]; !ok {
				first[k] = v
			} else if !equal(f, v) {
				several[k] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(several))
}

// named is the values of the given keys in words: "lr = 0.1, weight decay = 0".
func (r trial) named(keys []string) string {
	var ts []string
	for _, k := range keys {
		name := strings.ReplaceAll(k[strings.LastIndexByte(k, '.')+1:], "_", " ")
		ts = append(ts, name+" = "+record.Text(r.config[k]))
	}
	return strings.Join(ts, ", ")
}

// text is the values of the given keys.
func (r trial) text(keys []string) string {
	var b strings.Builder
	for _, k := range keys {
		b.WriteString(record.Text(r.config[k]))
		b.WriteByte('\n')
	}
	return b.String()
}

// equal reports that two values of a configuration read the same.
func equal(a, b any) bool {
	if x, ok := a.(float64); ok {
		if y, ok := b.(float64); ok {
			return x == y
		}
	}
	return record.Text(a) == record.Text(b)
}

// agree reports that a and b have equal values under the keys that both have.
func agree(a, b trial, keys []string) bool {
	for _, k := range keys {
		v, ok1 := a.config[k]
		w, ok2 := b.config[k]
		if ok1 && ok2 && !equal(v, w) {
			return false
		}
	}
	return true
}

// whole is a range of counts in words: "3", "3 to 5".
func whole(low, high int) string {
	if low == high {
		return fmt.Sprint(low)
	}
	return fmt.Sprintf("%d to %d", low, high)
}
