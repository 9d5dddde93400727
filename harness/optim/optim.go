// Package optim holds first-order optimizers over flat weight vectors, and SAM, which wraps any of them.
//
// No step of theirs leaves a denormal number in the weights or in what the optimizer remembers: what is below 2⁻¹²⁶ is zero.
//
// A new optimizer is a file here: a Spec, its Stepper, and a line with Table.Add.
//
// SAM does not step: it changes what "the gradient" means, and its base optimizer steps on that. Closure makes a loss of your own
// an Objective:
//
//	sam := optim.NewSAM(optim.NewAdam())
//	step := sam.New(len(w))
//	loss := optim.Closure(func(g, w []float32) float64 { ... })
//	for range 1000 {
//		step.Step(w, loss, 1e-3)
//	}
package optim

import (
	"msharp/models/ascent"
	"msharp/models/kind"
)

// Objective is one minibatch as an optimizer sees it.
type Objective interface {
	// Grad writes ∇L(w) into g and returns L(w).
	Grad(g, w []float32) (loss float64)
	// AscentGrad writes the mean over groups of the gradient at each group's ascent point under r into g, and returns the loss
	// at w and the mean loss at the ascent points. With r.Rho = 0 it is Grad, bit for bit, plus r.Decay·w.
	AscentGrad(g, w []float32, r ascent.Rule) (clean, perturbed float64)
}

// Stepper is a running optimizer: its hyperparameters and its state.
type Stepper interface {
	// Step moves w in place by one update at learning rate lr. It returns the loss at w before the update and the mean loss
	// at the ascent points; the same number twice for an optimizer without ascent.
	Step(w []float32, obj Objective, lr float64) (clean, perturbed float64)
	// Remember passes the optimizer's state to m, to be saved or restored: all that later steps need from earlier ones. An optimizer
	// without state passes nothing.
	Remember(m Memory)
}

// Memory receives the state of a Stepper, each part under its own name, and saves it or overwrites it with a saved one.
type Memory interface {
	Vector(name string, v []float32)
	Count(name string, n *int)
}

// Spec is an optimizer at rest: hyperparameters only, its YAML schema, safe to copy and share.
type Spec interface {
	New(dim int) Stepper // a Stepper for vectors of dim weights, at the start
}

// Ascending is a Spec that steps on gradients taken uphill. It has the YAML keys rho and m, which studies read, and is Canonical.
type Ascending interface {
	Spec
	Rule() ascent.Rule // the inner maximisation
}

// Canonical is a Spec whose fields can say the same thing in several ways, or have no effect given the others.
type Canonical interface {
	Spec
	Canonical(batch int) Spec // the one Spec that stands for all that step alike on batches of that size
}

// Table holds the optimizers by name.
var Table = kind.Of[Spec]("optimizer")

// Any is an optimizer whose kind the YAML names.
type Any = kind.Any[Spec]
