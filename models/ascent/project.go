package ascent

import (
	"math"

	"msharp/models/elementary"
)

// slack is how far beyond its ball, relative to the radius, a point counts as inside: less than that is rounding.
const slack = 1e-12

// Project moves e to the nearest point, in the Euclidean distance, of the ball ‖e‖_p ≤ ρ. A point inside stays as it is, and so does a NaN.
// It overwrites room, which is as long as e.
func (r Rule) Project(e, room []float64) {
	switch {
	case r.Euclidean():
		if n := norm(e, 2); n > r.Rho {
			for i := range e {
				e[i] *= r.Rho / n
			}
		}
	case math.IsInf(r.P, 1):
		for i, v := range e {
			e[i] = max(min(v, r.Rho), -r.Rho)
		}
	case norm(e, r.P) > r.Rho*(1+slack):
		if r.P == 1 {
			shrink(e, room, r.Rho)
		} else {
			power{e, room, r.Rho, r.P}.project()
		}
	}
}

// shrink is the projection for p = 1 of a point outside: every |e_i| is lowered by the same θ, to 0 where it is less, so that ‖e‖₁ = ρ. With
// u_i = max|e| − |e_i| and τ = max|e| − θ that is
//
//	|e_i| ← (τ − u_i)₊,  Σ_i (τ − u_i)₊ = ρ.
//
// Of those that are not 0, τ is (ρ + Σ u_i) over their number. Newton's method takes all first and leaves out, each time, those that τ sets to 0;
// they never come back (Michelot 1986).
func shrink(e, room []float64, rho float64) {
	var top, sum float64
	for _, v := range e {
		top = max(top, math.Abs(v))
	}
	left := room[:0]
	for _, v := range e {
		if v != 0 {
			u := top - math.Abs(v)
			left, sum = append(left, u), sum+u
		}
	}
	tau := (rho + sum) / float64(len(left))
	for {
		fewer := left[:0]
		sum = 0
		for _, u := range left {
			if u <= tau {
				fewer, sum = append(fewer, u), sum+u
			}
		}
		if len(fewer) == len(left) {
			break
		}
		left = fewer
		tau = (rho + sum) / float64(len(left))
	}
	for i, v := range e {
		if v != 0 {
			e[i] = math.Copysign(max(tau-(top-math.Abs(v)), 0), v)
		}
	}
}

// power is the projection for 1 < p < ∞ of a point outside. In units of ρ, with u_i = |e_i|/ρ, the nearest point has absolute values y_i that solve
//
//	y_i + λ y_i^(p−1) = u_i,  Σ_i y_i^p = 1,
//
// λ ≥ 0 being the multiplier of the constraint. For any λ, y is found component by component, as z_i = ln y_i; the sum falls as λ grows.
type power struct {
	e, z   []float64
	rho, p float64
}

func (b power) project() {
	top, count := 0., 0.
	for i, v := range b.e {
		if u := math.Abs(v) / b.rho; u > 0 {
			top, count = max(top, u), count+1
		}
		b.z[i] = math.Inf(1)
	}
	// The largest y lies between count^(−1/p) and 1, and it takes the largest u.
	root := elementary.Pow(count, 1/b.p)
	lo, hi := max(0, top-1), float64((top-1/root)*(count/root))
	lambda := lo
	var sum float64
	for last, before := math.Inf(1), math.Inf(1); ; {
		var fall float64
		sum, fall = b.solve(lambda)
		if !(math.Abs(sum-1) > slack*b.p) {
			break
		}
		if sum > 1 {
			lo = lambda
		} else {
			hi = lambda
		}
		next := b.next(lambda, sum, fall)
		if !(lo < next && next < hi && math.Abs(next-lambda) <= before/2) { // so that steps end
			next = lo + float64((hi-lo)/2)
		}
		if next == lambda || next == lo || next == hi {
			break
		}
		lambda, last, before = next, math.Abs(next-lambda), last
	}
	scale := b.rho / elementary.Pow(sum, 1/b.p)
	for i, v := range b.e {
		b.e[i] = math.Copysign(float64(scale*elementary.Exp(b.z[i])), v)
	}
}

// next returns where ‖y‖ would be 1 if, as for equal u_i, it solved ‖y‖ + λk‖y‖^(p−1) = c. The constants k and c are those with which it has its
// value and slope at λ. sum is ‖y‖^p, and fall is −1/p of its derivative.
func (b power) next(lambda, sum, fall float64) float64 {
	l := elementary.Log(sum) / b.p
	ratio := sum/fall - float64(lambda*(b.p-1)) // ‖y‖^(2−p)/k
	return lambda + float64(lambda*expm1(float64((b.p-1)*l))) + float64(float64(expm1(l)*elementary.Exp(float64((b.p-2)*l)))*ratio)
}

// expm1 returns eˣ − 1.
func expm1(x float64) float64 {
	if math.Abs(x) < 1e-5 {
		return x + float64(x*float64(x/2))
	}
	return elementary.Exp(x) - 1
}

// solve sets z to the solution for λ, starting from that for another λ or from +Inf, and returns Σ y^p and −1/p of its derivative by λ.
//
// z is the root of ln(e^z + λ e^((p−1)z)) = ln u, whose left side is convex with a slope between 1 and p − 1. From above Newton's method falls to
// the root, and from below its first step is to above.
func (b power) solve(lambda float64) (sum, fall float64) {
	l, p := elementary.Log(lambda), b.p
	small := 1e-6 * min(1, p-1) / max(1, p-1) // a step whose square is nothing beside z
	for i, v := range b.e {
		u := elementary.Log(math.Abs(v) / b.rho)
		if math.IsInf(u, -1) { // v = 0
			b.z[i] = u
			continue
		}
		most := min(u, (u-l)/(p-1)) // where one of the two terms is all
		z := min(b.z[i], most)
		var t, ratio float64 // of the smaller term to the larger
		for range 100 {
			t = float64((p-2)*z) + l // ln of the second term over the first
			ratio = elementary.Exp(-math.Abs(t))
			value, slope := z, 1+float64((p-1)*ratio)
			if t > 0 {
				value, slope = float64((p-1)*z)+l, (p-1)+ratio
			}
			step := (value + elementary.Log1p(ratio) - u) * (1 + ratio) / slope
			z = min(z-step, most)
			if !(math.Abs(step) > small) {
				break
			}
		}
		b.z[i] = z
		y := elementary.Exp(float64(p * z))
		sum += y
		if t > 0 {
			fall += y / float64(lambda*((p-1)+ratio))
		} else {
			fall += elementary.Exp(float64(2*(p-1)*z)) / (1 + float64((p-1)*ratio))
		}
	}
	return sum, fall
}
