package main

import (
	"math"
	"strconv"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

var constants = map[string]Mem{}

// double is a constant in every float64 of a vector.
func double(x float64) Mem { return word(math.Float64bits(x)) }

// word is 64 bits in every 64 bits of a vector.
func word(bits uint64) Mem {
	name := "all" + strconv.FormatUint(bits, 16)
	m, made := constants[name]
	if !made {
		m = GLOBL(name, 0x18) // RODATA | NOPTR
		for i := range 8 {
			DATA(8*i, U64(bits))
		}
		constants[name] = m
	}
	return m
}
