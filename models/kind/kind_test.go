package kind

import (
	"errors"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// solid is an interface with kinds; settings, below, has a field of every form the package knows.
type solid interface{ volume() float64 }

var solids = Of[solid]("solid")

var (
	_ = solids.Add("ball", func() solid { return &ball{Radius: 1} })
	_ = solids.Add("box", func() solid { return &box{Sides: []float64{1, 1, 1}} })
	_ = solids.Add("shell", func() solid { return &shell{Ball: ball{Radius: 2}, Thickness: 0.5} })
	_ = solids.Add("bag", func() solid { return &bag{} })
)

type ball struct {
	Radius float64 `yaml:"radius" in:"(0,)"`
}

// box has three sides and is at least as wide as high, which Check checks.
type box struct {
	Sides []float64 `yaml:"sides" in:"(0,100]"`
	Lid   *lid      `yaml:"lid"`
}

type lid struct {
	Open bool   `yaml:"open"`
	Wood string `yaml:"wood" in:"oak|pine|beech"`
}

type shell struct {
	Ball      ball    `yaml:"ball"`
	Thickness float64 `yaml:"thickness" in:"(0,10)"`
}

type bag struct {
	Inside []Any[solid] `yaml:"inside" empty:"ok"`
	Tie    Any[solid]   `yaml:"tie"`
}

func (*ball) volume() float64  { return 1 }
func (*box) volume() float64   { return 1 }
func (*shell) volume() float64 { return 1 }
func (*bag) volume() float64   { return 1 }

func (b *box) Check() error {
	if len(b.Sides) != 3 {
		return &Error{Key: "sides", Problem: "not three sides"}
	}
	if b.Sides[0] < b.Sides[1] {
		return errors.New("narrower than high")
	}
	return nil
}

type size struct {
	Width  int `yaml:"width" in:"[1,)"`
	Height int `yaml:"height" in:"[1,9]"`
}

// stage is a list item with defaults, with something to check, and with a key that may have no effect.
type stage struct {
	Length int     `yaml:"length" in:"[1,)"`
	Flat   bool    `yaml:"flat"`
	Slope  float64 `yaml:"slope"`
}

func (s *stage) SetDefaults() { s.Length = 10 }

func (s *stage) Check() error {
	if s.Flat && s.Slope != 0 {
		return &Error{Key: "slope", Problem: "given for a flat stage"}
	}
	return nil
}

func (s stage) Absent() []string {
	if s.Flat {
		return []string{"slope"}
	}
	return nil
}

type settings struct {
	size   `yaml:",inline"`
	Rate   float64      `yaml:"rate" in:"(0,1]"`
	Any    float64      `yaml:"any"`
	Seed   uint64       `yaml:"seed"`
	On     bool         `yaml:"on"`
	Mode   string       `yaml:"mode" in:"fast|slow"`
	Title  string       `yaml:"title"`
	Layers []int        `yaml:"layers" in:"[1,)"`
	Tags   []string     `yaml:"tags" empty:"ok" most:"3"`
	Lid    *lid         `yaml:"lid"`
	Solid  Any[solid]   `yaml:"solid"`
	Solids []Any[solid] `yaml:"solids"`
	Norm   float64      `yaml:"norm" in:"[1,]"`
	Stage  stage        `yaml:"stage"`
	Stages []stage      `yaml:"stages" empty:"ok"`
	Hidden int          // without a tag, no key
	Secret int          `yaml:"-"`
	secret int
}

// preset is settings without an empty field.
func preset() settings {
	return settings{
		size: size{Width: 2, Height: 3}, Rate: 0.5, Any: -1, Seed: 7, On: true, Mode: "fast", Title: "t", Layers: []int{8}, Tags: []string{"a"},
		Lid: &lid{Open: true, Wood: "oak"}, Solid: Any[solid]{&ball{Radius: 4}}, Solids: []Any[solid]{{&ball{Radius: 1}}}, Norm: 2, Stage: stage{Length: 1}, Hidden: 1, Secret: 2, secret: 3,
	}
}

func decodeInto(t testing.TB, text string, v any) error {
	t.Helper()
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(text), &n); err != nil {
		t.Fatalf("%q is no YAML: %v", text, err)
	}
	return Decode(&n, v)
}

func TestTable(t *testing.T) {
	if got := strings.Join(solids.Names(), " "); got != "bag ball box shell" {
		t.Errorf("kinds %s", got)
	}
	a, err := solids.New("ball")
	if err != nil || a.(*ball).Radius != 1 {
		t.Errorf("%+v, %v", a, err)
	}
	a.(*ball).Radius = 9
	if b, _ := solids.New("ball"); b.(*ball).Radius != 1 {
		t.Error("two of a kind share their memory")
	}
	if _, err := solids.New("bll"); err == nil || err.Error() != `kind = bll: unknown solid; expected one of bag, ball, box, shell; did you mean "ball"?` {
		t.Error(err)
	}
	if k := (Any[solid]{}).Kind(); k != "" {
		t.Errorf("the zero Any is of kind %q", k)
	}
	if k := (Any[solid]{&shell{}}).Kind(); k != "shell" {
		t.Errorf("a shell is of kind %q", k)
	}
}

// Mistakes that only a broken program makes are panics.
func TestTableRefusesTwice(t *testing.T) {
	type cube struct{ ball }
	type other interface{ volume() float64 }
	table := Of[other]("other")
	table.Add("ball", func() other { return &ball{} })
	for name, f := range map[string]func(){
		"a second table of a type": func() { Of[solid]("solid") },
		"a name twice":             func() { table.Add("ball", func() other { return &cube{} }) },
		"a type twice":             func() { table.Add("sphere", func() other { return &ball{} }) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was accepted", name)
				}
			}()
			f()
		}()
	}
}
