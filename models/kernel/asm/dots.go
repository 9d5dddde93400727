package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// dots is c = a·bᵀ or c += a·bᵀ for a tile of rows of a and rows of b, both contiguous: dot products over k ≥ 1 in float32. Lane l of
// sixteen takes the products at l, l + 16, ...; the lanes are added in halves: 8 + 8, 4 + 4, and then 0+1, 2+3.
func (v isa) dots(rows, cols int) {
	name := fmt.Sprintf("dots%dx%dAVX%s", rows, cols, v.suffix)
	TEXT(name, NOSPLIT, "func(k int, a *float32, lda int, b *float32, ldb int, c *float32, ldc int, acc int)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s multiplies %d rows by %d rows: see dots.", name, rows, cols))
	k := Load(Param("k"), GP64()).(reg.GPVirtual)
	a, b := v.rowPointers("a", "lda", rows), v.rowPointers("b", "ldb", cols)
	halves := 16 / v.lanes // registers of the sixteen lanes of one sum
	acc := v.r[:rows*cols*halves]
	av := v.r[len(acc) : len(acc)+rows*halves]
	bv := v.r[len(acc)+len(av) : len(acc)+len(av)+halves]
	for _, r := range acc {
		v.zero(r)
	}
	fma := func(load func(p reg.Register, h int, r reg.VecPhysical)) {
		for i := range rows {
			for h := range halves {
				load(a[i], h, av[i*halves+h])
			}
		}
		for j := range cols {
			for h := range halves {
				load(b[j], h, bv[h])
			}
			for i := range rows {
				for h := range halves {
					VFMADD231PS(av[i*halves+h], bv[h], acc[(i*cols+j)*halves+h])
				}
			}
		}
	}
	count := GP64()
	MOVQ(k, count)
	SHRQ(Imm(4), count)
	JZ(LabelRef(name + "_tail"))
	Label(name + "_k")
	fma(func(p reg.Register, h int, r reg.VecPhysical) { VMOVUPS(Mem{Base: p, Disp: h * v.bytes()}, r) })
	for _, p := range append(append([]reg.Register{}, a...), b...) {
		ADDQ(Imm(64), p)
	}
	DECQ(count)
	JNZ(LabelRef(name + "_k"))
	Label(name + "_tail")
	ANDQ(Imm(15), k)
	JZ(LabelRef(name + "_sum"))
	masks := v.sixteen(k, name)
	fma(func(p reg.Register, h int, r reg.VecPhysical) { masks[h].load(Mem{Base: p, Disp: h * v.bytes()}, r) })
	Label(name + "_sum")
	for i := range rows {
		for j := range cols {
			sum(acc[(i*cols+j)*halves:][:halves], bv[0])
		}
	}
	c, ldc, add := Load(Param("c"), GP64()), Load(Param("ldc"), GP64()), Load(Param("acc"), GP64())
	TESTQ(add, add)
	JZ(LabelRef(name + "_store"))
	from := GP64()
	MOVQ(c, from)
	for i := range rows {
		for j := range cols {
			x := acc[(i*cols+j)*halves].AsX()
			VADDSS(Mem{Base: from, Disp: 4 * j}, x, x)
		}
		ADDQ(ldc, from)
	}
	Label(name + "_store")
	for i := range rows {
		for j := range cols {
			VMOVSS(acc[(i*cols+j)*halves].AsX(), Mem{Base: c, Disp: 4 * j})
		}
		ADDQ(ldc, c)
	}
	VZEROUPPER()
	RET()
}

// rowPointers loads the addresses of rows.
func (v isa) rowPointers(base, stride string, rows int) (p []reg.Register) {
	p = append(p, Load(Param(base), GP64()))
	ld := Load(Param(stride), GP64())
	for i := 1; i < rows; i++ {
		next := GP64()
		MOVQ(p[i-1], next)
		ADDQ(ld, next)
		p = append(p, next)
	}
	return p
}

// sixteen makes the masks of the first n of sixteen lanes, 1 ≤ n ≤ 15.
func (v isa) sixteen(n reg.GPVirtual, name string) []mask {
	if v.wide() {
		return []mask{v.lanesMask(n, nil)}
	}
	low, high, eight := GP64(), GP64(), GP64()
	MOVQ(U64(8), eight)
	MOVQ(n, low)
	CMPQ(low, eight)
	CMOVQGT(eight, low) // min(n, 8)
	MOVQ(n, high)
	SUBQ(low, high) // n − min(n, 8)
	return []mask{v.lanesMask(low, v.r[len(v.r)-1]), v.lanesMask(high, v.r[len(v.r)-2])}
}

// sum adds the sixteen lanes of lanes into its first one, by way of t.
func sum(lanes []reg.VecPhysical, t reg.VecPhysical) {
	r := lanes[0]
	if len(lanes) == 1 {
		VEXTRACTF64X4(Imm(1), r, t.AsY())
		VADDPS(t.AsY(), r.AsY(), r.AsY())
	} else {
		VADDPS(lanes[1], r, r)
	}
	if len(lanes) == 1 {
		VEXTRACTF32X4(Imm(1), r.AsY(), t.AsX())
	} else {
		VEXTRACTF128(Imm(1), r.AsY(), t.AsX())
	}
	VADDPS(t.AsX(), r.AsX(), r.AsX())
	if len(lanes) == 1 {
		VMOVAPS(r.AsX(), t.AsX())
		VSHUFPS(Imm(0xb1), t.AsX(), t.AsX(), t.AsX())
	} else {
		VPERMILPS(Imm(0xb1), r.AsX(), t.AsX())
	}
	VADDPS(t.AsX(), r.AsX(), r.AsX()) // 0+1, 1+0, 2+3, 3+2
	VSHUFPS(Imm(0x4e), r.AsX(), r.AsX(), t.AsX())
	VADDPS(t.AsX(), r.AsX(), r.AsX())
}
