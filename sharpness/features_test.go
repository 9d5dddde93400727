package sharpness

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"msharp/models/rng"
)

// The rank is that of the dense covariance, of more units than examples and of fewer; the mean and a column that never changes add none.
func TestFeatureRank(t *testing.T) {
	r := rng.Stream(1, "features")
	for _, c := range []struct{ n, k, factors int }{{200, 40, 5}, {30, 90, 5}, {100, 20, 20}, {60, 30, 1}, {50, 10, 0}} {
		a := answers{logits: make([][]float32, c.n)}
		x := mat.NewDense(c.n, c.k, nil)
		mix := make([][]float64, c.factors)
		for f := range mix {
			for range c.k {
				mix[f] = append(mix[f], r.NormFloat64()/float64(1+f))
			}
		}
		active := 0.
		for i := range c.n {
			a.logits[i] = []float32{0, 1, 0}
			row := make([]float64, c.k)
			for f := range mix {
				z := r.NormFloat64()
				for j := range row {
					row[j] += z * mix[f][j]
				}
			}
			features := make([]float32, c.k)
			for j, v := range row {
				features[j] = float32(v + 3)
				if features[j] < 2 {
					features[j] = 0
				}
				if features[j] > 0 {
					active++
				}
				x.Set(i, j, float64(features[j]))
			}
			a.features = append(a.features, features)
		}
		var cov mat.SymDense
		stat.CovarianceMatrix(&cov, x, nil)
		var e mat.EigenSym
		if !e.Factorize(&cov, false) {
			t.Fatal("no eigenvalues")
		}
		values, want, sum := e.Values(nil), 0., 0.
		for sum < .99*mat.Trace(&cov) {
			want++
			sum += values[c.k-int(want)]
		}
		got := of(t, &Features{}, a)
		if got[0] != want || c.factors == 5 && !(want > 3 && want < 30) {
			t.Errorf("%+v: rank %v, want %v", c, got[0], want)
		}
		within(t, "the share of active units", got[1], active/float64(c.n*c.k), 1e-12)
		a.features[c.n/2][1] = float32(math.NaN())
		if got := of(t, &Features{}, a); !math.IsNaN(got[0]) || !math.IsNaN(got[1]) {
			t.Errorf("beside a NaN: %v", got)
		}
	}
}
