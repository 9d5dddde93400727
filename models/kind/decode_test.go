package kind

import (
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

func TestDecode(t *testing.T) {
	for _, c := range []struct {
		text string
		set  func(s *settings) // what the text changes of the preset
	}{
		{"{}", func(*settings) {}},
		{"width: 5", func(s *settings) { s.Width = 5 }},
		{"height: 9", func(s *settings) { s.Height = 9 }},
		{"rate: 1", func(s *settings) { s.Rate = 1 }},
		{"rate: 1e-3", func(s *settings) { s.Rate = 0.001 }},
		{"any: -.5e3", func(s *settings) { s.Any = -500 }},
		{"any: -0", func(s *settings) { s.Any = 0 }},
		{"any: 0e-999", func(s *settings) { s.Any = 0 }},
		{"any: 5e-324", func(s *settings) { s.Any = math.SmallestNonzeroFloat64 }},
		{"any: 1_000.5", func(s *settings) { s.Any = 1000.5 }},
		{"width: 1_000", func(s *settings) { s.Width = 1000 }},
		{"width: +5", func(s *settings) { s.Width = 5 }},
		{"width: !!int \"5\"", func(s *settings) { s.Width = 5 }},
		{"width: 9223372036854775807", func(s *settings) { s.Width = math.MaxInt64 }},
		{"seed: 18446744073709551615", func(s *settings) { s.Seed = math.MaxUint64 }},
		{"seed: 0", func(s *settings) { s.Seed = 0 }},
		{"on: false", func(s *settings) { s.On = false }},
		{"on: False", func(s *settings) { s.On = false }},
		{"mode: slow", func(s *settings) { s.Mode = "slow" }},
		{"mode: 'slow'", func(s *settings) { s.Mode = "slow" }},
		{"title: 5", func(s *settings) { s.Title = "5" }},
		{"title: true", func(s *settings) { s.Title = "true" }},
		{`title: "a\nb"`, func(s *settings) { s.Title = "a\nb" }},
		{"title: ''", func(s *settings) { s.Title = "" }},
		{"layers: 5", func(s *settings) { s.Layers = []int{5} }},
		{"layers: [5]", func(s *settings) { s.Layers = []int{5} }},
		{"layers: [5, 6]\ntags: []", func(s *settings) { s.Layers, s.Tags = []int{5, 6}, []string{} }},
		{"tags: x", func(s *settings) { s.Tags = []string{"x"} }},
		{"lid:", func(s *settings) { s.Lid = nil }},
		{"lid: ~", func(s *settings) { s.Lid = nil }},
		{"lid: {wood: pine}", func(s *settings) { s.Lid = &lid{Open: true, Wood: "pine"} }},
		{"solid: ball", func(s *settings) { s.Solid.Spec = &ball{Radius: 1} }},
		{"solid: {kind: ball}", func(s *settings) { s.Solid.Spec = &ball{Radius: 1} }},
		{"solid: {radius: 3, kind: ball}", func(s *settings) { s.Solid.Spec = &ball{Radius: 3} }},
		{"solid: {kind: box, sides: [3, 2, 1], lid: {}}", func(s *settings) { s.Solid.Spec = &box{Sides: []float64{3, 2, 1}, Lid: &lid{}} }},
		{"solid: {kind: shell, ball: {radius: 3}}", func(s *settings) { s.Solid.Spec = &shell{ball{3}, 0.5} }},
		{"solids: ball", func(s *settings) { s.Solids = []Any[solid]{{&ball{1}}} }},
		{"solids: {kind: ball, radius: 2}", func(s *settings) { s.Solids = []Any[solid]{{&ball{2}}} }},
		{"solids: [ball, {kind: bag, inside: [ball], tie: ball}]", func(s *settings) {
			s.Solids = []Any[solid]{{&ball{1}}, {&bag{[]Any[solid]{{&ball{1}}}, Any[solid]{&ball{1}}}}}
		}},
		{"norm: 1", func(s *settings) { s.Norm = 1 }},
		{"norm: .inf", func(s *settings) { s.Norm = math.Inf(1) }},
		{"stage: {slope: 2}", func(s *settings) { s.Stage = stage{Length: 1, Slope: 2} }},
		{"stage: {flat: true}", func(s *settings) { s.Stage = stage{Length: 1, Flat: true} }},
		{"stages: [{}, {flat: true}, {length: 3}]", func(s *settings) { s.Stages = []stage{{Length: 10}, {Length: 10, Flat: true}, {Length: 3}} }},
		{"stages: {slope: 1}", func(s *settings) { s.Stages = []stage{{Length: 10, Slope: 1}} }},
		{"width: &n 6\nheight: *n", func(s *settings) { s.Width, s.Height = 6, 6 }},
		{"layers: &l [1, 2]\ntags: *l", func(s *settings) { s.Layers, s.Tags = []int{1, 2}, []string{"1", "2"} }},
		{"solid: &b {kind: ball, radius: &r 3}\nsolids: [*b, *b]\nrate: 0.1\nany: *r", func(s *settings) {
			s.Solid.Spec, s.Solids, s.Rate, s.Any = &ball{3}, []Any[solid]{{&ball{3}}, {&ball{3}}}, 0.1, 3
		}},
		{"solid: {kind: &k ball}\nsolids: [*k, {kind: *k}]", func(s *settings) { s.Solid.Spec, s.Solids = &ball{1}, []Any[solid]{{&ball{1}}, {&ball{1}}} }},
	} {
		got, want := preset(), preset()
		c.set(&want)
		if err := decodeInto(t, c.text, &got); err != nil {
			t.Errorf("%s: %v", c.text, err)
		} else if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %+v\nwant %+v", c.text, got, want)
		}
	}
}

// Two uses of one anchor give two independent values.
func TestAliasesShareNoMemory(t *testing.T) {
	var s settings
	if err := decodeInto(t, "solids: [&b {kind: ball, radius: 3}, *b]", &s); err != nil {
		t.Fatal(err)
	}
	s.Solids[0].Spec.(*ball).Radius = 4
	if r := s.Solids[1].Spec.(*ball).Radius; r != 3 {
		t.Errorf("the other radius is %v", r)
	}
}

const keys = "width, height, rate, any, seed, on, mode, title, layers, tags, lid, solid, solids, norm, stage, stages"

func TestDecodeErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"rat: 1", `line 1: rat = 1: unknown key; expected one of ` + keys + `; did you mean "rate"?`},
		{"zzzzzzzzz: 1", `line 1: zzzzzzzzz = 1: unknown key; expected one of ` + keys},
		{"hidden: 1", `line 1: hidden = 1: unknown key; expected one of ` + keys + ``},
		{"Secret: 1", `line 1: Secret = 1: unknown key; expected one of ` + keys + `; did you mean "seed"?`},
		{"Rate: 1", `line 1: Rate = 1: unknown key; expected one of ` + keys + `; did you mean "rate"?`},
		{"size: {width: 1}", `line 1: size = {width: 1}: unknown key; expected one of ` + keys + ``},
		{"<<: {rate: 1}", `line 1: << = {rate: 1}: unknown key; expected one of ` + keys + ``},
		{"rate: 1\non: true\nrate: 0.5", "line 3: rate: key given twice"},
		{"[1]", "line 1: [1]: not a mapping; expected keys " + keys},
		{"~", "line 1: ~: not a mapping; expected keys " + keys},
		{"lid: 5", "line 1: lid = 5: not a mapping; expected keys open, wood"},
		{"lid: []", "line 1: lid = []: not a mapping; expected keys open, wood"},

		{"rate: 0", "line 1: rate = 0: out of range; expected a finite number > 0 and ≤ 1"},
		{"rate: 1.0000001", "line 1: rate = 1.0000001: out of range; expected a finite number > 0 and ≤ 1"},
		{"width: 0", "line 1: width = 0: out of range; expected a whole number ≥ 1"},
		{"height: 10", "line 1: height = 10: out of range; expected a whole number ≥ 1 and ≤ 9"},
		{"height: 0", "line 1: height = 0: out of range; expected a whole number ≥ 1 and ≤ 9"},
		{"solid: {kind: shell, thickness: 10}", "line 1: solid.thickness = 10: out of range; expected a finite number > 0 and < 10"},

		{"rate: fast", "line 1: rate = fast: not a number; expected a finite number > 0 and ≤ 1"},
		{"rate: '0.5'", `line 1: rate = "0.5": a text, for it is in quotes; expected a finite number > 0 and ≤ 1, without quotes: 0.5`},
		{"rate: '1.5'", "line 1: rate = 1.5: not a number; expected a finite number > 0 and ≤ 1"},
		{"rate: 'x'", "line 1: rate = x: not a number; expected a finite number > 0 and ≤ 1"},
		{"rate: [0.5]", "line 1: rate = [0.5]: not a number; expected a finite number > 0 and ≤ 1"},
		{"rate: {a: 1}", "line 1: rate = {a: 1}: not a number; expected a finite number > 0 and ≤ 1"},
		{"rate:", "line 1: rate = (empty): not a number; expected a finite number > 0 and ≤ 1"},
		{"rate: ~", "line 1: rate = ~: not a number; expected a finite number > 0 and ≤ 1"},
		{"any: .nan", "line 1: any = .nan: not finite; expected a finite number"},
		{"any: -.Inf", "line 1: any = -.Inf: not finite; expected a finite number"},
		{"rate: 1e-400", "line 1: rate = 1e-400: too small for a float64, which would make it 0; expected a finite number > 0 and ≤ 1, at least 4.95e-324 in size"},
		{"any: 1e-400", "line 1: any = 1e-400: too small for a float64, which would make it 0; expected a finite number, at least 4.95e-324 in size, or 0"},
		{"any: -0." + strings.Repeat("0", 330) + "1", "line 1: any = -0." + strings.Repeat("0", 54) + "...: too small for a float64, which would make it 0; expected a finite number, at least 4.95e-324 in size, or 0"},
		{"any: 1e999", "line 1: any = 1e999: not a number; expected a finite number"},
		{"any: !!float x", "line 1: any = x: not a number; expected a finite number"},
		{"any: true", "line 1: any = true: not a number; expected a finite number"},
		{"any: 2020-01-01", "line 1: any = 2020-01-01: not a number; expected a finite number"},

		{"width: 1.5", "line 1: width = 1.5: not a whole number; expected a whole number ≥ 1"},
		{"width: 1.0", "line 1: width = 1.0: not a whole number; expected a whole number ≥ 1"},
		{"width: 1e3", "line 1: width = 1e3: not a whole number; expected a whole number ≥ 1"},
		{"width: 010", "line 1: width = 010: not a whole number; expected a whole number ≥ 1"},
		{"width: 0o10", "line 1: width = 0o10: not a whole number; expected a whole number ≥ 1"},
		{"width: 0x10", "line 1: width = 0x10: not a whole number; expected a whole number ≥ 1"},
		{"width: 0b10", "line 1: width = 0b10: not a whole number; expected a whole number ≥ 1"},
		{"width: _1", "line 1: width = _1: not a whole number; expected a whole number ≥ 1"},
		{"width: '5'", `line 1: width = "5": a text, for it is in quotes; expected a whole number ≥ 1, without quotes: 5`},
		{"layers: [1, \"2\"]", `line 1: layers[1] = "2": a text, for it is in quotes; expected a whole number ≥ 1, without quotes: 2`},
		{"width: ~", "line 1: width = ~: not a whole number; expected a whole number ≥ 1"},
		{"width: 9223372036854775808", "line 1: width = 9223372036854775808: out of range; expected a whole number ≥ 1"},
		{"seed: -1", "line 1: seed = -1: out of range; expected a whole number"},
		{"seed: 18446744073709551616", "line 1: seed = 18446744073709551616: not a whole number; expected a whole number"},

		{"on: yes", "line 1: on = yes: not a truth value; expected true or false"},
		{"on: 1", "line 1: on = 1: not a truth value; expected true or false"},
		{"on: 'true'", `line 1: on = "true": a text, for it is in quotes; expected true or false, without quotes: true`},
		{"on: ~", "line 1: on = ~: not a truth value; expected true or false"},
		{"mode: fats", `line 1: mode = fats: unknown name; expected one of fast, slow; did you mean "fast"?`},
		{"mode: ''", `line 1: mode = (empty): unknown name; expected one of fast, slow`},
		{"mode: [fast]", "line 1: mode = [fast]: not a text; expected one of fast, slow"},
		{"title: ~", "line 1: title = ~: not a text; expected a text"},
		{"title: {}", "line 1: title = {}: not a text; expected a text"},

		{"layers: []", "line 1: layers = []: empty list; expected at least one item"},
		{"solids: []", "line 1: solids = []: empty list; expected at least one item"},
		{"rate: 1\ntags: [a, b, c, d]", "line 2: tags = [a, b, c, d]: 4 items; expected at most 3"},
		{"layers: ~", "line 1: layers = ~: not a whole number; expected a whole number ≥ 1"},
		{"layers: [1, 0]", "line 1: layers[1] = 0: out of range; expected a whole number ≥ 1"},
		{"layers: 0", "line 1: layers = 0: out of range; expected a whole number ≥ 1"},
		{"layers: [[1]]", "line 1: layers[0] = [1]: not a whole number; expected a whole number ≥ 1"},
		{"layers:\n- 1\n- 2\n- 0", "line 4: layers[2] = 0: out of range; expected a whole number ≥ 1"},

		{"solid: bll", `line 1: solid.kind = bll: unknown solid; expected one of bag, ball, box, shell; did you mean "ball"?`},
		{"solid: {kind: xxxxxxxx}", "line 1: solid.kind = xxxxxxxx: unknown solid; expected one of bag, ball, box, shell"},
		{"solid: {}", "line 1: solid.kind: missing; expected one of bag, ball, box, shell"},
		{"solid: {radius: 1}", "line 1: solid.kind: missing; expected one of bag, ball, box, shell"},
		{"solid: {kind: ball, kind: ball}", "line 1: solid.kind: key given twice"},
		{"solid: {kind: [ball]}", "line 1: solid.kind = [ball]: not a name; expected one of bag, ball, box, shell"},
		{"solid: [ball]", "line 1: solid = [ball]: not a solid; expected a mapping such as {kind: bag}"},
		{"solid:", "line 1: solid = (empty): not a solid; expected a mapping such as {kind: bag}"},
		{"solid: {kind: ball, radus: 1}", `line 1: solid.radus = 1: unknown key; expected radius; did you mean "solid.radius"?`},
		{"solid: {kind: ball, radius: 1, radius: 2}", "line 1: solid.radius: key given twice"},
		{"solid:\n  kind: ball\n  radius: 0", "line 3: solid.radius = 0: out of range; expected a finite number > 0"},
		{"solid:\n  kind: shell\n  ball:\n    radius: -1", "line 4: solid.ball.radius = -1: out of range; expected a finite number > 0"},
		{"solids:\n- ball\n- {kind: box, sides: [1, 2, 101]}", "line 3: solids[1].sides[2] = 101: out of range; expected a finite number > 0 and ≤ 100"},
		{"solids:\n- ball\n- kind: bag\n  tie: [ball]", "line 4: solids[1].tie = [ball]: not a solid; expected a mapping such as {kind: bag}"},
		{"solid: {kind: box, lid: {wood: aok}}", `line 1: solid.lid.wood = aok: unknown name; expected one of oak, pine, beech; did you mean "oak"?`},

		{"on: true\nsolid: {kind: box, sides: [1, 2, 3]}", "line 2: solid: narrower than high"},
		{"solid:\n  kind: box\n  sides: [2, 1]", "line 2: solid.sides: not three sides"},
		{"on: true\nsolids:\n- ball\n- {kind: box, sides: [1, 2, 3]}", "line 4: solids[1]: narrower than high"},
		{"stage: {flat: true, slope: 1}", "line 1: stage.slope: given for a flat stage"},
		{"on: true\nstages:\n- {}\n- slope: 1\n  flat: true", "line 4: stages[1].slope: given for a flat stage"},
		{"norm: -.inf", "line 1: norm = -.inf: not finite; expected a number ≥ 1, or .inf"},
		{"norm: .nan", "line 1: norm = .nan: not finite; expected a number ≥ 1, or .inf"},
		{"norm: 0.5", "line 1: norm = 0.5: out of range; expected a number ≥ 1, or .inf"},
		{"any: .inf", "line 1: any = .inf: not finite; expected a finite number"},
		{"rate: .inf", "line 1: rate = .inf: not finite; expected a finite number > 0 and ≤ 1"},

		{"layers: &x [1]\nrate: *x", "line 1: rate = &x [1]: not a number; expected a finite number > 0 and ≤ 1"},
		{"layers: &x [*x]", "line 1: layers[0] = &x [*x]: not a whole number; expected a whole number ≥ 1"},
		{"title: [" + strings.Repeat("long ", 20) + "]", "line 1: title = [long long long long long long long long long long long l...: not a text; expected a text"},
	} {
		s := preset()
		err := decodeInto(t, c.text, &s)
		var e *Error
		switch {
		case err == nil:
			t.Errorf("%s was accepted", c.text)
		case !errors.As(err, &e):
			t.Errorf("%s: %v is no *Error", c.text, err)
		case err.Error() != c.want:
			t.Errorf("%s:\n got %s\nwant %s", c.text, err, c.want)
		}
	}
}

// Numbers are decimal everywhere: a leading zero or a prefix means no other base.
func TestNumbersAreDecimal(t *testing.T) {
	for _, text := range []string{"010", "0o10", "0x10", "0b10", "-0x1p-2", "0x1p4"} {
		s := preset()
		if err := decodeInto(t, "any: "+text, &s); err == nil {
			t.Errorf("any: %s was read as %v", text, s.Any)
		}
	}
}

// An error is one line, whatever the author wrote.
// A number is what yaml makes of it, however it is read.
func TestNumbersAreYAMLs(t *testing.T) {
	digits := []string{"0", "1", "9", "07", "010", "10", "007.5", "9007199254740993", "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616"}
	for _, whole := range digits {
		for _, text := range []string{whole, whole + ".", whole + ".25", "." + whole, "-" + whole, "+" + whole, whole + "e3", whole + "_0", "!!float " + whole, "!!int " + whole, "!!int '" + whole + "'", "'" + whole + "'", whole + ".1.2", strings.Repeat("9", 400) + whole} {
			var doc yaml.Node
			if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
				t.Fatal(err)
			}
			n := doc.Content[0]
			for _, of := range []any{new(int), new(uint64), new(float64)} {
				got, want := reflect.New(reflect.TypeOf(of).Elem()), reflect.New(reflect.TypeOf(of).Elem())
				err := decodeScalar(n, got.Elem(), "")
				if err == nil && (n.Decode(want.Interface()) != nil || got.Elem().Interface() != want.Elem().Interface()) {
					t.Errorf("%s is read as %T %v, by yaml as %v", text, of, got.Elem(), want.Elem())
				}
			}
		}
	}
}

func TestErrorsAreOneLine(t *testing.T) {
	for _, text := range []string{`rate: "a\nb"`, `"a\nb": 1`, `solid: "a\nb"`, "mode: |\n  fast\n  slow\n", "title:\n  - a\n  - b", "rate: # why\n  a: 1 # not\n  b: 2"} {
		s := preset()
		if err := decodeInto(t, text, &s); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestIntervals(t *testing.T) {
	for _, c := range []struct {
		interval string
		in, out  []float64
	}{
		{"", []float64{-1e300, 0, 1e300}, nil},
		{"[0,)", []float64{0, 1, 1e300}, []float64{-1, -5e-324}},
		{"(0,)", []float64{5e-324, 1}, []float64{0, -1}},
		{"(,0)", []float64{-5e-324, -1e300}, []float64{0, 1}},
		{"(,0]", []float64{0, -1}, []float64{5e-324}},
		{"[-1,1)", []float64{-1, 0, math.Nextafter(1, 0)}, []float64{1, math.Nextafter(-1, -2)}},
		{"(1e-3,2.5]", []float64{0.0011, 2.5}, []float64{0.001, 2.6}},
		{"[1,1]", []float64{1}, []float64{0, 2}},
	} {
		for _, x := range c.in {
			if !inside(x, c.interval) {
				t.Errorf("%v is outside %s", x, c.interval)
			}
		}
		for _, x := range c.out {
			if inside(x, c.interval) {
				t.Errorf("%v is inside %s", x, c.interval)
			}
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"optimizer", "epochs", "lr", "batch_size", "seed"}
	for name, want := range map[string]string{
		"optimiser": "optimizer", "epoch": "epochs", "Epochs": "epochs", "LR": "lr", "batchsize": "batch_size", "sead": "seed", "learning_rate": "", "ρ": "", "": "",
	} {
		if got := Nearest(name, known); got != want {
			t.Errorf("nearest to %q is %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{"ȺȺȺȺ": "ⱥⱥⱥⱥ", "aaaaaaaaa": "aaaaa", "aaaaaaaaaa": ""} { // lower case may be longer
		if got := Nearest(name, []string{"ⱥⱥⱥⱥ", "aaaaa"}); got != want {
			t.Errorf("nearest to %q is %q, want %q", name, got, want)
		}
	}
	if got := Nearest("x", nil); got != "" {
		t.Errorf("nearest of none is %q", got)
	}
}

func TestUnder(t *testing.T) {
	for _, c := range []struct {
		key  string
		err  error
		want string
	}{
		{"a", errors.New("broken"), "a: broken"},
		{"a", &Error{Problem: "broken"}, "a: broken"},
		{"a", &Error{Key: "b.c", Value: "1", Problem: "broken"}, "a.b.c = 1: broken"},
		{"a", &Error{Key: "[2].c", Problem: "broken"}, "a[2].c: broken"},
		{"a", &Error{File: "f.yaml", Line: 3, Key: "b", Problem: "broken", Expected: "x", Nearest: "y"}, `f.yaml:3: a.b: broken; expected x; did you mean "y"?`},
	} {
		if got := Under(c.key, c.err).Error(); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
	e := &Error{Key: "b", Problem: "broken"}
	if Under("a", e); e.Key != "b" {
		t.Error("Under changed its argument")
	}
}
