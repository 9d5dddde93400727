package stats

import (
	"cmp"
	"math"
	"slices"
)

// Holm returns p values corrected for being several (Holm 1979). Of k sorted upwards, the i-th, from 0, is multiplied by k − i, then raised
// to the one before it if that is larger, and is at most 1. A NaN stays NaN and does not count among the k.
func Holm(ps []float64) []float64 {
	out := fill(make([]float64, len(ps)), math.NaN())
	var order []int
	for i, p := range ps {
		if !math.IsNaN(p) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(ps[i], ps[j]) })
	least := 0.
	for i, at := range order {
		least = math.Max(least, math.Min(1, ps[at]*float64(len(order)-i)))
		out[at] = least
	}
	return out
}
