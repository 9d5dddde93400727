package study

import (
	"math"

	"gonum.org/v1/gonum/stat"
)

// Slope is that of the least-squares line of ys over their index 0, 1, 2, …; 0 where rounding alone keeps it from 0.
func Slope(ys []float64) float64 {
	index, size := make([]float64, len(ys)), 0.
	for i, y := range ys {
		index[i], size = float64(i), math.Max(size, math.Abs(y))
	}
	_, b := stat.LinearRegression(index, ys, nil, false)
	return cleared(b, size)
}

// LineSlope returns how the test error of a seed changes along a line over m, in points a step of m; not ok where the seed lacks an m.
func LineSlope(line []Runs, seed uint64) (points float64, ok bool) {
	ys := make([]float64, 0, len(line))
	for _, runs := range line {
		p, ok := runs.Of(seed)
		if !ok {
			return 0, false
		}
		ys = append(ys, 100*p.Test)
	}
	return Slope(ys), true
}

// BestRho returns the radius of the smallest error of a seed along a line over ρ, the geometric mean of equal ones; not ok where the seed
// lacks a radius, a run of it has no such error, or it has an error of 1 at every radius, as where it diverged. error is of a run: its test error, or that by which settings are chosen.
func BestRho(line []Radius, seed uint64, error func(Point) float64) (rho, least float64, ok bool) {
	least = math.Inf(1)
	var logs mean // of log ρ, over the radii of the least error
	for _, r := range line {
		p, ok := r.Of(seed)
		if !ok || math.IsNaN(error(p)) {
			return nan, nan, false
		}
		v := error(p)
		if v < least {
			rho, least, logs = r.Rho, v, mean{}
		}
		if v == least {
			logs.sum, logs.n = logs.sum+math.Log(r.Rho), logs.n+1
		}
	}
	if logs.n > 1 {
		rho = math.Exp(logs.sum / logs.n)
	}
	return rho, least, logs.n > 0 && least < 1
}

// TestOf is the test error of a run, and ValOf that by which settings are chosen.
func TestOf(p Point) float64 { return p.Test }
func ValOf(p Point) float64  { return p.Val }

// SlopeWeights are the weights of the ys in the slope of their least-squares line over xs.
func SlopeWeights(xs []float64) []float64 {
	mean, ss := 0., 0.
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	for _, x := range xs {
		ss += (x - mean) * (x - mean)
	}
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = (x - mean) / ss
	}
	return out
}
