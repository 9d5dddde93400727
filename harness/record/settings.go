package record

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
)

// Settings returns the distinct configurations of recs without their seeds, dotted, in the order of recs; configs[of[i]] is that of recs[i].
// Two values are equal if Text gives the same text for them.
func Settings(recs []Record) (of []int, configs []map[string]any) {
	of = make([]int, len(recs))
	known := map[string]int{}
	w := settingsWriter{nested: map[uintptr]string{}}
	for i, r := range recs {
		w.text = w.text[:0]
		w.write(r.Config, w.top(r.Config), true)
		n, ok := known[string(w.text)]
		if !ok {
			n = len(configs)
			known[string(w.text)] = n
			config := r.Dotted()
			delete(config, "seed")
			configs = append(configs, config)
		}
		of[i] = n
	}
	return of, configs
}

// settingsWriter writes configurations, without the seed at the top, as texts that differ if the configurations do. Most records of a sweep
// have the same keys as the record before, and share maps with it.
type settingsWriter struct {
	text   []byte
	keys   []string           // at the top of the last configuration, sorted
	nested map[uintptr]string // texts of nested maps, by address
}

// top returns the keys at the top of a configuration, sorted.
func (w *settingsWriter) top(config map[string]any) []string {
	lacks := func(k string) bool { _, ok := config[k]; return !ok }
	if len(w.keys) != len(config) || slices.ContainsFunc(w.keys, lacks) {
		w.keys = slices.Sorted(maps.Keys(config))
	}
	return w.keys
}

func (w *settingsWriter) write(config map[string]any, keys []string, top bool) {
	for _, k := range keys {
		if top && k == "seed" {
			continue
		}
		w.text = append(w.text, k...)
		switch v := config[k].(type) {
		case map[string]any:
			w.text = append(w.text, 1)
			w.writeNested(v)
			w.text = append(w.text, 2)
		case nil:
			w.text = append(w.text, 3)
		case float64:
			w.text = append(strconv.AppendFloat(append(w.text, 0), v, 'g', -1, 64), 0)
		default:
			w.text = append(append(append(w.text, 0), Text(v)...), 0)
		}
	}
}

func (w *settingsWriter) writeNested(config map[string]any) {
	address := reflect.ValueOf(config).Pointer()
	if text, ok := w.nested[address]; ok {
		w.text = append(w.text, text...)
		return
	}
	from := len(w.text)
	w.write(config, slices.Sorted(maps.Keys(config)), false)
	if len(w.nested) < remembered {
		w.nested[address] = string(w.text[from:])
	}
}
