package kind

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

type wheel struct {
	Spokes int      `yaml:"spokes" needed:"yes" in:"[1,)"`
	Rims   []string `yaml:"rims" needed:"yes" in:"wood|steel" most:"2"`
	Width  float64  `yaml:"width" in:"(0,2]"`
	Load   float64  `yaml:"load" in:"[1,]"`
}

// A key that must be given is missed wherever its mapping is, with what it takes.
func TestNeeded(t *testing.T) {
	for text, want := range map[string]string{
		"{spokes: 3, rims: wood}":           "<nil>",
		"{rims: wood}":                      "line 1: spokes: missing; expected a whole number ≥ 1",
		"{spokes: 3}":                       "line 1: rims: missing; expected one of wood, steel, or a list of them, at most 2",
		"{}":                                "line 1: spokes: missing; expected a whole number ≥ 1",
		"\n\nspokes: 3\nwidth: 0\nrims: []": "line 4: width = 0: out of range; expected a finite number > 0 and ≤ 2",
	} {
		if err := decodeInto(t, text, new(wheel)); fmt.Sprint(err) != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	cart := struct {
		Wheels []wheel `yaml:"wheels"`
		Spare  *wheel  `yaml:"spare"`
	}{}
	for text, want := range map[string]string{
		"wheels: [{spokes: 3, rims: wood}, {rims: steel}]": "line 1: wheels[1].spokes: missing; expected a whole number ≥ 1",
		"spare: {spokes: 1}": "line 1: spare.rims: missing; expected one of wood, steel, or a list of them, at most 2",
	} {
		if err := decodeInto(t, text, &cart); fmt.Sprint(err) != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// Keys beside the one at fault climb with it.
func TestBeside(t *testing.T) {
	var err error = &Error{Key: "k", Value: "9", Problem: "more than " + Beside("steps"), Expected: Beside("steps") + " or less, see " + Beside("a.b"), Nearest: Beside("kk")}
	for _, c := range []struct{ under, want string }{
		{"", `k = 9: more than steps; expected steps or less, see a.b; did you mean "kk"?`},
		{"[2]", `[2].k = 9: more than [2].steps; expected [2].steps or less, see [2].a.b; did you mean "[2].kk"?`},
		{"measures", `measures[2].k = 9: more than measures[2].steps; expected measures[2].steps or less, see measures[2].a.b; did you mean "measures[2].kk"?`},
		{"watch", `watch.measures[2].k = 9: more than watch.measures[2].steps; expected watch.measures[2].steps or less, see watch.measures[2].a.b; did you mean "watch.measures[2].kk"?`},
	} {
		if c.under != "" {
			err = Under(c.under, err)
		}
		if err.Error() != c.want {
			t.Errorf("%s\nwant %s", err, c.want)
		}
	}
	if got := Under("a", errors.New("bad")).Error(); got != "a: bad" {
		t.Error(got)
	}
}

// A place says of every field what decode takes there.
func TestPlace(t *testing.T) {
	p := preset()
	p.Layers = nil
	var got []string
	for _, k := range PlaceOf(&p).Keys() {
		low, high, infinite := k.Bounds()
		text := fmt.Sprint(k.Key, " ", k.Sort(), " ", k.IsSet(), " ", k.Owner.Name(), ".", k.Name)
		if low != nil {
			text += fmt.Sprint(" from ", *low)
		}
		if high != nil {
			text += fmt.Sprint(" to ", *high)
		}
		if infinite {
			text += " and infinity"
		}
		got = append(got, text)
	}
	want := []string{
		"width 3 true size.Width from {1 false}", "height 3 true size.Height from {1 false} to {9 false}", "rate 4 true settings.Rate from {0 true} to {1 false}",
		"any 4 true settings.Any", "seed 3 true settings.Seed", "on 6 true settings.On", "mode 7 true settings.Mode", "title 7 true settings.Title",
		"layers 2 false settings.Layers from {1 false}", "tags 2 true settings.Tags", "lid 0 true settings.Lid", "solid 1 true settings.Solid",
		"solids 2 true settings.Solids", "norm 4 true settings.Norm from {1 false} and infinity", "stage 0 true settings.Stage", "stages 2 true settings.Stages",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	at := map[string]Place{}
	for _, k := range PlaceOf(&p).Keys() {
		at[k.Key] = k.Place
	}
	if names := at["mode"].Names(); strings.Join(names, " ") != "fast slow" || at["title"].Names() != nil {
		t.Error("names:", names)
	}
	if at["tags"].Most() != 3 || !at["tags"].EmptyOK() || at["layers"].EmptyOK() || !at["lid"].Nullable() || at["stage"].Nullable() {
		t.Error("lists or pointers are told wrongly")
	}
	var kinds []string
	for _, k := range at["solid"].Kinds() {
		kinds = append(kinds, fmt.Sprint(k.Key, len(k.Keys())))
	}
	if got := strings.Join(kinds, " "); got != "bag2 ball1 box2 shell2" {
		t.Error("kinds:", got)
	}
	if at["solid"].Kind() != "ball" || at["solid"].What() != "solid" || at["stages"].Item().Keys()[0].Default.Int() != 10 {
		t.Error("a kind or the default of an item is told wrongly:", at["solid"].Kind(), at["solid"].What())
	}
}
