package harness

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"msharp/harness/kind"
)

// Union returns the configuration, as YAML, that plans the trials of both sweeps, with the measures and the trace of asked: what a
// folder holds after both have run there. They must agree in what neither sweeps.
func Union(old, asked *Sweep) ([]byte, error) {
	if covers(asked, old) {
		return asked.Resolved, nil
	}
	u := *asked
	u.grids = old.grids
	if !covers(old, asked) {
		u.Axes = slices.Clone(old.Axes)
		for _, a := range asked.Axes {
			if !slices.Contains(u.Axes, a) {
				u.Axes = append(u.Axes, a)
			}
		}
		oldGrids, err := old.over(u.Axes)
		if err != nil {
			return nil, err
		}
		newGrids, err := asked.over(u.Axes)
		if err != nil {
			return nil, err
		}
		u.grids = append(oldGrids, newGrids...)
	} else {
		u.Axes, u.base = old.Axes, old.base
	}
	return resolved(&u)
}

// covers reports whether s plans every trial of t.
func covers(s, t *Sweep) bool {
	has := map[string]bool{}
	for _, x := range s.Trials {
		has[x.ID] = true
	}
	return !slices.ContainsFunc(t.Trials, func(x Trial) bool { return !has[x.ID] })
}

// over returns the grids of s with every given axis: one that s does not sweep has its one value.
func (s *Sweep) over(axes []string) (grids [][]axis, err error) {
	for _, grid := range s.grids {
		grid = slices.Clone(grid)
		for _, key := range axes {
			if axisOf(grid, key) >= 0 {
				continue
			}
			val := child(s.base, key)
			if fixed, ok := lookup(kind.Encode(s.Trials[0].Config), strings.Split(key, ".")); ok {
				val = new(yaml.Node)
				if err := val.Encode(fixed); err != nil {
					return nil, err
				}
			}
			if val != nil {
				grid = append(grid, axis{&yaml.Node{Kind: yaml.ScalarNode, Value: key}, []*yaml.Node{val}})
			}
		}
		grids = append(grids, grid)
	}
	return grids, nil
}

// lookup follows a path through nested maps.
func lookup(v any, path []string) (any, bool) {
	for _, name := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		if v, ok = m[name]; !ok {
			return nil, false
		}
	}
	return v, true
}
