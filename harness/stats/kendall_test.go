package stats

import (
	"cmp"
	"math"
	"math/rand/v2"
	"testing"
)

// definition is τ-b as written: sums over ordered pairs of signs.
func definition(x, y []float64) float64 {
	var xy, xx, yy float64
	for i := range x {
		for j := range x {
			if i == j {
				continue
			}
			sx, sy := float64(cmp.Compare(x[i], x[j])), float64(cmp.Compare(y[i], y[j]))
			xy, xx, yy = xy+sx*sy, xx+sx*sx, yy+sy*sy
		}
	}
	return xy / math.Sqrt(xx*yy)
}

func same(a, b, tol float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || a == b || math.Abs(a-b) <= tol
}

func TestTauIsItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for trial := range 2000 {
		n, levels := 2+r.IntN(30), 1+r.IntN(20)
		x, y := make([]float64, n), make([]float64, n)
		for i := range x {
			x[i], y[i] = float64(r.IntN(levels)), float64(r.IntN(levels))
			if r.IntN(20) == 0 {
				x[i] = math.Inf(2*r.IntN(2) - 1)
			}
			if r.IntN(20) == 0 {
				y[i] = math.Inf(1)
			}
		}
		if got, want := TauB(x, y), definition(x, y); !same(got, want, 1e-15) {
			t.Fatalf("trial %d: τ-b %v, definition %v of %v %v", trial, got, want, x, y)
		}
	}
}

func TestTauEdges(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		x, y []float64
		want float64
	}{
		{nil, nil, nan},
		{[]float64{1}, []float64{1}, nan},
		{[]float64{1, 1}, []float64{1, 2}, nan},
		{[]float64{1, 1}, []float64{2, 1}, nan},
		{[]float64{1, 2}, []float64{1, nan}, nan},
		{[]float64{1, 2, inf}, []float64{1, 2, inf}, 1},
		{[]float64{-inf, 2, inf}, []float64{3, 2, 1}, -1},
		{[]float64{0, math.Copysign(0, -1), 1}, []float64{1, 2, 3}, 2 / math.Sqrt(6)},
		{[]float64{1, inf, inf}, []float64{1, 2, 3}, 2 / math.Sqrt(6)},
	} {
		if got := TauB(c.x, c.y); !same(got, c.want, 1e-15) {
			t.Errorf("τ-b(%v, %v) = %v, want %v", c.x, c.y, got, c.want)
		}
	}
}

func TestTauLeavesItsInput(t *testing.T) {
	x, y := []float64{3, 1, 2}, []float64{9, 8, 7}
	TauB(x, y)
	if x[0] != 3 || y[0] != 9 || y[2] != 7 {
		t.Error(x, y)
	}
}
