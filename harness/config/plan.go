package config

import (
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

	Execution Execution

	how     *yaml.Node // Execution, as written
	planner *planner   // which knows where everything is written
}

// Plan reads a sweep. text is the YAML of the file called name; overrides are key=value words; dataDir is the folder of the data sets, ""
// for the default of each. A fault of the text or the words is a *kind.Error; a fault of the data is another error.
func Plan(name string, text []byte, overrides []string, dataDir string) (*Sweep, error) {
	p := &planner{words: overrides, Loader: NewLoader(dataDir)}
	s, base, grids, err := p.outline(name, text)
	if err == nil {
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
}

// outline reads the YAML of a file and applies the overrides. It returns the sweep without its trials, the configuration without its sweep,
// and the sweep's grids.
func (p *planner) outline(file string, text []byte) (s *Sweep, base *yaml.Node, grids [][]axis, err error) {
	root, err := p.read(file, text)
	if err != nil {
		return nil, nil, nil, err
	}
	if root.Kind != yaml.MappingNode {
		return nil, nil, nil, &kind.Error{Line: root.Line, Value: kind.Text(root), Problem: "not a mapping", Expected: "keys " + strings.Join(fileKeys(), ", ")}
	}
	s = &Sweep{Name: untitled, planner: p}
	base = &yaml.Node{Kind: yaml.MappingNode, Line: root.Line}
	for key, val := range pairs(root) {
		if root.Content[indexOf(root, key.Value)] != key {
			return nil, nil, nil, &kind.Error{Line: key.Line, Key: key.Value, Problem: "key given twice"}
		}
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
	if err := bounded(grids); err != nil {
		return err
	}
	ids := map[string]bool{}
	for _, grid := range grids {
		for _, a := range grid {
			if !slices.Contains(s.Axes, a.key.Value) {
				s.Axes = append(s.Axes, a.key.Value)
			}
		}
		err := product(grid, func(values []*yaml.Node) error {
			t, err := p.combined(base, grid, values)
			t.KeepWeights = s.Execution.KeepWeights
			if err == nil && !ids[t.ID] {
				ids[t.ID] = true
				s.Trials = append(s.Trials, t)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	s.Sources = p.Origins
	s.Resolved, err = resolved(s, base, grids)
	return err
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

// combined builds the trial of one combination.
func (p *planner) combined(base *yaml.Node, grid []axis, values []*yaml.Node) (t Trial, err error) {
	node := clone(base)
	for _, i := range outermostFirst(grid) {
		if err := set(node, grid[i].key, clone(values[i])); err != nil {
			return t, err
		}
	}
	c := Default()
	if err := kind.Decode(node, &c); err != nil {
		return t, err
	}
	t, err = p.Trial(c)
	return t, lineOf(node, err)
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
