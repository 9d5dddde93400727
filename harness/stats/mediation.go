package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Mediation is the effect of x on y, the slope of least squares, and what is left of it beside mediators.
type Mediation struct {
	Total  float64 // the slope of y on x
	Direct float64 // the slope of y on x, with the mediators beside x
}

// Indirect is the part of the effect that goes through the mediators.
func (m Mediation) Indirect() float64 { return m.Total - m.Direct }

// Mediate returns the mediation of x's effect on y by mediators, each with a value for every x, by the difference of coefficients (Judd and
// Kenny 1981; VanderWeele 2015, section 2.2):
//
//	y = a_g + c x,   y = a_g + c′ x + Σ_j b_j z_j,   Indirect = c − c′ = Σ_j b_j α_j
//
// with an intercept a_g for each group, and α_j the slope of z_j on x. It is the effect through the mediators where the lines are straight and
// parallel, and nothing else drives both a mediator and y.
//
// All are NaN where a value is, where within the groups x or a mediator is constant or a combination of the others, or where there are no more
// values than coefficients. Mediate panics if the lengths differ.
func Mediate(y, x []float64, mediators [][]float64, group []int) Mediation {
	columns := append([][]float64{y, x}, mediators...)
	groups := map[int]bool{}
	for _, g := range group {
		groups[g] = true
	}
	centred := make([][]float64, len(columns))
	for i, c := range columns {
		if len(c) != len(group) {
			panic(fmt.Sprintf("stats: %d values in column %d, %d groups", len(c), i, len(group)))
		}
		centred[i] = withinGroups(c, group)
	}
	free := len(y) - len(groups)
	return Mediation{slope(centred[0], centred[1:2], free), slope(centred[0], centred[1:], free)}
}

// withinGroups returns x less the mean of its group.
func withinGroups(x []float64, group []int) []float64 {
	sums := map[int]*mean{}
	for i, g := range group {
		if sums[g] == nil {
			sums[g] = &mean{}
		}
		sums[g].add(x[i])
	}
	out := make([]float64, len(x))
	for i, g := range group {
		out[i] = x[i] - sums[g].value()
		if math.Abs(out[i]) < 1e-13*math.Abs(x[i]) {
			out[i] = 0 // rounding
		}
	}
	return out
}

// slope is the first coefficient of the least-squares fit of y by xs, with so many degrees of freedom before it.
func slope(y []float64, xs [][]float64, free int) float64 {
	if free <= len(xs) || anyNaN(y) {
		return math.NaN()
	}
	a := mat.NewDense(len(y), len(xs), nil)
	scale := 1. // of the first
	for j, x := range xs {
		norm := mat.Norm(mat.NewVecDense(len(x), x), 2)
		if !(norm > 0) || math.IsInf(norm, 1) {
			return math.NaN()
		}
		for i, v := range x {
			a.Set(i, j, v/norm)
		}
		if j == 0 {
			scale = norm
		}
	}
	var qr mat.QR
	qr.Factorize(a)
	if qr.Cond() > 1e10 {
		return math.NaN()
	}
	var b mat.VecDense
	if err := qr.SolveVecTo(&b, false, mat.NewVecDense(len(y), y)); err != nil {
		return math.NaN()
	}
	return b.AtVec(0) / scale
}
