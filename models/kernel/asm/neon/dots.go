package main

import "fmt"

// dots is c = a·bᵀ or c += a·bᵀ for a tile of rows of a and rows of b, both contiguous: dot products over k ≥ 4 in float32. Lane l of
// sixteen takes the products at l, l + 16, ...; the lanes are added in halves: 8 + 8, 4 + 4, and then 0+1, 2+3. Where k ends within the
// sixteen, the lanes that are left take 0·0.
func dots(rows, cols int) {
	name := fmt.Sprintf("dots%dx%dNEON", rows, cols)
	list := join(params("int", "k"), params("*float32", "a"), params("int", "lda"), params("*float32", "b"), params("int", "ldb"),
		params("*float32", "c"), params("int", "ldc", "acc"))
	function(name, fmt.Sprintf("multiplies %d rows by %d rows: see dots.", rows, cols), list, func() {
		const k, a, b, ld, count, at, lanes, t, four, c, from, ldc = r(0), r(1), r(4), r(6), r(7), r(8), r(9), r(10), r(11), r(12), r(13), r(14)
		const av, bv, bytes, chosen = vec(24), vec(27), vec(30), vec(31)
		acc := func(i, j, h int) vec { return vec((i*cols+j)*4 + h) }
		rowsFrom := func(first r, n int, base, stride string) {
			op("MOVD %s, %s", arg(base), first)
			op("MOVD %s, %s", arg(stride), ld)
			for i := 1; i < n; i++ {
				op("ADD %s, %s, %s", ld, first+r(i-1), first+r(i))
			}
		}
		fma := func(h int, load func(base r, d vec)) {
			for i := range rows {
				load(a+r(i), av+vec(i))
			}
			for j := range cols {
				load(b+r(j), bv+vec(j))
			}
			for i := range rows {
				for j := range cols {
					single.fma(acc(i, j, h), av+vec(i), bv+vec(j))
				}
			}
		}
		op("MOVD %s, %s", arg("k"), k)
		rowsFrom(a, rows, "a", "lda")
		rowsFrom(b, cols, "b", "ldb")
		for v := range vec(4 * rows * cols) {
			zero(v)
		}
		op("LSR $4, %s, %s", k, count)
		op("CBZ %s, tail", count)
		label("terms")
		for h := range 4 {
			fma(h, func(base r, d vec) { op("FMOVQ %d(%s), F%d", 16*h, base, d) })
		}
		for i := range rows {
			op("ADD $64, %s", a+r(i))
		}
		for j := range cols {
			op("ADD $64, %s", b+r(j))
		}
		op("SUBS $1, %s", count)
		op("BNE terms")

		// Four lanes with n numbers to come, n in all sixteen: of the whole vector that ends with the last number, or at its place if that is
		// earlier, the table picks the bytes from 16 − 4n on, with n at least 0 and at most 4, and zeros behind them.
		label("tail")
		op("ANDS $15, %s", k)
		op("BEQ sum")
		loadBits(bytes, 0x0706050403020100)
		loadBits(chosen, 0x0f0e0d0c0b0a0908)
		op("VZIP1 V%d.D2, V%d.D2, V%d.D2", chosen, bytes, bytes)
		op("MOVD $4, %s", four)
		for h := range 4 {
			op("SUBS $%d, %s, %s", 4*h, k, lanes)
			op("CSEL LT, ZR, %s, %s", lanes, lanes)
			op("CMP %s, %s", four, lanes)
			op("CSEL GT, %s, %s, %s", four, lanes, lanes)
			op("SUB %s, %s, %s", lanes, four, lanes)
			op("LSL $2, %s", lanes)
			op("VDUP %s, V%d.B16", lanes, chosen)
			op("VADD V%d.B16, V%d.B16, V%d.B16", bytes, chosen, chosen)
			op("SUB $4, %s, %s", k, at)
			op("LSL $2, %s", at)
			op("MOVD $%d, %s", 16*h, t)
			op("CMP %s, %s", t, at)
			op("CSEL GT, %s, %s, %s", t, at, at)
			fma(h, func(base r, d vec) {
				loadAt(d, base, at)
				op("VTBL V%d.B16, [V%d.B16], V%d.B16", chosen, d, d)
			})
		}

		label("sum")
		for i := range rows {
			for j := range cols {
				x := acc(i, j, 0)
				single.add(x, x, x+2)
				single.add(x+1, x+1, x+3)
				single.add(x, x, x+1)
				single.pairs(x, x, x)
				single.pairs(x, x, x)
			}
		}
		op("MOVD %s, %s", arg("c"), c)
		op("MOVD %s, %s", arg("ldc"), ldc)
		op("MOVD %s, %s", arg("acc"), t)
		op("CBZ %s, store", t)
		op("MOVD %s, %s", c, from)
		for i := range rows {
			for j := range cols {
				op("FMOVS %d(%s), F%d", 4*j, from, av)
				op("FADDS F%d, F%d, F%d", acc(i, j, 0), av, acc(i, j, 0))
			}
			op("ADD %s, %s", ldc, from)
		}
		label("store")
		for i := range rows {
			for j := range cols {
				op("FMOVS F%d, %d(%s)", acc(i, j, 0), 4*j, c)
			}
			op("ADD %s, %s", ldc, c)
		}
	})
}

// dot64 is Σ x_i y_i in float64: lane l of sixteen takes the products, which are exact, at l, l + 16, ...; the caller adds the
// lanes, written to sums.
func dot64() {
	list := join(params("int", "n"), params("*float32", "x", "y"), params("*[16]float64", "sums"))
	function("dotNEON", "writes the sixteen partial sums: see dot64.", list, func() {
		const n, x, y, sums, count = r(0), r(1), r(2), r(3), r(4)
		const xv, yv, xw, yw = vec(16), vec(17), vec(18), vec(19)
		for _, a := range []struct {
			r
			name string
		}{{n, "n"}, {x, "x"}, {y, "y"}, {sums, "sums"}} {
			op("MOVD %s, %s", arg(a.name), a.r)
		}
		for v := range vec(8) {
			zero(v)
		}
		op("LSR $4, %s, %s", n, count)
		op("CBZ %s, tail", count)
		label("terms")
		for h := range vec(4) {
			op("FMOVQ.P 16(%s), F%d", x, xv)
			op("FMOVQ.P 16(%s), F%d", y, yv)
			widen(xw, xv)
			widen(yw, yv)
			double.fma(2*h, xw, yw)
			widenHigh(xw, xv)
			widenHigh(yw, yv)
			double.fma(2*h+1, xw, yw)
		}
		op("SUBS $1, %s", count)
		op("BNE terms")
		label("tail")
		for v := range vec(8) {
			op("FMOVQ F%d, %d(%s)", v, 16*v, sums)
		}
		op("ANDS $15, %s", n)
		op("BEQ end")
		label("one")
		op("FMOVS.P 4(%s), F%d", x, xv)
		op("FMOVS.P 4(%s), F%d", y, yv)
		op("FCVTSD F%d, F%d", xv, xv)
		op("FCVTSD F%d, F%d", yv, yv)
		op("FMOVD (%s), F0", sums)
		op("FMADDD F%d, F0, F%d, F0", xv, yv)
		op("FMOVD.P F0, 8(%s)", sums)
		op("SUBS $1, %s", n)
		op("BNE one")
		label("end")
	})
}
