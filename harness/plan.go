package harness

import (
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"msharp/harness/data"
	"msharp/harness/kind"
)

// Trial is one Config of a sweep, with the data it reads.
type Trial struct {
	ID     string
	Config Config
	Source *data.Source
}

// Sweep is a named list of trials, each once.
type Sweep struct {
	Name     string
	Trials   []Trial
	Axes     []string // the swept keys, in the order of the file
	Resolved []byte   // the whole configuration as YAML, defaults and overrides included: sweep.yaml
	Sources  []Origin // the data sets read
}

// Origin is a data set as read for a sweep.
type Origin struct {
	Kind string
	*data.Source
}

// Plan reads a sweep: text is the YAML of a file of that name, overrides are key=value words, dataDir is where data sets are looked
// for ("" is their own default). What is wrong with the words is a *kind.Error; what is wrong with the data is another error.
func Plan(name string, text []byte, overrides []string, dataDir string) (*Sweep, error) {
	doc, err := parse(name, text)
	if err != nil {
		return nil, err
	}
	p := &planner{file: name, words: overrides, dataDir: dataDir, sources: map[string]*data.Source{}}
	s, err := p.plan(doc)
	if err != nil {
		return nil, p.locate(err)
	}
	return s, nil
}

// parse reads the one mapping of a YAML text.
func parse(file string, text []byte) (*yaml.Node, error) {
	dec := yaml.NewDecoder(strings.NewReader(string(text)))
	var doc, second yaml.Node
	switch err := dec.Decode(&doc); {
	case err == io.EOF || err == nil && len(doc.Content) == 1 && doc.Content[0].Tag == "!!null":
		return nil, &kind.Error{File: file, Problem: "the file is empty", Expected: "a configuration with name, data, model, optimizer, ..."}
	case err != nil:
		return nil, syntaxError(file, err)
	}
	if err := dec.Decode(&second); err != io.EOF {
		e := &kind.Error{File: file, Line: second.Line, Problem: "a second document", Expected: "one configuration a file"}
		if err != nil {
			return nil, syntaxError(file, err)
		}
		return nil, e
	}
	return doc.Content[0], nil
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// parserMessage is what yaml.v3 says with a line counted from 0; its other messages count from 1.
var parserMessage = regexp.MustCompile(`^did not find expected (node content|key|'-' indicator|',' or '[\]}]'|<)`)

// syntaxError turns yaml's own message into ours.
func syntaxError(file string, err error) error {
	msg := err.Error()
	e := &kind.Error{File: file, Expected: "YAML"}
	if m := yamlLine.FindStringSubmatch(msg); m != nil {
		e.Line, _ = strconv.Atoi(m[1])
		msg = msg[len(m[0]):]
	}
	if parserMessage.MatchString(msg) {
		e.Line++
	}
	e.Problem = msg
	return e
}

// planner turns a document and overrides into trials. Nodes of override i carry line −1−i.
type planner struct {
	file    string
	words   []string
	dataDir string
	sources map[string]*data.Source
	origins []Origin
}

// axis is one swept key and its values.
type axis struct {
	key    *yaml.Node
	values []*yaml.Node
}

func (p *planner) plan(root *yaml.Node) (*Sweep, error) {
	if root.Kind != yaml.MappingNode {
		return nil, &kind.Error{Line: root.Line, Problem: "not a mapping", Expected: "keys " + strings.Join(append([]string{"name"}, configKeys()...), ", ")}
	}
	s := &Sweep{Name: untitled}
	base := &yaml.Node{Kind: yaml.MappingNode, Line: root.Line}
	var grids [][]axis
	seen := map[string]bool{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, val := root.Content[i], root.Content[i+1]
		if seen[key.Value] {
			return nil, &kind.Error{Line: key.Line, Key: key.Value, Problem: "key given twice"}
		}
		seen[key.Value] = true
		switch key.Value {
		case "name":
			if err := p.name(s, val); err != nil {
				return nil, err
			}
		case "sweep":
			var err error
			if grids, err = p.grids(val); err != nil {
				return nil, err
			}
		default:
			base.Content = append(base.Content, key, val)
		}
	}
	if grids == nil {
		grids = [][]axis{nil}
	}
	for i, word := range p.words {
		if err := p.override(s, base, grids, -1-i, word); err != nil {
			return nil, err
		}
	}
	ids := map[string]bool{}
	for _, grid := range grids {
		for _, a := range grid {
			if !slices.Contains(s.Axes, a.key.Value) {
				s.Axes = append(s.Axes, a.key.Value)
			}
		}
		err := product(grid, func(values []*yaml.Node) error {
			t, err := p.trial(base, grid, values)
			if err == nil && !ids[t.ID] {
				ids[t.ID] = true
				s.Trials = append(s.Trials, t)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	s.Sources = p.origins
	var err error
	s.Resolved, err = resolved(s, base, grids)
	return s, err
}

// Title returns the name of the sweep in a YAML text, without reading its data.
func Title(file string, text []byte) (string, error) {
	doc, err := parse(file, text)
	if err != nil {
		return "", err
	}
	p := &planner{file: file}
	s := &Sweep{Name: untitled}
	if n := child(doc, "name"); n != nil {
		err = p.name(s, n)
	}
	return s.Name, p.locate(err)
}

// untitled is the name of a sweep that gives none.
const untitled = "sweep"

var plainName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// name sets the sweep's name, which is also a folder's.
func (p *planner) name(s *Sweep, val *yaml.Node) error {
	if val.Kind != yaml.ScalarNode || !plainName.MatchString(val.Value) {
		return &kind.Error{Line: val.Line, Key: "name", Value: val.Value, Problem: "not a name", Expected: "letters, digits, dots, dashes and underscores"}
	}
	s.Name = val.Value
	return nil
}

// grids reads the sweep: one mapping from dotted keys to values, or a list of them.
func (p *planner) grids(n *yaml.Node) (grids [][]axis, err error) {
	maps := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		maps = n.Content
	}
	for _, m := range maps {
		if m.Kind != yaml.MappingNode {
			return nil, &kind.Error{Line: m.Line, Key: "sweep", Problem: "not a mapping", Expected: "dotted keys and their values, or a list of such mappings"}
		}
		var grid []axis
		for i := 0; i+1 < len(m.Content); i += 2 {
			key := m.Content[i]
			for _, a := range grid {
				if a.key.Value == key.Value {
					return nil, &kind.Error{Line: key.Line, Key: "sweep." + key.Value, Problem: "key given twice"}
				}
			}
			values, err := expand(m.Content[i+1])
			if err != nil {
				return nil, kind.Under("sweep."+key.Value, err)
			}
			if err := sweepable(key); err != nil {
				return nil, err
			}
			grid = append(grid, axis{key, values})
		}
		grids = append(grids, grid)
	}
	if len(grids) == 0 {
		return nil, &kind.Error{Line: n.Line, Key: "sweep", Problem: "empty list", Expected: "at least one mapping"}
	}
	return grids, nil
}

// sweepable refuses keys that do not make a trial another trial.
func sweepable(key *yaml.Node) error {
	top, _, _ := strings.Cut(key.Value, ".")
	if top == "measures" || top == "trace" || top == "name" || top == "sweep" {
		return &kind.Error{Line: key.Line, Key: "sweep." + key.Value, Problem: "cannot be swept", Expected: "a key that changes the training"}
	}
	return nil
}

var rangeForm = regexp.MustCompile(`^range\(\s*(\d+)\s*,\s*(\d+)\s*\)$`)

// expand returns the values of an axis: a list's items, or one; range(a, b) stands for a, a+1, ..., b−1.
func expand(n *yaml.Node) (values []*yaml.Node, err error) {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	items := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		items = n.Content
	}
	for _, item := range items {
		if item.Kind != yaml.ScalarNode || !strings.HasPrefix(item.Value, "range(") {
			values = append(values, item)
			continue
		}
		const most = 1_000_000
		m := rangeForm.FindStringSubmatch(item.Value)
		bad := &kind.Error{Line: item.Line, Value: item.Value, Problem: "not a range", Expected: "range(first, stop), whole numbers, stop excluded and above first"}
		if m == nil {
			return nil, bad
		}
		lo, err1 := strconv.Atoi(m[1])
		hi, err2 := strconv.Atoi(m[2])
		if err1 != nil || err2 != nil || lo >= hi || hi-lo > most {
			return nil, bad
		}
		for v := lo; v < hi; v++ {
			values = append(values, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(v), Line: item.Line})
		}
	}
	if len(values) == 0 {
		return nil, &kind.Error{Line: n.Line, Value: "[]", Problem: "empty list", Expected: "at least one value"}
	}
	return values, nil
}

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

// product calls f with every combination of the axes' values, the last axis fastest.
func product(grid []axis, f func(values []*yaml.Node) error) error {
	values := make([]*yaml.Node, len(grid))
	var rec func(i int) error
	rec = func(i int) error {
		if i == len(grid) {
			return f(values)
		}
		for _, v := range grid[i].values {
			values[i] = v
			if err := rec(i + 1); err != nil {
				return err
			}
		}
		return nil
	}
	return rec(0)
}

// trial builds the trial of one combination.
func (p *planner) trial(base *yaml.Node, grid []axis, values []*yaml.Node) (t Trial, err error) {
	node := clone(base)
	for i, a := range grid {
		if err := set(node, a.key, clone(values[i])); err != nil {
			return t, err
		}
	}
	t.Config = defaults()
	if err := kind.Decode(node, &t.Config); err != nil {
		return t, err
	}
	if t.Source, err = p.source(t.Config.Data); err != nil {
		return t, err
	}
	if err := t.Config.check(t.Source); err != nil {
		return t, lineOf(node, err)
	}
	t.ID = identity(t.Config, t.Source.SHA256)
	return t, nil
}

// source loads a data set once, whatever is drawn of it.
func (p *planner) source(d data.Any) (*data.Source, error) {
	m := kind.Encode(d.Spec)
	for _, key := range kind.Keys(reflect.TypeFor[data.Split]()) {
		delete(m, key)
	}
	key := fmt.Sprint(d.Kind(), m)
	if src := p.sources[key]; src != nil {
		return src, nil
	}
	src, err := d.Spec.Load(p.dataDir)
	if err != nil {
		return nil, fmt.Errorf("data %s: %w", d.Kind(), err)
	}
	p.sources[key] = src
	p.origins = append(p.origins, Origin{d.Kind(), src})
	return src, nil
}

// clone copies a node, aliases resolved, so that setting a key in one trial changes no other.
func clone(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	c := *n
	c.Anchor = ""
	c.Content = make([]*yaml.Node, len(n.Content))
	for i, child := range n.Content {
		c.Content[i] = clone(child)
	}
	return &c
}
