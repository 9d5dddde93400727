// Package sharpness is numbers that say how flat a minimum is: one measure, or family of one, a file.
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
	Loss(w []float32) float64    // the mean loss over the training split at w
	Error(w []float32) float64   // the share of the training split predicted wrong at w; NaN where the loss is
	Grad(g, w []float32) float64 // Loss, and its gradient into g
	// AscentGains returns, for each rule, the mean over groups of L_k(w+ε_k) − L_k(w) at the solution. Rules share clean passes over the
	// training split, and none has other bits than it has alone. Every M must divide the number of training examples.
	AscentGains(rules []ascent.Rule) []ascent.Gain
}

// Measure is one sharpness measure, or several that share their work, with parameters.
type Measure interface {
	Columns() []Column                               // their names and order are stable
	Of(l Landscape, r *rand.Rand) ([]float64, error) // one value a column; r is the measure's own stream
}

// Fitter is a Measure that not every training split allows.
type Fitter interface {
	Fits(examples int) error // why it cannot be taken on a split of so many, or nil
}

// Table holds the measures by name.
var Table = kind.Of[Measure]("measure")

// Any is a Measure whose kind the YAML names.
type Any = kind.Any[Measure]
