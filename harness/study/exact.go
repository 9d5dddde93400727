package study

import "math"

// Errors are counts over sizes, and what is decided by them is decided as with whole numbers: equal is equal.

// mostDenominator bounds the sizes of data sets that fraction tells.
const mostDenominator = 1 << 24

// fraction returns the counts whose quotient, as a float64, is x, in lowest terms; not ok where x is no share of up to 16,777,216
// examples. Two such shares differ by more than the spacing of float64, so that the fraction is the only one.
func fraction(x float64) (num, den int64, ok bool) {
	if !(x >= 0 && x <= 1) {
		return 0, 0, false
	}
	// Convergents of the continued fraction of x.
	var p0, q0, p1, q1 int64 = 0, 1, 1, 0
	for rest := x; ; {
		whole := math.Floor(rest)
		p0, q0, p1, q1 = p1, q1, int64(whole)*p1+p0, int64(whole)*q1+q0
		switch {
		case q1 > mostDenominator:
			return 0, 0, false
		case float64(p1)/float64(q1) == x:
			return p1, q1, true
		}
		if rest -= whole; rest < 1e-12 {
			return 0, 0, false
		}
		rest = 1 / rest
	}
}

// difference is a − b, exact before it is rounded where both are shares of examples: equal differences are equal floats, whatever the
// sizes.
func difference(a, b float64) float64 {
	p, q, ok := fraction(a)
	r, s, also := fraction(b)
	if !ok || !also {
		return a - b
	}
	return float64(p*s-r*q) / float64(q*s)
}

// ErrorGap is the test error less the train error, as a share. It is that of the record but for rounding: models whose counts have the
// same gap are equal in it.
var ErrorGap = errorGap()

func errorGap() Field {
	recorded, test, train := finiteOf("error_gap"), finiteOf("test_error"), finiteOf("train_error")
	return Field{Name: "error_gap", Label: "error gap", Unit: "points", Scale: 100, Of: func(r Trial) (float64, bool) {
		gap, ok := recorded(r)
		if !ok || r.Diverged {
			return nan, false
		}
		a, hasA := test(r)
		b, hasB := train(r)
		if exact := difference(a, b); hasA && hasB && math.Abs(exact-gap) < Rounding {
			return exact, true
		}
		return gap, true
	}}
}

// LossGap is the test loss less the train loss.
var LossGap = Field{Name: "loss_gap", Label: "loss gap", Unit: "nats", Of: finiteOf("loss_gap")}

// Rounding is more than sums and means of errors, as shares, can be wrong by, and less than two that differ in a count differ by.
const Rounding = 1e-12

// cleared is a mean or a slope of numbers of that size: 0 where rounding alone keeps it from 0.
func cleared(x, size float64) float64 {
	if math.Abs(x) <= Rounding*size {
		return 0
	}
	return x
}
