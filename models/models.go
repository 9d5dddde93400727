// Package models is networks as functions of one flat weight vector.
//
// A Net is a list of layers; on a batch it is a Problem: the mean loss, its gradient, and the gradient of m-SAM, as functions
// of w. A layer knows how to run forward and backward; the perturbation of each group of examples is then free of charge for
// its author, and a layer that can take it without forming it says so by being LowRank.
package models

import (
	"math/rand/v2"

	"msharp/models/kernel"
)

// Shape is channels × height × width of one example, stored height by width by channels (NHWC). A plain vector of n numbers
// is {n, 1, 1}.
type Shape struct{ C, H, W int }

// Size returns the number of values of one example.
func (s Shape) Size() int { return s.C * s.H * s.W }

// Batch is B examples and their labels.
type Batch struct {
	X kernel.Mat // B × Shape.Size()
	Y []int      // B labels in [0, classes)
}

// Len returns B.
func (b Batch) Len() int { return len(b.Y) }

// Slice returns the view of examples [i, j).
func (b Batch) Slice(i, j int) Batch { return Batch{b.X.Slice(i, j), b.Y[i:j]} }

// Pass is one layer's share of one forward and backward pass over B examples.
type Pass struct {
	In, Out Shape           // of one example
	W       []float32       // the layer's view of the flat weights; empty for a layer without
	X, Y    kernel.Mat      // B × In.Size(), B × Out.Size()
	DY      kernel.Mat      // B × Out.Size(), the gradient of the loss at Y
	Scratch *kernel.Scratch // memory for the inside of a call
}

// rows returns the pass of examples [i, j).
func (p Pass) rows(i, j int) Pass {
	p.X, p.Y = p.X.Slice(i, j), p.Y.Slice(i, j)
	if p.DY.Data != nil {
		p.DY = p.DY.Slice(i, j)
	}
	return p
}

// Layer is one step of a network. It knows shapes and holds no weights and no buffers.
type Layer interface {
	Out(in Shape) (Shape, error)        // the shape of an output, or why in cannot be an input
	Forward(p Pass)                     // writes p.Y
	BackwardData(dx kernel.Mat, p Pass) // writes the gradient at p.X, B × In.Size(), from p.DY
}

// Weighted is a Layer with parameters.
type Weighted interface {
	Layer
	NumParams(in Shape) int
	Init(w []float32, in Shape, r *rand.Rand)
	BackwardWeights(g []float32, p Pass) // g += the gradient at p.W, summed over all rows
}

// LowRank is a Weighted layer, linear in its weights, that can take each group's perturbation ε_k without forming it, as a
// correction of the unperturbed products. Where it would rather not, and for every other Weighted layer, w + ε_k is formed
// group by group.
type LowRank interface {
	Weighted
	// Factored reports whether to take groups of m examples as a correction; first says that the input is the data, the same in
	// every pass.
	Factored(in Shape, m int, first bool) bool
	// Rise writes the change of the output along each group's gradient ∇_k at p.W, B × out, whose product with p.DY is ‖∇_k‖²:
	// the output is linear in the weights.
	Rise(rise kernel.Mat, p Pass, groups int)
	ForwardAscent(p Pass, a Ascent)                     // Forward, group k at a's weights
	BackwardDataAscent(dx kernel.Mat, p Pass, a Ascent) // BackwardData, group k at a's weights
}

// Ascent is one layer's share of a perturbation. The K groups are consecutive runs of B/K examples, and group k has the weights
//
//	w + ε_k = Grow[k]·w + Scale[k]·∇_k
//
// with ∇_k the gradient of group k in the First pass: Σ_i of its rows of DY and X.
type Ascent struct {
	First Pass
	Grads kernel.Mat // K × NumParams, the ∇_k; no data where the layer keeps them factored, as First
	Rise  kernel.Mat // B × out, how Y rises along ∇_k, where the input is the data and the rise so the same in every pass; else no data
	Scale []float64  // K
	Grow  []float64  // K; nil means 1
}

// weights writes group k's weights into wk.
func (a Ascent) weights(wk, w []float32, k int) {
	if a.Grow == nil {
		copy(wk, w)
	} else {
		kernel.ScaleTo(wk, a.Grow[k], w)
	}
	kernel.Axpy(wk, a.Scale[k], a.Grads.Row(k))
}
