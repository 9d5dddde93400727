package record

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Watch is measures along training: looks at the start, after every so many steps or epochs, and at the end. The zero Watch has none. A run
// that diverged has those until then.
type Watch struct {
	Every  int                 `json:"every"`  // so many units between two looks
	Unit   string              `json:"unit"`   // "step" or "epoch"
	At     []int               `json:"at"`     // steps or epochs before each look, ascending
	Values map[string][]Number `json:"values"` // by column, a number a look; null where it is not finite
}

// watch is where a record holds it.
const watch = "watch"

// IsZero reports whether nothing was watched.
func (w Watch) IsZero() bool { return w.Every == 0 }

// Has reports whether every so many units, in that unit, all of the columns were watched.
func (w Watch) Has(every int, unit string, columns []string) bool {
	return w.Every == every && w.Unit == unit && !slices.ContainsFunc(columns, func(name string) bool { _, ok := w.Values[name]; return !ok })
}

// Only returns w with no columns but these.
func (w Watch) Only(columns []string) Watch {
	values := make(map[string][]Number, len(columns))
	for _, name := range columns {
		if v, ok := w.Values[name]; ok {
			values[name] = v
		}
	}
	w.Values = values
	return w
}

// bare returns w without its looks and its numbers.
func (w Watch) bare() Watch {
	if w.IsZero() {
		return w
	}
	bare := Watch{Every: w.Every, Unit: w.Unit, Values: make(map[string][]Number, len(w.Values))}
	for name := range w.Values {
		bare.Values[name] = nil
	}
	return bare
}

// check returns why w cannot be a watch, or nil.
func (w Watch) check() error {
	switch {
	case w.Every < 1:
		return fmt.Errorf("every is %d; expected a whole number ≥ 1", w.Every)
	case w.Unit != "step" && w.Unit != "epoch":
		return fmt.Errorf("unit is %q; expected step or epoch", w.Unit)
	}
	for _, name := range slices.Sorted(maps.Keys(w.Values)) {
		if n := len(w.Values[name]); n != len(w.At) {
			return fmt.Errorf("%s has %d values; expected %d, as many as looks", name, n, len(w.At))
		}
	}
	return nil
}

func (w *Watch) UnmarshalJSON(text []byte) error {
	type bare Watch
	if err := json.Unmarshal(text, (*bare)(w)); err != nil {
		return err
	}
	return w.check()
}

// agrees reports whether two records of a trial can both be right: where they looked at the same times, they saw the same.
func (w Watch) agrees(v Watch) bool {
	if w.Every != v.Every || w.Unit != v.Unit {
		return true
	}
	if !slices.Equal(w.At, v.At) {
		return false
	}
	for name, x := range w.Values {
		if y, ok := v.Values[name]; ok && !slices.EqualFunc(x, y, same) {
			return false
		}
	}
	return true
}

// add adds the columns that only more has. It reports false, and adds nothing, if w and more do not agree or looked at other times.
func (w *Watch) add(more Watch) bool {
	switch {
	case more.IsZero():
		return true
	case w.IsZero():
		*w = more
		return true
	case w.Every != more.Every || w.Unit != more.Unit || !w.agrees(more):
		return false
	}
	both := maps.Clone(more.Values)
	maps.Copy(both, w.Values)
	w.Values = both
	return true
}

// watch steps over what Watch is written as, with at least one look.
func (d *decoder) watch() (w Watch) {
	d.want(`{"every":`)
	w.Every = d.integer()
	d.want(`,"unit":`)
	w.Unit = d.name()
	d.want(`,"at":`)
	w.At = d.integers()
	d.want(`,"values":{`)
	w.Values = map[string][]Number{}
	skip := d.without&(WithoutEpochs|WithoutNumbers) != 0
	for more := !d.next("}"); more; more = d.more("}") {
		name := d.name()
		d.want(":[")
		n := 0
		var list []Number
		for more := true; more; more = d.more("]") {
			v := d.floatUnless(skip)
			n++
			if !skip {
				list = append(list, v)
			}
		}
		if n != len(w.At) {
			d.stop()
		}
		w.Values[name] = list
	}
	d.want("}")
	if !skip && w.check() != nil || w.Every < 1 || w.Unit != "step" && w.Unit != "epoch" {
		d.stop()
	}
	switch {
	case d.without&WithoutNumbers != 0:
		return Watch{}
	case skip:
		w.At = nil
	}
	return w
}
