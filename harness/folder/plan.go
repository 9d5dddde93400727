package folder

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"

	"gopkg.in/yaml.v3"

	"msharp/harness/config"
	"msharp/harness/disk"
	"msharp/harness/record"
	"msharp/models/kind"
)

// Plan is the trials that were ever asked of a folder, each once, in the order in which they were first asked for: plan.jsonl, a line a
// trial.
type Plan struct {
	Lines []Line

	path string
}

// Line is a trial of a plan.
type Line struct {
	ID      string          `json:"id"`
	Results int             `json:"results"`         // the results version of the program that planned it
	Data    string          `json:"data"`            // sha256 of the data that it reads
	Swept   []string        `json:"swept,omitempty"` // keys that a run which asked for it swept
	Config  json.RawMessage `json:"config"`          // its settings, as its record has them
	Asked   json.RawMessage `json:"asked"`           // what is asked of it beside training, a key at its default left out
}

// asked is the YAML form of Line.Asked.
type asked struct {
	config.Asked `yaml:",inline"`
	KeepWeights  bool `yaml:"keep_weights"`
}

func nothingAsked() asked { return asked{Asked: config.Default().Asked} }

// ReadPlan reads the plan of a folder; it is nil if there is none. It reads no data. The error names the file, and the line.
func (d Dir) ReadPlan() (*Plan, error) {
	p := &Plan{path: d.plan()}
	text, err := disk.ReadFile(p.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for line := range bytes.Lines(text) {
		var l Line
		dec := json.NewDecoder(bytes.NewReader(line))
		dec.DisallowUnknownFields()
		n := len(p.Lines)
		err := dec.Decode(&l)
		switch {
		case err == io.EOF:
			err = errors.New("an empty line")
		case err != nil:
			err = record.Fault(err)
		case dec.More():
			err = errors.New("something follows the trial")
		case !trialID.MatchString(l.ID):
			err = fmt.Errorf("%q is no trial's id; expected 16 hexadecimal digits", l.ID)
		case at[l.ID] > 0:
			err = fmt.Errorf("trial %s stands on line %d too", l.ID, at[l.ID])
		}
		if err != nil {
			return nil, p.damaged(n, err)
		}
		p.Lines = append(p.Lines, l)
		at[l.ID] = n + 1
	}
	if len(p.Lines) == 0 {
		return nil, fmt.Errorf("%s holds no trials; without that file, run plans its trials anew", p.path)
	}
	return p, nil
}

var trialID = regexp.MustCompile(`^[0-9a-f]{16}$`)

// damaged says what is wrong with line i, and what to do.
func (p *Plan) damaged(i int, err error) error {
	return fmt.Errorf("%s:%d: %v; remove that line, and a run that asks for its trial plans it again", p.path, i+1, err)
}

// Write writes the plan to its folder: equal plans, equal bytes. The caller holds Guard.
func (p *Plan) Write() error {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	for _, l := range p.Lines {
		if err := enc.Encode(l); err != nil {
			return err
		}
	}
	if there, err := disk.ReadFile(p.path); err == nil && bytes.Equal(there, text.Bytes()) {
		return nil
	}
	return disk.WriteFile(p.path, text.Bytes())
}

// Planned returns the plan of a sweep alone, to be the folder's. Nothing is written yet.
func (d Dir) Planned(s *config.Sweep) (*Plan, error) {
	p := &Plan{path: d.plan()}
	for _, t := range s.Trials {
		settings, err := json.Marshal(config.Settings(t.Config))
		if err != nil {
			return nil, err
		}
		ask, err := json.Marshal(kind.EncodeDiff(asked{t.Config.Asked, t.KeepWeights}, nothingAsked()))
		if err != nil {
			return nil, err
		}
		p.Lines = append(p.Lines, Line{t.ID, config.ResultsVersion, t.Source.SHA256, s.Axes, settings, ask})
	}
	return p, nil
}

// IDs returns the ids of the plan's trials.
func (p *Plan) IDs() []string {
	ids := make([]string, len(p.Lines))
	for i, l := range p.Lines {
		ids[i] = l.ID
	}
	return ids
}

// Settings returns the settings of a trial as a record has them; nil if the line has none.
func (l Line) Settings() (settings map[string]any) {
	json.Unmarshal(l.Config, &settings) // ReadPlan has checked that it is JSON
	return settings
}

// Trials rebuilds the trials of the given ids, all for nil, with their data from the folder data ("" is each data set's own default), and
// returns the data sets read. The error names the line of a trial that cannot be rebuilt, or that is another one here.
func (p *Plan) Trials(data string, ids []string) (trials []config.Trial, sources []config.Origin, err error) {
	at := make(map[string]int, len(p.Lines))
	for i, l := range p.Lines {
		at[l.ID] = i
	}
	if ids == nil {
		ids = p.IDs()
	}
	loader := config.NewLoader(data)
	for _, id := range ids {
		i, ok := at[id]
		if !ok {
			return nil, nil, fmt.Errorf("%s does not hold trial %s; a run that asks for it plans it again", p.path, id)
		}
		l := p.Lines[i]
		c, ask, err := p.decode(i)
		if err != nil {
			return nil, nil, err
		}
		if l.Results != config.ResultsVersion {
			return nil, nil, fmt.Errorf("%s:%d: trial %s was planned by a program of results version %d; this one's is %d; choose another --out", p.path, i+1, id, l.Results, config.ResultsVersion)
		}
		t, err := loader.Trial(c)
		if err != nil {
			return nil, nil, p.damaged(i, plain(err))
		}
		if t.ID != id {
			return nil, nil, fmt.Errorf("%s:%d: trial %s is %s on the data found here: %s has sha256 %.12s…, and the plan expects %.12s…", p.path, i+1, id, t.ID, c.Data.Kind(), t.Source.SHA256, l.Data)
		}
		t.KeepWeights = ask.KeepWeights
		trials = append(trials, t)
	}
	return trials, loader.Origins, nil
}

// decode returns the Config of line i and what is asked of it. The error says so if the line's id is that of another configuration.
func (p *Plan) decode(i int) (c config.Config, a asked, err error) {
	l := p.Lines[i]
	c, a = config.Default(), nothingAsked()
	if err := decodeJSON(l.Config, &c); err != nil {
		return c, a, p.damaged(i, kind.Under("config", err))
	}
	if err := decodeJSON(l.Asked, &a); err != nil {
		return c, a, p.damaged(i, kind.Under("asked", err))
	}
	if id := config.ID(c, l.Data, l.Results); id != l.ID {
		return c, a, p.damaged(i, fmt.Errorf("trial %s has the configuration of trial %s", l.ID, id))
	}
	c.Asked = a.Asked
	return c, a, nil
}

// decodeJSON reads JSON, which is YAML, into what v points to. Its errors name no line.
func decodeJSON(text []byte, v any) error {
	var n yaml.Node
	if err := yaml.Unmarshal(text, &n); err != nil {
		return err
	}
	if len(n.Content) == 0 {
		return errors.New("missing")
	}
	return plain(kind.Decode(&n, v))
}

// plain is err without the line, which is not that of a file.
func plain(err error) error {
	e := new(kind.Error)
	if !errors.As(err, &e) {
		return err
	}
	without := *e
	without.Line = 0
	return &without
}
