package safetensors

import (
	"encoding/binary"
	"fmt"
	"math"
)

// DTypes are the kinds of numbers that are read, and how many bytes one takes: IEEE 754's binary32, binary16 and binary64, and the upper
// half of a binary32.
var DTypes = map[string]int{"F32": 4, "F16": 2, "BF16": 2, "F64": 8}

// Numbers reads little-endian numbers of one of DTypes, as float32. Infinities and NaN stay what they are; a number that is too large for a
// float32 is an error.
func Numbers(dtype string, b []byte) ([]float32, error) {
	width := DTypes[dtype]
	x := make([]float32, len(b)/width)
	for i := range x {
		b := b[i*width:]
		switch dtype {
		case "F32":
			x[i] = math.Float32frombits(binary.LittleEndian.Uint32(b))
		case "F16":
			x[i] = half(binary.LittleEndian.Uint16(b))
		case "BF16":
			x[i] = math.Float32frombits(uint32(binary.LittleEndian.Uint16(b)) << 16)
		case "F64":
			v := math.Float64frombits(binary.LittleEndian.Uint64(b))
			if x[i] = float32(v); math.IsInf(float64(x[i]), 0) && !math.IsInf(v, 0) {
				return nil, fmt.Errorf("number %d is %g, expected at most %.3g in size, which a float32 holds", i, v, math.MaxFloat32)
			}
		}
	}
	return x, nil
}

// half returns the value of a binary16: a sign, five bits of exponent, ten of fraction.
func half(h uint16) float32 {
	sign, exponent, fraction := uint32(h>>15)<<31, uint32(h>>10&31), uint32(h&1023)
	switch exponent {
	case 0: // fraction · 2⁻²⁴, which a float32 holds exactly
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)*(1.0/(1<<24))))
	case 31: // ∞ or NaN
		return math.Float32frombits(sign | 255<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+112)<<23 | fraction<<13)
}
