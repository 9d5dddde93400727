package config

import (
	"iter"
	"slices"
	"strconv"

	"gopkg.in/yaml.v3"
)

// pairs are the keys of a mapping with their values; none of another node.
func pairs(n *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(key, val *yaml.Node) bool) {
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i], n.Content[i+1]) {
				return
			}
		}
	}
}

// indexOf returns the place of a key in a mapping, −1 if it is not there.
func indexOf(n *yaml.Node, name string) int {
	i := 0
	for key := range pairs(n) {
		if key.Value == name {
			return i
		}
		i += 2
	}
	return -1
}

// child returns the value of a key, or of a place in a list; nil if there is none.
func child(n *yaml.Node, name string) *yaml.Node {
	if i, err := strconv.Atoi(name); err == nil && n.Kind == yaml.SequenceNode && i < len(n.Content) {
		return n.Content[i]
	}
	if i := indexOf(n, name); i >= 0 {
		return n.Content[i+1]
	}
	return nil
}

// scalar returns a value written plainly on a line.
func scalar(text string, line int) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Value: text, Line: line}
}

// walk calls f with a node and all that is in it.
func walk(n *yaml.Node, f func(*yaml.Node)) {
	f(n)
	for _, c := range n.Content {
		walk(c, f)
	}
}

// shallow copies a node without what is in it.
func shallow(n *yaml.Node) *yaml.Node {
	c := *n
	c.Content = slices.Clone(n.Content)
	return &c
}

// clone copies a node with all that is in it.
func clone(n *yaml.Node) *yaml.Node {
	c := *n
	c.Content = slices.Clone(n.Content)
	for i, child := range c.Content {
		c.Content[i] = clone(child)
	}
	return &c
}
