package harness

import (
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"msharp/harness/kind"
)

// override applies key=value: to the axis of that key where it is swept, else to the base. Several values, divided by commas, are an
// axis.
func (p *planner) override(s *Sweep, base *yaml.Node, grids [][]axis, line int, word string) error {
	key, text, ok := strings.Cut(word, "=")
	if !ok || key == "" {
		return &kind.Error{Line: line, Problem: "not an override", Expected: "key=value, such as optimizer.rho=0.05"}
	}
	if m := rangeForm.FindString(text); m != "" {
		text = strconv.Quote(text) // its comma divides no values
	}
	var list yaml.Node
	if err := yaml.Unmarshal([]byte("["+text+"]"), &list); err != nil || text == "" {
		return &kind.Error{Line: line, Key: key, Value: text, Problem: "not a value", Expected: "YAML, several values divided by commas"}
	}
	val := list.Content[0]
	relocate(val, line)
	if len(val.Content) == 1 {
		val = val.Content[0]
	}
	if key == "name" {
		return p.name(s, val)
	}
	keyNode := &yaml.Node{Kind: yaml.ScalarNode, Value: key, Line: line}
	isRange := val.Kind == yaml.ScalarNode && strings.HasPrefix(val.Value, "range(")
	swept := false
	for _, grid := range grids {
		for i := range grid {
			if grid[i].key.Value == key {
				values, err := expand(val)
				if err != nil {
					return kind.Under(key, err)
				}
				grid[i], swept = axis{keyNode, values}, true
			}
		}
	}
	if swept {
		return nil
	}
	if len(list.Content[0].Content) > 1 || isRange {
		values, err := expand(val)
		if err != nil {
			return kind.Under(key, err)
		}
		if err := sweepable(keyNode); err != nil {
			return err
		}
		for i := range grids {
			grids[i] = append(grids[i], axis{keyNode, values})
		}
		return nil
	}
	return set(base, keyNode, val)
}

func relocate(n *yaml.Node, line int) {
	n.Line = line
	for _, c := range n.Content {
		relocate(c, line)
	}
}

// set puts val at a dotted key of a mapping, making the mappings on the way.
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
