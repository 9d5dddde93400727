package optim

import (
	"math"

	"msharp/harness/ascent"
)

// Closure makes an Objective of a user's own loss: f writes ∇L(w) into g and returns L(w). The whole closure is one group,
// whatever the M of a rule.
func Closure(f func(g, w []float32) (loss float64)) Objective { return &closure{f: f} }

type closure struct {
	f  func(g, w []float32) float64
	up []float32
}

func (c *closure) Grad(g, w []float32) float64 { return c.f(g, w) }

func (c *closure) AscentGrad(g, w []float32, r ascent.Rule) (clean, perturbed float64) {
	clean = c.penalised(g, w, r.Decay)
	perturbed = clean
	if r.Rho != 0 {
		c.up = climb(c.up[:0], w, g, r)
		perturbed = c.penalised(g, c.up, r.Decay)
	}
	return clean, perturbed
}

func (c *closure) penalised(g, w []float32, lambda float64) (loss float64) {
	loss = c.f(g, w)
	if lambda != 0 {
		for i := range g {
			g[i] += float32(lambda * float64(w[i]))
		}
	}
	return loss
}

// climb appends w + ε to up, ε the ascent of r along g.
func climb(up, w, g []float32, r ascent.Rule) []float32 {
	scale := r.Rho
	if n := norm(g); !r.Unnormalised && n != 0 {
		scale /= n
	}
	for i, v := range g {
		up = append(up, w[i]+float32(scale*float64(v)))
	}
	return up
}

// norm returns ‖g‖₂, summed in float64.
func norm(g []float32) float64 {
	var n2 float64
	for _, v := range g {
		n2 += float64(v) * float64(v)
	}
	return math.Sqrt(n2)
}
