package sharpness

import (
	"fmt"
	"strconv"

	"msharp/models/kind"
)

// block is a diagonal block of the Hessian at the solution: that of the weights [lo, hi).
type block struct {
	Landscape
	lo, hi int
	v, hv  []float32 // of all weights, v zero outside the block; nil where it is all of the Hessian
}

// blockOf returns the block of a layer's weights, its biases among them; 0 is all weights. The error says that there is no such layer.
func blockOf(l Landscape, layer int) (*block, error) {
	dim := len(l.W())
	if layer == 0 {
		return &block{Landscape: l, hi: dim}, nil
	}
	b, at, most := &block{Landscape: l}, 0, 0
	for _, a := range l.Arrays() {
		if a.Layer == layer {
			if b.hi == 0 {
				b.lo = at
			}
			b.hi = at + a.Size()
		}
		at += a.Size()
		most = max(most, a.Layer)
	}
	if b.hi == b.lo {
		return nil, fitLayer(layer, min(most, layer-1))
	}
	b.v, b.hv = make([]float32, dim), make([]float32, dim)
	return b, nil
}

// dim returns how many rows the block has.
func (b *block) dim() int { return b.hi - b.lo }

// product writes the block times v into hv: what H makes of v in the block, with 0 for the other weights.
func (b *block) product(hv, v []float32) error {
	if b.v == nil {
		return b.HessVec(hv, b.W(), v)
	}
	copy(b.v[b.lo:b.hi], v)
	if err := b.HessVec(b.hv, b.W(), b.v); err != nil {
		return err
	}
	copy(hv, b.hv[b.lo:b.hi])
	return nil
}

// blockBytes is the size of a block for each weight.
func blockBytes(layer int) int {
	if layer == 0 {
		return 0
	}
	return 2 * 4
}

// atLayer returns the parameter of a layer's block in the names of columns; none for all weights.
func atLayer(layer int) []Param {
	if layer == 0 {
		return nil
	}
	return []Param{{"layer", strconv.Itoa(layer)}}
}

// absentLayer leaves the layer out of what shows all keys where it is 0, the default.
func absentLayer(layer int) []string {
	if layer == 0 {
		return []string{"layer"}
	}
	return nil
}

// fitLayer refuses a layer that a network of so many layers with weights does not have.
func fitLayer(layer, layers int) error {
	if layer <= layers {
		return nil
	}
	return &kind.Error{Key: "layer", Value: strconv.Itoa(layer), Problem: "no such layer",
		Expected: fmt.Sprintf("at most %d, the layers with weights of this network, or 0 for all weights", layers)}
}
