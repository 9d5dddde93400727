package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// isa is an instruction set: vectors of lanes float32 in registers r, the last part of a row taken under a mask.
type isa struct {
	suffix           string
	lanes            int
	r                []reg.VecPhysical
	dotRows, dotCols int // largest tile of dots
}

var (
	avx512 = isa{"512", 16, []reg.VecPhysical{
		reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7, reg.Z8, reg.Z9, reg.Z10, reg.Z11, reg.Z12, reg.Z13, reg.Z14, reg.Z15,
		reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21, reg.Z22, reg.Z23, reg.Z24, reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31}, 4, 4}
	avx2 = isa{"2", 8, []reg.VecPhysical{
		reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7, reg.Y8, reg.Y9, reg.Y10, reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15}, 2, 2}
)

func (v isa) wide() bool { return v.lanes == 16 }

// bytes is the size of a vector.
func (v isa) bytes() int { return 4 * v.lanes }

// zero clears a register.
func (v isa) zero(r reg.VecPhysical) {
	if v.wide() {
		VPXORD(r, r, r)
	} else {
		VXORPS(r, r, r)
	}
}

// mask is the lanes of a last vector: K1, or a register loaded from a table of −1s and 0s.
type mask struct {
	isa
	y reg.VecPhysical // AVX2 only
}

// load reads the masked lanes of m, zero elsewhere; nothing beyond them is touched.
func (k mask) load(m Mem, r reg.VecPhysical) {
	if k.wide() {
		VMOVUPS_Z(m, reg.K1, r)
	} else {
		VMASKMOVPS(m, k.y, r)
	}
}

func (k mask) store(r reg.VecPhysical, m Mem) {
	if k.wide() {
		VMOVUPS(r, reg.K1, m)
	} else {
		VMASKMOVPS(r, k.y, m)
	}
}

// lanesMask makes the mask of the first n lanes, n in a register that is used up, 1 ≤ n ≤ lanes.
func (v isa) lanesMask(n reg.GPVirtual, y reg.VecPhysical) mask {
	if v.wide() {
		one := GP64()
		MOVQ(U64(1), one)
		SHLXQ(n, one, one)
		DECQ(one)
		KMOVW(one.As32(), reg.K1)
		return mask{v, nil}
	}
	// window[8−n : 16−n] of eight −1s and then eight 0s holds n −1s first.
	at := GP64()
	LEAQ(window(), at)
	SHLQ(Imm(2), n)
	SUBQ(n, at)
	VMOVUPS(Mem{Base: at, Disp: 32}, y)
	return mask{v, y}
}

var windowData *Mem

func window() Mem {
	if windowData == nil {
		m := GLOBL("window", 0x18) // RODATA | NOPTR
		for i := range 16 {
			word := U32(0)
			if i < 8 {
				word = 0xffffffff
			}
			DATA(4*i, word)
		}
		windowData = &m
	}
	return *windowData
}
