package study

import (
	"math"

	"gonum.org/v1/gonum/stat"
)

// Slope is that of the least-squares line of ys over their index.
func Slope(ys []float64) float64 {
	index := make([]float64, len(ys))
	for i := range index {
		index[i] = float64(i)
	}
	_, b := stat.LinearRegression(index, ys, nil, false)
	return b
}

// LineSlope returns how the test error of a seed changes along a line over m, in points a step of m; not ok where the seed lacks an m.
// A line on which all counts are equal has slope 0.
func LineSlope(line []Runs, seed uint64) (points float64, ok bool) {
	ys := make([]float64, 0, len(line))
	for _, runs := range line {
		p, ok := runs.Of(seed)
		if !ok {
			return 0, false
		}
		ys = append(ys, 100*p.Test)
	}
	return cleared(Slope(ys)), true
}

// BestRho returns the radius of the smallest error of a seed along a line over ρ, the geometric mean of equal ones; not ok where the seed
// lacks a radius, or error one, or diverged at every radius. error is of a run: its test error, or that by which settings are chosen.
func BestRho(line []Radius, seed uint64, error func(Point) float64) (rho, least float64, ok bool) {
	least = math.Inf(1)
	var logs mean
	for _, r := range line {
		p, ok := r.Of(seed)
		if !ok || math.IsNaN(error(p)) {
			return nan, nan, false
		}
		v := error(p)
		if v < least {
			least, logs = v, mean{}
		}
		if v == least {
			logs.sum, logs.n = logs.sum+math.Log(r.Rho), logs.n+1
		}
	}
	return math.Exp(logs.sum / logs.n), least, logs.n > 0 && least < 1
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
