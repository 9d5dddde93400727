package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// patch9 is a·b plus the row d, for the patches a that a 3 × 3 kernel sees of images with one channel, and one vector of columns, tail lanes of
// it: patch i of a run begins at a + 4·i, its next row over bytes on, and the next run of m ≥ rows patches jump bytes after the one before.
// All nine rows of b stay in registers. The last rows patches of a run are taken together, some of them for the second time.
func (v isa) patch9(rows int) {
	name := fmt.Sprintf("patch9x%dAVX%s", rows, v.suffix)
	TEXT(name, NOSPLIT, "func(runs, m int, a *float32, over, jump int, b *float32, ldb int, c *float32, ldc int, d *float32, tail int)")
	Pragma("noescape")
	Doc(name + " multiplies patches of nine by a vector of columns: see patch9.")
	tail := Load(Param("tail"), GP64()).(reg.GPVirtual)
	last := v.lanesMask(tail, v.r[len(v.r)-1])
	acc, bv, row := v.r[:rows], v.r[rows:rows+9], v.r[rows+9]
	b, ldb := Load(Param("b"), GP64()), Load(Param("ldb"), GP64())
	for _, r := range bv {
		last.load(Mem{Base: b}, r)
		ADDQ(ldb, b)
	}
	last.load(Mem{Base: Load(Param("d"), GP64())}, row)
	a, over, c, ldc := Load(Param("a"), GP64()), Load(Param("over"), GP64()), Load(Param("c"), GP64()), Load(Param("ldc"), GP64())
	runsAt, mAt, jumpAt := argument("runs"), argument("m"), argument("jump")
	left, back := GP64(), GP64()
	line := []reg.GPVirtual{GP64(), GP64(), GP64()}

	Label(name + "_run")
	MOVQ(a, line[0])
	LEAQ(Mem{Base: a, Index: over, Scale: 1}, line[1])
	LEAQ(Mem{Base: a, Index: over, Scale: 2}, line[2])
	ADDQ(jumpAt, a)
	MOVQ(mAt, left)
	Label(name + "_rows")
	for _, r := range acc {
		v.zero(r)
	}
	for k, w := range bv {
		for i, r := range acc {
			VFMADD231PS_BCST(Mem{Base: line[k/3], Disp: 4 * (i + k%3)}, w, r)
		}
	}
	for _, r := range acc {
		VADDPS(row, r, r)
		last.store(r, Mem{Base: c})
		ADDQ(ldc, c)
	}
	for _, l := range line {
		ADDQ(Imm(uint64(4*rows)), l)
	}
	SUBQ(Imm(uint64(rows)), left)
	JZ(LabelRef(name + "_next"))
	CMPQ(left, Imm(uint64(rows)))
	JGE(LabelRef(name + "_rows"))
	SUBQ(Imm(uint64(rows)), left) // as many as are taken again, negative
	for _, l := range line {
		LEAQ(Mem{Base: l, Index: left, Scale: 4}, l)
	}
	MOVQ(left, back)
	IMULQ(ldc, back)
	ADDQ(back, c)
	MOVQ(U32(rows), left)
	JMP(LabelRef(name + "_rows"))
	Label(name + "_next")
	DECQ(runsAt)
	JNZ(LabelRef(name + "_run"))
	VZEROUPPER()
	RET()
}

// patchGrad9 is aᵀ·b + d, or without d where that is nil, for such patches a and vectors of columns: term p of a run of k lies p·csa bytes from
// its first, and the next run jump bytes after the last term's successor. c and d have nine rows.
func (v isa) patchGrad9(vectors int) {
	name := fmt.Sprintf("patchGrad9x%dAVX%s", vectors, v.suffix)
	TEXT(name, NOSPLIT, "func(runs, k int, a *float32, over, csa, jump int, b *float32, ldb int, c *float32, ldc int, d *float32, ldd int, tail int)")
	Pragma("noescape")
	Doc(name + " multiplies transposed patches of nine by vectors of columns: see patchGrad9.")
	tail := Load(Param("tail"), GP64()).(reg.GPVirtual)
	last := v.lanesMask(tail, v.r[len(v.r)-1])
	acc, bv, x := v.r[:9*vectors], v.r[9*vectors:10*vectors], v.r[10*vectors]
	a, over, csa := Load(Param("a"), GP64()), Load(Param("over"), GP64()), Load(Param("csa"), GP64())
	b, ldb := Load(Param("b"), GP64()), Load(Param("ldb"), GP64())
	runsAt, kAt, jumpAt := argument("runs"), argument("k"), argument("jump")
	line := []reg.Register{a, GP64(), GP64()}
	LEAQ(Mem{Base: a, Index: over, Scale: 1}, line[1])
	LEAQ(Mem{Base: a, Index: over, Scale: 2}, line[2])
	for _, r := range acc {
		v.zero(r)
	}
	count := GP64()
	Label(name + "_run")
	MOVQ(kAt, count)
	Label(name + "_k")
	for j, r := range bv {
		at := Mem{Base: b, Disp: j * v.bytes()}
		if j == vectors-1 {
			last.load(at, r)
		} else {
			VMOVUPS(at, r)
		}
	}
	ADDQ(ldb, b)
	for i := range 9 {
		VBROADCASTSS(Mem{Base: line[i/3], Disp: 4 * (i % 3)}, x)
		for j, r := range bv {
			VFMADD231PS(r, x, acc[i*vectors+j])
		}
	}
	for _, l := range line {
		ADDQ(csa, l)
	}
	DECQ(count)
	JNZ(LabelRef(name + "_k"))
	for _, l := range line {
		ADDQ(jumpAt, l)
	}
	DECQ(runsAt)
	JNZ(LabelRef(name + "_run"))

	c, ldc, from, ldd := Load(Param("c"), GP64()), Load(Param("ldc"), GP64()), Load(Param("d"), GP64()), Load(Param("ldd"), GP64())
	TESTQ(from, from)
	JZ(LabelRef(name + "_store"))
	v.addRows(from, ldd, acc, vectors, last, bv[0])
	Label(name + "_store")
	v.storeRows(c, ldc, acc, vectors, last.store)
	VZEROUPPER()
	RET()
}
