package record

import (
	"maps"
	"slices"
)

// Naming parses the name of a value's column: "msharp(m=4 rho=0.05)" is the measure msharp with the parameters m and rho. A parameter's value
// is a float64, a bool or a text, of m and rho a float64; .inf is +∞, which m = n is.
type Naming func(name string) (measure string, params map[string]any)

// Epochs is one row an epoch of a record: id, status, the record's place in the sweep, epoch, train_loss, perturbed_loss and val_error.
//
// The place is the seed and every other configuration key in which the records differ, dotted. The id joins a long table to Trials, which has all
// keys.
func Epochs(recs []Record) Table {
	return Table{
		columns: slices.Concat(identity, place(recs), []column{
			{"epoch", ofCount, func(r row) any { return r.epoch.Epoch }},
			{"train_loss", ofValue, func(r row) any { return r.epoch.TrainLoss.finite() }},
			{"perturbed_loss", ofValue, func(r row) any { return r.epoch.PerturbedLoss.finite() }},
			{"val_error", ofValue, func(r row) any { return r.epoch.ValError.finite() }},
		}),
		rows: func(yield func(row) bool) {
			for i := range recs {
				for k := range recs[i].Epochs {
					if !yield(row{Record: &recs[i], epoch: &recs[i].Epochs[k]}) {
						return
					}
				}
			}
		},
	}
}

// Measures is one row a value of a record that is not among Metrics: id, status, the record's place as Epochs has it, column, measure, m, rho,
// the measures' other parameters, sorted, and value. m and rho are those of the measure; the training's are optimizer.m and optimizer.rho. The m
// of a measure of all examples is +∞. Values go by column name.
func Measures(recs []Record, naming Naming) Table {
	var names []string
	for _, r := range recs {
		for name := range r.Values.Numbers {
			if !slices.Contains(Metrics, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return Table{
		columns: slices.Concat(identity, place(recs), parts(names, naming), []column{theValue}),
		rows: func(yield func(row) bool) {
			for i := range recs {
				for _, name := range names {
					if v, ok := recs[i].Values.Numbers[name]; ok && !yield(row{Record: &recs[i], name: name, value: v}) {
						return
					}
				}
			}
		},
	}
}

// Looks is one row a value of a record's watch: the columns of Measures with at, the steps or epochs before the look, and their unit, before
// column.
func Looks(recs []Record, naming Naming) Table {
	names := map[string]bool{}
	for _, r := range recs {
		for name := range r.Watch.Values {
			names[name] = true
		}
	}
	sorted := slices.Sorted(maps.Keys(names))
	return Table{
		columns: slices.Concat(identity, place(recs), []column{
			{"unit", ofText, func(r row) any { return r.Watch.Unit }},
			{"at", ofCount, func(r row) any { return r.Watch.At[r.look] }},
		}, parts(sorted, naming), []column{theValue}),
		rows: func(yield func(row) bool) {
			for i := range recs {
				for _, name := range sorted {
					for k, v := range recs[i].Watch.Values[name] {
						if !yield(row{Record: &recs[i], name: name, look: k, value: v}) {
							return
						}
					}
				}
			}
		},
	}
}

var theValue = column{"value", ofValue, func(r row) any { return r.value.finite() }}

// place returns the columns of the seed, and of every other configuration key in which the records differ.
func place(recs []Record) []column {
	first, differ := map[string]any{}, map[string]bool{"seed": true}
	for i, r := range recs {
		keys := r.Dotted()
		if i == 0 {
			first = keys
		}
		for key, v := range keys {
			if w, ok := first[key]; !ok || !Same(v, w) {
				differ[key] = true
			}
		}
		for key := range first {
			if _, ok := keys[key]; !ok {
				differ[key] = true
			}
		}
	}
	return settings(slices.Sorted(maps.Keys(differ)))
}

// parts returns the columns that say what a value is: its column, the measure, m and rho, and all other parameters that one of the names has.
func parts(names []string, naming Naming) []column {
	measures, params := map[string]string{}, map[string]map[string]any{}
	others := map[string]bool{}
	for _, name := range names {
		measures[name], params[name] = naming(name)
		for key := range params[name] {
			others[key] = key != "m" && key != "rho"
		}
	}
	maps.DeleteFunc(others, func(_ string, other bool) bool { return !other })
	cs := []column{
		{"column", ofText, func(r row) any { return r.name }},
		{"measure", ofText, func(r row) any { return measures[r.name] }},
	}
	of := func(kind cellKind, keys ...string) {
		for _, key := range keys {
			cs = append(cs, column{key, kind, func(r row) any { return params[r.name][key] }})
		}
	}
	of(ofRadius, "m", "rho")
	of(ofParameter, slices.Sorted(maps.Keys(others))...)
	return cs
}
