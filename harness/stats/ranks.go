package stats

import (
	"cmp"
	"math"
	"slices"
)

// ranks returns the rank of each x, from 1; equal values share the mean of their ranks. Infinities rank as the
// extremes. A NaN among xs makes every rank NaN.
func ranks(xs []float64) []float64 {
	n := len(xs)
	order, out := make([]int, n), make([]float64, n)
	for i, x := range xs {
		if math.IsNaN(x) {
			return fill(out, math.NaN())
		}
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(xs[i], xs[j]) })
	for low := 0; low < n; {
		high := low + 1
		for high < n && xs[order[high]] == xs[order[low]] {
			high++
		}
		for _, i := range order[low:high] {
			out[i] = float64(low+1+high) / 2 // the mean of low+1 … high
		}
		low = high
	}
	return out
}

// constant reports whether xs holds no two different numbers.
func constant(xs []float64) bool {
	for _, x := range xs {
		if x != xs[0] {
			return false
		}
	}
	return true
}

func anyNaN(xs []float64) bool { return slices.ContainsFunc(xs, math.IsNaN) }

func fill(xs []float64, v float64) []float64 {
	for i := range xs {
		xs[i] = v
	}
	return xs
}
