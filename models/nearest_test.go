package models

import (
	"math"
	"slices"
)

// nearest returns the nearest point to v, which is outside, of the ball ‖x‖_p ≤ ρ, for p = 1 and p ≥ 2.
func nearest(v []float64, rho, p float64) []float64 {
	x := make([]float64, len(v))
	lower := func(least func(a float64) float64) {
		for i, a := range v {
			x[i] = math.Copysign(least(math.Abs(a)), a)
		}
	}
	switch {
	case p == 0 || p == 2:
		n := norm(v)
		lower(func(a float64) float64 { return a * rho / n })
	case math.IsInf(p, 1):
		lower(func(a float64) float64 { return min(a, rho) })
	case p == 1: // the k largest are left, each lowered by the same
		var sum, theta float64
		sizes := make([]float64, len(v))
		for i, a := range v {
			sizes[i] = math.Abs(a)
		}
		slices.Sort(sizes)
		for i, a := range slices.Backward(sizes) {
			sum += a
			if k := float64(len(sizes) - i); a > (sum-rho)/k {
				theta = (sum - rho) / k
			}
		}
		lower(func(a float64) float64 { return max(0, a-theta) })
	default: // x + μ x^(p−1) = |v|, with the μ at which ‖x‖ = ρ, by bisection
		beyond := func(mu float64) bool {
			lower(func(a float64) float64 {
				x, d := a, a
				for d > 1e-9*a { // Newton's method, from above
					y := mu * math.Pow(x, p-2)
					d = (x + y*x - a) / (1 + (p-1)*y)
					x -= d
				}
				return x
			})
			return pnorm(x, p) > rho
		}
		lo, hi := 0., 1.
		for beyond(hi) {
			hi *= 2
		}
		for range 40 {
			if mu := (lo + hi) / 2; beyond(mu) {
				lo = mu
			} else {
				hi = mu
			}
		}
	}
	return x
}
