package stats

import (
	"math"
	"slices"
)

// quantile is the p-quantile of xs, linear between order statistics (Hyndman & Fan 1996, type 7; numpy's default). It is NaN if xs is
// empty or holds a NaN.
func quantile(xs []float64, p float64) float64 {
	if len(xs) == 0 || anyNaN(xs) {
		return math.NaN()
	}
	xs = slices.Sorted(slices.Values(xs))
	at := p * float64(len(xs)-1)
	low := int(at)
	if low == len(xs)-1 {
		return xs[low]
	}
	return xs[low] + (at-float64(low))*(xs[low+1]-xs[low])
}
