package stats

import (
	"cmp"
	"math"
	"math/rand/v2"
	"testing"
)

// definition is τ-a and τ-b as written: sums over ordered pairs of signs.
func definition(x, y []float64) (a, b float64) {
	var xy, xx, yy, n float64
	for i := range x {
		for j := range x {
			if i == j {
				continue
			}
			sx, sy := float64(cmp.Compare(x[i], x[j])), float64(cmp.Compare(y[i], y[j]))
			xy, xx, yy, n = xy+sx*sy, xx+sx*sx, yy+sy*sy, n+1
		}
	}
	return xy / n, xy / math.Sqrt(xx*yy)
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
		a, b := definition(x, y)
		if got := TauA(x, y); !same(got, a, 1e-15) {
			t.Fatalf("trial %d: τ-a %v, definition %v of %v %v", trial, got, a, x, y)
		}
		if got := TauB(x, y); !same(got, b, 1e-15) {
			t.Fatalf("trial %d: τ-b %v, definition %v of %v %v", trial, got, b, x, y)
		}
	}
}

func TestTauFixture(t *testing.T) {
	var mu, gap []float64
	for a := range 3 {
		for b := range 3 {
			for c := range 3 {
				gap = append(gap, float64(100*a+30*b+5*c+11*((a*b+2*c)%3)))
				mu = append(mu, float64(100*a-40*b+10*c+5*((2*a+b*c)%3)))
			}
		}
	}
	if got := TauA(mu, gap); !same(got, .461538462, 5e-10) {
		t.Errorf("τ-a = %.9f", got)
	}
	if got := TauB(mu, gap); !same(got, .463523582, 5e-10) {
		t.Errorf("τ-b = %.9f", got)
	}
}

func TestTauEdges(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		x, y []float64
		a, b float64
	}{
		{nil, nil, nan, nan},
		{[]float64{1}, []float64{1}, nan, nan},
		{[]float64{1, 1}, []float64{1, 2}, 0, nan},
		{[]float64{1, 1}, []float64{2, 1}, 0, nan},
		{[]float64{1, 2}, []float64{1, nan}, nan, nan},
		{[]float64{1, 2, inf}, []float64{1, 2, inf}, 1, 1},
		{[]float64{-inf, 2, inf}, []float64{3, 2, 1}, -1, -1},
		{[]float64{0, math.Copysign(0, -1), 1}, []float64{1, 2, 3}, 2. / 3, 2 / math.Sqrt(6)},
		{[]float64{1, inf, inf}, []float64{1, 2, 3}, 2. / 3, 2 / math.Sqrt(6)},
	} {
		if a, b := TauA(c.x, c.y), TauB(c.x, c.y); !same(a, c.a, 1e-15) || !same(b, c.b, 1e-15) {
			t.Errorf("τ(%v, %v) = %v, %v; want %v, %v", c.x, c.y, a, b, c.a, c.b)
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
