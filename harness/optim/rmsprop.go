package optim

import "msharp/models/kernel"

var _ = Table.Add("rmsprop", func() Spec { return NewRMSProp() })

// RMSProp is Tieleman and Hinton 2012 (Lecture 6.5), with momentum on the scaled gradient:
//
//	g ← g + λw;  s ← αs + (1−α)g²;  v ← μv + g/(√s + ε);  w ← w − η v
type RMSProp struct {
	Alpha       float64 `yaml:"alpha" in:"[0,1)"`       // α, what the mean of squared gradients keeps in a step
	Eps         float64 `yaml:"eps" in:"(0,)"`          // ε, added to the root of the mean of squares
	Momentum    float64 `yaml:"momentum" in:"[0,1)"`    // μ
	WeightDecay float64 `yaml:"weight_decay" in:"[0,)"` // λ of the penalty λ/2‖w‖²; that of adamw is outside of the gradient
}

// NewRMSProp returns RMSProp with α = 0.99, ε = 1e-8, no momentum and no weight decay.
func NewRMSProp() *RMSProp { return &RMSProp{Alpha: 0.99, Eps: 1e-8} }

func (s *RMSProp) New(dim int) Stepper {
	return &rmsprop{*s, make([]float32, dim), make([]float32, dim), make([]float32, dim)}
}

type rmsprop struct {
	RMSProp
	g, s, v []float32
}

func (r *rmsprop) Remember(m Memory) {
	m.Vector("s", r.s)
	m.Vector("v", r.v)
}

func (r *rmsprop) Step(w []float32, obj Objective, lr float64) (clean, perturbed float64) {
	loss := obj.Grad(r.g, w)
	kernel.RMSProp{
		Alpha: float32(r.Alpha), Rest: float32(1 - r.Alpha),
		Mu: float32(r.Momentum), Decay: float32(r.WeightDecay), Eta: float32(lr),
		Eps: float32(r.Eps),
	}.Step(w, r.s, r.v, r.g)
	return loss, loss
}
