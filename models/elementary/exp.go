package elementary

import "math"

// The constants of Exp. The polynomial is that of FreeBSD's e_exp.c (Sun Microsystems, 1993): with t = r², t(p₁ + t(p₂ + ...)) is within
// 2⁻⁵⁹ of r(eʳ+1)/(eʳ−1) − 2 for |r| ≤ ½ ln 2.
const (
	log2e   = 0x1.71547652b82fep+0
	expMost = 710.     // from here on eˣ is infinite
	expLow  = -746.    // from here down it is zero
	shift   = 0x1.8p52 // at this size a float64's last bit is 1
	p1      = 0x1.555555555553ep-3
	p2      = -0x1.6c16c16bebd93p-9
	p3      = 0x1.1566aaf25de2cp-14
	p4      = -0x1.bbd41c5d26bf1p-20
	p5      = 0x1.6376972bea4dp-25
)

// shiftBits is shift less 2046 as an integer: taken from the bits of shift + k, it leaves k + 2046, the sum of two biased exponents.
const shiftBits = 0x4338000000000000 - 2046

// Exp returns eˣ to within 1 unit in the last place, 1½ of a denormal one: +Inf from 709.79 on, 0 below −745.14, NaN of NaN.
func Exp(x float64) float64 {
	if x > expMost {
		x = expMost
	}
	if x < expLow {
		x = expLow
	}
	n := float64(x*log2e) + shift // the last bits are k, the whole number nearest to x/ln 2
	k := n - shift
	hi, lo := x-float64(k*ln2Hi), float64(k*ln2Lo)
	r := hi - lo
	t := float64(r * r)
	p := float64(p5*t) + p4
	p = float64(p*t) + p3
	p = float64(p*t) + p2
	p = float64(p*t) + p1
	c := r - float64(p*t)
	y := 1 - ((lo - float64(r*c)/(2-c)) - hi)
	u := math.Float64bits(n) - shiftBits
	half := u >> 1
	// 2ᵏ in two factors, for it may lie beyond float64 where the product does not.
	return y * math.Float64frombits(half<<52) * math.Float64frombits((u-half)<<52)
}
