package cli

import (
	"maps"
	"slices"
	"strings"

	"msharp/harness/config"
	"msharp/harness/record"
)

// place is the keys that tell the trials of a sweep apart, in order.
type place []string

// placing returns the place of trials in a sweep over the axes. Of an axis that holds further keys it has those in which trials that have them
// differ; without axes it has every such key.
func placing(trials []config.Trial, axes []string) (p place) {
	encoder, whole := config.NewEncoder(), len(axes) == 0
	first, differ := map[string]string{}, map[string]bool{}
	see := func(axis string, v any) {
		leaves := map[string]any{axis: v}
		if m, ok := v.(map[string]any); ok {
			leaves = (record.Record{Config: map[string]any{axis: m}}).Dotted()
		} else if !whole {
			differ[axis] = true
			return
		}
		for key, v := range leaves {
			text := record.Text(v)
			if before, seen := first[key]; !seen {
				first[key] = text
			} else if before != text {
				differ[key] = true
			}
		}
	}
	for i, t := range trials {
		settings := encoder.Settings(t.Config)
		if whole && i == 0 {
			axes = slices.Sorted(maps.Keys(settings))
		}
		for _, axis := range axes {
			if v, ok := record.Lookup(settings, axis); ok {
				see(axis, v)
			}
		}
	}
	for _, axis := range axes {
		for _, key := range slices.Sorted(maps.Keys(differ)) {
			if (key == axis || strings.HasPrefix(key, axis+".")) && !slices.Contains(p, key) {
				p = append(p, key)
			}
		}
	}
	return p
}

// of says where a trial is: "seed=1 rho=0.05 m=4". A key goes by its last word, where no other key of the place has the same.
func (p place) of(t config.Trial) string {
	settings := config.Settings(t.Config)
	last := func(key string) string { return key[strings.LastIndex(key, ".")+1:] }
	var words []string
	for _, key := range p {
		v, ok := record.Lookup(settings, key)
		if _, isMap := v.(map[string]any); !ok || isMap {
			continue
		}
		name := last(key)
		if slices.ContainsFunc(p, func(other string) bool { return other != key && last(other) == name }) {
			name = key
		}
		words = append(words, name+"="+record.Text(v))
	}
	return strings.Join(words, " ")
}
