package main

import "fmt"

// vec is one of the 32 vector registers. Instructions take their destination first.
type vec uint32

// word writes an instruction that Go's assembler does not know, as others write it beside it.
func word(code uint32, format string, args ...any) {
	op("WORD $0x%08x // %s", code, fmt.Sprintf(format, args...))
}

// floats is a vector of floating-point numbers.
type floats struct {
	lanes string
	size  uint32 // the bit for float64
}

var (
	single = floats{"4s", 0}
	double = floats{"2d", 1 << 22}
)

func (f floats) three(name string, code uint32, d, n, m vec) {
	word(code|f.size|uint32(m<<16|n<<5|d), "%s v%d.%[3]s, v%[4]d.%[3]s, v%[5]d.%[3]s", name, d, f.lanes, n, m)
}

func (f floats) add(d, n, m vec) { f.three("fadd", 0x4e20d400, d, n, m) }
func (f floats) sub(d, n, m vec) { f.three("fsub", 0x4ea0d400, d, n, m) } // n − m
func (f floats) mul(d, n, m vec) { f.three("fmul", 0x6e20dc00, d, n, m) }
func (f floats) div(d, n, m vec) { f.three("fdiv", 0x6e20fc00, d, n, m) } // n / m
func (f floats) fma(d, n, m vec) { f.three("fmla", 0x4e20cc00, d, n, m) } // d + nm, rounded once

// A NaN in either operand is the result.
func (f floats) max(d, n, m vec) { f.three("fmax", 0x4e20f400, d, n, m) }
func (f floats) min(d, n, m vec) { f.three("fmin", 0x4ea0f400, d, n, m) }

// A comparison sets every bit of the lanes where it holds; with a NaN it does not.
func (f floats) equal(d, n, m vec)   { f.three("fcmeq", 0x4e20e400, d, n, m) }
func (f floats) atLeast(d, n, m vec) { f.three("fcmge", 0x6e20e400, d, n, m) }
func (f floats) greater(d, n, m vec) { f.three("fcmgt", 0x6ea0e400, d, n, m) }

// pairs adds neighbours: those of n, then those of m.
func (f floats) pairs(d, n, m vec) { f.three("faddp", 0x6e20d400, d, n, m) }

func (f floats) two(name string, code uint32, d, n vec, more string) {
	word(code|f.size|uint32(n<<5|d), "%s v%d.%[3]s, v%[4]d.%[3]s%[5]s", name, d, f.lanes, n, more)
}

func (f floats) isZero(d, n vec) { f.two("fcmeq", 0x4ea0d800, d, n, ", #0.0") }
func (f floats) sqrt(d, n vec)   { f.two("fsqrt", 0x6ea1f800, d, n, "") }

// fmaFirst is d + n·m₀, float32, each rounded once.
func fmaFirst(d, n, m vec) {
	word(0x4f801000|uint32(m<<16|n<<5|d), "fmla v%d.4s, v%d.4s, v%d.s[0]", d, n, m)
}

// widen makes float64 of the lower two float32, widenHigh of the upper two.
func widen(d, n vec)     { word(0x0e617800|uint32(n<<5|d), "fcvtl v%d.2d, v%d.2s", d, n) }
func widenHigh(d, n vec) { word(0x4e617800|uint32(n<<5|d), "fcvtl2 v%d.2d, v%d.4s", d, n) }

// narrow makes float32 of float64 in the lower half and zeroes the upper one; narrowHigh fills that and leaves the lower.
func narrow(d, n vec)     { word(0x0e616800|uint32(n<<5|d), "fcvtn v%d.2s, v%d.2d", d, n) }
func narrowHigh(d, n vec) { word(0x4e616800|uint32(n<<5|d), "fcvtn2 v%d.4s, v%d.2d", d, n) }

// loadAt and storeAt move a whole vector at base + offset.
func loadAt(d vec, base, offset r) {
	word(0x3ce06800|uint32(offset)<<16|uint32(base)<<5|uint32(d), "ldr q%d, [x%d, x%d]", d, base, offset)
}
func storeAt(d vec, base, offset r) {
	word(0x3ca06800|uint32(offset)<<16|uint32(base)<<5|uint32(d), "str q%d, [x%d, x%d]", d, base, offset)
}

// clear is n without the bits of m.
func clear(d, n, m vec) {
	word(0x4e601c00|uint32(m<<16|n<<5|d), "bic v%d.16b, v%d.16b, v%d.16b", d, n, m)
}

func and(d, n, m vec) { op("VAND V%d.B16, V%d.B16, V%d.B16", m, n, d) }
func or(d, n, m vec)  { op("VORR V%d.B16, V%d.B16, V%d.B16", m, n, d) }
func xor(d, n, m vec) { op("VEOR V%d.B16, V%d.B16, V%d.B16", m, n, d) }
func zero(d vec)      { xor(d, d, d) }
func move(d, n vec)   { op("VMOV V%d.B16, V%d.B16", n, d) }

// where copies the bits of n that m sets, whereNot those that it does not.
func where(d, n, m vec)    { op("VBIT V%d.B16, V%d.B16, V%d.B16", m, n, d) }
func whereNot(d, n, m vec) { op("VBIF V%d.B16, V%d.B16, V%d.B16", m, n, d) }

// anyBit sets every bit of the lanes of 32 bits in which n and m share one.
func anyBit(d, n, m vec) { op("VCMTST V%d.S4, V%d.S4, V%d.S4", m, n, d) }

// Whole numbers of 64 bits.
func addInts(d, n, m vec)             { op("VADD V%d.D2, V%d.D2, V%d.D2", m, n, d) }
func subInts(d, n, m vec)             { op("VSUB V%d.D2, V%d.D2, V%d.D2", m, n, d) }
func shiftLeft(d, n vec, bits int)    { op("VSHL $%d, V%d.D2, V%d.D2", bits, n, d) }
func shiftRight(d, n vec, bits int)   { op("VUSHR $%d, V%d.D2, V%d.D2", bits, n, d) }
func spread(d vec)                    { op("VDUP V%d.S[0], V%d.S4", d, d) } // the first float32 into every lane
func spreadWide(d vec)                { op("VDUP V%d.D[0], V%d.D2", d, d) } // the first float64
func loadBits(d vec, bits uint64)     { op("MOVD $0x%x, R25", bits); op("VDUP R25, V%d.D2", d) }
func setLane(d vec, lane int, n vec)  { op("VMOV V%d.S[0], V%d.S[%d]", n, d, lane) }
func takeLane(d vec, lane int, n vec) { op("VMOV V%d.S[%d], V%d.S[0]", n, lane, d) }

// r is one of the registers R0 to R17 and R19 to R26. R25 is overwritten by constants.
type r uint32

func (x r) String() string { return fmt.Sprintf("R%d", uint32(x)) }
