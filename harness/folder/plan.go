package folder

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"

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

	path    string
	decoder *config.Decoder // these three are nil before decode makes them
	encoder *config.Encoder
	asks    map[string]asked // by text
}

// Line is a trial of a plan.
type Line struct {
	ID      string          `json:"id"`
	Results int             `json:"results"`         // the results version of the program that planned it
	Data    string          `json:"data"`            // sha256 of the data that it reads
	Swept   []string        `json:"swept,omitempty"` // keys that a run which asked for it swept
	Config  config.Text     `json:"config"`          // its settings, as its record has them
	Asked   json.RawMessage `json:"asked"`           // what is asked of it beside training, a key at its default left out
}

// asked is the YAML form of Line.Asked.
type asked struct {
	config.Asked `yaml:",inline"`
	KeepWeights  bool `yaml:"keep_weights"`
}

func nothingAsked() asked { return asked{Asked: config.Default().Asked} }

// same reports whether a and b hold the very same, not an equal copy.
func (a asked) same(b asked) bool {
	return a.Trace == b.Trace && a.TestAt == b.TestAt && a.KeepWeights == b.KeepWeights && slices.Equal(a.Measures, b.Measures) && a.Watch == b.Watch
}

// ReadPlan reads the plan of a folder; it is nil if there is none. It reads no data. The error names the file, and the line.
func (d Dir) ReadPlan() (*Plan, error) {
	p := &Plan{path: d.plan()}
	file, err := disk.Open(p.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	defer file.Close()
	at, lines, in := map[string]int{}, newLineReader(), bufio.NewReaderSize(file, 1<<16)
	var line []byte
	for n := 0; ; n++ {
		if line, err = readLine(in, line); err != nil {
			return nil, err
		}
		if len(line) == 0 {
			break
		}
		if n == 0 {
			p.Lines = make([]Line, 0, expected(file, len(line)))
		}
		l, err := lines.read(line)
		if err == nil && at[l.ID] > 0 {
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
	if p.written() {
		return nil
	}
	return disk.WriteWith(p.path, p.write)
}

// write writes the lines.
func (p *Plan) write(w io.Writer) error {
	enc := json.NewEncoder(w)
	for _, l := range p.Lines {
		if err := enc.Encode(l); err != nil {
			return err
		}
	}
	return nil
}

// written reports whether the plan's file already holds it.
func (p *Plan) written() bool {
	file, err := disk.Open(p.path)
	if err != nil {
		return false
	}
	defer file.Close()
	there := &same{r: bufio.NewReaderSize(file, 1<<16)}
	if p.write(there) != nil {
		return false
	}
	_, err = there.r.ReadByte()
	return err == io.EOF
}

// same is a Writer that wants what it can read.
type same struct {
	r    *bufio.Reader
	read []byte
}

var errDiffers = errors.New("it differs")

func (s *same) Write(b []byte) (int, error) {
	s.read = slices.Grow(s.read[:0], len(b))[:len(b)]
	if _, err := io.ReadFull(s.r, s.read); err != nil || !bytes.Equal(s.read, b) {
		return 0, errDiffers
	}
	return len(b), nil
}

// Planned returns the plan of a sweep alone, to be the folder's. Nothing is written yet.
func (d Dir) Planned(s *config.Sweep) (*Plan, error) {
	p := &Plan{path: d.plan(), Lines: make([]Line, 0, len(s.Trials))}
	encoder := config.NewEncoder()
	var last asked
	var text json.RawMessage
	for _, t := range s.Trials {
		if ask := (asked{t.Config.Asked, t.KeepWeights}); text == nil || !ask.same(last) { // most trials ask the same
			var err error
			if text, err = json.Marshal(kind.EncodeDiff(ask, nothingAsked())); err != nil {
				return nil, err
			}
			last = ask
		}
		p.Lines = append(p.Lines, Line{t.ID, config.ResultsVersion, t.Source.SHA256, s.Axes, encoder.Text(t.Config), text})
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
func (l Line) Settings() map[string]any { return l.Config.Map() }

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
	loader := config.NewLoader(data, p.sums()...)
	trials = make([]config.Trial, 0, len(ids))
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

// sums returns the sha256 of the data that the trials read, each once.
func (p *Plan) sums() (sums []string) {
	seen := map[string]bool{}
	for _, l := range p.Lines {
		if !seen[l.Data] {
			seen[l.Data] = true
			sums = append(sums, l.Data)
		}
	}
	return sums
}

// data returns the data sets that the trials read, as far as the plan tells.
func (p *Plan) data() (sources []record.DataSource) {
	seen := map[string]bool{}
	for _, l := range p.Lines {
		if !seen[l.Data] {
			seen[l.Data] = true
			of, _ := record.Lookup(l.Settings(), "data.kind")
			kind := record.Text(of)
			sources = append(sources, record.DataSource{Kind: kind, Name: config.DataName(kind, l.Data), SHA256: l.Data})
		}
	}
	return sources
}

// decode returns the Config of line i and what is asked of it. The error says so if the line's id is that of another configuration.
func (p *Plan) decode(i int) (c config.Config, a asked, err error) {
	if p.decoder == nil {
		p.decoder, p.encoder, p.asks = config.NewDecoder(), config.NewEncoder(), map[string]asked{}
	}
	l := p.Lines[i]
	c, ok := p.decoder.Decode(l.Config)
	if !ok {
		c = config.Default()
		if err := decodeJSON([]byte(l.Config.String()), &c); err != nil {
			return c, a, p.damaged(i, kind.Under("config", err))
		}
	}
	if a, ok = p.asks[string(l.Asked)]; !ok {
		a = nothingAsked()
		if err := decodeJSON(l.Asked, &a); err != nil {
			return c, a, p.damaged(i, kind.Under("asked", err))
		}
		if len(p.asks) < remembered {
			p.asks[string(l.Asked)] = a
		}
	}
	if id := p.encoder.ID(c, l.Data, l.Results); id != l.ID {
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
