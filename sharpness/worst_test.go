package sharpness

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"msharp/models/rng"
)

// at is the quadratic ½ Σ h_j w_j² at w.
func at(h []float64, w ...float32) bowls {
	return bowls{h: h, x: [][]float64{make([]float64, len(h))}, w: w}
}

// exact is the definition of the worst case of ½ Σ h_j (w_j − c_j)² in the Euclidean ball: the rise to ε = g/(μ − h), with μ ≥ max h and ‖ε‖ = ρ.
func exact(h, w, c []float64, rho float64) (rise float64) {
	eps := func(mu float64) (e []float64, norm float64) {
		for j := range h {
			e = append(e, h[j]*(w[j]-c[j])/(mu-h[j]))
			norm += e[j] * e[j]
		}
		return e, math.Sqrt(norm)
	}
	lo, hi := slices.Max(h), 1e9
	for range 200 {
		if _, norm := eps((lo + hi) / 2); norm > rho {
			lo = (lo + hi) / 2
		} else {
			hi = (lo + hi) / 2
		}
	}
	e, _ := eps(hi)
	for j, v := range e {
		rise += h[j] * ((w[j]-c[j])*v + v*v/2)
	}
	return rise
}

// The quadratic whose worst case is known, in both balls; at its minimum it is ½ρ²λ₁, or the largest of all corners.
func TestWorstOfTheQuadratic(t *testing.T) {
	h, w := []float64{10, 3, 1, .1}, []float32{.02, -.3, .5, 1}
	const rho = .05
	within(t, "the definition", exact(h, wide(w), make([]float64, 4), rho), .056357298648, 1e-8)
	two, many := &Worst{M: []int{0}, Rho: []float64{rho}, Steps: 20, P: 2}, &Worst{M: []int{0}, Rho: []float64{rho}, Steps: 100, P: 2}
	within(t, "the worst case in 20 steps", of(t, two, at(h, w...))[0], .056357298648, 1e-6)
	within(t, "the worst case in 100 steps", of(t, many, at(h, w...))[0], .056357298648, 1e-7)
	within(t, "the worst case of the minimum", of(t, many, at(h, 0, 0, 0, 0))[0], .0125, 1e-9)
	within(t, "of the fixture's minimum", of(t, many, golden())[0], .0125, 1e-8)

	box := &Worst{M: []int{0}, Rho: []float64{rho}, Steps: 20, P: math.Inf(1)}
	var want float64
	for j, h := range h {
		want += h * (math.Abs(float64(w[j]))*rho + rho*rho/2)
	}
	within(t, "the worst case in the box", of(t, box, at(h, w...))[0], want, 2e-8)
	q := golden()
	q.w = []float32{.02, -.3, .5, 1}
	clean, corners := q.Loss(q.w), 0.
	for i := range 16 {
		up := slices.Clone(q.w)
		for j := range up {
			up[j] += float32(rho * float64(1-2*(i>>j&1)))
		}
		corners = max(corners, q.Loss(up)-clean)
	}
	within(t, "the fixture's worst case in the box", of(t, box, q)[0], corners, 2e-7)
}

// Near a minimum, where one step goes wrong, and away from it, for any spectrum, many steps reach the worst case, the default 20 most of
// it, and none more.
func TestWorstReachesTheWorstCase(t *testing.T) {
	r := rng.Stream(1, "worst")
	for draw := range 40 {
		var h, w []float64
		var w32 []float32
		for j := range 12 {
			h = append(h, 20*math.Pow(.7, float64(j))*(.5+r.Float64()))
			w32 = append(w32, float32(r.NormFloat64()*math.Pow(10, -float64(draw%4))))
			w = append(w, float64(w32[j]))
		}
		want := exact(h, w, make([]float64, 12), .1)
		for steps, tolerance := range map[int]float64{20: .15, 200: 1e-4} {
			got := of(t, &Worst{M: []int{0}, Rho: []float64{.1}, Steps: steps, P: 2}, at(h, w32...))[0]
			if !(got <= want*(1+1e-5) && got >= want*(1-tolerance)) {
				t.Errorf("draw %d, %d steps: %v, want %v", draw, steps, got, want)
			}
		}
	}
}

// Of groups, the mean of each group's own worst case, with its standard error.
func TestWorstOfGroups(t *testing.T) {
	b := example()
	for _, m := range []int{1, 2, 4, 8} {
		var rises []float64
		for group := range slices.Chunk(b.x, m) {
			center := make([]float64, len(b.w))
			for _, x := range group {
				for j, v := range x {
					center[j] += v / float64(m)
				}
			}
			rises = append(rises, exact(b.h, wide(b.w), center, .3))
		}
		mean, se := Mean(rises)
		got := of(t, &Worst{M: []int{m}, Rho: []float64{.3}, Steps: 50, P: 2}, b)
		within(t, fmt.Sprintf("the worst case at m = %d", m), got[0], mean, 1e-5)
		if m < 8 {
			within(t, fmt.Sprintf("its standard error at m = %d", m), got[1], se, 1e-5)
		}
	}
}

// A loss that is infinite or NaN on the way is told.
func TestWorstOfADivergedLoss(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		v := of(t, &Worst{M: []int{0}, Rho: []float64{.5}, Steps: 5, P: 2}, cliff{at([]float64{1, 1}, 1, 1), bad})
		if v[0] == v[0] && v[0] != bad || bad == bad && v[0] != bad {
			t.Errorf("the worst case beside %v is %v", bad, v[0])
		}
	}
}

// cliff is a quadratic with another loss where the first weight is above 1.
type cliff struct {
	bowls
	beyond float64
}

func (c cliff) Loss(w []float32) float64 { return c.Grad(make([]float32, len(w)), w) }
func (c cliff) Grad(g, w []float32) float64 {
	loss := c.bowls.Grad(g, w)
	if w[0] > 1 {
		return c.beyond
	}
	return loss
}
