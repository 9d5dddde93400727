package sharpness

import (
	"fmt"
	"slices"
)

// Joiner is a Measure that may share columns with another of its kind while each has columns of its own. Where its values depend on the
// random stream, joining must leave the first column, for which the stream is named, and draw as each would alone.
type Joiner interface {
	Join(other Measure) []Measure // measures that have the columns of both, each column once; other is of the same kind
}

// Joined returns measures that have the columns of both lists, each column once: those of a come first, and measures that share columns
// are joined. If two measures share a column and cannot be joined, the error names that column.
func Joined(a, b []Any) (joined []Any, err error) {
	joined = slices.Clone(a)
	for _, m := range b {
		if joined, err = beside(joined, m); err != nil {
			return nil, err
		}
	}
	return joined, nil
}

// beside returns list with the columns added that only m has.
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
		return nil, fmt.Errorf("measures %s and %s share column %s but not all columns", list[first].Kind(), m.Kind(), shared)
	}
	joined = slices.Delete(slices.Clone(list), first, first+1)
	for _, part := range j.Join(m.Spec) {
		if joined, err = beside(joined, Any{Spec: part}); err != nil {
			return nil, err
		}
	}
	return joined, nil
}

// after returns a and then the values of b that a does not have, in their order.
func after(a, b []float64) []float64 {
	all := slices.Clone(a)
	for _, v := range b {
		if !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}

// radii is some group sizes, each at all radii.
type radii struct {
	m   []int
	rho []float64
}

// joinedRadii returns for each m of a or b all radii it has in either, sorted; sizes of equal radii stand together.
func joinedRadii(a, b radii) []radii {
	return rearranged([]radii{a, b}, merged)
}

// lackingRadii returns for each m of b the radii that a does not have for it; sizes of equal radii stand together.
func lackingRadii(a, b radii) []radii {
	var lacking []radii
	for _, m := range b.m {
		rho := slices.Clone(b.rho)
		if slices.Contains(a.m, m) {
			rho = slices.DeleteFunc(rho, func(v float64) bool { return slices.Contains(a.rho, v) })
		}
		lacking = append(lacking, radii{[]int{m}, rho})
	}
	return rearranged(lacking, after)
}

// rearranged returns for each m in list all its radii, as put puts them together, in order of m; sizes of equal radii stand together.
func rearranged(list []radii, put func(a, b []float64) []float64) (all []radii) {
	var sizes []int
	of := map[int][]float64{}
	for _, l := range list {
		for _, m := range l.m {
			if _, ok := of[m]; !ok {
				sizes = append(sizes, m)
			}
			of[m] = put(of[m], l.rho)
		}
	}
	for _, m := range sizes {
		i := slices.IndexFunc(all, func(r radii) bool { return slices.Equal(r.rho, of[m]) })
		switch {
		case len(of[m]) == 0:
		case i < 0:
			all = append(all, radii{[]int{m}, of[m]})
		default:
			all[i].m = append(all[i].m, m)
		}
	}
	return all
}

// merged returns the sorted values of both lists, each once.
func merged(a, b []float64) []float64 {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(a, b))))
}
