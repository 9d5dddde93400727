package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// each writes a kernel over n ≥ 1 elements of the arrays p, a vector of elements at a time: body with full vectors, then with the mask of what
// is left. The body leaves the last register to the mask; setup runs once.
func (v isa) each(name, sig string, arrays []string, setup func(), body func(at func(p string) Mem, load func(Mem, reg.VecPhysical), store func(reg.VecPhysical, Mem)), finish func()) {
	name += "AVX" + v.suffix
	TEXT(name, NOSPLIT, sig)
	Pragma("noescape")
	n := Load(Param("n"), GP64()).(reg.GPVirtual)
	p := map[string]reg.Register{}
	for _, a := range arrays {
		p[a] = Load(Param(a), GP64())
	}
	if setup != nil {
		setup()
	}
	at := func(a string) Mem { return Mem{Base: p[a]} }
	count := GP64()
	MOVQ(n, count)
	SHRQ(Imm(uint64(log2(v.lanes))), count)
	JZ(LabelRef(name + "_tail"))
	Label(name + "_loop")
	body(at, func(m Mem, r reg.VecPhysical) { VMOVUPS(m, r) }, func(r reg.VecPhysical, m Mem) { VMOVUPS(r, m) })
	for _, a := range arrays {
		ADDQ(Imm(uint64(v.bytes())), p[a])
	}
	DECQ(count)
	JNZ(LabelRef(name + "_loop"))
	Label(name + "_tail")
	ANDQ(Imm(uint64(v.lanes-1)), n)
	JZ(LabelRef(name + "_end"))
	k := v.lanesMask(n, v.r[len(v.r)-1])
	body(at, k.load, k.store)
	Label(name + "_end")
	if finish != nil {
		finish()
	}
	VZEROUPPER()
	RET()
}

func log2(n int) int {
	if n == 1 {
		return 0
	}
	return 1 + log2(n/2)
}

// broadcast puts the float64 parameter into every lane of r.
func (v isa) broadcast(param string, r reg.VecPhysical) func() {
	return func() {
		a, err := Param(param).Resolve()
		if err != nil {
			panic(err)
		}
		VBROADCASTSD(a.Addr, r)
	}
}

// times sets x = float32(a·x), the product in float64, with t for the upper half.
func (v isa) times(a, x, t reg.VecPhysical) {
	if v.wide() {
		VEXTRACTF64X4(Imm(1), x, t.AsY())
		VCVTPS2PD(x.AsY(), x)
		VCVTPS2PD(t.AsY(), t)
		VMULPD(a, x, x)
		VMULPD(a, t, t)
		VCVTPD2PS(x, x.AsY())
		VCVTPD2PS(t, t.AsY())
		VINSERTF64X4(Imm(1), t.AsY(), x, x)
		return
	}
	VEXTRACTF128(Imm(1), x, t.AsX())
	VCVTPS2PD(x.AsX(), x)
	VCVTPS2PD(t.AsX(), t)
	VMULPD(a, x, x)
	VMULPD(a, t, t)
	VCVTPD2PSY(x, x.AsX())
	VCVTPD2PSY(t, t.AsX())
	VINSERTF128(Imm(1), t.AsX(), x, x)
}

func (v isa) elementwise() {
	r := v.r
	v.each("axpy", "func(n int, y, x *float32, a float64)", []string{"y", "x"}, v.broadcast("a", r[5]),
		func(at func(string) Mem, load func(Mem, reg.VecPhysical), store func(reg.VecPhysical, Mem)) {
			load(at("x"), r[0])
			v.times(r[5], r[0], r[1])
			load(at("y"), r[2])
			VADDPS(r[0], r[2], r[2])
			store(r[2], at("y"))
		}, nil)
	v.each("scaleTo", "func(n int, y, x *float32, a float64)", []string{"y", "x"}, v.broadcast("a", r[5]),
		func(at func(string) Mem, load func(Mem, reg.VecPhysical), store func(reg.VecPhysical, Mem)) {
			load(at("x"), r[0])
			v.times(r[5], r[0], r[1])
			store(r[0], at("y"))
		}, nil)
	v.each("add", "func(n int, y, x *float32)", []string{"y", "x"}, nil,
		func(at func(string) Mem, load func(Mem, reg.VecPhysical), store func(reg.VecPhysical, Mem)) {
			load(at("x"), r[0])
			load(at("y"), r[1])
			VADDPS(r[0], r[1], r[1])
			store(r[1], at("y"))
		}, nil)
	v.each("relu", "func(n int, y, x *float32)", []string{"y", "x"}, func() { v.zero(r[5]) },
		func(at func(string) Mem, load func(Mem, reg.VecPhysical), store func(reg.VecPhysical, Mem)) {
			load(at("x"), r[0])
			v.keep(6, r[0], r[5], r[0]) // NLE, unordered: x > 0 or NaN
			store(r[0], at("y"))
		}, nil)
	v.each("reluBack", "func(n int, dx, dy, y *float32)", []string{"dx", "dy", "y"}, func() { v.zero(r[5]) },
		func(at func(string) Mem, load func(Mem, reg.VecPhysical), store func(reg.VecPhysical, Mem)) {
			load(at("y"), r[0])
			load(at("dy"), r[1])
			v.keep(4, r[0], r[5], r[1]) // NEQ, unordered
			store(r[1], at("dx"))
		}, nil)
	v.dot64()
}

// choose copies from to z in the lanes where the comparison of x with y holds.
func (v isa) choose(predicate uint64, x, y, from, z reg.VecPhysical) {
	if v.wide() {
		VCMPPS(Imm(predicate), y, x, reg.K2)
		VMOVAPS(from, reg.K2, z)
		return
	}
	VCMPPS(Imm(predicate), y, x, v.r[6])
	VBLENDVPS(v.r[6], from, z, z)
}

// move takes the lanes of from in which the comparison of x with y holds to z, and leaves 0 there; the other lanes of z are 0. A register
// holds zero.
func (v isa) move(predicate uint64, x, y, from, z, zero reg.VecPhysical) {
	if v.wide() {
		VCMPPS(Imm(predicate), y, x, reg.K2)
		VMOVAPS_Z(from, reg.K2, z)
		VMOVAPS(zero, reg.K2, from)
		return
	}
	VCMPPS(Imm(predicate), y, x, v.r[6])
	VANDPS(from, v.r[6], z)
	VANDNPS(from, v.r[6], from)
}

// keep zeroes the lanes of z where the comparison of x with y does not hold.
func (v isa) keep(predicate uint64, x, y, z reg.VecPhysical) {
	if v.wide() {
		VCMPPS(Imm(predicate), y, x, reg.K2)
		VMOVAPS_Z(z, reg.K2, z)
		return
	}
	VCMPPS(Imm(predicate), y, x, v.r[6])
	VANDPS(v.r[6], z, z)
}

// dot64 is Σ x_i y_i in float64: lane l of sixteen takes the products, which are exact, at l, l + 16, ...; the caller adds the
// lanes, written to sums.
func (v isa) dot64() {
	name := "dotAVX" + v.suffix
	TEXT(name, NOSPLIT, "func(n int, x, y *float32, sums *[16]float64)")
	Pragma("noescape")
	n := Load(Param("n"), GP64()).(reg.GPVirtual)
	x, y := Load(Param("x"), GP64()), Load(Param("y"), GP64())
	parts := 128 / v.bytes() // registers of sixteen float64
	acc := v.r[:parts]
	for _, r := range acc {
		v.zero(r)
	}
	half := v.bytes() / 2 // bytes of float32 that fill a register as float64
	narrow := func(r reg.VecPhysical) reg.VecPhysical {
		if v.wide() {
			return r.AsY().(reg.VecPhysical)
		}
		return r.AsX().(reg.VecPhysical)
	}
	count := GP64()
	MOVQ(n, count)
	SHRQ(Imm(4), count)
	JZ(LabelRef(name + "_tail"))
	Label(name + "_loop")
	for i, r := range acc {
		VCVTPS2PD(Mem{Base: x, Disp: i * half}, v.r[parts])
		VCVTPS2PD(Mem{Base: y, Disp: i * half}, v.r[parts+1])
		VFMADD231PD(v.r[parts], v.r[parts+1], r)
	}
	ADDQ(Imm(64), x)
	ADDQ(Imm(64), y)
	DECQ(count)
	JNZ(LabelRef(name + "_loop"))
	Label(name + "_tail")
	ANDQ(Imm(15), n)
	JZ(LabelRef(name + "_end"))
	for h, k := range v.sixteen(n, name) {
		p, q := v.r[parts], v.r[parts+1]
		k.load(Mem{Base: x, Disp: h * v.bytes()}, p)
		k.load(Mem{Base: y, Disp: h * v.bytes()}, q)
		for part := range 2 {
			a, b := v.r[parts+2], v.r[parts+3]
			if part == 0 {
				VCVTPS2PD(narrow(p), a)
				VCVTPS2PD(narrow(q), b)
			} else if v.wide() {
				VEXTRACTF64X4(Imm(1), p, a.AsY())
				VEXTRACTF64X4(Imm(1), q, b.AsY())
				VCVTPS2PD(a.AsY(), a)
				VCVTPS2PD(b.AsY(), b)
			} else {
				VEXTRACTF128(Imm(1), p, a.AsX())
				VEXTRACTF128(Imm(1), q, b.AsX())
				VCVTPS2PD(a.AsX(), a)
				VCVTPS2PD(b.AsX(), b)
			}
			VFMADD231PD(a, b, acc[2*h+part])
		}
	}
	Label(name + "_end")
	sums := Load(Param("sums"), GP64())
	for i, r := range acc {
		VMOVUPD(r, Mem{Base: sums, Disp: i * v.bytes()})
	}
	VZEROUPPER()
	RET()
}

// transpose8 writes the transpose of a block of 8 × 8 for each of n blocks side by side in x, one below the other in y.
func transpose8() {
	TEXT("transpose8AVX2", NOSPLIT, "func(n int, y *float32, ldy int, x *float32, ldx int)")
	Pragma("noescape")
	n := Load(Param("n"), GP64())
	y, ldy := Load(Param("y"), GP64()), Load(Param("ldy"), GP64())
	x, ldx := Load(Param("x"), GP64()), Load(Param("ldx"), GP64())
	r := avx2.r
	Label("transpose8_loop")
	p := GP64()
	MOVQ(x, p)
	for i := range 8 {
		VMOVUPS(Mem{Base: p}, r[i])
		if i < 7 {
			ADDQ(ldx, p)
		}
	}
	for i := 0; i < 8; i += 2 {
		VUNPCKLPS(r[i+1], r[i], r[8+i])
		VUNPCKHPS(r[i+1], r[i], r[9+i])
	}
	for i := 0; i < 2; i++ {
		a, b, c, d := r[8+4*i], r[9+4*i], r[10+4*i], r[11+4*i]
		VSHUFPS(Imm(0x44), c, a, r[4*i])
		VSHUFPS(Imm(0xee), c, a, r[4*i+1])
		VSHUFPS(Imm(0x44), d, b, r[4*i+2])
		VSHUFPS(Imm(0xee), d, b, r[4*i+3])
	}
	for i := range 4 {
		VPERM2F128(Imm(0x20), r[4+i], r[i], r[8+i])
		VPERM2F128(Imm(0x31), r[4+i], r[i], r[12+i])
	}
	for i := range 8 {
		VMOVUPS(r[8+i], Mem{Base: y})
		ADDQ(ldy, y)
	}
	ADDQ(Imm(32), x)
	DECQ(n)
	JNZ(LabelRef("transpose8_loop"))
	VZEROUPPER()
	RET()
}
