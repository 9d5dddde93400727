package config

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"msharp/models/kind"
)

// axis is one swept key and its values.
type axis struct {
	key    *yaml.Node
	values []*yaml.Node
	node   *yaml.Node // the values as written
}

// grids reads the sweep: one mapping from dotted keys to values, or a list of them.
func (p *planner) grids(n *yaml.Node) (grids [][]axis, err error) {
	maps := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		maps = n.Content
	}
	for _, m := range maps {
		if m.Kind != yaml.MappingNode {
			return nil, &kind.Error{Line: m.Line, Key: "sweep", Value: kind.Text(m), Problem: "not a mapping", Expected: "dotted keys and their values, or a list of such mappings"}
		}
		var grid []axis
		seen := map[string]bool{}
		for key, val := range pairs(m) {
			if seen[key.Value] {
				return nil, &kind.Error{Line: key.Line, Key: "sweep." + key.Value, Problem: "key given twice"}
			}
			seen[key.Value] = true
			values, err := expand(val)
			if err != nil {
				return nil, kind.Under("sweep."+key.Value, err)
			}
			if err := sweepable(key); err != nil {
				return nil, err
			}
			grid = append(grid, axis{key, values, val})
		}
		grids = append(grids, grid)
	}
	if len(grids) == 0 {
		return nil, &kind.Error{Line: n.Line, Key: "sweep", Problem: "empty list", Expected: "at least one mapping"}
	}
	return grids, nil
}

// sweepable refuses a key that does not change the training.
func sweepable(key *yaml.Node) error {
	if err := dotted(key); err != nil {
		return err
	}
	if Fixed(key.Value) {
		return &kind.Error{Line: key.Line, Key: "sweep." + key.Value, Problem: "cannot be swept", Expected: "a key that changes the training"}
	}
	return nil
}

// Fixed reports whether a key has one value in all trials of a sweep.
func Fixed(key string) bool {
	top, _, _ := strings.Cut(key, ".")
	return key == "data.source" || key == "data.label" || slices.Contains(executionKeys, top) || slices.Contains(askedKeys, top) || slices.Contains([]string{"name", "extends", "sweep"}, top)
}

// dotted refuses a key with an empty name between its dots.
func dotted(key *yaml.Node) error {
	if slices.Contains(strings.Split(key.Value, "."), "") {
		return notAKey(key)
	}
	return nil
}

// most is how many values an axis may have, and how many trials a sweep.
const most = 1_000_000

// mostKeys is how many axes a grid may have, and how many overrides there may be: more than there are keys.
const mostKeys = 1000

// combinations counts those of all grids. It refuses more than most.
func combinations(grids [][]axis) (int, error) {
	var widest axis
	total := 0.0
	for _, grid := range grids {
		if n := len(grid); n > mostKeys {
			return 0, &kind.Error{Line: grid[mostKeys].key.Line, Key: "sweep", Value: fmt.Sprintf("%d keys", n), Problem: "too many", Expected: fmt.Sprintf("at most %d", mostKeys)}
		}
		n := 1.0
		for _, a := range grid {
			n *= float64(len(a.values))
			if len(a.values) > len(widest.values) {
				widest = a
			}
		}
		total += n
	}
	if total > most {
		return 0, &kind.Error{Line: widest.key.Line, Key: "sweep", Value: fmt.Sprintf("%.4g combinations", total), Problem: "too many", Expected: fmt.Sprintf("at most %d", most)}
	}
	return int(total), nil
}

var rangeForm = regexp.MustCompile(`^range\(\s*(\d+)\s*,\s*(\d+)\s*\)$`)

// expand returns the values of an axis: a list's items, or one; range(a, b) stands for a, a+1, ..., b−1.
func expand(n *yaml.Node) (values []*yaml.Node, err error) {
	items := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		items = n.Content
	}
	for _, item := range items {
		if item.Kind != yaml.ScalarNode || !strings.HasPrefix(item.Value, "range(") {
			values = append(values, item)
			continue
		}
		m := rangeForm.FindStringSubmatch(item.Value)
		bad := &kind.Error{Line: item.Line, Value: item.Value, Problem: "not a range", Expected: "range(first, stop), whole numbers, stop excluded and above first"}
		if m == nil {
			if item.Line > 0 && !strings.HasSuffix(item.Value, ")") {
				bad.Expected += "; in quotes where it stands between brackets"
			}
			return nil, bad
		}
		lo, err1 := strconv.Atoi(m[1])
		hi, err2 := strconv.Atoi(m[2])
		if err1 != nil || err2 != nil || lo >= hi || hi-lo > most {
			return nil, bad
		}
		for v := lo; v < hi; v++ {
			values = append(values, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(v), Line: item.Line})
		}
	}
	if len(values) == 0 {
		return nil, &kind.Error{Line: n.Line, Value: "[]", Problem: "empty list", Expected: "at least one value"}
	}
	return values, nil
}

// product calls f with every combination of the axes' values, the last axis fastest: with the place of each axis's value.
func product(grid []axis, f func(at []int) error) error {
	at := make([]int, len(grid))
	var rec func(i int) error
	rec = func(i int) error {
		if i == len(grid) {
			return f(at)
		}
		for at[i] = range grid[i].values {
			if err := rec(i + 1); err != nil {
				return err
			}
		}
		return nil
	}
	return rec(0)
}
