// Package ascent defines an inner maximisation. Optimizers and measures ask for one, models carry it out.
package ascent

import (
	"math"

	"msharp/models/elementary"
)

// Rule is an inner maximisation: its radius, group size, norm, number of steps and loss. Group k of M consecutive examples, with mean
// loss L_k, moves to w + ε_k. In one step
//
//	ε_k = ρ sign(g) |g|^(q−1) / (‖g‖_q^q)^(1/p),  g = ∇L_k(w) + λw,  1/p + 1/q = 1
//
// (Foret et al. 2021, eq. 2, per group as in their section 4.1), so that ‖ε_k‖_p = ρ and ⟨ε_k, g⟩ = ρ‖g‖_q; with p = 2 it is
// ρ g/‖g‖₂. Where g is zero, ε_k is zero. Further steps are projected gradient ascent: each adds the same formula of the gradient at
// w + ε_k and moves the sum to the nearest point of the ball ‖ε‖_p ≤ ρ in the Euclidean distance. The zero Rule moves nothing.
type Rule struct {
	Rho          float64 // ρ, the radius, in the units of ‖w‖_p; ≥ 0
	M            int     // m, examples per group; 0 means all of the batch (or training set) as one group
	P            float64 // p, the norm, ≥ 1, +Inf included; 0 means 2
	Steps        int     // ascent steps; 0 means 1
	Decay        float64 // λ of a penalty λ/2‖w‖² inside the ascended loss; 0 is the paper's
	Unnormalised bool    // ε_k = ρ g (Andriushchenko and Flammarion 2022, eq. 3) in place of the line above; p = 2 and one step only
}

// Euclidean reports whether p = 2: ε then stays in the span of w and the gradients, and need not be formed.
func (r Rule) Euclidean() bool { return r.P == 0 || r.P == 2 }

// Gain is how far the loss rises from w to the groups' ascent points.
type Gain struct {
	Mean   float64 // mean over groups of L_k(w+ε_k) − L_k(w): the m-sharpness. With several steps, at the best point of each group
	StdErr float64 // standard error of Mean over groups; NaN with fewer than two
	Zero   int     // groups whose gradient was exactly zero, and whose rise is therefore 0
}

// Add adds the ascent of one step along g to e, and reports false, with e unchanged, if g is zero. A NaN in g gives a NaN in e.
func (r Rule) Add(e, g []float64) bool {
	p := r.P
	if p == 0 {
		p = 2
	}
	top, at := 0., 0
	for i, v := range g {
		if a := math.Abs(v); a > top || a != a {
			top, at = a, i
		}
	}
	switch {
	case top == 0:
		return false
	case r.Unnormalised:
		for i, v := range g {
			e[i] += float64(r.Rho * v)
		}
	case p == 1:
		e[at] += float64(r.Rho * (g[at] / top))
	case math.IsInf(p, 1):
		for i, v := range g {
			if v != 0 {
				e[i] += float64(r.Rho * (v / math.Abs(v)))
			}
		}
	case p == 2:
		var sum float64
		for _, v := range g {
			sum += float64((v / top) * (v / top))
		}
		c := r.Rho / (top * math.Sqrt(sum))
		for i, v := range g {
			e[i] += float64(c * v)
		}
	default:
		q := p / (p - 1)
		var sum float64 // ‖g/top‖_q^q: powers of g itself may overflow
		for _, v := range g {
			sum += elementary.Pow(math.Abs(v)/top, q)
		}
		c := r.Rho / elementary.Pow(sum, 1/p)
		for i, v := range g {
			e[i] += float64(c * math.Copysign(elementary.Pow(math.Abs(v)/top, q-1), v))
		}
	}
	return true
}

// norm returns ‖x‖_p; p = 0 means 2.
func norm(x []float64, p float64) float64 {
	if p == 0 {
		p = 2
	}
	var top, sum float64
	for _, v := range x {
		top = max(top, math.Abs(v)) // NaN stays
	}
	if top == 0 || top != top || math.IsInf(p, 1) {
		return top
	}
	for _, v := range x {
		sum += elementary.Pow(math.Abs(v)/top, p)
	}
	return top * elementary.Pow(sum, 1/p)
}

// Climb runs the whole ascent: it starts from g, the gradient at w, leaves ε in e, and overwrites g. at writes the gradient at w + e into
// g, penalty included, and returns the loss there. visit, unless nil, is called with the loss of every point on the way but the last.
// Climb reports false, with e zero, if the first gradient is zero.
func (r Rule) Climb(e, g []float64, at func(g, e []float64) float64, visit func(loss float64)) bool {
	clear(e)
	if !r.Add(e, g) {
		return false
	}
	for range r.Steps - 1 {
		loss := at(g, e)
		if visit != nil {
			visit(loss)
		}
		r.Add(e, g)
		r.Project(e, g)
	}
	return true
}
