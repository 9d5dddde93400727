package study

import (
	"bytes"
	"maps"
	"math"
	"slices"
	"sync/atomic"

	"msharp/harness/record"
)

// layout is the names of the numbers that some records have, and where each stands in a row of them.
type layout struct {
	place map[string]int
	order []int // of the columns of a rows
}

// rows turns records into rows of numbers. Records of the same names share a layout.
type rows struct {
	columns map[string]int     // of every name so far
	layouts map[string]*layout // by which columns are there
	has     []byte             // 1 at each column that the record at hand has
	values  []float64          // and what stands there
}

func (t *rows) read(numbers map[string]record.Number) (*layout, []float64) {
	clear(t.has)
	for name, v := range numbers {
		k, known := t.columns[name]
		if !known {
			k = len(t.columns)
			t.columns[name] = k
			t.has, t.values = append(t.has, 0), append(t.values, 0)
		}
		t.has[k], t.values[k] = 1, float64(v)
	}
	key := bytes.TrimRight(t.has, "\x00")
	l := t.layouts[string(key)]
	if l == nil {
		l = &layout{place: make(map[string]int, len(numbers))}
		for name := range numbers {
			l.place[name] = len(l.order)
			l.order = append(l.order, t.columns[name])
		}
		t.layouts[string(key)] = l
	}
	row := make([]float64, len(l.order))
	for i, k := range l.order {
		row[i] = t.values[k]
	}
	return l, row
}

// Value returns a number of the record by column name; not ok where it has none. A null is NaN and ok.
func (r Trial) Value(name string) (v float64, ok bool) {
	i, ok := r.layout.place[name]
	if !ok {
		return 0, false
	}
	if of := outside(name); of != nil && r.lacksBlock() {
		return of(r), true
	}
	return r.row[i], true
}

// finiteOf returns a function that reads a number of many trials, which mostly share a layout; not ok where there is none that is
// finite.
func finiteOf(name string) func(r Trial) (float64, bool) {
	type place struct {
		in *layout
		at int // −1 for nowhere
	}
	var latest atomic.Pointer[place]
	outside := outside(name)
	return func(r Trial) (float64, bool) {
		p := latest.Load()
		if p == nil || p.in != r.layout {
			p = &place{r.layout, -1}
			if i, ok := r.layout.place[name]; ok {
				p.at = i
			}
			latest.Store(p)
		}
		if p.at < 0 {
			return 0, false
		}
		v := r.row[p.at]
		if outside != nil && r.lacksBlock() {
			v = outside(r)
		}
		return v, !math.IsNaN(v) && !math.IsInf(v, 0)
	}
}

// ValueNames returns the names of all numbers that the trials have, sorted.
func ValueNames(ts []Trial) []string {
	names := map[string]bool{}
	seen := map[*layout]bool{}
	for _, r := range ts {
		if seen[r.layout] {
			continue
		}
		seen[r.layout] = true
		for name := range r.layout.place {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
