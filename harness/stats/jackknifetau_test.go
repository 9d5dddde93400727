package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The jackknife by counts has the same bits as the jackknife that computes every τ-b anew.
func TestJackknifeTauBIsTheJackknifeOfTauB(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	undefined := 0
	for trial := range 2000 {
		blocks, levels := r.IntN(8), 1+r.IntN(12)
		x, y := make([][]float64, blocks), make([][]float64, blocks)
		value := func() float64 {
			if r.IntN(30) == 0 {
				return math.Inf(2*r.IntN(2) - 1)
			}
			return float64(r.IntN(levels))
		}
		for b := range blocks {
			for range r.IntN(9) {
				x[b], y[b] = append(x[b], value()), append(y[b], value())
			}
			if n := len(x[b]); n > 0 && r.IntN(200) == 0 {
				x[b][n-1] = math.NaN()
			}
		}
		got := JackknifeTauB(x, y, .95)
		want := Jackknife(blocks, .95, func(without int) float64 {
			var xs, ys []float64
			for b := range blocks {
				if b != without {
					xs, ys = append(xs, x[b]...), append(ys, y[b]...)
				}
			}
			if slices.ContainsFunc(slices.Concat(x...), math.IsNaN) {
				return math.NaN()
			}
			return TauB(xs, ys)
		})
		if !same(got.Mean, want.Mean, 0) || !same(got.Low, want.Low, 0) || !same(got.High, want.High, 0) || got.N != want.N {
			t.Fatalf("trial %d: %+v, want %+v, of %v and %v", trial, got, want, x, y)
		}
		if math.IsNaN(got.Low) {
			undefined++
		}
	}
	if undefined > 1500 {
		t.Errorf("%d of 2000 intervals are undefined: little was compared", undefined)
	}
}

func BenchmarkJackknifeTauB(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 8))
	const blocks = 2440
	x, y := make([][]float64, blocks), make([][]float64, blocks)
	for i := range blocks {
		for range 41 {
			x[i], y[i] = append(x[i], r.NormFloat64()), append(y[i], math.Round(400*r.Float64()))
		}
	}
	for b.Loop() {
		JackknifeTauB(x, y, .95)
	}
}
