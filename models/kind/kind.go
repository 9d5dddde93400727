// Package kind turns YAML into Go values, strictly, and `{kind: name, field: value, ...}` into the Go value of that name.
//
// A type joins a table in its own file, with its defaults, in one line:
//
//	var _ = Table.Add("sgd", func() Spec { return &SGD{Momentum: 0.9} })
//
// Its exported fields are then its YAML schema. A fault in a document comes back as an *Error that names line, key, value and what was
// expected. Unknown keys and values out of range are faults.
package kind

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"gopkg.in/yaml.v3"
)

// Table holds the constructors of the kinds of T, an interface of pointer types.
type Table[T any] struct {
	what  string
	make  map[string]func() T
	names map[reflect.Type]string
}

// tables finds the one table of an interface type.
var tables = map[reflect.Type]any{}

// Of makes the table of T; what is the word for a T in error messages. It panics if T already has a table.
func Of[T any](what string) *Table[T] {
	key := reflect.TypeFor[T]()
	if tables[key] != nil {
		panic(fmt.Sprintf("kind: %s already has a table", key))
	}
	t := &Table[T]{what, map[string]func() T{}, map[reflect.Type]string{}}
	tables[key] = t
	return t
}

// Add registers a kind by name, with a constructor that sets its defaults. It panics on a name or type added twice.
func (t *Table[T]) Add(name string, make func() T) struct{} {
	typ := reflect.TypeOf(make())
	if t.make[name] != nil || t.names[typ] != "" {
		panic(fmt.Sprintf("kind: %s %q (%s) added twice", t.what, name, typ))
	}
	t.make[name], t.names[typ] = make, name
	return struct{}{}
}

// Len returns the number of registered kinds.
func (t *Table[T]) Len() int { return len(t.make) }

// Names returns the registered kinds in order.
func (t *Table[T]) Names() []string { return slices.Sorted(maps.Keys(t.make)) }

// New returns the named kind with its defaults.
func (t *Table[T]) New(name string) (T, error) {
	if t.make[name] == nil {
		var zero T
		return zero, &Error{Key: "kind", Value: name, Problem: "unknown " + t.what, Expected: oneOf(t.Names()), Nearest: Nearest(name, t.Names())}
	}
	return t.make[name](), nil
}

// Any is a T whose kind the YAML names.
type Any[T any] struct{ Spec T }

// UnmarshalYAML reads a mapping with a kind, or the kind's bare name.
func (a *Any[T]) UnmarshalYAML(n *yaml.Node) error {
	t := tables[reflect.TypeFor[T]()].(*Table[T])
	n = resolve(n)
	if n.Kind == yaml.ScalarNode && n.Tag != "!!null" {
		n = &yaml.Node{Kind: yaml.MappingNode, Line: n.Line, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: "kind", Line: n.Line}, n}}
	}
	if n.Kind != yaml.MappingNode {
		return &Error{Line: n.Line, Value: Text(n), Problem: "not " + article(t.what), Expected: "a mapping such as {kind: " + t.Names()[0] + "}"}
	}
	body, name := *n, (*yaml.Node)(nil)
	body.Content = nil
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value != "kind" {
			body.Content = append(body.Content, n.Content[i], n.Content[i+1])
			continue
		}
		if name != nil {
			return &Error{Line: n.Content[i].Line, Key: "kind", Problem: "key given twice"}
		}
		name = resolve(n.Content[i+1])
	}
	if name == nil {
		return &Error{Line: n.Line, Key: "kind", Problem: "missing", Expected: oneOf(t.Names())}
	}
	if name.Kind != yaml.ScalarNode {
		return &Error{Line: name.Line, Key: "kind", Value: Text(name), Problem: "not a name", Expected: oneOf(t.Names())}
	}
	spec, err := t.New(name.Value)
	if err != nil {
		return at(err, name.Line)
	}
	if err := Decode(&body, spec); err != nil {
		return err
	}
	a.Spec = spec
	return nil
}

// Kind returns the name of a's kind, "" for the zero Any.
func (a Any[T]) Kind() string {
	t := tables[reflect.TypeFor[T]()].(*Table[T])
	return t.names[reflect.TypeOf(a.Spec)]
}

// kinded is what the encoder needs from an Any.
func (a Any[T]) kinded() (name string, spec, defaults any) {
	t := tables[reflect.TypeFor[T]()].(*Table[T])
	name = t.names[reflect.TypeOf(a.Spec)]
	if name == "" {
		return "", nil, nil
	}
	return name, a.Spec, t.make[name]()
}

// kinds returns the word for a T, and the kinds of T in the order of their names, each at its defaults.
func (Any[T]) kinds() (what string, names []string, specs []any) {
	t := tables[reflect.TypeFor[T]()].(*Table[T])
	names = t.Names()
	for _, name := range names {
		specs = append(specs, t.make[name]())
	}
	return t.what, names, specs
}
