package models

import (
	"math"

	"msharp/models/kernel"
)

// PathNorm returns the path norm at w: the square root of the sum, over all paths from an input or a bias to a logit, of the product of the
// squared weights along the path (Neyshabur et al. 2015, arXiv:1503.00036). It is a forward pass of one example of ones at the squared
// weights, without activations. Where a window is pooled, its largest sum counts.
func (n *Net) PathNorm(w []float32) float64 {
	var scratch kernel.Scratch
	x, squares := kernel.New(1, n.In.Size()), make([]float32, n.widest())
	for i := range x.Data {
		x.Data[i] = 1
	}
	for _, s := range n.stages {
		if _, ok := s.Layer.(Elementwise); ok {
			continue
		}
		of := squares[:s.hi-s.lo]
		for i, v := range w[s.lo:s.hi] {
			of[i] = v * v
		}
		y := kernel.New(1, s.out.Size())
		s.Forward(Pass{In: s.in, Out: s.out, W: of, X: x, Y: y, Scratch: &scratch})
		x = y
	}
	var sum float64
	for _, v := range x.Row(0) {
		sum += float64(v)
	}
	return math.Sqrt(sum)
}

// widest returns how many weights the layer with the most has.
func (n *Net) widest() (most int) {
	for _, s := range n.stages {
		most = max(most, s.hi-s.lo)
	}
	return most
}

// PathNormBytes is about how many bytes PathNorm holds.
func (n *Net) PathNormBytes() float64 {
	numbers := float64(n.widest() + n.In.Size())
	for _, s := range n.stages {
		numbers += float64(s.out.Size())
	}
	f, scratch := n.Footprint(1), 0.
	for l := range n.stages {
		scratch = max(scratch, f.scratchOf(l, 0, true))
	}
	return 4 * (numbers + scratch)
}
