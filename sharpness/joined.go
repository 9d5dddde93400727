package sharpness

import "slices"

// Joiner is a Measure that may share columns with another of its kind which has further ones.
type Joiner interface {
	Join(other Measure) []Measure // measures that have the columns of both, each once
}

// Joined returns measures that have the columns of both lists, each once: a's first, a measure of both where they share columns.
func Joined(a, b []Any) []Any {
	joined := slices.Clone(a)
	for _, m := range b {
		joined = with(joined, m.Spec)
	}
	return joined
}

// with returns list and what m has beyond it.
func with(list []Any, m Measure) []Any {
	var there []string
	for _, l := range list {
		there = append(there, l.Spec.Names()...)
	}
	has := func(name string) bool { return slices.Contains(there, name) }
	lacks := func(name string) bool { return !has(name) }
	switch names := m.Names(); {
	case !slices.ContainsFunc(names, lacks):
		return list
	case !slices.ContainsFunc(names, has):
		return append(list, Any{Spec: m})
	}
	i := slices.IndexFunc(list, func(l Any) bool {
		return slices.ContainsFunc(l.Spec.Names(), func(name string) bool { return slices.Contains(m.Names(), name) })
	})
	parts := []Measure{m}
	if j, ok := list[i].Spec.(Joiner); ok {
		parts = j.Join(m)
	}
	list = slices.Delete(slices.Clone(list), i, i+1)
	for _, part := range parts {
		list = with(list, part)
	}
	return list
}

// union returns the sorted values of both lists, each once.
func union(a, b []float64) []float64 {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(a, b))))
}
