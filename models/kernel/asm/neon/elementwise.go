package main

func nothing() {}

func elementwise() {
	scale := func() {
		op("FMOVD %s, F16", arg("a"))
		spreadWide(16)
	}
	a := params("float64", "a")
	each("axpy", "adds float32(a·x) to y.", []string{"y", "x"}, a, 17, scale, func(m access) {
		m.load("x", 0)
		times(0, 16)
		m.load("y", 2)
		single.add(2, 2, 0)
		m.store(2, "y")
	})
	each("scaleTo", "sets y to float32(a·x).", []string{"y", "x"}, a, 17, scale, func(m access) {
		m.load("x", 0)
		times(0, 16)
		m.store(0, "y")
	})
	each("add", "adds x to y.", []string{"y", "x"}, nil, 17, nothing, func(m access) {
		m.load("x", 0)
		m.load("y", 1)
		single.add(1, 1, 0)
		m.store(1, "y")
	})
	each("relu", "sets y to the larger of x and 0.", []string{"y", "x"}, nil, 17, func() { zero(16) }, func(m access) {
		m.load("x", 0)
		single.max(0, 0, 16)
		m.store(0, "y")
	})
	each("reluBack", "sets dx to dy where y is not 0.", []string{"dx", "dy", "y"}, nil, 17, nothing, func(m access) {
		m.load("y", 0)
		m.load("dy", 1)
		single.isZero(0, 0)
		clear(1, 1, 0)
		m.store(1, "dx")
	})
}

// times sets x = float32(a·x), the product in float64, with the register after x for the upper half.
func times(x, a vec) {
	widenHigh(x+1, x)
	widen(x, x)
	double.mul(x, x, a)
	double.mul(x+1, x+1, a)
	narrow(x, x)
	narrowHigh(x, x+1)
}

// transpose4 writes the transpose of a block of 4 × 4 for each of n blocks side by side in x, one below the other in y.
func transpose4() {
	list := join(params("int", "n"), params("*float32", "y"), params("int", "ldy"), params("*float32", "x"), params("int", "ldx"))
	function("transpose4NEON", "transposes n blocks of 4 × 4: see transpose4.", list, func() {
		const n, y, ldy, x, ldx, p = r(0), r(1), r(2), r(3), r(4), r(5)
		for _, a := range []struct {
			r
			name string
		}{{n, "n"}, {y, "y"}, {ldy, "ldy"}, {x, "x"}, {ldx, "ldx"}} {
			op("MOVD %s, %s", arg(a.name), a.r)
		}
		label("block")
		op("MOVD %s, %s", x, p)
		for i := range 4 {
			op("FMOVQ (%s), F%d", p, i)
			op("ADD %s, %s", ldx, p)
		}
		for i := 0; i < 4; i += 2 {
			op("VTRN1 V%d.S4, V%d.S4, V%d.S4", i+1, i, 4+i)
			op("VTRN2 V%d.S4, V%d.S4, V%d.S4", i+1, i, 5+i)
		}
		for i := range 2 {
			op("VTRN1 V%d.D2, V%d.D2, V%d.D2", 6+i, 4+i, i)
			op("VTRN2 V%d.D2, V%d.D2, V%d.D2", 6+i, 4+i, 2+i)
		}
		for i := range 4 {
			op("FMOVQ F%d, (%s)", i, y)
			op("ADD %s, %s", ldy, y)
		}
		op("ADD $16, %s", x)
		op("SUBS $1, %s", n)
		op("BNE block")
	})
}

// peakChains is how many independent chains hide the latency of a multiply-add.
const peakChains = 24

// peak runs n rounds of independent fused multiply-adds between registers.
func peak() {
	function("peakNEON", "runs n rounds of independent multiply-adds: see peak.", params("int", "n"), func() {
		op("MOVD %s, R0", arg("n"))
		for v := range vec(32) {
			zero(v)
		}
		label("round")
		for v := range vec(peakChains) {
			single.fma(v, 30, 31)
		}
		op("SUBS $1, R0")
		op("BNE round")
	})
}
