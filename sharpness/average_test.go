package sharpness

import (
	"fmt"
	"math"
	"testing"

	"msharp/models/rng"
)

// On the quadratic the mean of a pair's rises is ½σ²zᵀHz, to the rounding of w + σz; its expectation is ½σ² tr H, a third of it for uniform z.
func TestAverageOfTheFixture(t *testing.T) {
	q := golden()
	q.w = []float32{.5, -.25, 1, 2}
	const pairs = 4000
	for _, c := range []struct {
		draw string
		want float64
	}{{"gaussian", .0705}, {"uniform", .0235}} {
		s := &Average{Sigma: []float64{.1, .025}, Draw: c.draw, Pairs: pairs}
		got := of(t, s, q)
		if !(math.Abs(got[0]-c.want) <= 4*got[1]) || !(got[1] < .03*c.want) {
			t.Errorf("%s: %v ± %v, want %v", c.draw, got[0], got[1], c.want)
		}
		r, z := rng.Stream(1, "measure"), make([]float32, 4)
		var terms []float64
		for range pairs {
			if c.draw == "gaussian" {
				for i := range z {
					z[i] = float32(rng.Normal(r))
				}
			} else {
				for i := range z {
					z[i] = float32(2*r.Float64() - 1)
				}
			}
			loss, _ := q.form(z)
			terms = append(terms, .01*loss)
		}
		mean, se := Mean(terms)
		within(t, c.draw+": the mean of its draws", got[0], mean, 1e-8)
		within(t, c.draw+": its standard error", got[1], se, 1e-8)
		within(t, c.draw+": at a quarter of σ", got[2], mean/16, 1e-8)
	}
}

// Relative to the weights, with H = diag h: ½σ² Σ h_i w_i².
func TestAverageRelative(t *testing.T) {
	l := at([]float64{4, 1, .25}, .5, -1, 0)
	got := of(t, &Average{Sigma: []float64{.1}, Draw: "gaussian", Relative: true, Pairs: 4000}, l)
	if want := .005 * (4*.25 + 1); !(math.Abs(got[0]-want) <= 4*got[1]) || !(got[1] < .03*want) {
		t.Errorf("%v ± %v, want %v", got[0], got[1], want)
	}
}

// Below a maximum the loss falls, and says so.
func TestAverageKeepsItsSign(t *testing.T) {
	for _, draw := range []string{"gaussian", "uniform"} {
		if v := of(t, &Average{Sigma: []float64{.1}, Draw: draw, Pairs: 10}, diag(-1, -1, -1)); !(v[0] < 0) {
			t.Errorf("%s: %v", draw, v)
		}
	}
}

// Keskar's: on a separable quadratic the maximum is at a corner of the box, w_i and z_i of one sign.
func TestKeskarOfTheQuadratic(t *testing.T) {
	h, w := []float64{10, 3, 1, .1}, []float32{.02, -.3, .5, 1}
	for _, eps := range []float64{1e-3, .1} {
		var clean, most float64
		for j, h := range h {
			a := math.Abs(float64(w[j]))
			clean += h * a * a / 2
			most += h * math.Pow(a+eps*(a+1), 2) / 2
		}
		got := of(t, &Keskar{Eps: []float64{eps}, Steps: 10}, at(h, w...))[0]
		within(t, fmt.Sprintf("ε = %v", eps), got, 100*(most-clean)/(1+clean), 2e-5)
	}
	q := golden() // at its minimum, so by a random first step; the worst corner of four
	want := 0.
	for i := range 16 {
		var z []float32
		for j := range 4 {
			z = append(z, float32(.1*float64(1-2*(i>>j&1))))
		}
		want = max(want, 100*q.Loss(z))
	}
	within(t, "at the fixture's minimum", of(t, &Keskar{Eps: []float64{.1}, Steps: 20}, q)[0], want, 1e-4)
}
