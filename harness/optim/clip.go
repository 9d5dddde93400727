package optim

import (
	"math"

	"msharp/models/ascent"
	"msharp/models/kernel"
)

// Clip returns an objective that scales gradients longer than limit down to that norm (Pascanu et al. 2013); with limit 0 it returns obj.
// SAM on a clipped objective clips the final gradient only, not those inside the ascent.
func Clip(obj Objective, limit float64) Objective {
	if limit == 0 {
		return obj
	}
	return &clipped{obj, limit}
}

type clipped struct {
	Objective
	limit float64
}

func (c *clipped) Grad(g, w []float32) float64 {
	loss := c.Objective.Grad(g, w)
	clip(g, c.limit)
	return loss
}

func (c *clipped) AscentGrad(g, w []float32, r ascent.Rule) (clean, perturbed float64) {
	clean, perturbed = c.Objective.AscentGrad(g, w, r)
	clip(g, c.limit)
	return clean, perturbed
}

func clip(g []float32, limit float64) {
	n := math.Sqrt(kernel.Dot(g, g))
	if !(n > limit) || math.IsInf(n, 1) { // NaN and ∞ pass: they end the trial as diverged
		return
	}
	kernel.ScaleTo(g, limit/n, g)
}
