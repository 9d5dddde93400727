package config

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"msharp/harness/record"
	"msharp/models/kind"
	"msharp/sharpness"
)

// Differences says in what two sweeps are not the same configuration; nil if they are. They are the same if, leaving out the keys that
// both sweep, some trial of one is a trial of the other: so other measures, more values of a swept key, and a key newly swept
// that keeps the old value make no difference.
func Differences(old, asked *Sweep) []string {
	both := slices.DeleteFunc(slices.Clone(old.Axes), func(a string) bool { return !slices.Contains(asked.Axes, a) })
	seen := map[string]bool{}
	for _, t := range old.Trials {
		seen[t.apart(both)] = true
	}
	for _, t := range asked.Trials {
		if seen[t.apart(both)] {
			return nil
		}
	}
	there, here := old.Trials[0].settings(both), asked.Trials[0].settings(both)
	keys := maps.Clone(there)
	maps.Copy(keys, here)
	text := func(v any, ok bool) string {
		if !ok {
			return "absent"
		}
		return record.Text(v)
	}
	var diff []string
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		a, inA := there[key]
		b, inB := here[key]
		if inA != inB || !reflect.DeepEqual(a, b) {
			diff = append(diff, fmt.Sprintf("%s is %s there and %s here", key, text(a, inA), text(b, inB)))
		}
	}
	return diff
}

// settings returns a trial's dotted settings without the given keys and what is in them.
func (t Trial) settings(without []string) map[string]any {
	s := (record.Record{Config: Settings(t.Config)}).Dotted()
	maps.DeleteFunc(s, func(key string, _ any) bool {
		return slices.ContainsFunc(without, func(a string) bool { return key == a || strings.HasPrefix(key, a+".") })
	})
	return s
}

// apart is settings as a text: equal settings, equal texts.
func (t Trial) apart(without []string) string {
	text, err := json.Marshal(t.settings(without))
	if err != nil {
		panic(err) // numbers in Settings are finite
	}
	return string(text)
}

// Union returns the configuration, as YAML, that plans the trials of both sweeps, with the measures of both, a trace, a test_at and the
// weights that either asks for, and the rest as asked has it: what a folder holds after both have run there.
func Union(old, asked *Sweep) ([]byte, error) {
	both, err := askedOfBoth(old, asked)
	if err != nil {
		return nil, err
	}
	u := *asked
	u.Execution.KeepWeights = old.Execution.KeepWeights || asked.Execution.KeepWeights
	if asked.Covers(old) {
		return resolvedWith(u, both)
	}
	if old.Covers(asked) {
		u.Axes, u.grids, u.base = old.Axes, old.grids, old.base
		return resolvedWith(u, both)
	}
	u.Axes = distinct(slices.Concat(old.Axes, asked.Axes), func(key string) string { return key })
	here, err := u.settled()
	if err != nil {
		return nil, err
	}
	there, err := (&Sweep{base: old.base, Axes: u.Axes}).settled()
	if err != nil {
		return nil, err
	}
	var (
		keys  []string
		whole []axis
	)
	for _, key := range configKeys() {
		a, b := there[key], here[key]
		switch {
		case slices.Contains(askedKeys, key):
		case a.full != nil && b.full != nil:
			keys = append(keys, differing(key, a.full, b.full)...)
		case meaning(a.node) != meaning(b.node):
			whole = append(whole, pin(key, a.node))
		}
	}
	keys = append(keys, u.Axes...)
	before, err := old.over(keys, whole, there, here)
	if err != nil {
		return nil, err
	}
	after, err := asked.over(keys, nil, here, here)
	if err != nil {
		return nil, err
	}
	u.grids = joined(append(before, after...))
	return resolvedWith(u, both)
}

// askedOfBoth returns what two sweeps ask of a trained network, by key: the measures of both, a trace and a test_at that either asks for.
func askedOfBoth(old, asked *Sweep) (map[string]any, error) {
	a, b := old.Trials[0].Config, asked.Trials[0].Config // they are the same in all trials of a sweep
	either := func(x, y, by string) string {
		if x == by {
			return y
		}
		return x
	}
	d := defaults()
	var err error
	if b.Measures, err = sharpness.Joined(a.Measures, b.Measures); err != nil {
		return nil, err
	}
	b.Trace, b.TestAt = either(b.Trace, a.Trace, d.Trace), either(b.TestAt, a.TestAt, d.TestAt)
	all := kind.Encode(b)
	maps.DeleteFunc(all, func(key string, _ any) bool { return !slices.Contains(askedKeys, key) })
	return all, nil
}

// resolvedWith is resolved with other values of some keys.
func resolvedWith(s Sweep, values map[string]any) ([]byte, error) {
	s.base = clone(s.base)
	for _, key := range slices.Sorted(maps.Keys(values)) {
		val := new(yaml.Node)
		if err := val.Encode(values[key]); err != nil {
			return nil, err
		}
		if err := set(s.base, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, val); err != nil {
			return nil, err
		}
	}
	return resolved(&s)
}

// Covers reports whether s plans every trial of t.
func (s *Sweep) Covers(t *Sweep) bool {
	has := map[string]bool{}
	for _, x := range s.Trials {
		has[x.ID] = true
	}
	return !slices.ContainsFunc(t.Trials, func(x Trial) bool { return !has[x.ID] })
}

// differing returns the outermost dotted keys at which two values of a key differ: those of the fields where both are of one kind.
func differing(key string, a, b any) (keys []string) {
	x, isX := a.(map[string]any)
	y, isY := b.(map[string]any)
	if !isX || !isY || x["kind"] != y["kind"] {
		if !reflect.DeepEqual(a, b) {
			keys = append(keys, key)
		}
		return keys
	}
	fields := maps.Clone(x)
	maps.Copy(fields, y)
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		keys = append(keys, differing(key+"."+field, x[field], y[field])...)
	}
	return keys
}

// over returns the grids of s, whose settings are there, such that they plan the same trials on the settings here: each sweeps the axes of
// whole too, and each of keys, with the value there, unless it sweeps that key or one around it.
func (s *Sweep) over(keys []string, whole []axis, there, here map[string]setting) (grids [][]axis, err error) {
	for _, grid := range s.grids {
		grid = slices.Clone(grid)
		for _, a := range whole {
			if axisOf(grid, a.key.Value) < 0 {
				grid = append(grid, a)
			}
		}
		for _, key := range keys {
			top, _, _ := strings.Cut(key, ".")
			if there[top].full == nil || here[top].full == nil || axisOf(grid, key) >= 0 || sweptAround(grid, key) != "" {
				continue
			}
			value, is := record.Lookup(map[string]any{top: there[top].full}, key)
			if _, other := record.Lookup(map[string]any{top: here[top].full}, key); !is && !other {
				continue
			}
			val := new(yaml.Node)
			if err := val.Encode(value); err != nil {
				return nil, err
			}
			grid = append(grid, pin(key, val))
		}
		grids = append(grids, grid)
	}
	return grids, nil
}

// pin is an axis of one value; without one it takes the key out.
func pin(key string, val *yaml.Node) axis {
	if val == nil {
		val = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
	}
	return axis{&yaml.Node{Kind: yaml.ScalarNode, Value: key}, []*yaml.Node{val}}
}
