package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestMeanT(t *testing.T) {
	got := MeanT([]float64{1, 2, 3, 4, 5}, .95)
	// s = √2.5, t(4, .975) = 2.776445105
	want := 2.776445105 * math.Sqrt(2.5) / math.Sqrt(5)
	if got.Mean != 3 || got.N != 5 || !same(got.Half(), want, 1e-8) || !same(got.High-3, want, 1e-8) {
		t.Errorf("%+v, want half width %v", got, want)
	}
	for n, xs := range [][]float64{nil, {7}} {
		got := MeanT(xs, .95)
		if got.N != n || !math.IsNaN(got.Low) || !math.IsNaN(got.High) || math.IsNaN(got.Mean) != (n == 0) {
			t.Errorf("MeanT(%v) = %+v", xs, got)
		}
	}
	if got := MeanT([]float64{1, math.NaN()}, .95); !math.IsNaN(got.Mean) || !math.IsNaN(got.Low) {
		t.Errorf("NaN hidden: %+v", got)
	}
}

// The jackknife of a mean is its t interval.
func TestJackknifeOfMean(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	xs := make([]float64, 8)
	for i := range xs {
		xs[i] = r.NormFloat64()
	}
	got := Jackknife(len(xs), .9, func(skip int) float64 {
		var sum, n float64
		for i, x := range xs {
			if i != skip {
				sum, n = sum+x, n+1
			}
		}
		return sum / n
	})
	want := MeanT(xs, .9)
	if !same(got.Mean, want.Mean, 1e-12) || !same(got.Low, want.Low, 1e-12) || got.N != want.N {
		t.Errorf("%+v, want %+v", got, want)
	}
	if one := Jackknife(1, .9, func(int) float64 { return 5 }); one.Mean != 5 || !math.IsNaN(one.Low) {
		t.Errorf("%+v", one)
	}
}
