package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// peakChains is how many independent chains hide the latency of a multiply-add.
const peakChains = 12

// peak runs n rounds of independent fused multiply-adds between registers.
func (v isa) peak() {
	name := "peakAVX" + v.suffix
	TEXT(name, NOSPLIT, "func(n int)")
	Pragma("noescape")
	n := Load(Param("n"), GP64())
	for _, r := range v.r {
		v.zero(r)
	}
	Label(name + "_loop")
	for _, r := range v.r[:peakChains] {
		VFMADD231PS(v.r[15], v.r[14], r)
	}
	DECQ(n)
	JNZ(LabelRef(name + "_loop"))
	VZEROUPPER()
	RET()
}
