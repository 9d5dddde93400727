package elementary

import "math"

// The polynomial of FreeBSD's e_log.c (Sun Microsystems, 1993): with s = f/(2+f), l₁s² + l₂s⁴ + ... is within 2⁻⁵⁸ of ln(1+f)/s − 2 for
// √½ ≤ 1 + f ≤ √2.
const (
	l1 = 0x1.5555555555593p-1
	l2 = 0x1.999999997fa04p-2
	l3 = 0x1.2492494229359p-2
	l4 = 0x1.c71c51d8e78afp-3
	l5 = 0x1.7466496cb03dep-3
	l6 = 0x1.39a09d078c69fp-3
	l7 = 0x1.2f112df3e5244p-3
)

// The bits of 1 and of √½, and those of a mantissa.
const (
	oneBits      = 0x3ff0000000000000
	rootHalfBits = 0x3fe6a09e667f3bcd
	mantissaBits = 0x000fffffffffffff
)

// Log returns ln x to within 1 unit in the last place: −Inf of 0, NaN below it and of NaN.
func Log(x float64) float64 {
	switch {
	case !(x < infinite):
		return x
	case x < 0:
		return math.NaN()
	case x == 0:
		return -infinite
	case x < 0x1p-1022:
		return logOf(x*0x1p54, -54, 0)
	}
	return logOf(x, 0, 0)
}

// Log1p returns ln(1 + x) to within 1 unit in the last place, tiny x included: −Inf of −1, NaN below it and of NaN.
func Log1p(x float64) float64 {
	switch {
	case !(x < infinite):
		return x
	case x < -1:
		return math.NaN()
	case x == -1:
		return -infinite
	}
	u := 1 + x
	one := u - x
	lost := (x - (u - one)) + (1 - one) // 1 + x = u + lost exactly
	return logOf(u, 0, lost/u)
}

// logOf returns ln u + k ln 2 + c for a normal number u and a small c.
func logOf(u, k, c float64) float64 {
	i := math.Float64bits(u) + (oneBits - rootHalfBits)
	k += float64(int64(i>>52) - 1023)
	f := math.Float64frombits(i&mantissaBits+rootHalfBits) - 1 // u = 2ᵏ(1 + f), √½ ≤ 1 + f < √2
	s := f / (2 + f)
	z := float64(s * s)
	w := float64(z * z)
	odd := float64(l7*w) + l5
	odd = float64(odd*w) + l3
	odd = float64(odd*w) + l1
	even := float64(l6*w) + l4
	even = float64(even*w) + l2
	r := float64(odd*z) + float64(even*w)
	half := float64(float64(0.5*f) * f)
	return float64(k*ln2Hi) - ((half - (float64(s*(half+r)) + (float64(k*ln2Lo) + c))) - f)
}
