package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// In exact lines the indirect effect is the product of the slopes along the path, whatever the groups' intercepts.
func TestMediationOfExactLines(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var y, x, a, b, luck []float64
	var group []int
	for i := range 40 {
		g, at := i%4, float64(i/4)
		u, v := r.NormFloat64(), r.NormFloat64()
		za, zb := 3*float64(g)+.5*at+u, -.25*at+v
		x, a, b, luck = append(x, at), append(a, za), append(b, zb), append(luck, r.NormFloat64())
		y, group = append(y, 10*float64(g)+.3*at+2*za-1*zb), append(group, g)
	}
	m := Mediate(y, x, [][]float64{a, b}, group)
	if math.Abs(m.Direct-.3) > 1e-12 {
		t.Errorf("direct %v, want .3", m.Direct)
	}
	// The total is direct plus what goes along each path: the slopes of the mediators on x in this very sample.
	through := 2*Mediate(a, x, nil, group).Total - Mediate(b, x, nil, group).Total
	if math.Abs(m.Indirect()-through) > 1e-12 || math.Abs(m.Total-.3-through) > 1e-12 {
		t.Errorf("indirect %v of %v, want %v", m.Indirect(), m.Total, through)
	}
	if none := Mediate(y, x, nil, group); none.Indirect() != 0 || math.Abs(none.Total-m.Total) > 1e-12 {
		t.Errorf("without a mediator %+v", none)
	}
	if by := Mediate(y, x, [][]float64{luck}, group); math.Abs(by.Indirect()) > .5*math.Abs(m.Indirect()) {
		t.Errorf("through luck %v of %v", by.Indirect(), by.Total)
	}
}

func TestMediationThatIsUndefined(t *testing.T) {
	x, group := []float64{0, 1, 2, 0, 1, 2}, []int{1, 1, 1, 2, 2, 2}
	y := []float64{1, 3, 2, 5, 4, 9}
	for name, c := range map[string]struct {
		y, x []float64
		z    [][]float64
	}{
		"a constant mediator":       {y, x, [][]float64{{.1, .1, .1, .3, .3, .3}}},
		"a mediator that is x":      {y, x, [][]float64{{5, 7, 9, 1, 3, 5}}},
		"a NaN among y":             {[]float64{1, 3, 2, 5, 4, math.NaN()}, x, nil},
		"a NaN among mediators":     {y, x, [][]float64{{1, math.NaN(), 3, 1, 5, 2}}},
		"an infinite mediator":      {y, x, [][]float64{{1, math.Inf(1), 3, 1, 5, 2}}},
		"as many values as unknown": {y, x, [][]float64{{1, 5, 3, 1, 5, 2}, {3, 1, 4, 1, 5, 9}, {2, 7, 1, 8, 2, 8}}},
	} {
		if m := Mediate(c.y, c.x, c.z, group); !math.IsNaN(m.Direct) {
			t.Errorf("%s: %+v", name, m)
		}
	}
}
