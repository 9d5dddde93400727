package config

import (
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"msharp/models/kind"
)

// combiner makes the Configs of a grid's combinations. What a top-level key holds depends only on the axes inside it, so it is decoded once for
// each choice of their values, and the Configs share it.
type combiner struct {
	base     *yaml.Node
	grid     []axis
	order    []int // of the axes, outermost first
	sections []section
	unswept  Config // what stands beside the sections
	sound    bool   // whether nothing there is at fault
	under    Config // the one under way
}

// section is a top-level key with axes inside it.
type section struct {
	key   string
	axes  []int                 // their places in the grid, outermost first
	known map[int]reflect.Value // what it holds, by choice
}

// foundation is the configuration without its sweep.
type foundation struct {
	node    *yaml.Node
	members []member // its keys; the value of one at fault is the zero Value
}

func newFoundation(node *yaml.Node) foundation {
	f := foundation{node: node}
	for key, val := range pairs(node) {
		m := member{key: key.Value}
		if value, ok := decoded(key.Value, &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{key, val}}); ok {
			m.value = value
		}
		f.members = append(f.members, m)
	}
	return f
}

func newCombiner(base foundation, grid []axis) *combiner {
	c := &combiner{base: base.node, grid: grid, order: outermostFirst(grid), unswept: none, sound: true}
	for _, i := range c.order {
		key, _, _ := strings.Cut(grid[i].key.Value, ".")
		s := c.section(key)
		if s == nil {
			c.sections = append(c.sections, section{key: key, known: map[int]reflect.Value{}})
			s = &c.sections[len(c.sections)-1]
		}
		s.axes = append(s.axes, i)
	}
	for _, m := range base.members {
		switch {
		case c.section(m.key) != nil:
		case m.value.IsValid():
			kind.Field(&c.unswept, m.key).Set(m.value)
		default:
			c.sound = false
		}
	}
	return c
}

func (c *combiner) section(key string) *section {
	if i := slices.IndexFunc(c.sections, func(s section) bool { return s.key == key }); i >= 0 {
		return &c.sections[i]
	}
	return nil
}

// outermostFirst orders the axes so that none overwrites what another has set inside its key.
func outermostFirst(grid []axis) []int {
	order := make([]int, len(grid))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return strings.Count(grid[i].key.Value, ".") - strings.Count(grid[j].key.Value, ".")
	})
	return order
}

// config returns the Config of a combination: the values at these places of each axis.
func (c *combiner) config(at []int) (Config, error) {
	if !c.sound {
		return c.plainly(at)
	}
	c.under = c.unswept
	for i := range c.sections {
		s := &c.sections[i]
		field, ok := c.decoded(s, at)
		if !ok {
			return c.plainly(at)
		}
		kind.Field(&c.under, s.key).Set(field)
	}
	return c.under, nil
}

// decoded returns what a section holds.
func (c *combiner) decoded(s *section, at []int) (field reflect.Value, ok bool) {
	choice := 0
	for _, i := range s.axes {
		choice = choice*len(c.grid[i].values) + at[i]
	}
	if field, ok = s.known[choice]; ok {
		return field, true
	}
	alone := &yaml.Node{Kind: yaml.MappingNode, Line: c.base.Line}
	if i := indexOf(c.base, s.key); i >= 0 {
		alone.Content = []*yaml.Node{c.base.Content[i], c.base.Content[i+1]}
	}
	if c.put(alone, s.axes, at) != nil {
		return field, false
	}
	if field, ok = decoded(s.key, alone); ok {
		remember(s.known, choice, field)
	}
	return field, ok
}

// plainly is config by the whole mapping. Its error is the first fault in the order of the file.
func (c *combiner) plainly(at []int) (Config, error) {
	config := Default()
	node, err := c.node(at)
	if err != nil {
		return config, err
	}
	return config, kind.Decode(node, &config)
}

// node returns the mapping of a combination.
func (c *combiner) node(at []int) (*yaml.Node, error) {
	node := shallow(c.base)
	return node, c.put(node, c.order, at)
}

// put sets the values of some axes, outermost first.
func (c *combiner) put(node *yaml.Node, axes, at []int) error {
	for _, i := range axes {
		if err := set(node, c.grid[i].key, c.grid[i].values[at[i]]); err != nil {
			return err
		}
	}
	return nil
}
