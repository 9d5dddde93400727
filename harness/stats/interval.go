package stats

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Interval is an estimate and its confidence interval, over a sample of N. With fewer than two values Low and High are NaN; without
// values Mean is too.
type Interval struct {
	Mean, Low, High float64
	N               int
}

// Half is the half width of the interval, the number after ±; NaN without an interval.
func (i Interval) Half() float64 { return (i.High - i.Low) / 2 }

// Scale returns the interval in another unit: every value times k ≥ 0.
func (i Interval) Scale(k float64) Interval {
	return Interval{k * i.Mean, k * i.Low, k * i.High, i.N}
}

// MeanT is the mean of xs with Student's t interval at a level such as .95: x̄ ± t(n−1) s/√n. A NaN among xs makes the result NaN.
func MeanT(xs []float64, level float64) Interval {
	n := len(xs)
	if n == 0 {
		return around(math.NaN(), math.NaN(), 0, level)
	}
	mean, sd := stat.MeanStdDev(xs, nil)
	return around(mean, sd/math.Sqrt(float64(n)), n, level)
}

// around returns mean ± t(n−1) se.
func around(mean, se float64, n int, level float64) Interval {
	if n < 2 {
		return Interval{mean, math.NaN(), math.NaN(), n}
	}
	half := se * student(n).Quantile((1+level)/2)
	return Interval{mean, mean - half, mean + half, n}
}

func student(n int) distuv.StudentsT { return distuv.StudentsT{Sigma: 1, Nu: float64(n - 1)} }

// Jackknife is the delete-one jackknife interval of a statistic θ of a whole population that consists of n blocks, such as seeds:
// θ ± t(n−1) √[(n−1)/n Σ (θ₍ᵢ₎ − θ̄₍.₎)²] (Efron & Stein 1981), with θ₍ᵢ₎ the statistic without block i. without(i) returns θ₍ᵢ₎, and θ for
// i = −1. A NaN among them makes the interval NaN.
func Jackknife(n int, level float64, without func(i int) float64) Interval {
	theta := without(-1)
	if n < 2 {
		return around(theta, math.NaN(), n, level)
	}
	part := make([]float64, n)
	for i := range part {
		part[i] = without(i)
	}
	return around(theta, math.Sqrt(JackknifeVariance(part)), n, level)
}
