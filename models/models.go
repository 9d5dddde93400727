// Package models holds networks as functions of one flat weight vector.
//
// A Net is a list of layers; on a batch it is a Problem: the mean loss, its gradient, the gradient of m-SAM, and products with the Hessian
// and the Gauss-Newton matrix, as functions of w. The author of a layer writes its forward and backward pass and gets the perturbation of
// each group of examples for nothing. A layer that can apply a perturbation without forming it implements LowRank; one that is to have
// second derivatives says by Bilinear, Elementwise or Piecewise what they are.
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
	Turned  []float32       // in BackwardData of a Turning layer, what Turn makes of W; nil if the layer has to do that itself
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
	Arrays(in Shape) []Array // what its weights are, in order
	Init(w []float32, in Shape, r *rand.Rand)
	BackwardWeights(g []float32, p Pass, acc bool) // g = the gradient at p.W, summed over all rows, or g += it if acc
}

// Turning is a Weighted layer whose BackwardData reads the weights in another order. They are put into it once for all calls at these weights.
type Turning interface {
	Weighted
	Turned(in Shape) int           // how many numbers Turn writes
	Turn(t, w []float32, in Shape) // writes all of t
}

// LowRank is a Weighted layer, linear in its weights, that can work without forming a group's gradient: it knows how its products change along that
// gradient. For every other Weighted layer, and where Factored declines, gradients and weights are formed group by group.
type LowRank interface {
	Weighted
	// Factored reports whether leaving the gradients of groups of m examples unformed pays; first says that the input is the data, which is
	// the same in every pass.
	Factored(in Shape, m int, first bool) bool
	// Rise writes into rise how p.Y, B × out, changes along each group's gradient at the weights; the groups are those of m examples in the pass
	// of. The output is linear in the weights, so rise times p.DY, summed over a group, is the inner product of the group's gradients in both passes.
	Rise(rise kernel.Mat, p, of Pass, m int)
	// BackwardRise adds to dx how BackwardData of p changes by scale[k] times the gradient of group k in the pass of.
	BackwardRise(dx kernel.Mat, p, of Pass, scale []float64)
}

// Bilinear is a Weighted layer whose output, its biases aside, is linear in its input at any weights and in its weights at any input. Then
// products with second derivatives are made of its forward and backward passes.
type Bilinear interface {
	Weighted
	// Biases returns which of its weights, [lo, hi), are added to outputs whatever the input is. All others are multiplied by inputs.
	Biases(in Shape) (lo, hi int)
}

// Elementwise is a Layer without weights that takes every value for itself: y = f(x).
type Elementwise interface {
	Layer
	// Bend adds f″(x)·rx·p.DY to dx, value by value. dx and rx are B × In.Size().
	Bend(dx, rx kernel.Mat, p Pass)
}

// Piecewise is a Layer without weights that is linear around almost every input: y = Ax there, with second derivative 0.
type Piecewise interface {
	Layer
	// Along writes A rx into ry, with A the derivative at p.X, whose output is p.Y. rx is B × In.Size(), ry B × Out.Size().
	Along(ry, rx kernel.Mat, p Pass)
}

// Scratching is a Layer that says how much memory it takes from Pass.Scratch. Of any other, so much is assumed as a copy of all rows of a
// pass, in and out, and of the weights.
type Scratching interface {
	Layer
	// Scratch returns the most float32s that one call takes, a float64 being two, with Pass.Turned given. m is the size of groups in Rise and BackwardRise, 0 if these
	// are not called; first says that BackwardData and BackwardRise are not called.
	Scratch(in Shape, m int, first bool) float64
}
