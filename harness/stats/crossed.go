package stats

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Crossed is the estimate of a statistic over two crossed samples: seeds, each with a training run of its own, and test images, which all
// seeds share. Its variance is A + T, A over seeds and T over test images, and its interval and its p are those of Student's t with ν
// degrees of freedom.
//
// With crossed effects of variances σ_s² of seeds, σ_i² of images and σ_si² of both, a mean over S seeds and N images has the variance
// σ_s²/S + σ_i²/N + σ_si²/(SN). A holds the last term, and so does T: A + T counts it twice and is conservative (Owen 2007; Cameron, Gelbach
// & Miller 2011 subtract it).
type Crossed struct {
	Value  float64
	N      int     // seeds
	Seeds  float64 // A = s²/S, s² the variance of the values by seed
	Images float64 // T, by the jackknife over blocks of images; 0 of a statistic that no test image has a part in
	Nu     float64 // ν = V²/(A²/(S−1) + T²/(G−1)) of V = A + T and G blocks (Satterthwaite 1946)
}

// CrossedT is the estimate of a statistic whose values by seed are bySeed. Its value is their mean. without holds the statistic with each of
// G blocks of test images left out in turn, and T is the jackknife over them,
//
//	T = (G−1)/G Σ_g (θ₍₋g₎ − θ₍·₎)²
//
// which, for a mean over G blocks of equal size, is Σ_g (θ_g − θ)²/(G(G−1)). Without blocks T is 0. With fewer than two seeds A is NaN, and
// with one block T is. A NaN among the numbers makes the result NaN.
func CrossedT(bySeed, without []float64) Crossed {
	mean, sd := stat.MeanStdDev(bySeed, nil)
	if len(bySeed) == 0 {
		mean, sd = math.NaN(), math.NaN()
	}
	return CrossedOf(mean, len(bySeed), sd*sd/float64(len(bySeed)), without)
}

// CrossedOf is CrossedT of a value over n seeds whose variance over seeds is known.
func CrossedOf(value float64, n int, seeds float64, without []float64) Crossed {
	c := Crossed{Value: value, N: n, Seeds: seeds}
	blocks := float64(len(without))
	if blocks > 0 {
		c.Images = JackknifeVariance(without)
	}
	v := c.Seeds + c.Images
	c.Nu = v * v / (c.Seeds*c.Seeds/float64(n-1) + over(c.Images*c.Images, blocks-1))
	return c
}

// over is x/n, 0 of x = 0 whatever n.
func over(x, n float64) float64 {
	if x == 0 {
		return 0
	}
	return x / n
}

// Error is the standard error √(A + T).
func (c Crossed) Error() float64 { return math.Sqrt(c.Seeds + c.Images) }

// Interval is the value ± t_ν √(A + T) at a level such as .95; without bounds where there are none.
func (c Crossed) Interval(level float64) Interval {
	i := Interval{c.Value, math.NaN(), math.NaN(), c.N}
	if e := c.Error(); e >= 0 && c.Nu > 0 {
		half := e * c.student().Quantile((1+level)/2)
		i.Low, i.High = c.Value-half, c.Value+half
	}
	return i
}

// Greater is p, one-sided, against "the statistic is positive". It is NaN where there is no interval.
func (c Crossed) Greater() float64 {
	e := c.Error()
	if !(e > 0) || !(c.Nu > 0) {
		return math.NaN()
	}
	return c.student().CDF(-c.Value / e)
}

// Scale is the estimate in another unit: times k, which may be negative.
func (c Crossed) Scale(k float64) Crossed {
	c.Value, c.Seeds, c.Images = k*c.Value, k*k*c.Seeds, k*k*c.Images
	return c
}

func (c Crossed) student() distuv.StudentsT { return distuv.StudentsT{Sigma: 1, Nu: c.Nu} }

// JackknifeVariance is (n−1)/n Σ (θ₍ᵢ₎ − θ₍·₎)² of a statistic with each of n blocks left out in turn (Efron & Stein 1981); NaN of one.
func JackknifeVariance(without []float64) float64 {
	n := float64(len(without))
	if n < 2 {
		return math.NaN()
	}
	mean, ss := stat.Mean(without, nil), 0.
	for _, x := range without {
		ss += (x - mean) * (x - mean)
	}
	return ss * (n - 1) / n
}
