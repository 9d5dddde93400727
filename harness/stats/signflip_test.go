package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// SignFlip equals the enumeration of all patterns of signs.
func TestSignFlipIsItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 3))
	for trial := range 200 {
		xs := make([]float64, 1+r.IntN(9))
		for i := range xs {
			xs[i] = float64(r.IntN(9) - 3) // zeros and ties of sums
		}
		var sum, greater, both float64
		for _, x := range xs {
			sum += x
		}
		for pattern := range 1 << len(xs) {
			s := 0.
			for i, x := range xs {
				if pattern>>i&1 == 1 {
					x = -x
				}
				s += x
			}
			if s >= sum {
				greater++
			}
			if math.Abs(s) >= math.Abs(sum) {
				both++
			}
		}
		all := float64(int(1) << len(xs))
		got := SignFlip(xs)
		if got.Greater != greater/all || got.TwoSided != both/all || !got.Exact || got.Patterns != 1<<len(xs) {
			t.Fatalf("trial %d: %+v of %v, want %v, %v", trial, got, xs, greater/all, both/all)
		}
	}
}

func TestSignFlipEdges(t *testing.T) {
	if got := SignFlip([]float64{.1, .2, .3, .4, .5}); got.Greater != 1./32 || got.TwoSided != 2./32 {
		t.Errorf("%+v", got)
	}
	if got := SignFlip([]float64{.1, .1, .1 + 1e-17, .1}); got.Greater != 1./16 {
		t.Errorf("%+v", got)
	}
	if got := SignFlip([]float64{0, 0, 0}); got.Greater != 1 || got.TwoSided != 1 {
		t.Errorf("all zero: %+v", got)
	}
	for _, xs := range [][]float64{nil, {1, math.NaN()}} {
		if got := SignFlip(xs); !math.IsNaN(got.Greater) || !math.IsNaN(got.TwoSided) {
			t.Errorf("%v: %+v", xs, got)
		}
	}
}

// Beyond 20 values patterns are drawn: p is near the normal approximation, and the same every time.
func TestSignFlipDrawn(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 5))
	xs := make([]float64, 40)
	var sum, ss float64
	for i := range xs {
		xs[i] = r.NormFloat64() + .2
		sum, ss = sum+xs[i], ss+xs[i]*xs[i]
	}
	got := SignFlip(xs)
	want := .5 * math.Erfc(sum/math.Sqrt(2*ss))
	if got.Exact || !(math.Abs(got.Greater-want) <= .01) || !(math.Abs(got.TwoSided-2*want) <= .02) || got != SignFlip(xs) {
		t.Errorf("%+v, want about %v", got, want)
	}
	if got := SignFlip(fill(xs, 1)); got.Greater != 1/float64(flipDraws+1) {
		t.Errorf("%+v", got)
	}
}

func TestHolm(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct{ ps, want []float64 }{
		{[]float64{.01, .04, .03, .005}, []float64{.03, .06, .06, .02}}, // .005·4, .01·3, .03·2, then .04 not below .06
		{[]float64{.5, .9, .6}, []float64{1, 1, 1}},
		{[]float64{nan, .02, nan, .01}, []float64{nan, .02, nan, .02}},
		{[]float64{.03}, []float64{.03}},
		{nil, nil},
	} {
		got := Holm(c.ps)
		if !slices.EqualFunc(got, c.want, func(a, b float64) bool { return same(a, b, 1e-15) }) {
			t.Errorf("Holm(%v) = %v, want %v", c.ps, got, c.want)
		}
	}
}

func TestQuantile(t *testing.T) {
	xs := []float64{4, 1, 3, 2}
	for p, want := range map[float64]float64{0: 1, .5: 2.5, .9: 3.7, 1: 4} {
		if got := quantile(xs, p); !same(got, want, 1e-12) {
			t.Errorf("%v: %v, want %v", p, got, want)
		}
	}
	if !slices.Equal(xs, []float64{4, 1, 3, 2}) || !math.IsNaN(quantile(nil, .5)) || quantile([]float64{7}, .3) != 7 {
		t.Error(xs)
	}
}
