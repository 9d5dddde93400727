package optim

import (
	"msharp/models/ascent"
	"msharp/models/kernel"
)

// Closure makes an Objective of a loss of your own: f writes ∇L(w) into g and returns L(w). The whole closure is one group, whatever M a
// rule has.
func Closure(f func(g, w []float32) (loss float64)) Objective { return &closure{f: f} }

type closure struct {
	f    func(g, w []float32) float64
	e, d []float64 // ε, and the gradient at w + ε
	up   []float32 // w + ε
}

func (c *closure) Grad(g, w []float32) float64 { return c.f(g, w) }

func (c *closure) AscentGrad(g, w []float32, r ascent.Rule) (clean, perturbed float64) {
	if r.Rho == 0 {
		clean = c.penalised(g, w, r.Decay)
		return clean, clean
	}
	if len(c.e) != len(w) {
		c.e, c.d, c.up = make([]float64, len(w)), make([]float64, len(w)), make([]float32, len(w))
	}
	clean = c.penalised(g, w, r.Decay)
	widen(c.d, g)
	r.Climb(c.e, c.d, func(d, e []float64) float64 {
		c.to(w)
		loss := c.penalised(g, c.up, r.Decay)
		widen(d, g)
		return loss
	}, nil)
	c.to(w)
	return clean, c.penalised(g, c.up, r.Decay)
}

// to sets c.up = w + ε.
func (c *closure) to(w []float32) {
	for i, v := range c.e {
		c.up[i] = float32(float64(w[i]) + v)
	}
}

func widen(d []float64, g []float32) {
	for i, v := range g {
		d[i] = float64(v)
	}
}

func (c *closure) penalised(g, w []float32, lambda float64) (loss float64) {
	loss = c.f(g, w)
	if lambda != 0 {
		kernel.Axpy(g, lambda, w)
	}
	return loss
}
