package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

type shape struct{ rows, vectors int }

// prefetchTerms is from how many terms on a block asks for its lines of c at its beginning.
const prefetchTerms = 64

// tiles are the shapes that the registers hold: rows × vectors accumulators, the vectors of a row of b, and a broadcast.
func (v isa) tiles() (t []shape) {
	most := map[int]int{1: 16, 2: 14, 4: 6, 8: 2, 12: 1} // vectors to rows
	if !v.wide() {
		most = map[int]int{1: 12, 2: 6, 4: 2}
	}
	for _, n := range []int{1, 2, 4, 8, 12} {
		for r := 1; r <= most[n]; r++ {
			t = append(t, shape{r, n})
		}
	}
	return t
}

// keepingRows are the rows of keeping tiles: those of the first block of 32 rows or more.
func (v isa) keepingRows() []int {
	if v.wide() {
		return []int{11, 12, 13, 14}
	}
	return []int{6}
}

// tile is c = a·b + d, or without d where that is nil, for m rows, a multiple of rows, and for vectors·lanes columns, of the last vector
// tail lanes; if more is not 0, the sums go on from what c holds. The terms come in runs of k: element (i, p) of run s of a lies at a + i·rsa + s·(k·csa + jump) + p·csa, its row of b at
// b + (s·k + p)·ldb, row i of c at c + i·ldc and of d at d + i·ldd; strides in bytes. A keeping tile takes one block and whole vectors, and
// copies what it reads of b to y, row upon row.
func (v isa) tile(rows, vectors int, keeping bool) {
	name := fmt.Sprintf("tile%dx%dAVX%s", rows, vectors, v.suffix)
	of, to := "", ""
	if keeping {
		name, of, to = "keeping"+name, ", y *float32", ", which it keeps"
	}
	TEXT(name, NOSPLIT, "func(m, runs, k int, a *float32, rsa, csa, jump, fetch int, b *float32, ldb int, c *float32, ldc int, d *float32, ldd int, tail, more int"+of+")")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s multiplies blocks of %d rows by %d vectors of columns%s: see tile.", name, rows, vectors, to))
	a, rsa, csa := Load(Param("a"), GP64()), Load(Param("rsa"), GP64()), Load(Param("csa"), GP64())
	ldb := Load(Param("ldb"), GP64())
	// What changes once a block stays in its argument, for the registers are few.
	mAt, runsAt, kAt, jumpAt, fetchAt := argument("m"), argument("runs"), argument("k"), argument("jump"), argument("fetch")
	bAt, cAt, dAt, lddAt, moreAt := argument("b"), argument("c"), argument("d"), argument("ldd"), argument("more")
	left := AllocLocal(8) // runs to come
	acc, bv, rest := v.r[:rows*vectors], v.r[rows*vectors:rows*vectors+vectors], v.r[rows*vectors+vectors:]
	tail := Load(Param("tail"), GP64()).(reg.GPVirtual)
	last := v.lanesMask(tail, v.r[len(v.r)-1])
	if !v.wide() {
		rest = rest[:len(rest)-1]
	}

	// Rows of a are reached from every third: base, base + rsa, base + 2·rsa.
	base := make([]reg.GPVirtual, (rows+2)/3)
	for i := range base {
		base[i] = GP64()
	}
	row, count, ahead := GP64(), GP64(), GP64()
	var y reg.Register
	if keeping {
		y = Load(Param("y"), GP64())
	}
	c, ldc := GP64(), GP64()

	Label(name + "_rows")
	MOVQ(a, base[0])
	for i := 1; i < len(base); i++ {
		LEAQ(Mem{Base: base[i-1], Index: rsa, Scale: 2}, base[i])
		ADDQ(rsa, base[i])
	}
	// The next block's rows of a are fetched by fetch bytes a step.
	MOVQ(a, ahead)
	for range rows {
		ADDQ(rsa, ahead)
	}
	MOVQ(runsAt, row)
	MOVQ(row, left)
	MOVQ(bAt, row)
	MOVQ(kAt, count)
	MOVQ(cAt, c)
	Load(Param("ldc"), ldc)
	CMPQ(moreAt, Imm(0))
	JNE(LabelRef(name + "_more"))
	for _, r := range acc {
		v.zero(r)
	}
	// Where the terms take that long, the lines that the sums go to are there by then.
	CMPQ(count, Imm(prefetchTerms))
	JLT(LabelRef(name + "_k"))
	for range rows {
		for j := 0; j < vectors*v.bytes(); j += 64 {
			PREFETCHT0(Mem{Base: c, Disp: j})
		}
		ADDQ(ldc, c)
	}
	JMP(LabelRef(name + "_k"))
	Label(name + "_more")
	for i := range rows {
		for j := range vectors {
			at, r := Mem{Base: c, Disp: j * v.bytes()}, acc[i*vectors+j]
			if j == vectors-1 {
				last.load(at, r)
			} else {
				VMOVUPS(at, r)
			}
		}
		ADDQ(ldc, c)
	}
	Label(name + "_k")
	for j, r := range bv {
		at := Mem{Base: row, Disp: j * v.bytes()}
		if keeping {
			if j*v.bytes()%64 == 0 {
				PREFETCHT0(Mem{Base: row, Index: ldb, Scale: 8, Disp: j * v.bytes()})
			}
			VMOVUPS(at, r)
			VMOVUPS(r, Mem{Base: y, Disp: j * v.bytes()})
		} else if j == vectors-1 {
			last.load(at, r)
		} else {
			VMOVUPS(at, r)
		}
	}
	if keeping {
		ADDQ(Imm(uint64(vectors*v.bytes())), y)
	}
	ADDQ(ldb, row)
	PREFETCHT0(Mem{Base: ahead})
	ADDQ(fetchAt, ahead)
	for i := range rows {
		at := Mem{Base: base[i/3]}
		if i%3 > 0 {
			at.Index, at.Scale = rsa, uint8(i%3)
		}
		if v.wide() && vectors == 1 {
			VFMADD231PS_BCST(at, bv[0], acc[i])
			continue
		}
		x := rest[i%len(rest)]
		VBROADCASTSS(at, x)
		for j, r := range bv {
			VFMADD231PS(r, x, acc[i*vectors+j])
		}
	}
	for _, p := range base {
		ADDQ(csa, p)
	}
	DECQ(count)
	JNZ(LabelRef(name + "_k"))
	DECQ(left)
	JZ(LabelRef(name + "_sum"))
	MOVQ(jumpAt, count)
	for _, p := range base {
		ADDQ(count, p)
	}
	MOVQ(kAt, count)
	JMP(LabelRef(name + "_k"))

	Label(name + "_sum")
	from := GP64()
	MOVQ(cAt, c)
	Load(Param("ldc"), ldc)
	MOVQ(dAt, from)
	TESTQ(from, from)
	JZ(LabelRef(name + "_store"))
	v.addRows(from, lddAt, acc, vectors, last, bv[0])
	MOVQ(from, dAt)
	Label(name + "_store")
	CMPQ(argument("tail"), Imm(uint64(v.lanes)))
	JNE(LabelRef(name + "_masked"))
	v.storeRows(c, ldc, acc, vectors, func(r reg.VecPhysical, at Mem) { VMOVUPS(r, at) })
	JMP(LabelRef(name + "_next"))
	Label(name + "_masked")
	v.storeRows(c, ldc, acc, vectors, last.store)
	Label(name + "_next")
	MOVQ(c, cAt)
	for range rows {
		ADDQ(rsa, a)
	}
	SUBQ(Imm(uint64(rows)), mAt)
	JNZ(LabelRef(name + "_rows"))
	VZEROUPPER()
	RET()
}

// addRows adds rows of vectors from a place on, which it moves behind them, ldd bytes apart, to accumulators; free is a register of its own.
func (v isa) addRows(from reg.Register, ldd Op, acc []reg.VecPhysical, vectors int, last mask, free reg.VecPhysical) {
	for i, r := range acc {
		at := Mem{Base: from, Disp: i % vectors * v.bytes()}
		if i%vectors < vectors-1 {
			VADDPS(at, r, r)
			continue
		}
		last.load(at, free)
		VADDPS(free, r, r)
		ADDQ(ldd, from)
	}
}

// storeRows writes accumulators to rows of vectors from c on, which it moves behind them, the last vector of a row by store. A store under a mask
// takes many processors tens of cycles: whole vectors want none.
func (v isa) storeRows(c, ldc reg.Register, acc []reg.VecPhysical, vectors int, store func(reg.VecPhysical, Mem)) {
	for i, r := range acc {
		at := Mem{Base: c, Disp: i % vectors * v.bytes()}
		if i%vectors < vectors-1 {
			VMOVUPS(r, at)
			continue
		}
		store(r, at)
		ADDQ(ldc, c)
	}
}

// argument is where a parameter lies.
func argument(name string) Mem {
	c, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return c.Addr
}
