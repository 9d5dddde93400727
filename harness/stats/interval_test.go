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

func TestTestZero(t *testing.T) {
	got := TestZero([]float64{.1, .3, -.1}, .95) // t = .1/(.2/√3) = .866025, two degrees of freedom
	if got.N != 3 || !same(got.Mean, .1, 1e-12) || !same(got.T, math.Sqrt(3)/2, 1e-9) {
		t.Errorf("%+v", got)
	}
	// With two degrees of freedom the distribution is 1/2 + t/(2√(2+t²)).
	if want := 1 - got.T/math.Sqrt(2+got.T*got.T); !same(got.P, want, 1e-9) {
		t.Errorf("p = %v, want %v", got.P, want)
	}
	if one := TestZero([]float64{1}, .95); one.Mean != 1 || !math.IsNaN(one.P) || !math.IsNaN(one.Low) {
		t.Errorf("one value: %+v", one)
	}
	if none := TestZero(nil, .95); none.N != 0 || !math.IsNaN(none.Mean) {
		t.Errorf("no value: %+v", none)
	}
}

func TestTestZeroWithoutSpread(t *testing.T) {
	if d := TestZero([]float64{0, 0}, .95); d.T != 0 || d.P != 1 || d.Low != 0 {
		t.Errorf("%+v", d)
	}
	if d := TestZero([]float64{-2, -2}, .95); !math.IsInf(d.T, -1) || d.P != 0 || d.High != -2 {
		t.Errorf("%+v", d)
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
