package sharpness

import (
	"math"
	"testing"

	"msharp/models/rng"
)

// On a quadratic λc is gᵀHg/‖g‖², and so at most λ₁, and equal to it along the sharpest direction.
func TestCriticalOfQuadratics(t *testing.T) {
	r := rng.Stream(1, "critical")
	for range 50 {
		q := golden()
		for range 4 {
			q.w = append(q.w, float32(r.NormFloat64()))
		}
		_, g := q.form(q.w)
		var norm, energy float64
		for i := range g {
			for j := range g {
				energy += g[i] * q.H.At(i, j) * g[j]
			}
			norm += g[i] * g[i]
		}
		v := of(t, &Critical{}, q)
		want := energy / norm
		if !(math.Abs(v[0]-want) <= 5e-4*want) || !(v[0] <= 10*(1+5e-4)) || v[0] != 2/v[1] || v[2] != 0 {
			t.Errorf("λc, ηc, zero are %v, want λc %v at %v", v, want, q.w)
		}
	}
	within(t, "along the sharpest direction", of(t, &Critical{}, at([]float64{10, 1}, .3, 0))[0], 10, .005)
	within(t, "with a loss that is not 0 at its least", of(t, &Critical{}, raised{at([]float64{10, 1}, .3, 0), 5})[0], 10, .005)
	within(t, "with a loss below 0", of(t, &Critical{}, raised{at([]float64{10, 1}, .3, 0), -5})[0], 10, .005)
}

// raised is a quadratic with another zero.
type raised struct {
	bowls
	by float64
}

func (c raised) Loss(w []float32) float64    { return c.bowls.Loss(w) + c.by }
func (c raised) Grad(g, w []float32) float64 { return c.bowls.Grad(g, w) + c.by }

// Without a gradient there is no step; along a plane none raises the loss; with a gradient that the loss denies none lowers it.
func TestCriticalWithoutStep(t *testing.T) {
	if v := of(t, &Critical{}, golden()); !math.IsNaN(v[0]) || !math.IsNaN(v[1]) || v[2] != 1 {
		t.Errorf("without gradient: %v", v)
	}
	if v := of(t, &Critical{}, slope{at([]float64{1}, 1), 1}); v[0] != 0 || !math.IsInf(v[1], 1) || v[2] != 0 {
		t.Errorf("of a plane: %v", v)
	}
	if v := of(t, &Critical{}, slope{at([]float64{1}, 1), 0}); !math.IsNaN(v[0]) || !math.IsNaN(v[1]) || v[2] != 0 {
		t.Errorf("of a level plane said to slope: %v", v)
	}
}

// slope is a plane that says its gradient is 1.
type slope struct {
	bowls
	by float64
}

func (s slope) Loss(w []float32) float64    { return s.by * float64(w[0]) }
func (s slope) Grad(g, w []float32) float64 { g[0] = 1; return s.Loss(w) }
