package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pool takes a row of windows, n channels each, over an image x whose rows lie row bytes apart: window i is size × size pixels of n
// channels, its first at x + 4·i·size·n. Forward writes the largest of each channel to y, windows × n. Back moves dy to the first pixel of
// dx, laid out as x, where x is y, and sets dx = 0 elsewhere. A NaN is the largest, and where x or y is one the first pixel takes dy.
func (v isa) pool(back bool) {
	name, sig := "maxPoolAVX"+v.suffix, "func(windows, n, size int, x *float32, row int, y *float32)"
	if back {
		name, sig = "maxPoolBackAVX"+v.suffix, "func(windows, n, size int, x *float32, row int, y, dy, dx *float32)"
	}
	TEXT(name, NOSPLIT, sig)
	Pragma("noescape")
	windowsAt, sizeAt, rowAt := argument("windows"), argument("size"), argument("row")
	n := Load(Param("n"), GP64()).(reg.GPVirtual)
	x, y := Load(Param("x"), GP64()), Load(Param("y"), GP64())
	var dy, dx, ahead reg.Register // where dy lies from y, dx from x, and the next row of windows from this one
	if back {
		ahead = GP64()
		MOVQ(rowAt, ahead)
		IMULQ(sizeAt, ahead)
		dy, dx = Load(Param("dy"), GP64()), Load(Param("dx"), GP64())
		SUBQ(y, dy)
		SUBQ(x, dx)
	}
	pixel, next, full, tail, count := GP64(), GP64(), GP64(), GP64(), GP64()
	MOVQ(n, pixel)
	SHLQ(Imm(2), pixel)
	MOVQ(pixel, next) // from behind a window's first pixel to the next window
	IMULQ(sizeAt, next)
	SUBQ(pixel, next)
	MOVQ(n, full)
	SHRQ(Imm(uint64(log2(v.lanes))), full)
	ANDQ(Imm(uint64(v.lanes-1)), n)
	MOVQ(n, tail)
	k := v.lanesMask(n, v.r[len(v.r)-1])

	r := v.r
	begin := func(load func(Mem, reg.VecPhysical)) {
		if back {
			load(Mem{Base: y}, r[1])
			load(Mem{Base: y, Index: dy, Scale: 1}, r[2])
			v.zero(r[5])
		} else {
			load(Mem{Base: x}, r[1])
		}
	}
	step := func(at reg.Register, load func(Mem, reg.VecPhysical), store func(reg.VecPhysical, Mem)) {
		load(Mem{Base: at}, r[0])
		if back {
			PREFETCHT0(Mem{Base: at, Index: ahead, Scale: 1})
			v.move(8, r[0], r[1], r[2], r[3], r[5]) // equal or unordered
			store(r[3], Mem{Base: at, Index: dx, Scale: 1})
		} else {
			VMAXPS(r[1], r[0], r[2]) // the largest so far where either is NaN
			v.choose(3, r[0], r[0], r[0], r[2])
			VMOVAPS(r[2], r[1])
		}
	}
	end := func(store func(reg.VecPhysical, Mem)) {
		if !back {
			store(r[1], Mem{Base: y})
		}
	}
	body := func(part string, load func(Mem, reg.VecPhysical), store func(reg.VecPhysical, Mem)) {
		line, at, rows, cols := GP64(), GP64(), GP64(), GP64()
		MOVQ(x, line)
		MOVQ(sizeAt, rows)
		begin(load)
		CMPQ(rows, Imm(2))
		JEQ(LabelRef(name + part + "_four"))
		Label(name + part + "_line")
		MOVQ(line, at)
		MOVQ(sizeAt, cols)
		Label(name + part + "_pixel")
		step(at, load, store)
		ADDQ(pixel, at)
		DECQ(cols)
		JNZ(LabelRef(name + part + "_pixel"))
		ADDQ(rowAt, line)
		DECQ(rows)
		JNZ(LabelRef(name + part + "_line"))
		JMP(LabelRef(name + part + "_end"))
		Label(name + part + "_four") // the usual window, 2 × 2, wants no loops
		LEAQ(Mem{Base: x, Index: pixel, Scale: 1}, at)
		step(x, load, store)
		step(at, load, store)
		ADDQ(rowAt, line)
		ADDQ(rowAt, at)
		step(line, load, store)
		step(at, load, store)
		Label(name + part + "_end")
		end(store)
	}

	Label(name + "_window")
	MOVQ(full, count)
	TESTQ(count, count)
	JZ(LabelRef(name + "_rest"))
	Label(name + "_vector")
	body("_full", func(m Mem, r reg.VecPhysical) { VMOVUPS(m, r) }, func(r reg.VecPhysical, m Mem) { VMOVUPS(r, m) })
	ADDQ(Imm(uint64(v.bytes())), x)
	ADDQ(Imm(uint64(v.bytes())), y)
	DECQ(count)
	JNZ(LabelRef(name + "_vector"))
	Label(name + "_rest")
	TESTQ(tail, tail)
	JZ(LabelRef(name + "_next"))
	body("_tail", k.load, k.store)
	LEAQ(Mem{Base: x, Index: tail, Scale: 4}, x)
	LEAQ(Mem{Base: y, Index: tail, Scale: 4}, y)
	Label(name + "_next")
	ADDQ(next, x)
	DECQ(windowsAt)
	JNZ(LabelRef(name + "_window"))
	VZEROUPPER()
	RET()
}
