package kind

import (
	"math"
	"reflect"
	"testing"
)

type m = map[string]any

func TestEncode(t *testing.T) {
	s := preset()
	s.Seed, s.Norm, s.Stages = math.MaxUint64, math.Inf(1), []stage{{Flat: true}}
	s.Solids = []Any[solid]{{&bag{Tie: Any[solid]{&ball{1}}}}, {&box{Sides: []float64{1}, Lid: &lid{}}}, {&shell{ball{2}, 0.5}}}
	want := m{
		"width": 2, "height": 3, "rate": 0.5, "any": -1.0, "seed": uint64(math.MaxUint64), "on": true, "mode": "fast", "title": "t",
		"layers": []any{8}, "tags": []any{"a"}, "lid": m{"open": true, "wood": "oak"}, "solid": m{"kind": "ball", "radius": 4.0},
		"solids": []any{
			m{"kind": "bag", "inside": []any{}, "tie": m{"kind": "ball", "radius": 1.0}},
			m{"kind": "box", "sides": []any{1.0}, "lid": m{"open": false, "wood": ""}},
			m{"kind": "shell", "ball": m{"radius": 2.0}, "thickness": 0.5},
		},
		"norm": ".inf", "stage": m{"length": 1, "flat": false, "slope": 0.0}, "stages": []any{m{"length": 0, "flat": true}},
	}
	for name, v := range map[string]any{"value": s, "pointer": &s} {
		if got := Encode(v); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %v\nwant %v", name, got, want)
		}
	}
	empty := m{"width": 0, "height": 0, "rate": 0.0, "any": 0.0, "seed": uint64(0), "on": false, "mode": "", "title": "", "layers": []any{}, "tags": []any{}, "solids": []any{},
		"norm": 0.0, "stage": m{"length": 0, "flat": false, "slope": 0.0}, "stages": []any{}}
	if got := Encode(settings{}); !reflect.DeepEqual(got, empty) {
		t.Errorf("the zero value:\n got %v\nwant %v", got, empty)
	}
}

// EncodeDiff leaves out values at their defaults: at the top the given defaults, within a kind its own, within a list those of
// SetDefaults.
func TestEncodeDiff(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(s *settings)
		want   m
	}{
		{"nothing", func(*settings) {}, m{}},
		{"a number", func(s *settings) { s.Rate = 0.25 }, m{"rate": 0.25}},
		{"a number to zero", func(s *settings) { s.Any = 0 }, m{"any": 0.0}},
		{"an inline field", func(s *settings) { s.Width = 9 }, m{"width": 9}},
		{"fields that are no keys", func(s *settings) { s.Hidden, s.Secret, s.secret = 9, 9, 9 }, m{}},
		{"a list", func(s *settings) { s.Layers = []int{8, 0} }, m{"layers": []any{8, 0}}},
		{"an equal list", func(s *settings) { s.Layers = []int{8} }, m{}},
		{"an empty list", func(s *settings) { s.Tags = []string{} }, m{"tags": []any{}}},
		{"an equal pointer", func(s *settings) { s.Lid = &lid{true, "oak"} }, m{}},
		{"behind a pointer", func(s *settings) { s.Lid = &lid{true, "pine"} }, m{"lid": m{"wood": "pine"}}},
		{"a kind's fields", func(s *settings) { s.Solid.Spec = &ball{Radius: 5} }, m{"solid": m{"kind": "ball", "radius": 5.0}}},
		{"a kind at its own defaults", func(s *settings) { s.Solid.Spec = &ball{Radius: 1} }, m{"solid": m{"kind": "ball"}}},
		{"another kind", func(s *settings) { s.Solid.Spec = &shell{ball{2}, 0.5} }, m{"solid": m{"kind": "shell"}}},
		{"deep in another kind", func(s *settings) { s.Solid.Spec = &shell{ball{3}, 0.5} }, m{"solid": m{"kind": "shell", "ball": m{"radius": 3.0}}}},
		{"a pointer in a kind", func(s *settings) { s.Solid.Spec = &box{[]float64{1, 1, 1}, &lid{Wood: "oak"}} }, m{"solid": m{"kind": "box", "lid": m{"wood": "oak"}}}},
		{"kinds in a list", func(s *settings) { s.Solids = []Any[solid]{{&ball{1}}, {&ball{2}}} },
			m{"solids": []any{m{"kind": "ball"}, m{"kind": "ball", "radius": 2.0}}}},
		{"an infinity", func(s *settings) { s.Norm = math.Inf(1) }, m{"norm": ".inf"}},
		{"a struct", func(s *settings) { s.Stage.Slope = 2 }, m{"stage": m{"slope": 2.0}}},
		{"a key that means nothing", func(s *settings) { s.Stage.Flat, s.Stage.Slope = true, 2 }, m{"stage": m{"flat": true}}},
		{"structs in a list", func(s *settings) { s.Stages = []stage{{Length: 10}, {Length: 1, Slope: 3}} },
			m{"stages": []any{m{}, m{"length": 1, "slope": 3.0}}}},
		{"kinds in kinds", func(s *settings) {
			s.Solid.Spec = &bag{Inside: []Any[solid]{{&shell{ball{2}, 1}}}, Tie: Any[solid]{&ball{1}}}
		}, m{"solid": m{"kind": "bag", "inside": []any{m{"kind": "shell", "thickness": 1.0}}, "tie": m{"kind": "ball"}}}},
	} {
		s := preset()
		c.change(&s)
		if got := EncodeDiff(s, preset()); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\n got %v\nwant %v", c.name, got, c.want)
		}
		if got := EncodeDiff(&s, preset()); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s, by pointer: got %v", c.name, got)
		}
	}
	if got, want := EncodeDiff(settings{Lid: &lid{Wood: "oak"}}, settings{}), (m{"lid": m{"wood": "oak"}}); !reflect.DeepEqual(got, want) {
		t.Errorf("a pointer where the default has none: %v, want %v", got, want)
	}
}
