package config

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"msharp/models/kind"
)

// resolved returns YAML that plans the same trials: the name, the configuration with every default, and the sweep.
func resolved(s *Sweep, base *yaml.Node, grids [][]axis) ([]byte, error) {
	root := &yaml.Node{Kind: yaml.MappingNode}
	put := func(key string, val *yaml.Node) {
		root.Content = append(root.Content, scalar(key, 0), val)
	}
	name := new(yaml.Node)
	name.SetString(s.Name)
	put("name", name)
	full := baseSettings(base)
	for _, key := range configKeys() {
		node, err := settled(s, base, key, full)
		if err != nil {
			return nil, err
		}
		if node != nil {
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
		put("sweep", sweepNode(grids))
	}
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(root); err != nil {
		return nil, err
	}
	return out.Bytes(), enc.Close()
}

// baseSettings returns the configuration without its sweep, with defaults, key by key. A key that is no value without the sweep, such as the
// fields of a swept kind, is missing.
func baseSettings(base *yaml.Node) map[string]any {
	full := kind.Encode(Default())
	for key, val := range pairs(base) {
		c := Default()
		delete(full, key.Value)
		if alone(key, val, &c) == nil {
			if v, ok := kind.Encode(c)[key.Value]; ok {
				full[key.Value] = v
			}
		}
	}
	return full
}

// alone reads a configuration of one key into c.
func alone(key, val *yaml.Node, c *Config) error {
	return kind.Decode(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{key, val}}, c)
}

// settled returns the value of a top-level key without the sweep, nil if it has none: that of full, with its defaults, if it can be read by
// itself, else what was written.
func settled(s *Sweep, base *yaml.Node, key string, full map[string]any) (*yaml.Node, error) {
	kindSwept := slices.ContainsFunc(s.Axes, func(a string) bool { return inside(a, key) && strings.HasSuffix(a, ".kind") })
	if val, ok := full[key]; ok && !kindSwept { // else its fields are those of one kind only
		node := new(yaml.Node)
		if err := node.Encode(val); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		flow(node)
		if c := Default(); alone(scalar(key, 0), node, &c) == nil {
			return node, nil
		}
	}
	if n := child(base, key); n != nil {
		return plain(n), nil
	}
	return nil, nil
}

func sweepNode(grids [][]axis) *yaml.Node {
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for _, grid := range grids {
		m := &yaml.Node{Kind: yaml.MappingNode}
		for _, a := range grid {
			m.Content = append(m.Content, scalar(a.key.Value, 0), plain(a.node))
		}
		list.Content = append(list.Content, m)
	}
	if len(list.Content) == 1 {
		return list.Content[0]
	}
	return list
}

// plain is a copy of a node without comments, in flow style.
func plain(n *yaml.Node) *yaml.Node {
	c := clone(n)
	walk(c, func(n *yaml.Node) { n.HeadComment, n.LineComment, n.FootComment = "", "", "" })
	flow(c)
	return c
}

// flow puts a node on one line; a list of mappings gets a line for each.
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
