// Package optim is first-order optimizers over flat weight vectors, and SAM, which wraps any of them.
//
// SAM does not step: it changes what "the gradient" means, and its base optimizer steps on that. A user's own loss is stepped
// through Closure:
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

// Objective is what an optimizer sees of one minibatch.
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
	// Remember shows m all that the next step will need of the steps before it. A Stepper that has none shows nothing.
	Remember(m Memory)
}

// Memory sees the state of a Stepper, under names of their own, to save it or to put another in its place.
type Memory interface {
	Vector(name string, v []float32)
	Count(name string, n *int)
}

// Spec is an optimizer at rest: hyperparameters only, its YAML schema, safe to copy and share.
type Spec interface {
	New(dim int) Stepper // a Stepper for vectors of dim weights, at the start
}

// Ascending is a Spec that steps on gradients taken uphill.
type Ascending interface {
	Spec
	Rule() ascent.Rule // the inner maximisation
}

// Canonical is a Spec some of whose fields may not matter, or have two ways to say the same.
type Canonical interface {
	Spec
	Canonical(batch int) Spec // the one Spec of all that step alike on batches of that size
}

// Table holds the optimizers by name.
var Table = kind.Of[Spec]("optimizer")

// Any is an optimizer whose kind the YAML names.
type Any = kind.Any[Spec]
