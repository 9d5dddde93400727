package main

import (
	"math"
	"testing"

	"msharp/harness/optim"
	"msharp/models/ascent"
)

func TestEdge(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		rho          float64
		unnormalised bool
		eta, norm    float64
		want         float64
	}{
		{0, false, .05, 1. / 6, 40}, {0, true, .05, nan, 40},
		{.05, true, .05, nan, 20},
		{.05, false, .05, 1. / 6, 10}, // λ = 10 at |w| = 1/60
		{1e-12, true, .05, 1, 40},     // where the other form of the root cancels
		{.05, false, .05, 0, 0}, {.05, false, .05, nan, nan}, {nan, true, .05, 1, nan}, {.05, true, nan, 1, nan},
	} {
		got := edge(c.rho, c.unnormalised, c.eta, c.norm)
		if !(math.Abs(got-c.want) <= 1e-9*c.want) && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("edge(%v, %v, %v, %v) is %v, want %v", c.rho, c.unnormalised, c.eta, c.norm, got, c.want)
		}
	}
	for _, eta := range []float64{.01, .1, 1} {
		for _, rho := range []float64{.01, .1, 1} {
			for _, norm := range []float64{.01, .1, 1} {
				l := edge(rho, false, eta, norm)
				if two := eta * l * (1 + rho/norm*l); !(math.Abs(two-2) <= 1e-12) || !(l < 2/eta) {
					t.Errorf("η = %v, ρ = %v, ‖g‖ = %v: ηλ(1 + ρλ/‖g‖) is %v at the edge %v", eta, rho, norm, two, l)
				}
			}
		}
	}
}

// bowl is the loss λ/2 ‖w‖².
type bowl float64

func (b bowl) Grad(g, w []float32) (loss float64) {
	for i, x := range w {
		g[i] = float32(float64(b) * float64(x))
		loss += float64(float64(b) / 2 * float64(x) * float64(x))
	}
	return loss
}

func (b bowl) AscentGrad(g, w []float32, r ascent.Rule) (clean, perturbed float64) {
	clean = b.Grad(g, w)
	e, up := make([]float64, len(w)), make([]float64, len(w))
	for i, x := range g {
		up[i] = float64(x)
	}
	r.Add(e, up)
	there := make([]float32, len(w))
	for i, x := range w {
		there[i] = float32(float64(x) + e[i])
	}
	return clean, b.Grad(g, there)
}

// steps runs an optimizer of ours for n steps on a bowl.
func steps(rho float64, unnormalised bool, eta, curvature, w float64, n int) float64 {
	sam := optim.NewSAM(&optim.SGD{})
	sam.Rho, sam.Unnormalised = rho, unnormalised
	at := []float32{float32(w)}
	stepper := sam.New(1)
	for range n {
		stepper.Step(at, bowl(curvature), eta)
	}
	return float64(at[0])
}

// Below its edge an optimizer converges on a quadratic, and above it diverges.
func TestSteppersHaveTheirEdges(t *testing.T) {
	const w, n = .01, 3000
	for _, c := range []struct {
		rho          float64
		unnormalised bool
	}{{0, false}, {.05, true}, {.2, true}} {
		l := edge(c.rho, c.unnormalised, .05, math.NaN())
		below, above := steps(c.rho, c.unnormalised, .05, .999*l, w, n), steps(c.rho, c.unnormalised, .05, 1.001*l, w, n)
		if !(math.Abs(below) < .1*w) || !(math.Abs(above) > 10*w) {
			t.Errorf("%+v: |w| goes from %v to %v below the edge %v, and to %v above", c, w, below, l, above)
		}
	}
	// SAM keeps its step where the gradient vanishes: it ends in a cycle between ±1/60, at which the curvature is its edge.
	for _, w := range []float64{.001, .1} {
		end := steps(.05, false, .05, 10, w, n)
		next := steps(.05, false, .05, 10, end, 1)
		if l := edge(.05, false, .05, 10*math.Abs(end)); !(math.Abs(math.Abs(end)-1./60) <= 1e-6) || end*next >= 0 || !(math.Abs(l-10) <= 1e-3) {
			t.Errorf("from %v SAM ends at %v and %v, where its edge is %v", w, end, next, l)
		}
	}
}
