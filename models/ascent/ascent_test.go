package ascent

import (
	"math"
	"math/rand/v2"
	"testing"
)

// ‖ε‖_p = ρ and ⟨ε, g⟩ = ρ‖g‖_q, to 1e-12, also where powers of g overflow or vanish.
func TestOneStep(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, p := range []float64{0, 1, 1.5, 2, 4, math.Inf(1)} {
		for _, size := range []float64{1, 1e-200, 1e150} {
			rule := Rule{Rho: 0.05, P: p}
			g, e := make([]float64, 40), make([]float64, 40)
			for i := range g[1:] {
				g[i+1] = size * r.NormFloat64()
			}
			if !rule.Add(e, g) {
				t.Fatal("no ascent along a gradient")
			}
			q := math.Inf(1)
			switch {
			case p == 0:
				q = 2
			case math.IsInf(p, 1):
				q = 1
			case p > 1:
				q = p / (p - 1)
			}
			var dot float64
			for i := range g {
				dot += e[i] * (g[i] / size)
			}
			want := 0.05 * norm(g, q) / size
			if n := norm(e, p); !(math.Abs(n-0.05) <= 1e-12*0.05 && math.Abs(dot-want) <= 1e-12*want) {
				t.Errorf("p = %v, gradient of size %g: ‖ε‖ = %v, ⟨ε, g⟩ = %v, want .05, %v", p, size, n, dot, want)
			}
		}
	}
}

func TestZeroAndNaN(t *testing.T) {
	for _, p := range []float64{0, 1, 4, math.Inf(1)} {
		e := []float64{0, 0}
		if (Rule{Rho: 1, P: p}).Add(e, []float64{0, 0}) || e[0] != 0 || e[1] != 0 {
			t.Errorf("p = %v climbs along a zero gradient to %v", p, e)
		}
		if (Rule{Rho: 1, P: p}).Add(e, []float64{1, math.NaN()}); e[0] == e[0] && e[1] == e[1] {
			t.Errorf("p = %v climbs along a NaN to %v", p, e)
		}
	}
}

// On a quadratic, further steps find the exact worst case: (10, 3, 1, .1), trust region.
func TestSeveralStepsReachTheWorstCase(t *testing.T) {
	h, w := []float64{10, 3, 1, .1}, []float64{.02, -.3, .5, 1}
	loss := func(e []float64) (l float64) {
		for i := range h {
			l += h[i] * (w[i] + e[i]) * (w[i] + e[i]) / 2
		}
		return l
	}
	at := func(g, e []float64) float64 {
		for i := range h {
			g[i] = h[i] * (w[i] + e[i])
		}
		return loss(e)
	}
	zero, last := make([]float64, 4), 0.
	for _, c := range []struct {
		steps int
		want  float64
	}{{1, .056147863359}, {200, .056357298648}} {
		e, g := make([]float64, 4), make([]float64, 4)
		at(g, zero)
		rule := Rule{Rho: .05, Steps: c.steps}
		rule.Climb(e, g, at, nil)
		got := loss(e) - loss(zero)
		if !(math.Abs(got-c.want) <= 1e-9 && got >= last && norm(e, 2) <= .05*(1+1e-12)) {
			t.Errorf("%d steps rise by %v, want %v", c.steps, got, c.want)
		}
		last = got
	}
}
