package stats

import (
	"math"
	"math/rand/v2"
)

// FlipTest is a sign-flip test: how often the mean of a sample would be as large as observed if each value were as likely to have the other
// sign.
type FlipTest struct {
	Greater  float64 // p against "the mean is positive"
	TwoSided float64 // p against "the mean is not 0"
	Patterns int     // of signs that were tried
	Exact    bool    // whether they are all there are
}

const exactFlips = 20 // the largest sample whose patterns of signs are all tried

// SignFlip is the randomization test of xs against a distribution symmetric about 0 (Fisher 1935, section 21): exact, over all 2^n
// patterns of signs, up to n = 20. Beyond that it draws 2^28/n patterns from a fixed stream, at least 10,000 and at most 100,000, and adds
// the observed one. With n values Greater is at least 2^−n. Sums that
// differ by at most 10⁻¹² Σ|x| are equal. A NaN among xs, or an empty sample, makes both p NaN.
func SignFlip(xs []float64) FlipTest {
	n := len(xs)
	if n == 0 || anyNaN(xs) {
		return FlipTest{Greater: math.NaN(), TwoSided: math.NaN()}
	}
	var sum, abs float64
	for _, x := range xs {
		sum, abs = sum+x, abs+math.Abs(x)
	}
	slack := 1e-12 * abs // sums that differ by rounding are equal
	var greater, twoSided int
	see := func(s float64) {
		if s >= sum-slack {
			greater++
		}
		if math.Abs(s) >= math.Abs(sum)-slack {
			twoSided++
		}
	}
	if n <= exactFlips {
		flips(xs, 0, see)
		all := math.Ldexp(1, n)
		return FlipTest{float64(greater) / all, float64(twoSided) / all, 1 << n, true}
	}
	see(sum)
	patterns := draws(n, 1)
	sums := make([]float64, drawnOnce)
	drawn(n, patterns, rand.NewPCG(20, uint64(n)), func(s *Signs, count int) {
		s.Sums(sums, xs)
		for _, sum := range sums[:count] {
			see(sum)
		}
	})
	all := float64(patterns + 1)
	return FlipTest{float64(greater) / all, float64(twoSided) / all, patterns + 1, false}
}

// flips calls see with sum ± xs[0] ± xs[1] … for every pattern of signs.
func flips(xs []float64, sum float64, see func(float64)) {
	if len(xs) == 0 {
		see(sum)
		return
	}
	flips(xs[1:], sum+xs[0], see)
	flips(xs[1:], sum-xs[0], see)
}
