package optim

import (
	"math"

	"msharp/models/elementary"
	"msharp/models/kernel"
)

var (
	_ = Table.Add("adam", func() Spec { return NewAdam() })
	_ = Table.Add("adamw", func() Spec { return NewAdamW() })
)

// Adam is Kingma and Ba 2015, Algorithm 1, with the penalty λ/2‖w‖² in the gradient:
//
//	g ← g + λw;  m ← β₁m + (1−β₁)g;  v ← β₂v + (1−β₂)g²;  w ← w − η m̂/(√v̂ + ε)
//
// with m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ).
type Adam struct {
	Beta1       float64 `yaml:"beta1" in:"[0,1)"`       // β₁, what the mean of gradients keeps in a step
	Beta2       float64 `yaml:"beta2" in:"[0,1)"`       // β₂, what the mean of squared gradients keeps in a step
	Eps         float64 `yaml:"eps" in:"(0,)"`          // ε, added to the root of the mean of squares
	WeightDecay float64 `yaml:"weight_decay" in:"[0,)"` // λ of the penalty λ/2‖w‖²; that of adamw is outside of the gradient
}

// NewAdam returns Adam with β₁ = 0.9, β₂ = 0.999, ε = 1e-8 and no weight decay.
func NewAdam() *Adam { return &Adam{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8} }

// AdamW is Adam with the weight decay outside of the gradient (Loshchilov and Hutter 2019, Algorithm 2): first w ← (1 − ηλ)w, then
// Adam's step without penalty. With λ = 0 it is Adam.
type AdamW struct {
	Adam `yaml:",inline"`
}

// NewAdamW returns AdamW with NewAdam's values and a weight decay of 0.01.
func NewAdamW() *AdamW { return &AdamW{Adam{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, WeightDecay: 0.01}} }

func (s *Adam) New(dim int) Stepper {
	return &adam{Adam: *s, g: make([]float32, dim), m: make([]float32, dim), v: make([]float32, dim)}
}

func (s *AdamW) New(dim int) Stepper {
	a := s.Adam.New(dim).(*adam)
	a.decoupled = true
	return a
}

type adam struct {
	Adam
	decoupled bool
	t         int // steps taken
	g, m, v   []float32
}

func (s *adam) Remember(m Memory) {
	m.Count("t", &s.t)
	m.Vector("m", s.m)
	m.Vector("v", s.v)
}

func (s *adam) Step(w []float32, obj Objective, lr float64) (clean, perturbed float64) {
	loss := obj.Grad(s.g, w)
	s.t++
	root := math.Sqrt(1 - elementary.Power(s.Beta2, s.t))
	step := kernel.Adam{
		Beta1: float32(s.Beta1), Rest1: float32(1 - s.Beta1),
		Beta2: float32(s.Beta2), Rest2: float32(1 - s.Beta2),
		Decay: float32(s.WeightDecay), Keep: 1,
		Eta: float32(lr * root / (1 - elementary.Power(s.Beta1, s.t))), Eps: float32(s.Eps * root),
	}
	if s.decoupled {
		step.Decay, step.Keep = 0, float32(1-float64(lr*s.WeightDecay))
	}
	step.Step(w, s.m, s.v, s.g)
	return loss, loss
}
