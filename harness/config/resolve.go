package config

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"msharp/models/kind"
)

// resolved writes a sweep as YAML that plans to the same trials: the name, the configuration with every default, and the sweep.
func resolved(s *Sweep) ([]byte, error) {
	root := &yaml.Node{Kind: yaml.MappingNode}
	put := func(key string, val *yaml.Node) {
		root.Content = append(root.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, val)
	}
	name := new(yaml.Node)
	name.SetString(s.Name)
	put("name", name)
	settled, err := s.settled()
	if err != nil {
		return nil, err
	}
	for _, key := range configKeys() {
		if node := settled[key].node; node != nil {
			put(key, node)
		}
	}
	how := kind.EncodeDiff(s.Execution, defaultExecution())
	for _, key := range executionKeys {
		if val, ok := how[key]; ok {
			node := new(yaml.Node)
			if err := node.Encode(val); err != nil {
				return nil, err
			}
			flow(node)
			put(key, node)
		}
	}
	if len(s.Axes) > 0 {
		put("sweep", sweepNode(s.grids))
	}
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(root); err != nil {
		return nil, err
	}
	return out.Bytes(), enc.Close()
}

// baseSettings returns the configuration without its sweep, defaults included, key by key; what is whole with the sweep only, such as
// the fields of a kind that is swept, is missing.
func baseSettings(base *yaml.Node) map[string]any {
	full := kind.Encode(defaults())
	for i := 0; i+1 < len(base.Content); i += 2 {
		key := base.Content[i]
		one := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{key, base.Content[i+1]}}
		c := defaults()
		delete(full, key.Value)
		if kind.Decode(one, &c) == nil {
			if v, ok := kind.Encode(c)[key.Value]; ok {
				full[key.Value] = v
			}
		}
	}
	return full
}

// setting is the value of a top-level key without the sweep.
type setting struct {
	node *yaml.Node // nil if it has none
	full any        // with its defaults, as node says it; nil where it is no value by itself and node is what was written
}

// settled returns the settings of s, key by key.
func (s *Sweep) settled() (map[string]setting, error) {
	settled := map[string]setting{}
	full := baseSettings(s.base)
	for _, key := range configKeys() {
		if slices.ContainsFunc(s.Axes, func(a string) bool { return inside(a, key) && strings.HasSuffix(a, ".kind") }) {
			delete(full, key) // its fields are those of one kind only
		}
		if val, ok := full[key]; ok {
			node := new(yaml.Node)
			if err := node.Encode(val); err != nil {
				return nil, fmt.Errorf("%s: %w", key, err)
			}
			flow(node)
			one := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: key}, node}}
			if c := defaults(); kind.Decode(one, &c) == nil {
				settled[key] = setting{node, val}
				continue
			}
		}
		if n := child(s.base, key); n != nil {
			settled[key] = setting{node: plain(n)}
		}
	}
	return settled, nil
}

func sweepNode(grids [][]axis) *yaml.Node {
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for _, grid := range grids {
		m := &yaml.Node{Kind: yaml.MappingNode}
		for _, a := range grid {
			m.Content = append(m.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: a.key.Value}, valuesNode(a.values))
		}
		list.Content = append(list.Content, m)
	}
	if len(list.Content) == 1 {
		return list.Content[0]
	}
	return list
}

// valuesNode is the values of an axis: a list or, where they are whole numbers that follow each other, three at least, a range.
func valuesNode(values []*yaml.Node) *yaml.Node {
	if first, ok := consecutive(values); ok && len(values) >= 3 {
		return &yaml.Node{Kind: yaml.ScalarNode, Value: fmt.Sprintf("range(%d, %d)", first, first+len(values))}
	}
	list := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, v := range values {
		list.Content = append(list.Content, plain(v))
	}
	return list
}

// consecutive reports whether values are first, first+1, first+2 and so on.
func consecutive(values []*yaml.Node) (first int, ok bool) {
	for i, v := range values {
		n, err := strconv.Atoi(v.Value)
		if i == 0 {
			first = n
		}
		if v.Kind != yaml.ScalarNode || v.ShortTag() != "!!int" || err != nil || n < 0 || n != first+i {
			return 0, false
		}
	}
	return first, true
}

// plain is a copy of a node without comments, in flow style.
func plain(n *yaml.Node) *yaml.Node {
	c := clone(n)
	strip(c)
	flow(c)
	return c
}

func strip(n *yaml.Node) {
	n.HeadComment, n.LineComment, n.FootComment = "", "", ""
	for _, c := range n.Content {
		strip(c)
	}
}

// flow writes mappings and lists on one line each, but for a list of mappings.
func flow(n *yaml.Node) {
	if n.Kind == yaml.SequenceNode && len(n.Content) > 0 && n.Content[0].Kind == yaml.MappingNode {
		for _, c := range n.Content {
			flow(c)
		}
		return
	}
	if n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode {
		n.Style = yaml.FlowStyle
	}
}
