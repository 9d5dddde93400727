package harness

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"msharp/models/rng"
	"msharp/sharpness"
)

func same(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}

// Measures together take fewer passes than apart, by as many as here, and give the same bits, in any order. 640 examples are three chunks.
func TestMeasuresShare(t *testing.T) {
	all := []sharpness.Measure{
		&sharpness.Average{Sigma: []float64{.01}, Draw: "gaussian", Pairs: 2},
		&sharpness.Flatness{Drop: .1, Draws: 2},
		&sharpness.Keskar{Eps: []float64{1e-3, 1e-2}, Steps: 3},
		&sharpness.Critical{},
		&sharpness.GradNorm{},
		&sharpness.PACBayes{Rho: []float64{.1}, Delta: .05},
		&sharpness.Worst{M: []int{0, 320}, Rho: []float64{.05, .1}, Steps: 3, P: 2},
		&sharpness.Adaptive{M: []int{0}, Rho: []float64{.05, .1}, Eta: .01, Biases: true, Steps: 1, P: 2},
		&sharpness.MSharpness{M: []int{1, 320}, Rho: []float64{.1}, Steps: 1, P: 2},
		&sharpness.MSharpness{M: []int{1}, Rho: []float64{.1}, Steps: 2, P: 2},
		&sharpness.MSharpness{M: []int{1}, Rho: []float64{.1}, Steps: 1, P: math.Inf(1)},
		&sharpness.GaussNewton{},
		&sharpness.Hessian{K: 1, Steps: 3},
	}
	var list []sharpness.Any
	for _, m := range all {
		list = append(list, sharpness.Any{Spec: m})
	}
	take := func(l *landscape, m sharpness.Any) []float64 {
		t.Helper()
		v, err := measured(m, l, 1)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	alone, apart := make([][]float64, len(list)), 0.
	for i, m := range list {
		l, taken := passes(t, 640)
		l.solved = nil
		alone[i] = take(l, m)
		apart += taken.forward()
	}
	for _, order := range [][]int{rand.New(rand.NewPCG(3, 4)).Perm(len(list)), rand.New(rand.NewPCG(5, 6)).Perm(len(list))} {
		l, taken := passes(t, 640, list...)
		for _, i := range order {
			if got := take(l, list[i]); !same(got, alone[i]) {
				t.Errorf("in the order %v, %s is %v, alone %v", order, list[i].Kind(), got, alone[i])
			}
		}
		// Of four clean losses and errors one is left, of nine gradients at the solution one, and of three clean passes over groups one.
		if together := taken.forward(); together != apart-3-8-2 {
			t.Errorf("%v passes together, %v apart, %v fewer", together, apart, apart-together)
		}
	}
}

// What measures share is of the solution alone: elsewhere, and for parts, everything is computed.
func TestNothingIsSharedElsewhere(t *testing.T) {
	l, taken := passes(t, 320)
	g, h := make([]float32, len(l.w)), make([]float32, len(l.w))
	other := slices.Clone(l.w)
	other[0]++
	l.Grad(g, l.w)
	loss, gradLoss := l.Loss(l.w), l.Grad(g, l.w)
	if l.Loss(other) == loss || l.Grad(h, other) == gradLoss || slices.Equal(g, h) {
		t.Error("another point has the values of the solution")
	}
	part := l.Part(0, 160)
	if part.Loss(l.w) == loss || part.Grad(h, l.w) == gradLoss || slices.Equal(g, h) {
		t.Error("a part has the values of the whole")
	}
	g[0]++
	if l.Grad(h, l.w); g[0] == h[0] {
		t.Error("a change of the caller's gradient changes the landscape's")
	}
	if n := taken.forward(); n != 1+1+1+1+.5+.5 {
		t.Errorf("%v passes", n)
	}
}

// Along training each look has a landscape of its own: a trial that is watched at every step sees what fresh landscapes see at its weights.
func TestSharedValuesAreNotStale(t *testing.T) {
	const measures = "[gradnorm, {kind: average, pairs: 2}, {kind: worst, steps: 2}, pacbayes, critical, ggn, {kind: msharp, m: [1]}, {kind: msharp, m: [1], steps: 2}]"
	trial := plan(t, base4, "watch={every: 1, measures: "+measures+"}", "measures="+measures).Trials[0]
	steps := &weightsAt{}
	r := trained(t, trial, steps)
	for at := range r.Watch.At {
		for _, m := range trial.Config.Watch.Measures {
			names := sharpness.Names(m.Spec)
			land := &landscape{split: steps.run.train, w: steps.w[at], init: steps.w[0]}
			want, err := measuredBy(m, land, rng.Stream(trial.Config.Seed, fmt.Sprintf("watch/%d/%s", at, names[0])))
			if err != nil {
				t.Fatal(err)
			}
			for i, name := range names {
				if got := float64(r.Watch.Values[name][at]); got != want[i] && !(math.IsNaN(got) && math.IsNaN(want[i])) {
					t.Errorf("%s after step %d is %v, want %v", name, at, got, want[i])
				}
			}
		}
	}
	if v := r.Watch.Values["gradnorm"]; fmt.Sprint(v[0]) == fmt.Sprint(v[len(v)-1]) {
		t.Error("the weights stand still")
	}
}
