package sharpness

import (
	"fmt"
	"slices"
)

// Joiner is a Measure that may share columns with another of its kind which has further ones. Its values must not hang on the stream, which
// is named for the first column of a measure.
type Joiner interface {
	Join(other Measure) []Measure // measures that have the columns of both, each once; other is of the same kind
}

// Joined returns measures that have the columns of both lists, each once: a's first, a measure of both where they share columns. The
// error names a column that two measures have which cannot be joined.
func Joined(a, b []Any) (joined []Any, err error) {
	joined = slices.Clone(a)
	for _, m := range b {
		if joined, err = beside(joined, m); err != nil {
			return nil, err
		}
	}
	return joined, nil
}

// beside returns list and what m has beyond it.
func beside(list []Any, m Any) (joined []Any, err error) {
	names := Names(m.Spec)
	lacking := slices.Clone(names)
	first := -1 // that shares columns with m
	var shared string
	for i, l := range list {
		for _, name := range Names(l.Spec) {
			if !slices.Contains(names, name) {
				continue
			}
			lacking = slices.DeleteFunc(lacking, func(s string) bool { return s == name })
			if first < 0 {
				first, shared = i, name
			}
		}
	}
	switch {
	case len(lacking) == 0:
		return list, nil
	case first < 0:
		return append(list, m), nil
	}
	j, ok := list[first].Spec.(Joiner)
	if !ok || list[first].Kind() != m.Kind() {
		return nil, fmt.Errorf("measures %s and %s have column %s in common and others apart", list[first].Kind(), m.Kind(), shared)
	}
	joined = slices.Delete(slices.Clone(list), first, first+1)
	for _, part := range j.Join(m.Spec) {
		if joined, err = beside(joined, Any{Spec: part}); err != nil {
			return nil, err
		}
	}
	return joined, nil
}

// merged returns the sorted values of both lists, each once.
func merged(a, b []float64) []float64 {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(a, b))))
}
