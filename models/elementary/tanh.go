package elementary

import "math"

// tanhSmall is where Tanh turns from its series, below, to exponentials.
const tanhSmall = 1. / 128

// Tanh returns tanh x to within 2⁻⁴⁵ of itself: far below a float32's rounding.
func Tanh(x float64) float64 {
	t := math.Abs(x)
	e := Exp(-2 * t)
	y := (1 - e) / (1 + e)
	if t < tanhSmall {
		q := float64(t * t)
		y = t - float64(t*float64(q*(1./3-float64(q*(2./15)))))
	}
	return math.Copysign(y, x)
}
