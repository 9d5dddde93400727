package optim

import "msharp/models/kernel"

var _ = Table.Add("sgd", func() Spec { return NewSGD() })

// SGD is stochastic gradient descent with heavy-ball momentum (Polyak 1964) or Nesterov's, in the form of Sutskever et al. 2013
// without dampening:
//
//	g ← g + λw;  v ← μv + g;  w ← w − η v   (Nesterov: w ← w − η (g + μv))
type SGD struct {
	Momentum    float64 `yaml:"momentum" in:"[0,1)"`    // μ
	Nesterov    bool    `yaml:"nesterov"`               // whether to look ahead, as Nesterov does
	WeightDecay float64 `yaml:"weight_decay" in:"[0,)"` // λ of the penalty λ/2‖w‖²; that of adamw is outside of the gradient
}

// NewSGD returns SGD with a heavy-ball momentum of 0.9 and no weight decay.
func NewSGD() *SGD { return &SGD{Momentum: 0.9} }

func (s *SGD) New(dim int) Stepper {
	return &sgd{*s, make([]float32, dim), make([]float32, dim)}
}

type sgd struct {
	SGD
	g, v []float32
}

func (s *sgd) Remember(m Memory) { m.Vector("v", s.v) }

func (s *sgd) Step(w []float32, obj Objective, lr float64) (clean, perturbed float64) {
	loss := obj.Grad(s.g, w)
	kernel.Momentum{Mu: float32(s.Momentum), Decay: float32(s.WeightDecay), Eta: float32(lr), Nesterov: s.Nesterov}.Step(w, s.v, s.g)
	return loss, loss
}
