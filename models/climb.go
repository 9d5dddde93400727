package models

import (
	"math"

	"msharp/models/ascent"
	"msharp/models/kernel"
)

// climber takes the ascents in norms other than the Euclidean. Their steps leave the span of the gradients, so it works group by group and
// forms ε_k in float64.
type climber struct {
	group *Problem  // one group at a time
	e, g  []float64 // ε_k and the gradient at w + ε_k
	w, g1 []float32 // w + ε_k and the gradient there
}

// start readies the climber for groups of m.
func (c *climber) start(p *Problem, m int) {
	if c.group == nil || c.group.most < m {
		c.group = p.net.On(p.batch.Slice(0, m))
	}
	c.e, c.g = resize(c.e, p.net.dim), resize(c.g, p.net.dim)
	c.w, c.g1 = resize(c.w, p.net.dim), resize(c.g1, p.net.dim)
}

// climb takes the ascent of r in group k of m examples, from its gradient in the clean pass of p, and leaves w + ε_k in c.w. It
// reports false where that gradient is zero.
func (c *climber) climb(p *Problem, k, m int, w []float32, r ascent.Rule, visit func(loss float64)) bool {
	p.groupGrad(c.g1, p.tapes[0], k, m)
	c.group.Reset(p.batch.Slice(k*m, (k+1)*m))
	groups := float64(p.batch.Len() / m)
	for i, v := range c.g1 {
		c.g[i] = float64(groups*float64(v)) + float64(r.Decay*float64(w[i])) // the clean pass holds ∇L_k/K
	}
	moved := r.Climb(c.e, c.g, func(g, e []float64) float64 {
		c.to(w, e)
		loss := c.group.Grad(c.g1, c.w)
		for i, v := range c.g1 {
			g[i] = float64(v) + float64(r.Decay*float64(c.w[i]))
		}
		return loss
	}, visit)
	c.to(w, c.e)
	return moved
}

// to sets c.w = w + e.
func (c *climber) to(w []float32, e []float64) {
	for i, v := range e {
		c.w[i] = float32(float64(w[i]) + v)
	}
}

// climbGrad is what AscentGrad does after the clean pass; it returns the mean perturbed loss.
func (p *Problem) climbGrad(g, w []float32, r ascent.Rule) (perturbed float64) {
	m, c := p.groupSize(r), &p.climber
	c.start(p, m)
	clear(g)
	groups := p.batch.Len() / m
	share := 1 / float64(groups)
	for k := range groups {
		if !c.climb(p, k, m, w, r, nil) {
			p.zero++
		}
		perturbed += float64(share * c.group.Grad(c.g1, c.w))
		kernel.Axpy(g, share, c.g1)
		kernel.Axpy(g, share*r.Decay, c.w)
	}
	return perturbed
}

// climbGains is what AscentGains does for one rule after the clean pass: the gain at the best point of each group's ascent. It returns the
// number of zero gradients.
func (p *Problem) climbGains(gains []float64, w []float32, r ascent.Rule) (zero int) {
	m, c := p.groupSize(r), &p.climber
	c.start(p, m)
	for k := range gains {
		best := math.Inf(-1)
		see := func(loss float64) {
			if best == best && !(loss <= best) {
				best = loss
			}
		}
		if !c.climb(p, k, m, w, r, see) {
			gains[k] = 0
			zero++
			continue
		}
		loss, _ := c.group.Loss(c.w)
		see(loss)
		gains[k] = best - p.tapes[0].meanLoss(k, len(gains))
	}
	return zero
}
