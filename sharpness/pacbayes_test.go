package sharpness

import (
	"math"
	"testing"
)

// plane is a classifier of n examples with L(w) = ⟨g, w⟩, w = (3, 4) and a given error.
type plane struct {
	bowls
	n   int
	g   []float32
	err func(w []float32) float64
}

func (p plane) W() []float32              { return []float32{3, 4} }
func (p plane) Examples() int             { return p.n }
func (p plane) Error(w []float32) float64 { return p.err(w) }
func (p plane) Grad(g, _ []float32) float64 {
	copy(g, p.g)
	return 0
}

// Theorem 2 by hand: n = 100, k = 2, ‖w‖ = 5. (1 + √(log 100 / 2))² = 6.33743935, so
//
//	ρ = .5, δ = .05: 2 log(1 + 100 · 6.33743935) = 12.90644333, 4 log 2000 = 30.40360984, 8 log 606 = 51.25503989, √(94.56509306/99) = .97734485
//	ρ = 2,  δ = .05: 2 log(1 + 6.25 · 6.33743935) = 7.40797923, and the same others, √(89.06662896/99) = .94850562
//	ρ = 2,  δ = .01: 4 log 10000 = 36.84136149, √(95.50438061/99) = .98218670
func TestPACBayesByHand(t *testing.T) {
	p := plane{n: 100, g: []float32{0, -.5}, err: func(w []float32) float64 {
		switch {
		case w[0] == 3 && w[1] == 4: // w
			return .03
		case w[0] == 3 && w[1] == 3.5: // its ascent point at ρ = .5, along (0, −1)
			return .25
		case w[0] == 3 && w[1] == 2: // and at ρ = 2, where this classifier is better
			return .01
		}
		t.Errorf("the error is asked for at %v", w)
		return math.NaN()
	}}
	near := func(name string, got, want float64) {
		if !(math.Abs(got-want) <= 1e-8) {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	m := &PACBayes{Rho: []float64{.5, 2}, Delta: .05}
	for i, want := range []float64{.25 + .97734485, .25, .97734485, .03 + .94850562, .03, .94850562} {
		near(Names(m)[i], of(t, m, p)[i], want)
	}
	m = &PACBayes{Rho: []float64{2}, Delta: .01}
	near(Names(m)[2], of(t, m, p)[2], .98218670)
}

// A network of 101,770 weights (784-128-10) with ‖w‖ = 12.5, trained on 1024 examples, has a vacuous bound, which is reported as it is.
func TestPACBayesIsNotClamped(t *testing.T) {
	if c := (&PACBayes{Delta: .05}).complexity(12.5, .05, 1024, 101770); !(math.Abs(c-33.17145756) <= 1e-8) {
		t.Errorf("the complexity is %v, want 33.17145756", c)
	}
}

// With a zero gradient the ascent stays at w; with a NaN gradient the bound is NaN.
func TestPACBayesWithoutAscent(t *testing.T) {
	p := plane{n: 2, g: []float32{0, 0}, err: func(w []float32) float64 {
		if w[0] != 3 || w[1] != 4 {
			t.Errorf("the error is asked for at %v", w)
		}
		return .5
	}}
	m := &PACBayes{Rho: []float64{.1}, Delta: .05}
	if v := of(t, m, p); v[1] != .5 || !(v[2] > 0) || v[0] != v[1]+v[2] {
		t.Errorf("bound, error and complexity %v", v)
	}
	p.g[0], p.err = float32(math.NaN()), func(w []float32) float64 { return float64(w[0]) }
	if v := of(t, m, p); !math.IsNaN(v[0]) || !math.IsNaN(v[1]) {
		t.Errorf("bound, error and complexity %v along a gradient that is NaN", v)
	}
}

func TestPACBayesFits(t *testing.T) {
	m := &PACBayes{Rho: []float64{.05}, Delta: .05}
	if err := m.Fits(2); err != nil {
		t.Error(err)
	}
	const want = "kind = pacbayes: has no bound for one training example; expected data.train ≥ 2"
	if err := m.Fits(1); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
