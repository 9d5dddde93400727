package config

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"msharp/harness/data"
	"msharp/models/kind"
)

// Trial is one Config of a sweep, with the data it reads.
type Trial struct {
	ID          string
	Config      Config
	Source      *data.Source
	KeepWeights bool // whether the trained weights stay, in weights/ID.safetensors
}

// Sweep is a named list of trials, each once.
type Sweep struct {
	Name     string
	Trials   []Trial
	Axes     []string // the swept keys, in the order of the file
	Resolved []byte   // the whole configuration as YAML, defaults and overrides included: sweep.yaml
	Sources  []Origin // the data sets read

	Execution Execution

	base    *yaml.Node // the configuration without its sweep
	how     *yaml.Node // its Execution
	grids   [][]axis   // the sweep
	planner *planner   // which knows where everything is written
}

// Origin is a data set as read for a sweep.
type Origin struct {
	Kind string
	*data.Source
}

// Plan reads a sweep: text is the YAML of a file of that name, overrides are key=value words, dataDir is where data sets are looked
// for ("" is their own default). What is wrong with the words is a *kind.Error; what is wrong with the data is another error.
func Plan(name string, text []byte, overrides []string, dataDir string) (*Sweep, error) {
	p := &planner{words: overrides, dataDir: dataDir, sources: map[string]*data.Source{}}
	doc, err := p.read(name, text)
	if err != nil {
		return nil, p.locate(err)
	}
	s, err := p.plan(doc)
	if err != nil {
		return nil, p.locate(err)
	}
	return s, nil
}

// planner turns a document and overrides into trials. Nodes of override i carry line −1−i.
type planner struct {
	files   []string // read, in order
	words   []string
	dataDir string
	sources map[string]*data.Source
	origins []Origin
}

func (p *planner) plan(root *yaml.Node) (*Sweep, error) {
	if root.Kind != yaml.MappingNode {
		return nil, &kind.Error{Line: root.Line, Value: kind.Text(root), Problem: "not a mapping", Expected: "keys " + strings.Join(fileKeys(), ", ")}
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
	var err error
	if s.Execution, s.how, err = execution(base); err != nil {
		return nil, err
	}
	if err = bounded(grids); err != nil {
		return nil, err
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
			t.KeepWeights = s.Execution.KeepWeights
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
	s.Sources, s.base, s.grids, s.planner = p.origins, base, grids, p
	s.Resolved, err = resolved(s)
	return s, err
}

// Title returns the name of the sweep in a YAML text, without reading its data.
func Title(file string, text []byte) (string, error) {
	p := &planner{}
	doc, err := p.read(file, text)
	if err != nil {
		return "", p.locate(err)
	}
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
	if val.Kind != yaml.ScalarNode || val.ShortTag() == "!!null" || !plainName.MatchString(val.Value) {
		return &kind.Error{Line: val.Line, Key: "name", Value: kind.Text(val), Problem: "not a name", Expected: "letters, digits, dots, dashes and underscores"}
	}
	s.Name = val.Value
	return nil
}

// trial builds the trial of one combination.
func (p *planner) trial(base *yaml.Node, grid []axis, values []*yaml.Node) (t Trial, err error) {
	node := clone(base)
	for _, i := range outermostFirst(grid) {
		if err := set(node, grid[i].key, clone(values[i])); err != nil {
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

// outermostFirst orders the axes so that none overwrites what another has set inside it.
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

// clone copies a node, so that setting a key in one trial changes no other.
func clone(n *yaml.Node) *yaml.Node {
	c := *n
	c.Content = make([]*yaml.Node, len(n.Content))
	for i, child := range n.Content {
		c.Content[i] = clone(child)
	}
	return &c
}
