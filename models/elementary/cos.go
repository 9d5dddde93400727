package elementary

import "math"

// CosPi returns cos πx to within 2⁻⁵² for |x| ≤ 2⁵²; NaN of NaN and ±Inf.
func CosPi(x float64) float64 {
	x = math.Abs(x)
	x -= 2 * math.Floor(x/2)
	x = min(x, 2-x) // cos is even, of period 2
	switch {
	case x <= .25:
		return cos(float64(math.Pi * x))
	case x <= .75:
		return sin(float64(math.Pi * (.5 - x)))
	}
	return -cos(float64(math.Pi * (1 - x))) // NaN too
}

// sin returns sin z for |z| ≤ π/4: the polynomial of Cephes' sin.c (Moshier).
func sin(z float64) float64 {
	t := float64(z * z)
	p := float64(1.58962301576546568060e-10*t) - 2.50507477628578072866e-8
	p = float64(p*t) + 2.75573136213857245213e-6
	p = float64(p*t) - 1.98412698295895385996e-4
	p = float64(p*t) + 8.33333333332211858878e-3
	p = float64(p*t) - 1.66666666666666307295e-1
	return z + float64(float64(z*t)*p)
}

// cos returns cos z there.
func cos(z float64) float64 {
	t := float64(z * z)
	p := float64(-1.13585365213876817300e-11*t) + 2.08757008419747316778e-9
	p = float64(p*t) - 2.75573141792967388112e-7
	p = float64(p*t) + 2.48015872888517045348e-5
	p = float64(p*t) - 1.38888888888730564116e-3
	p = float64(p*t) + 4.16666666666665929218e-2
	return (1 - float64(0.5*t)) + float64(float64(t*t)*p)
}
