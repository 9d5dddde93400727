package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"msharp/models/kind"
)

// override applies key=value. Commas outside brackets divide the values. One value replaces the key's axis in every grid that has one, and
// what the base says elsewhere; null takes the key out of the base. Several values, or a range, become an axis of every grid.
func (p *planner) override(s *Sweep, base *yaml.Node, grids [][]axis, line int, word string) error {
	key, text, ok := strings.Cut(word, "=")
	if !ok || key == "" {
		return &kind.Error{Line: line, Problem: "not an override", Expected: "key=value, such as optimizer.rho=0.05"}
	}
	switch key {
	case "extends":
		return &kind.Error{Line: line, Key: key, Value: text, Problem: "only a file extends another", Expected: "--config FILE with extends in it"}
	case "sweep":
		return &kind.Error{Line: line, Key: key, Value: text, Problem: "override the key itself, not `sweep`", Expected: "a swept key, such as seed=1,2"}
	}
	if rest, ok := strings.CutPrefix(key, "sweep."); ok {
		return &kind.Error{Line: line, Key: key, Value: text, Problem: "override the key itself, not `sweep`", Expected: rest + "=" + text}
	}
	for _, other := range p.words[:-1-line] {
		switch before, _, _ := strings.Cut(other, "="); {
		case before == key:
			return &kind.Error{Line: line, Key: key, Problem: "key given twice"}
		case inside(before, key):
			return &kind.Error{Line: line, Key: key, Value: text, Problem: "would undo " + before, Expected: key + " before " + before}
		}
	}
	quoted := rangeWord.ReplaceAllString(text, `"$0"`) // so that its comma divides no values
	values, err := parse("", []byte("["+quoted+"]"), "a value")
	if err != nil || strings.TrimSpace(text) == "" {
		return &kind.Error{Line: line, Key: key, Value: text, Problem: "not a value", Expected: "YAML, several values divided by commas"}
	}
	walk(values, func(n *yaml.Node) { n.Line = line })
	one := len(values.Content) == 1 && !strings.HasPrefix(values.Content[0].Value, "range(")
	keyNode := scalar(key, line)
	if err := dotted(keyNode); err != nil {
		return err
	}
	switch {
	case !one && Fixed(key):
		e := &kind.Error{Line: line, Key: key, Value: text, Problem: "several values", Expected: "one, for this key cannot be swept"}
		if slices.Contains([]string{"measures", "slurm.sbatch"}, key) {
			e.Expected = fmt.Sprintf("one, a list in brackets: '%s=%s'", key, kind.Text(values))
		}
		return e
	case key == "name":
		return p.name(s, values.Content[0])
	}
	expanded, err := expand(values)
	if err != nil {
		return kind.Under(key, err)
	}
	if err := sweptApart(grids, keyNode, text, expanded); err != nil {
		return err
	}
	everywhere, all := true, axis{keyNode, expanded, values}
	if !one && len(values.Content) == 1 {
		all.node = scalar(text, 0) // a range alone
	}
	for i, grid := range grids {
		if j := axisOf(grid, key); j >= 0 {
			grid[j] = all
		} else if !one || sweptAround(grid, key) != "" {
			grids[i] = append(grid, all)
		} else {
			everywhere = false
		}
	}
	if everywhere {
		return nil
	}
	return set(base, keyNode, expanded[0])
}

// sweptApart refuses an override that a sweep of the file would undo: one of a part of a key that is swept whole, or one of a whole key that
// gives a value to a part that is swept.
func sweptApart(grids [][]axis, key *yaml.Node, text string, values []*yaml.Node) error {
	for _, grid := range grids {
		if whole := sweptAround(grid, key.Value); whole != "" && grid[axisOf(grid, whole)].key.Line >= 0 && axisOf(grid, key.Value) < 0 {
			return &kind.Error{Line: key.Line, Key: key.Value, Value: text, Problem: whole + " is swept whole", Expected: "the values of " + whole + ", each with its " + key.Value[len(whole)+1:]}
		}
		for _, a := range grid {
			if !inside(a.key.Value, key.Value) {
				continue
			}
			for _, v := range values {
				part := written(v, strings.Split(a.key.Value[len(key.Value)+1:], "."))
				if part != nil && part.ShortTag() == "!!null" {
					return &kind.Error{Line: key.Line, Key: key.Value, Value: text, Problem: a.key.Value + " is swept", Expected: "values; an override cannot take out a sweep"}
				}
				if part != nil {
					return &kind.Error{Line: key.Line, Key: a.key.Value, Value: kind.Text(part), Problem: "swept by a key of its own", Expected: "an override of that key: " + a.key.Value + "=" + kind.Text(part)}
				}
			}
		}
	}
	return nil
}

// sweptAround returns the key of the innermost axis around a key, "" if there is none.
func sweptAround(grid []axis, key string) (whole string) {
	for _, a := range grid {
		if inside(key, a.key.Value) && len(a.key.Value) > len(whole) {
			whole = a.key.Value
		}
	}
	return whole
}

// inside reports whether a dotted key is a part of another, whole.
func inside(key, whole string) bool { return strings.HasPrefix(key, whole+".") }

// written returns what stands at a path inside a value, nil if nothing does. A null on the way stands for all that is below it.
func written(n *yaml.Node, path []string) *yaml.Node {
	for i := 0; i < len(path) && n != nil && n.ShortTag() != "!!null"; i++ {
		n = child(bareKind(n, n.Line), path[i])
	}
	return n
}

var rangeWord = regexp.MustCompile(`range\([^)]*\)`)

// axisOf returns the place of a key's axis in a grid, −1 if it has none.
func axisOf(grid []axis, key string) int {
	return slices.IndexFunc(grid, func(a axis) bool { return a.key.Value == key })
}

// set puts val at a dotted key of a mapping, making the mappings on the way; null takes the key out. Of what is in the mapping it changes
// copies.
func set(m, key, val *yaml.Node) error {
	path := strings.Split(key.Value, ".")
	for depth, name := range path {
		i := indexOf(m, name)
		if i < 0 {
			i = len(m.Content)
			m.Content = append(m.Content, scalar(name, key.Line), &yaml.Node{Kind: yaml.MappingNode, Line: key.Line})
		}
		if depth == len(path)-1 {
			m.Content[i], m.Content[i+1] = scalar(name, key.Line), val
			if val.ShortTag() == "!!null" {
				m.Content = slices.Delete(m.Content, i, i+2)
			}
			return nil
		}
		if m.Content[i+1] = bareKind(m.Content[i+1], key.Line); m.Content[i+1].Kind != yaml.MappingNode {
			whole := strings.Join(path[:depth+1], ".")
			return &kind.Error{Line: key.Line, Key: key.Value, Problem: fmt.Sprintf("%s is %s, not a mapping", whole, kind.Text(m.Content[i+1])), Expected: "a value of " + whole}
		}
		m.Content[i+1] = shallow(m.Content[i+1])
		m = m.Content[i+1]
	}
	return nil
}

// bareKind returns the mapping {kind: name} for a kind's bare name, on the given line; any other node as it is.
func bareKind(n *yaml.Node, line int) *yaml.Node {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" {
		return n
	}
	return &yaml.Node{Kind: yaml.MappingNode, Line: line, Content: []*yaml.Node{scalar("kind", n.Line), n}}
}
