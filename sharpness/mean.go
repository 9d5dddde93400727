package sharpness

import "math"

// Mean returns the mean of x and its standard error, as if x were independent: NaN for one number.
func Mean(x []float64) (mean, se float64) {
	n := float64(len(x))
	for _, v := range x {
		mean += v
	}
	mean /= n
	var ss float64
	for _, v := range x {
		ss += float64((v - mean) * (v - mean))
	}
	return mean, math.Sqrt(ss / (n - 1) / n)
}
