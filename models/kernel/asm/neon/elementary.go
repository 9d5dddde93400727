package main

import "math"

// elementary writes the functions of package elementary over arrays, operation by operation as they stand there: no operation is
// fused, and each is the same in every lane. A function takes x in register 0 and leaves y there.
func elementary() {
	wide("exp", exp)
	wide("log1p", log1p)
	each("tanh", "sets y to tanh x.", []string{"y", "x"}, nil, 10, nothing, func(m access) {
		const low, x = vec(10), vec(11)
		m.load("x", x)
		widen(0, x)
		tanh()
		narrow(low, 0)
		widenHigh(0, x)
		tanh()
		narrowHigh(low, 0)
		m.store(low, "y")
	})
	each("tanhBack", "sets dx to dy·sech² x.", []string{"dx", "dy", "x"}, nil, 10, nothing, func(m access) {
		const y, wide, low, x, dy = vec(0), vec(1), vec(7), vec(8), vec(9)
		m.load("x", x)
		m.load("dy", dy)
		widen(y, x)
		sechSquared()
		widen(wide, dy)
		double.mul(y, y, wide)
		narrow(low, y)
		widenHigh(y, x)
		sechSquared()
		widenHigh(wide, dy)
		double.mul(y, y, wide)
		narrowHigh(low, y)
		m.store(low, "dx")
	})
}

// wide writes a function that sets y_i to a function of x_i for n ≥ 1 float64.
func wide(name string, f func()) {
	list := join(params("int", "n"), params("*float64", "y", "x"))
	function(name+"NEON", "sets y to "+name+" x: see elementary.", list, func() {
		const n, y, x, count = r(0), r(1), r(2), r(3)
		op("MOVD %s, %s", arg("n"), n)
		op("MOVD %s, %s", arg("y"), y)
		op("MOVD %s, %s", arg("x"), x)
		withConstants(8, nothing, func() {
			op("LSR $1, %s, %s", n, count)
			op("CBZ %s, tail", count)
			label("two")
			op("FMOVQ.P 16(%s), F0", x)
			f()
			op("FMOVQ.P F0, 16(%s)", y)
			op("SUBS $1, %s", count)
			op("BNE two")
			label("tail")
			op("TBZ $0, %s, end", n)
			op("FMOVD (%s), F0", x)
			f()
			op("FMOVD F0, (%s)", y)
			label("end")
		})
	})
}

// number is a constant in both float64 of a vector.
func number(x float64) vec { return bits64(math.Float64bits(x)) }

// chain is a polynomial by Horner's rule: c₀ + t(c₁ + t(c₂ + ...)).
func chain(p, t vec, c ...float64) {
	last := len(c) - 1
	double.mul(p, t, number(c[last]))
	for i := last - 1; i >= 0; i-- {
		double.add(p, p, number(c[i]))
		if i > 0 {
			double.mul(p, p, t)
		}
	}
}

const (
	ln2Hi = 0x1.62e42feep-1
	ln2Lo = 0x1.a39ef35793c76p-33
)

// exp sets register 0 to its exponential; it uses 1 to 6.
func exp() {
	const shift = 0x1.8p52
	const x, n, k, hi, lo, c, p = vec(0), vec(1), vec(2), vec(3), vec(4), vec(5), vec(6)
	double.min(x, x, number(710))
	double.max(x, x, number(-746))
	double.mul(n, x, number(0x1.71547652b82fep+0))
	double.add(n, n, number(shift))
	double.sub(k, n, number(shift))
	double.mul(hi, k, number(ln2Hi))
	double.sub(hi, x, hi)
	double.mul(lo, k, number(ln2Lo))
	const r, t = x, k
	double.sub(r, hi, lo)
	double.mul(t, r, r)
	chain(p, t, 0x1.555555555553ep-3, -0x1.6c16c16bebd93p-9, 0x1.1566aaf25de2cp-14, -0x1.bbd41c5d26bf1p-20, 0x1.6376972bea4dp-25)
	double.mul(p, p, t)
	double.sub(c, r, p)
	double.mul(r, r, c)
	double.sub(p, number(2), c)
	double.div(r, r, p)
	double.sub(lo, lo, r)
	double.sub(lo, lo, hi)
	double.sub(x, number(1), lo)
	subInts(n, n, bits64(math.Float64bits(shift)-2046))
	shiftRight(k, n, 1)
	subInts(n, n, k)
	shiftLeft(k, k, 52)
	shiftLeft(n, n, 52)
	double.mul(x, x, k)
	double.mul(x, x, n)
}

// log1p sets register 0 to ln(1 + x); it uses 1 to 8.
func log1p() {
	const one, rootHalf, mantissa = 0x3ff0000000000000, 0x3fe6a09e667f3bcd, 0x000fffffffffffff
	const x, u, c, k, f, s, z, h, even = vec(0), vec(1), vec(2), vec(3), vec(4), vec(5), vec(6), vec(7), vec(8)
	double.add(u, x, number(1))
	double.sub(k, u, x) // what is left of the 1
	double.sub(c, u, k)
	double.sub(c, x, c)
	double.sub(f, number(1), k)
	double.add(c, c, f)
	double.div(c, c, u)
	addInts(u, u, bits64(one-rootHalf))
	shiftRight(k, u, 52)
	or(k, k, number(1<<52)) // the exponent as the last bits of a float64
	double.sub(k, k, number(1<<52+1023))
	and(f, u, bits64(mantissa))
	addInts(f, f, bits64(rootHalf))
	double.sub(f, f, number(1))
	double.add(s, f, number(2))
	double.div(s, f, s)
	double.mul(z, s, s)
	const w, odd, t = u, h, u
	double.mul(w, z, z)
	chain(odd, w, 0x1.5555555555593p-1, 0x1.2492494229359p-2, 0x1.7466496cb03dep-3, 0x1.2f112df3e5244p-3)
	chain(even, w, 0x1.999999997fa04p-2, 0x1.c71c51d8e78afp-3, 0x1.39a09d078c69fp-3)
	double.mul(odd, odd, z)
	double.mul(even, even, w)
	double.add(even, odd, even)
	double.mul(h, f, number(.5))
	double.mul(h, h, f)
	double.add(even, even, h)
	double.mul(even, s, even)
	double.mul(z, k, number(ln2Lo))
	double.add(z, z, c)
	double.add(even, even, z)
	double.sub(h, h, even)
	double.sub(h, h, f)
	double.mul(k, k, number(ln2Hi))
	double.sub(k, k, h)
	double.atLeast(t, number(-1), x)
	where(k, number(math.Inf(-1)), t)
	double.greater(t, number(-1), x)
	where(k, bits64(0x7ff8000000000001), t)
	double.greater(t, number(math.Inf(1)), x)
	whereNot(k, x, t) // not below ∞: NaN too
	move(x, k)
}

// tanh sets register 0 to its hyperbolic tangent; it uses 1 to 8.
func tanh() {
	const x, t, sign = vec(0), vec(7), vec(8)
	and(sign, x, bits64(1<<63))
	xor(t, x, sign)
	double.mul(x, t, number(-2))
	exp()
	const e, y, q, p = vec(0), vec(1), vec(2), vec(3)
	double.sub(y, number(1), e)
	double.add(e, e, number(1))
	double.div(y, y, e)
	double.mul(q, t, t)
	double.mul(p, q, number(2./15))
	double.sub(e, number(1./3), p)
	double.mul(e, q, e)
	double.mul(e, t, e)
	double.sub(e, t, e)
	double.greater(p, number(1./128), t)
	where(y, e, p)
	or(x, y, sign)
}

// sechSquared sets register 0 to the square of its hyperbolic secant; it uses 1 to 6.
func sechSquared() {
	const x, d = vec(0), vec(1)
	or(x, x, bits64(1<<63))
	double.mul(x, x, number(2))
	exp()
	double.add(d, x, number(1))
	double.mul(d, d, d)
	double.mul(x, x, number(4))
	double.div(x, x, d)
}
