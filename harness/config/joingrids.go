package config

import (
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// joined returns grids of the same trials, in the order of the first of each: those that sweep the same keys and differ in the values of
// one alone are one, with the values of all.
func joined(grids [][]axis) [][]axis {
	var keys []string
	for _, grid := range grids {
		for _, a := range grid {
			keys = append(keys, a.key.Value)
		}
	}
	keys = distinct(keys, func(key string) string { return key })
	for before := len(grids) + 1; len(grids) < before; {
		before = len(grids)
		for _, key := range keys {
			grids = joinedAlong(grids, key)
		}
	}
	return grids
}

// joinedAlong joins grids that differ in the values of a key alone.
func joinedAlong(grids [][]axis, key string) (left [][]axis) {
	at := map[string]int{} // in left, by what a grid sweeps beside the key
	for _, grid := range grids {
		k := axisOf(grid, key)
		if k < 0 {
			left = append(left, grid)
			continue
		}
		beside := sweeps(slices.Delete(slices.Clone(grid), k, k+1))
		if i, ok := at[beside]; ok {
			first := &left[i][axisOf(left[i], key)]
			first.values = append(first.values, grid[k].values...)
			continue
		}
		at[beside] = len(left)
		grid = slices.Clone(grid)
		grid[k].values = slices.Clone(grid[k].values)
		left = append(left, grid)
	}
	for _, i := range at {
		all := &left[i][axisOf(left[i], key)]
		all.values = distinct(all.values, meaning)
	}
	return left
}

// sweeps is a grid as a text: equal texts, equal values of the same keys, whatever their order.
func sweeps(grid []axis) string {
	var parts []string
	for _, a := range grid {
		var values []string
		for _, v := range a.values {
			values = append(values, meaning(v))
		}
		slices.Sort(values)
		parts = append(parts, a.key.Value+": "+strings.Join(slices.Compact(values), ", "))
	}
	slices.Sort(parts)
	return strings.Join(parts, "; ")
}

// meaning is a value as a text: equal texts, equal values, whatever their style and the order of their keys.
func meaning(n *yaml.Node) string {
	switch {
	case n == nil:
		return ""
	case n.ShortTag() == "!!null":
		return "null"
	case n.Kind == yaml.ScalarNode:
		return n.ShortTag() + " " + strconv.Quote(n.Value)
	case n.Kind == yaml.MappingNode && len(n.Content) == 2 && n.Content[0].Value == "kind":
		return meaning(n.Content[1]) // a kind's bare name
	}
	var parts []string
	for i, c := range n.Content {
		if n.Kind == yaml.SequenceNode {
			parts = append(parts, meaning(c))
		} else if i%2 == 1 {
			parts = append(parts, strconv.Quote(n.Content[i-1].Value)+": "+meaning(c))
		}
	}
	if n.Kind == yaml.SequenceNode {
		return "[" + strings.Join(parts, ", ") + "]"
	}
	slices.Sort(parts)
	return "{" + strings.Join(parts, ", ") + "}"
}

// distinct returns values without those whose name another before them has.
func distinct[T any](values []T, name func(T) string) (left []T) {
	has := map[string]bool{}
	for _, v := range values {
		if !has[name(v)] {
			has[name(v)] = true
			left = append(left, v)
		}
	}
	return left
}
