package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"msharp/harness/data"
	"msharp/models/kind"
)

// Trial is one Config of a sweep, with the data it reads. Its ID is ID of both.
type Trial struct {
	ID          string
	Config      Config
	Source      *data.Source
	KeepWeights bool // whether the trained weights stay, in weights/ID.safetensors
}

// IDs returns the ids of trials.
func IDs(trials []Trial) []string {
	ids := make([]string, len(trials))
	for i, t := range trials {
		ids[i] = t.ID
	}
	return ids
}

// Sweep is what is planned: a named list of trials, each once.
type Sweep struct {
	Name     string
	Trials   []Trial
	Axes     []string // the swept keys, in the order of the file
	Resolved []byte   // the whole configuration as YAML that plans the same trials, defaults and overrides included
	Sources  []Origin // the data sets read
	Warnings []string // what looks like a mistake, a sentence each

	Execution Execution

	how     *yaml.Node // Execution, as written
	planner *planner   // which knows where everything is written
}

// Plan reads a sweep. text is the YAML of the file called name; overrides are key=value words; dataDir is the folder of the data sets, ""
// for the default of each. A fault of the text or the words is a *kind.Error; a fault of the data is another error.
func Plan(name string, text []byte, overrides []string, dataDir string) (*Sweep, error) {
	return PlanWith(name, text, overrides, Means{Dir: dataDir})
}

// Means is what PlanWith plans with. The zero Means reads each data set from its default.
type Means struct {
	Dir  string                      // the folder of the data sets, "" for the default of each
	Held func(sweep string) []string // the sha256 of the data that the folder of a sweep of that name holds records of; nil for none
	Tell func(planned, of int)       // is told now and then how many of the sweep's combinations are planned; may be nil
}

// PlanWith is Plan that reads the data which are held, where a data set has several sources, and tells how far it is.
func PlanWith(name string, text []byte, overrides []string, with Means) (*Sweep, error) {
	p := &planner{words: overrides, Loader: NewLoader(with.Dir), tell: with.Tell}
	s, base, grids, err := p.outline(name, text)
	if err == nil {
		if with.Held != nil {
			p.held = with.Held(s.Name)
		}
		err = p.plan(s, base, grids)
	}
	if err != nil {
		return nil, p.locate(err)
	}
	return s, nil
}

// Outline is Plan without the trials: it returns the name and the Execution of a sweep and reads no data.
func Outline(name string, text []byte, overrides []string) (*Sweep, error) {
	p := &planner{words: overrides}
	s, _, _, err := p.outline(name, text)
	if err != nil {
		return nil, p.locate(err)
	}
	return s, nil
}

// planner turns a document and overrides into trials. The nodes of override i have line −1−i.
type planner struct {
	*Loader
	files []string // read, in order
	words []string
	tell  func(planned, of int)
}

// outline reads the YAML of a file and applies the overrides. It returns the sweep without its trials, the configuration without its sweep,
// and the sweep's grids.
func (p *planner) outline(file string, text []byte) (s *Sweep, base *yaml.Node, grids [][]axis, err error) {
	root, err := p.read(file, text)
	if err != nil {
		return nil, nil, nil, err
	}
	if root.Kind != yaml.MappingNode {
		return nil, nil, nil, &kind.Error{Line: root.Line, Value: kind.Text(root), Problem: "not a mapping", Expected: "keys " + strings.Join(fileKeys, ", ")}
	}
	s = &Sweep{Name: untitled, planner: p}
	base = &yaml.Node{Kind: yaml.MappingNode, Line: root.Line}
	seen := map[string]bool{}
	for key, val := range pairs(root) {
		if seen[key.Value] {
			return nil, nil, nil, &kind.Error{Line: key.Line, Key: key.Value, Problem: "key given twice"}
		}
		seen[key.Value] = true
		switch key.Value {
		case "name":
			err = p.name(s, val)
		case "sweep":
			grids, err = p.grids(val)
		default:
			base.Content = append(base.Content, key, val)
		}
		if err != nil {
			return nil, nil, nil, err
		}
	}
	if grids == nil {
		grids = [][]axis{nil}
	}
	if n := len(p.words); n > mostKeys {
		return nil, nil, nil, &kind.Error{Line: -1 - mostKeys, Value: fmt.Sprintf("%d overrides", n), Problem: "too many", Expected: fmt.Sprintf("at most %d", mostKeys)}
	}
	for i, word := range p.words {
		if err := p.override(s, base, grids, -1-i, word); err != nil {
			return nil, nil, nil, err
		}
	}
	s.Execution, s.how, err = execution(base)
	return s, base, grids, err
}

// plan gives s the trials of its grids.
func (p *planner) plan(s *Sweep, base *yaml.Node, grids [][]axis) (err error) {
	n, err := combinations(grids)
	if err != nil {
		return err
	}
	planned, ids := 0, make(map[string]bool, n)
	s.Trials = make([]Trial, 0, n)
	foundation, doubts := newFoundation(base), doubts{known: map[course]bool{}}
	for _, grid := range grids {
		for _, a := range grid {
			if !slices.Contains(s.Axes, a.key.Value) {
				s.Axes = append(s.Axes, a.key.Value)
			}
		}
		c := newCombiner(foundation, grid)
		err := product(grid, func(at []int) error {
			t, err := p.combined(c, at)
			t.KeepWeights = s.Execution.KeepWeights
			if err == nil && !ids[t.ID] {
				ids[t.ID] = true
				doubts.see(t.Config)
				s.Trials = append(s.Trials, t)
			}
			if planned++; planned%1000 == 0 && p.tell != nil {
				p.tell(planned, n)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	s.Sources, s.Warnings = p.Origins, doubts.told(p.Origins)
	s.Resolved, err = p.resolved(s, base, grids)
	return err
}

// combined returns the trial of one combination.
func (p *planner) combined(c *combiner, at []int) (t Trial, err error) {
	config, err := c.config(at)
	if err != nil {
		return t, nested(c.grid, err)
	}
	if t, err = p.Trial(config); err != nil {
		node, _ := c.node(at) // config has set it
		return t, lineOf(node, err)
	}
	return t, nil
}

// untitled is the name of a sweep that gives none.
const untitled = "sweep"

// NameForm is the regular expression of a sweep's name.
const NameForm = `^[A-Za-z0-9][A-Za-z0-9._-]*$`

var plainName = regexp.MustCompile(NameForm)

// name sets the sweep's name, which is also a folder's.
func (p *planner) name(s *Sweep, val *yaml.Node) error {
	if val.Kind != yaml.ScalarNode || val.ShortTag() == "!!null" || !plainName.MatchString(val.Value) {
		return &kind.Error{Line: val.Line, Key: "name", Value: kind.Text(val), Problem: "not a name", Expected: "letters, digits, dots, dashes and underscores"}
	}
	s.Name = val.Value
	return nil
}
