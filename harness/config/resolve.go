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
func (p *planner) resolved(s *Sweep, base *yaml.Node, grids [][]axis) ([]byte, error) {
	root := &yaml.Node{Kind: yaml.MappingNode}
	put := func(key string, val *yaml.Node) {
		root.Content = append(root.Content, scalar(key, 0), val)
	}
	name := new(yaml.Node)
	name.SetString(s.Name)
	put("name", name)
	for _, key := range configKeys() {
		node, err := p.settled(s, base, key)
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
			node, err := encoded(val)
			if err != nil {
				return nil, err
			}
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

// settled returns the value of a top-level key without the sweep, nil if it has none. A value that can be read by itself has its defaults; any
// other, such as the fields of a swept kind, is as it was written.
func (p *planner) settled(s *Sweep, base *yaml.Node, key string) (*yaml.Node, error) {
	written, c := child(base, key), Default()
	kindSwept := slices.ContainsFunc(s.Axes, func(a string) bool { return inside(a, key) && strings.HasSuffix(a, ".kind") })
	if !kindSwept && (written == nil || alone(key, written, &c) == nil) { // else its fields are those of one kind only
		c.Data.Spec = p.chosen(c.Data.Spec)
		if val, ok := kind.Encode(c)[key]; ok {
			node, err := encoded(val)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", key, err)
			}
			if c := Default(); alone(key, node, &c) == nil {
				return node, nil
			}
		}
	}
	if written != nil {
		return plain(written), nil
	}
	return nil, nil
}

// alone reads a configuration of one key into c.
func alone(key string, val *yaml.Node, c *Config) error {
	return kind.Decode(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{scalar(key, 0), val}}, c)
}

// encoded returns the node of a value, in flow style.
func encoded(val any) (*yaml.Node, error) {
	node := new(yaml.Node)
	err := node.Encode(val)
	flow(node)
	return node, err
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
