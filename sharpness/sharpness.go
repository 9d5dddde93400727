// Package sharpness defines measures of sharpness and their rivals, one measure a file.
//
// A Measure sees the training loss around a solution as a Landscape, and gives one number a Column. A Column's name stands in the records;
// ParseColumn reads it back. A new measure is a file with a Table.Add line: it is then a kind in the YAML, and its columns enter the
// rankings by their Role. Its memory is foretold generously, unless it is a Needer; a Coster says what it costs. These are in the Table, each with
// where it comes from and what it costs at its defaults on ten classes, in passes over the training split. A gradient is a forward and a
// backward pass, a product with the Hessian 1 to 2.7 gradients:
//
//	msharp    mean rise of the loss of m examples at their ascent point                Foret et al. 2021           1 gradient, 1 forward pass
//	adaptive  the same in units of the weights                                         Kwon et al. 2021            1 gradient, 1 forward pass
//	worst     largest loss in a ball around the solution, by many steps of ascent      Foret et al. 2021           20 gradients, 1 forward pass
//	keskar    largest loss in a box, in percent                                        Keskar et al. 2017          20 gradients, 2 forward passes
//	average   mean rise of the loss under random noise                                 Neyshabur et al. 2017       41 forward passes
//	flatness  how much noise leaves the accuracy as it is                              Jiang et al. 2019           about 131 forward passes
//	pacbayes  bound of the test error                                                  Foret et al. 2021           1 gradient, 2 forward passes
//	critical  curvature from the step along −g at which the loss is again what it was  Kalra et al. 2026           about 1 gradient, 15 forward passes
//	hessian   largest eigenvalues of the Hessian, and the smallest                     Keskar et al. 2017          20 products
//	trace     trace of the Hessian                                                     Epperly et al. 2024         30 products
//	density   spectral density of the Hessian                                          Ghorbani et al. 2019        100 products
//	ggn       trace of the Gauss-Newton matrix, exact                                  Schraudolph 2002            1 forward pass, 10 backward passes
//	fisher    spectra of the empirical Fisher matrix and of the gradient covariance    Thomas et al. 2020          1 gradient
//	gradnorm  norm of the gradient                                                     –                           1 gradient
//	margin    margin of the logits                                                     Jiang et al. 2019           1 forward pass
//	features  rank and sparsity of the last hidden layer                               Andriushchenko et al. 2023  1 forward pass
//	norm      norm of the weights                                                      –                           no pass
//	distance  distance of the weights from their first values                          Nagarajan and Kolter 2019   no pass
//	layers    norms of the weights by layer                                            Jiang et al. 2019           no pass
//	path      path norm                                                                Neyshabur et al. 2015       no pass
package sharpness

import (
	"math/rand/v2"

	"msharp/models/ascent"
	"msharp/models/kind"
)

// Landscape is the training loss around a solution.
type Landscape interface {
	W() []float32                // the solution; read only
	Init() []float32             // the weights that training started from; read only
	Examples() int               // in the training split
	Arrays() []Array             // the parts of the weights, in order
	Part(lo, hi int) Landscape   // the same network with training examples [lo, hi) alone for its training split
	Loss(w []float32) float64    // the mean loss over the training split at w
	Error(w []float32) float64   // the share of the training split predicted wrong at w; NaN where the loss is
	Grad(g, w []float32) float64 // Loss, and its gradient into g
	// Responses calls visit for each training example, in order, with its logits at w, its features, which are what the last layer with weights
	// reads: the activations of the last hidden layer, and its label. They are valid during the call.
	Responses(w []float32, visit func(logits, features []float32, label int))
	// PathNorm returns the root of the sum, over paths from inputs and biases to logits, of the product of the squared weights at w on the path.
	PathNorm(w []float32) float64
	// AscentGains returns, for each rule, the mean over groups of L_k(w+ε_k) − L_k(w) at the solution. Rules share clean passes over the
	// training split; each gives the same bits as alone. Every M must divide the number of training examples.
	AscentGains(rules []ascent.Rule) []ascent.Gain
	// HessVec writes Hv into hv, with H the Hessian at w of the mean loss over the training split, exact up to rounding. Where v is not finite,
	// hv is NaN. Products at one w may have a pass in common. The error says why the network has no second derivatives.
	HessVec(hv, w, v []float32) error
	// GaussNewtonVec does the same with the generalized Gauss-Newton matrix, H without the second derivatives of the logits.
	GaussNewtonVec(gv, w, v []float32) error
	GaussNewtonTrace(w []float32) float64 // the trace of that matrix at w, exact up to rounding
	// ExampleProducts writes ⟨∇L_i(w), ∇L_j(w)⟩ into dst[i·n+j] for each two of the first n training examples.
	ExampleProducts(dst []float64, w []float32, n int)
}

// Array is a part of the weights: a matrix, row-major, whose columns are units or channels of a layer's output; or their biases, in one row.
type Array struct {
	Rows, Cols int
	Bias       bool
	Layer      int // with weights, to which it belongs, from 1
}

// Size returns how many weights a holds.
func (a Array) Size() int { return a.Rows * a.Cols }

// Measure is a measure with its parameters, or several measures that share their work.
type Measure interface {
	Columns() []Column                               // their names and order are stable
	Of(l Landscape, r *rand.Rand) ([]float64, error) // one value a column; r is the measure's own stream
}

// Fitter is a Measure that some training splits do not allow.
type Fitter interface {
	Fits(examples int) error // why a split of that many examples does not allow it, or nil
}

// LayerFitter is a Measure that some networks do not allow.
type LayerFitter interface {
	FitsLayers(n int) error // why a network of n layers with weights does not allow it, or nil
}

// Table holds the measures by name.
var Table = kind.Of[Measure]("measure")

// Any is a Measure whose kind the YAML names.
type Any = kind.Any[Measure]
