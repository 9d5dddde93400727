package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestPartialByHand(t *testing.T) {
	a, b := []float64{1, 2, 3, 4, 5}, []float64{2, 1, 4, 3, 5}
	c := []float64{1, 2, 3, 5, 4}
	// τ_ab = .6, τ_ac = .8, τ_bc = .4
	if got, want := PartialTau(a, b, c), (.6-.8*.4)/math.Sqrt((1-.64)*(1-.16)); !same(got, want, 1e-12) {
		t.Errorf("τ_ab·c = %v, want %v", got, want)
	}
	if got := PartialTau(a, b); got != TauB(a, b) {
		t.Errorf("given nothing: %v", got)
	}
	flat, holed := []float64{1, 1, 1, 1, 1}, []float64{1, 2, math.NaN(), 4, 5}
	for _, given := range [][][]float64{{a}, {b}, {flat}, {holed}, {c, c}} {
		if got := PartialTau(a, b, given...); !math.IsNaN(got) {
			t.Errorf("given %v: %v", given, got)
		}
	}
}

// The correlation given two variables follows from those given one of them.
func TestPartialRecursion(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	draw := func() []float64 {
		x := make([]float64, 40)
		for i := range x {
			x[i] = float64(r.IntN(30))
		}
		return x
	}
	a, b, c, d := draw(), draw(), draw(), draw()
	ab, ad, bd := PartialTau(a, b, c), PartialTau(a, d, c), PartialTau(b, d, c)
	want := (ab - ad*bd) / math.Sqrt((1-ad*ad)*(1-bd*bd))
	if got := PartialTau(a, b, c, d); !same(got, want, 1e-12) || !same(PartialTau(a, b, d, c), want, 1e-12) {
		t.Errorf("%v, want %v", got, want)
	}
}
