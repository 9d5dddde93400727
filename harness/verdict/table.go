package verdict

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"

	"msharp/harness/parallel"
	"msharp/harness/record"
)

// table is the final trials of an experiment, in an order that depends on nothing but themselves: by seed first. What
// several claims ask of them is found once, and may be asked from several goroutines.
type table struct {
	trials []trial
	errors errorColumns

	distinct func() []trial                                  // one of each setting, in the order of trials
	families func() (families []curves, missing string)      // see findFamilies
	measures func() []measure                                // see findMeasures
	levels   func() (noise []float64, at map[float64]*table) // see findLevels
	best     func() *table                                   // the same trials by their errors at bestEpoch

	reading sync.Mutex
	read    map[string][]float64 // columns
}

// errorColumns are where the errors of trials stand: after the last epoch, or after that of the best validation error.
type errorColumns struct{ test, val string }

var (
	lastEpoch = errorColumns{"test_error", "val_error"}
	bestEpoch = errorColumns{"test_error_at_best_val", "best_val_error"}
)

// newTable takes trials in the order of a table.
func newTable(trials []trial, errors errorColumns) *table {
	t := &table{trials: trials, errors: errors, read: map[string][]float64{}}
	t.distinct = sync.OnceValue(t.findDistinct)
	t.families = sync.OnceValues(t.findFamilies)
	t.measures = sync.OnceValue(t.findMeasures)
	t.levels = sync.OnceValues(t.findLevels)
	t.best = sync.OnceValue(func() *table { return newTable(trials, bestEpoch) })
	return t
}

// columns returns measured values by name, a column of the trials each: NaN where a trial has none that is finite.
func (t *table) columns(names ...string) [][]float64 {
	t.reading.Lock()
	defer t.reading.Unlock()
	var unread []string
	for _, name := range names {
		if t.read[name] == nil {
			t.read[name] = make([]float64, len(t.trials))
			unread = append(unread, name)
		}
	}
	t.readValues(unread)
	out := make([][]float64, len(names))
	for i, name := range names {
		out[i] = t.read[name]
	}
	return out
}

// readValues fills columns.
func (t *table) readValues(names []string) {
	if len(names) == 0 {
		return
	}
	columns := make([][]float64, len(names))
	for k, name := range names {
		columns[k] = t.read[name]
	}
	parallel.Spans(len(t.trials), func(from, to int) {
		for i := from; i < to; i++ {
			numbers := t.trials[i].Values.Numbers
			for k, name := range names {
				columns[k][i] = finite(numbers, name)
			}
		}
	})
}

// finite is the number of that name; NaN where there is none that is finite.
func finite(numbers map[string]record.Number, name string) float64 {
	v, ok := numbers[name]
	if !ok || math.IsInf(float64(v), 0) {
		return nan
	}
	return float64(v)
}

// has reports that some trial has a finite value of that name.
func (t *table) has(name string) bool {
	return slices.ContainsFunc(t.columns(name)[0], func(v float64) bool { return !math.IsNaN(v) })
}

func (t *table) findDistinct() (out []trial) {
	seen := map[int]bool{}
	for _, r := range t.trials {
		if !seen[r.setting] {
			seen[r.setting] = true
			out = append(out, r)
		}
	}
	return out
}

// settings returns the keys, other than ρ, m and the seed, that take several values among the trials of which, sorted.
// A key that a trial lacks takes no value there.
func (t *table) settings(which func(trial) bool) []string {
	first, several := map[string]any{}, map[string]bool{}
	for _, r := range t.distinct() {
		if !which(r) {
			continue
		}
		for k, v := range r.config {
			switch k {
			case "optimizer.rho", "optimizer.m", "name", "measures":
				continue
			}
			if f, ok := first[k]; !ok {
				first[k] = v
			} else if !several[k] && !record.Same(f, v) {
				several[k] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(several))
}

// twice says which trials stand more than once, under different ids: they are of two results versions, or of other
// data, and not one experiment.
func (t *table) twice() string {
	type cell struct {
		seed     uint64
		settings int
	}
	keys := t.settings(either)
	type axes struct {
		rho, m   float64
		settings string
	}
	numbers, number := map[axes]int{}, map[int]int{} // of settings that differ in nothing that was swept
	for _, r := range t.distinct() {
		k := axes{r.rho, r.m, r.lines(keys)}
		n, known := numbers[k]
		if !known {
			n = len(numbers)
			numbers[k] = n
		}
		number[r.setting] = n
	}
	count := make(map[cell]int, len(t.trials))
	several := 0
	for _, r := range t.trials {
		c := cell{r.seed, number[r.setting]}
		if count[c]++; count[c] == 2 {
			several++
		}
	}
	if several == 0 {
		return ""
	}
	return fmt.Sprintf("records of two results versions or data sets: %s with several ids, of %s; keep those of one",
		record.Plural(several, "setting"), record.Plural(len(t.trials), "trial"))
}

// seeds of the trials, ascending.
func (t *table) seeds() (out []uint64) {
	for _, r := range t.trials {
		if n := len(out); n == 0 || out[n-1] != r.seed {
			out = append(out, r.seed)
		}
	}
	return out
}
