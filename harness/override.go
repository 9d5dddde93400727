package harness

import (
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"msharp/harness/kind"
)

// override applies key=value: to the axis of that key where it is swept, else to the base. What stands between commas outside
// brackets are the values; several are an axis, and so is a range. null takes a key out of the base.
func (p *planner) override(s *Sweep, base *yaml.Node, grids [][]axis, line int, word string) error {
	key, text, ok := strings.Cut(word, "=")
	if !ok || key == "" {
		return &kind.Error{Line: line, Problem: "not an override", Expected: "key=value, such as optimizer.rho=0.05"}
	}
	switch key {
	case "extends":
		return &kind.Error{Line: line, Key: key, Value: text, Problem: "only a file extends another", Expected: "--config FILE with extends in it"}
	case "sweep":
		return &kind.Error{Line: line, Key: key, Value: text, Problem: "overrides name keys, swept or not", Expected: "the swept ones, such as seed=1,2"}
	}
	if rest, ok := strings.CutPrefix(key, "sweep."); ok {
		return &kind.Error{Line: line, Key: key, Value: text, Problem: "overrides name keys, swept or not", Expected: rest + "=" + text}
	}
	for _, other := range p.words[:-1-line] {
		if strings.HasPrefix(other, key+"=") {
			return &kind.Error{Line: line, Key: key, Problem: "key given twice"}
		}
	}
	quoted := rangeWord.ReplaceAllString(text, `"$0"`) // the comma of a range divides no values
	values, err := parse("", []byte("["+quoted+"]"))
	if err != nil || text == "" {
		return &kind.Error{Line: line, Key: key, Value: text, Problem: "not a value", Expected: "YAML, several values divided by commas"}
	}
	relocate(values, line)
	one := len(values.Content) == 1 && !strings.HasPrefix(values.Content[0].Value, "range(")
	keyNode := &yaml.Node{Kind: yaml.ScalarNode, Value: key, Line: line}
	if err := dotted(keyNode); err != nil {
		return err
	}
	if key == "name" && one {
		return p.name(s, values.Content[0])
	}
	swept := slices.ContainsFunc(grids, func(grid []axis) bool { return axisOf(grid, key) >= 0 })
	if one && !swept {
		return set(base, keyNode, values.Content[0])
	}
	if err := sweepable(keyNode); err != nil {
		return err
	}
	expanded, err := expand(values)
	if err != nil {
		return kind.Under(key, err)
	}
	for i, grid := range grids {
		if j := axisOf(grid, key); j >= 0 {
			grid[j] = axis{keyNode, expanded}
		} else if !swept {
			grids[i] = append(grid, axis{keyNode, expanded})
		}
	}
	return nil
}

var rangeWord = regexp.MustCompile(`range\([^)]*\)`)

// axisOf returns the place of a key's axis in a grid, −1 if it has none.
func axisOf(grid []axis, key string) int {
	return slices.IndexFunc(grid, func(a axis) bool { return a.key.Value == key })
}

func relocate(n *yaml.Node, line int) {
	n.Line = line
	for _, c := range n.Content {
		relocate(c, line)
	}
}

// set puts val at a dotted key of a mapping, making the mappings on the way; null takes the key out.
func set(m, key, val *yaml.Node) error {
	path := strings.Split(key.Value, ".")
	for depth, name := range path {
		i := 0
		for i < len(m.Content) && m.Content[i].Value != name {
			i += 2
		}
		if i == len(m.Content) {
			k := &yaml.Node{Kind: yaml.ScalarNode, Value: name, Line: key.Line}
			m.Content = append(m.Content, k, &yaml.Node{Kind: yaml.MappingNode, Line: key.Line})
		}
		if depth == len(path)-1 && val.ShortTag() == "!!null" {
			m.Content = slices.Delete(m.Content, i, i+2)
			return nil
		}
		if depth == len(path)-1 {
			m.Content[i] = &yaml.Node{Kind: yaml.ScalarNode, Value: name, Line: key.Line}
			m.Content[i+1] = val
			return nil
		}
		if sub := m.Content[i+1]; sub.Kind == yaml.ScalarNode && sub.Tag != "!!null" { // a kind by its bare name
			m.Content[i+1] = &yaml.Node{Kind: yaml.MappingNode, Line: key.Line, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: "kind", Line: sub.Line}, sub}}
		} else if sub.Kind != yaml.MappingNode {
			return &kind.Error{Line: key.Line, Key: key.Value, Problem: strings.Join(path[:depth+1], ".") + " is not a mapping"}
		}
		m = m.Content[i+1]
	}
	return nil
}
