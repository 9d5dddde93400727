package config

import (
	"errors"
	"strings"

	"gopkg.in/yaml.v3"

	"msharp/models/kind"
)

// nested rewords an error about a swept mapping that is meant as several axes, `optimizer: {rho: [0, 0.1]}`, where a sweep takes it for one
// value of optimizer: one without its kind, or with a list in place of a value.
func nested(grid []axis, err error) error {
	var e *kind.Error
	if !errors.As(err, &e) {
		return err
	}
	for _, a := range grid {
		if a.node.Kind != yaml.MappingNode || !inside(e.Key, a.key.Value) {
			continue
		}
		rest := e.Key[len(a.key.Value)+1:]
		part := written(a.node, strings.Split(rest, "."))
		if part == nil && rest != "kind" || part != nil && part.Kind != yaml.SequenceNode && !strings.HasPrefix(part.Value, "range(") {
			continue
		}
		return &kind.Error{Line: a.key.Line, Key: "sweep." + a.key.Value, Value: kind.Text(a.node), Problem: "read as one value of " + a.key.Value + ", whose " + rest + " is at fault (" + e.Problem + ")",
			Expected: "a dotted key for each axis: " + strings.Join(axesIn(a.key.Value, a.node), ", ")}
	}
	return err
}

// axesIn lists what a mapping holds, each under its dotted key.
func axesIn(key string, n *yaml.Node) (axes []string) {
	if n.Kind != yaml.MappingNode {
		return []string{key + ": " + kind.Text(n)}
	}
	for name, val := range pairs(n) {
		axes = append(axes, axesIn(key+"."+name.Value, val)...)
	}
	return axes
}
