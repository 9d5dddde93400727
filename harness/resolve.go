package harness

import (
	"bytes"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"msharp/harness/kind"
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
	full := kind.Encode(s.Trials[0].Config)
	for _, key := range configKeys() {
		if node, err := s.resolvedKey(key, full); err != nil {
			return nil, err
		} else if node != nil {
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

// resolvedKey returns the value of a top-level key: that of the first trial, swept keys taken out; nil if nothing is left. Where
// a kind is swept, or a key by some grids only, the first trial does not speak for all, and the value is the one written.
func (s *Sweep) resolvedKey(key string, full map[string]any) (*yaml.Node, error) {
	val, ok := full[key]
	for _, a := range s.Axes {
		if a != key && !strings.HasPrefix(a, key+".") {
			continue
		}
		everywhere := !slices.ContainsFunc(s.grids, func(grid []axis) bool { return axisOf(grid, a) < 0 })
		if a == key && everywhere {
			return nil, nil
		}
		if !everywhere || a == key+".kind" || strings.HasSuffix(a, ".kind") {
			if n := child(s.base, key); n != nil {
				return plain(n), nil
			}
			return nil, nil
		}
		remove(val, strings.Split(a[len(key)+1:], "."))
	}
	if !ok {
		return nil, nil
	}
	node := new(yaml.Node)
	if err := node.Encode(val); err != nil {
		return nil, err
	}
	flow(node)
	return node, nil
}

// remove deletes a path from nested maps.
func remove(v any, path []string) {
	m, ok := v.(map[string]any)
	switch {
	case !ok:
	case len(path) == 1:
		delete(m, path[0])
	default:
		remove(m[path[0]], path[1:])
	}
}

func sweepNode(grids [][]axis) *yaml.Node {
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for _, grid := range grids {
		m := &yaml.Node{Kind: yaml.MappingNode}
		for _, a := range grid {
			values := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
			for _, v := range a.values {
				values.Content = append(values.Content, plain(v))
			}
			m.Content = append(m.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: a.key.Value}, values)
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
