package harness

import (
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// joined returns grids of the same trials: one whose values an earlier one has is left out, and one that differs from an earlier one in
// the values of one axis only is joined to it.
func joined(grids [][]axis) [][]axis {
	for j := 1; j < len(grids); j++ {
		for i := range j {
			if grid, ok := join(grids[i], grids[j]); ok {
				grids[i] = grid
				grids = slices.Delete(grids, j, j+1)
				j = i - 1 // the joined one may join to an earlier one
				break
			}
		}
	}
	return grids
}

// join returns the one grid that plans what two do, with the axes and values of the first before those of the second, if one grid does.
func join(a, b []axis) (grid []axis, ok bool) {
	if len(a) != len(b) {
		return nil, false
	}
	grid = slices.Clone(a)
	differ, more := 0, false
	for i, x := range a {
		j := axisOf(b, x.key.Value)
		if j < 0 {
			return nil, false
		}
		y := b[j]
		grid[i].values = distinct(slices.Concat(x.values, y.values), meaning)
		n := len(grid[i].values)
		mine, theirs := len(distinct(x.values, meaning)), len(distinct(y.values, meaning))
		if n > mine || n > theirs {
			differ, more = differ+1, more || n > mine
		}
	}
	return grid, differ <= 1 || !more
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
