// Asm writes the amd64 assembly of package kernel: asm_amd64.s and its declarations.
//
//	cd models/kernel/asm && go run . -out ../asm_amd64.s -stubs ../asm_amd64.go -pkg kernel
//
// Every kernel exists for AVX-512 and for AVX2 with FMA, and both give the same bits: a product is one chain of fused
// multiply-adds over k in ascending order, and a reduction sums the same sixteen lanes and adds them in the same order. All else is, lane
// by lane, the unfused operations of its definition in Go.
package main

import (
	. "github.com/mmcloughlin/avo/build"
)

func main() {
	ConstraintExpr("!noasm")
	for _, v := range []isa{avx512, avx2} {
		for _, t := range v.tiles() {
			v.tile(t.rows, t.vectors, false)
		}
		for _, r := range v.keepingRows() {
			v.tile(r, 2, true)
		}
		v.patchGrad9(1)
		if v.wide() {
			v.patchGrad9(2)
			v.patch9(8)
			v.patch9(14)
		}
		for r := 1; r <= v.dotRows; r++ {
			for c := 1; c <= v.dotCols; c++ {
				v.dots(r, c)
			}
		}
		v.elementwise()
		v.elementary()
		v.updates()
		v.pool(false)
		v.pool(true)
		v.peak()
	}
	transpose8()
	Generate()
}
