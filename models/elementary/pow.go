package elementary

import "math"

// Pow returns xʸ for x ≥ 0 and finite y > 0, to within (1 + |y ln x|) 2⁻⁵¹ of itself, and to the last bit for y = ½, 1 and 2; NaN of NaN.
func Pow(x, y float64) float64 {
	switch y {
	case .5:
		return math.Sqrt(x)
	case 1:
		return x
	case 2:
		return x * x
	}
	return Exp(float64(y * Log(x)))
}

// Power returns xⁿ for n ≥ 0, by squares.
func Power(x float64, n int) float64 {
	y := 1.
	for ; n > 0; n /= 2 {
		if n%2 == 1 {
			y *= x
		}
		x *= x
	}
	return y
}
