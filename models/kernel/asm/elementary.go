package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// elementary writes the functions of package elementary over arrays, operation by operation as they stand there: no operation is
// fused, and each is the same in every lane.
func (v isa) elementary() {
	v.function("exp", 8, func() { v.exp() })
	v.function("log1p", 8, func() { v.log1p() })
	v.function("tanh", 4, func() { v.tanh() })
	v.tanhBack()
}

// tanhBack sets dx to dy times sech² x, the product in float64.
func (v isa) tanhBack() {
	v.each("tanhBack", "func(n int, dx, dy, x *float32)", []string{"dx", "dy", "x"}, nil,
		func(at func(string) Mem, load func(Mem, reg.VecPhysical), store func(reg.VecPhysical, Mem)) {
			y, x, dy, low := v.r[0], v.r[7], v.r[8], v.r[9]
			half := func() {
				VCVTPS2PD(v.half(x), y)
				v.sechSquared()
				VCVTPS2PD(v.half(dy), v.r[1])
				VMULPD(v.r[1], y, y)
				v.narrow(y)
			}
			load(at("x"), x)
			load(at("dy"), dy)
			half()
			VMOVAPS(y, low)
			v.upper(x)
			v.upper(dy)
			half()
			v.join(y, low)
			store(low, at("dx"))
		}, nil)
}

// upper moves the upper half of r to its lower half.
func (v isa) upper(r reg.VecPhysical) {
	if v.wide() {
		VEXTRACTF64X4(Imm(1), r, r.AsY())
	} else {
		VEXTRACTF128(Imm(1), r, r.AsX())
	}
}

// join puts the lower half of high into the upper half of low.
func (v isa) join(high, low reg.VecPhysical) {
	if v.wide() {
		VINSERTF64X4(Imm(1), high.AsY(), low, low)
	} else {
		VINSERTF128(Imm(1), high.AsX(), low, low)
	}
}

// function writes a kernel that sets y_i to a function of x_i, in float64. The n ≥ 1 elements of both arrays have size bytes. f takes x in the first
// register and leaves y there; the last register is the mask's.
func (v isa) function(name string, size int, f func()) {
	name += "AVX" + v.suffix
	pointer := "*float64"
	if size == 4 {
		pointer = "*float32"
	}
	TEXT(name, NOSPLIT, "func(n int, y, x "+pointer+")")
	Pragma("noescape")
	n := Load(Param("n"), GP64()).(reg.GPVirtual)
	y, x := Load(Param("y"), GP64()), Load(Param("x"), GP64())
	lanes, r := v.bytes()/8, v.r[0]
	count := GP64()
	MOVQ(n, count)
	SHRQ(Imm(uint64(log2(lanes))), count)
	JZ(LabelRef(name + "_tail"))
	Label(name + "_loop")
	if size == 8 {
		VMOVUPD(Mem{Base: x}, r)
	} else {
		VCVTPS2PD(Mem{Base: x}, r)
	}
	f()
	if size == 8 {
		VMOVUPD(r, Mem{Base: y})
	} else {
		v.narrow(r)
		VMOVUPS(v.half(r), Mem{Base: y})
	}
	ADDQ(Imm(uint64(lanes*size)), x)
	ADDQ(Imm(uint64(lanes*size)), y)
	DECQ(count)
	JNZ(LabelRef(name + "_loop"))
	Label(name + "_tail")
	ANDQ(Imm(uint64(lanes-1)), n)
	JZ(LabelRef(name + "_end"))
	if !v.wide() && size == 8 {
		ADDQ(n, n) // its mask counts float32
	}
	k := v.lanesMask(n, v.r[len(v.r)-1])
	switch {
	case size == 4:
		if v.wide() {
			VMOVUPS_Z(Mem{Base: x}, reg.K1, v.half(r))
		} else {
			VMASKMOVPS(Mem{Base: x}, v.half(k.y), v.half(r))
		}
		VCVTPS2PD(v.half(r), r)
	case v.wide():
		VMOVUPD_Z(Mem{Base: x}, reg.K1, r)
	default:
		VMASKMOVPD(Mem{Base: x}, k.y, r)
	}
	f()
	switch {
	case size == 4:
		v.narrow(r)
		if v.wide() {
			VMOVUPS(v.half(r), reg.K1, Mem{Base: y})
		} else {
			VMASKMOVPS(v.half(r), v.half(k.y), Mem{Base: y})
		}
	case v.wide():
		VMOVUPD(r, reg.K1, Mem{Base: y})
	default:
		VMASKMOVPD(r, k.y, Mem{Base: y})
	}
	Label(name + "_end")
	VZEROUPPER()
	RET()
}

// half is the lower half of r.
func (v isa) half(r reg.VecPhysical) reg.VecPhysical {
	if v.wide() {
		return r.AsY().(reg.VecPhysical)
	}
	return r.AsX().(reg.VecPhysical)
}

// narrow rounds the float64 in r to float32 in its lower half.
func (v isa) narrow(r reg.VecPhysical) {
	if v.wide() {
		VCVTPD2PS(r, r.AsY())
	} else {
		VCVTPD2PSY(r, r.AsX())
	}
}

// where sets z to from where x compares so with y.
func (v isa) where(x reg.VecPhysical, predicate uint64, y Mem, from Op, z, t reg.VecPhysical) {
	if v.wide() {
		VCMPPD(Imm(predicate), y, x, reg.K2)
		VMOVUPD(from, reg.K2, z)
		return
	}
	VCMPPD(Imm(predicate), y, x, t)
	VBLENDVPD(t, from, z, z)
}

// chain is a polynomial by Horner's rule: c₀ + t(c₁ + t(c₂ + ...)).
func chain(p, t reg.VecPhysical, c ...float64) {
	VMOVUPD(double(c[len(c)-1]), p)
	for i := len(c) - 2; i >= 0; i-- {
		VMULPD(t, p, p)
		VADDPD(double(c[i]), p, p)
	}
}

const (
	ln2Hi = 0x1.62e42feep-1
	ln2Lo = 0x1.a39ef35793c76p-33
)

// exp sets r₀ to its exponential; it uses r₁ to r₆.
func (v isa) exp() {
	const shift = 0x1.8p52
	x, n, k, hi, lo, c, p := v.r[0], v.r[1], v.r[2], v.r[3], v.r[4], v.r[5], v.r[6]
	VMOVUPD(double(710), p)
	VMINPD(x, p, x) // x where it is NaN, its second operand
	VMOVUPD(double(-746), p)
	VMAXPD(x, p, x)
	VMULPD(double(0x1.71547652b82fep+0), x, n)
	VADDPD(double(shift), n, n)
	VSUBPD(double(shift), n, k)
	VMULPD(double(ln2Hi), k, hi)
	VSUBPD(hi, x, hi)
	VMULPD(double(ln2Lo), k, lo)
	r, t := x, k
	VSUBPD(lo, hi, r)
	VMULPD(r, r, t)
	chain(p, t, 0x1.555555555553ep-3, -0x1.6c16c16bebd93p-9, 0x1.1566aaf25de2cp-14, -0x1.bbd41c5d26bf1p-20, 0x1.6376972bea4dp-25)
	VMULPD(t, p, p)
	VSUBPD(p, r, c)
	VMULPD(c, r, r)
	VMOVUPD(double(2), p)
	VSUBPD(c, p, p)
	VDIVPD(p, r, r)
	VSUBPD(r, lo, lo)
	VSUBPD(hi, lo, lo)
	VMOVUPD(double(1), x)
	VSUBPD(lo, x, x)
	VPSUBQ(word(math.Float64bits(shift)-2046), n, n)
	VPSRLQ(Imm(1), n, k)
	VPSUBQ(k, n, n)
	VPSLLQ(Imm(52), k, k)
	VPSLLQ(Imm(52), n, n)
	VMULPD(k, x, x)
	VMULPD(n, x, x)
}

// log1p sets r₀ to ln(1 + r₀); it uses r₁ to r₈.
func (v isa) log1p() {
	const one, rootHalf, mantissa = 0x3ff0000000000000, 0x3fe6a09e667f3bcd, 0x000fffffffffffff
	x, u, c, k, f, s, z, h, even := v.r[0], v.r[1], v.r[2], v.r[3], v.r[4], v.r[5], v.r[6], v.r[7], v.r[8]
	VADDPD(double(1), x, u)
	VSUBPD(x, u, k) // what is left of the 1
	VSUBPD(k, u, c)
	VSUBPD(c, x, c)
	VMOVUPD(double(1), f)
	VSUBPD(k, f, f)
	VADDPD(f, c, c)
	VDIVPD(u, c, c)
	VPADDQ(word(one-rootHalf), u, u)
	VPSRLQ(Imm(52), u, k)
	VORPD(double(1<<52), k, k) // the exponent as the last bits of a float64
	VSUBPD(double(1<<52+1023), k, k)
	VANDPD(word(mantissa), u, f)
	VPADDQ(word(rootHalf), f, f)
	VSUBPD(double(1), f, f)
	VADDPD(double(2), f, s)
	VDIVPD(s, f, s)
	VMULPD(s, s, z)
	w, odd := u, h
	VMULPD(z, z, w)
	chain(odd, w, 0x1.5555555555593p-1, 0x1.2492494229359p-2, 0x1.7466496cb03dep-3, 0x1.2f112df3e5244p-3)
	chain(even, w, 0x1.999999997fa04p-2, 0x1.c71c51d8e78afp-3, 0x1.39a09d078c69fp-3)
	VMULPD(z, odd, odd)
	VMULPD(w, even, even)
	r := even
	VADDPD(even, odd, r)
	VMULPD(double(.5), f, h)
	VMULPD(f, h, h)
	VADDPD(h, r, r)
	VMULPD(r, s, r)
	VMULPD(double(ln2Lo), k, z)
	VADDPD(c, z, z)
	VADDPD(z, r, r)
	VSUBPD(r, h, h)
	VSUBPD(f, h, h)
	VMULPD(double(ln2Hi), k, k)
	VSUBPD(h, k, k)
	v.where(x, 2, double(-1), double(math.Inf(-1)), k, z) // x ≤ −1
	v.where(x, 1, double(-1), double(math.NaN()), k, z)   // x < −1
	v.where(x, 5, double(math.Inf(1)), x, k, z)           // not x < ∞: NaN too
	VMOVAPD(k, x)
}

// tanh sets r₀ to its hyperbolic tangent; it uses r₁ to r₈.
func (v isa) tanh() {
	x, t, sign := v.r[0], v.r[7], v.r[8]
	VANDPD(word(1<<63), x, sign)
	VXORPD(sign, x, t)
	VMULPD(double(-2), t, x)
	v.exp()
	e, y, q, p := v.r[0], v.r[1], v.r[2], v.r[3]
	VMOVUPD(double(1), y)
	VSUBPD(e, y, y)
	VADDPD(double(1), e, e)
	VDIVPD(e, y, y)
	VMULPD(t, t, q)
	VMULPD(double(2./15), q, p)
	VMOVUPD(double(1./3), e)
	VSUBPD(p, e, e)
	VMULPD(q, e, e)
	VMULPD(t, e, e)
	VSUBPD(e, t, e)
	v.where(t, 1, double(1./128), e, y, p)
	VORPD(sign, y, x)
}

// sechSquared sets r₀ to the square of its hyperbolic secant; it uses r₁ to r₆.
func (v isa) sechSquared() {
	x, d := v.r[0], v.r[1]
	VORPD(word(1<<63), x, x)
	VMULPD(double(2), x, x)
	v.exp()
	VADDPD(double(1), x, d)
	VMULPD(d, d, d)
	VMULPD(double(4), x, x)
	VDIVPD(d, x, x)
}
