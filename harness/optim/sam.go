package optim

import (
	"msharp/models/ascent"
	"msharp/models/kind"
)

var (
	_ Ascending     = (*SAM)(nil)
	_ Canonical     = (*SAM)(nil)
	_ kind.Checker  = (*SAM)(nil)
	_ kind.Absenter = SAM{}
)

var _ = Table.Add("sam", func() Spec { return NewSAM(NewSGD()) })

// SAM is sharpness-aware minimisation (Foret et al. 2021, Algorithm 1): Base steps on the mean of gradients taken at the ascent point of
// each group of M examples (their section 4.1). With M = 0 or the batch size it is textbook SAM; with Rho = 0 and no Decay it is Base, bit
// for bit.
type SAM struct {
	Rho          float64 `yaml:"rho" in:"[0,)"`   // ρ, radius of the ascent
	M            int     `yaml:"m" in:"[0,)"`     // m, examples per ascent group; 0 means the whole batch
	P            float64 `yaml:"p" in:"[1,]"`     // norm of the ball; .inf is the largest coordinate
	Steps        int     `yaml:"steps" in:"[1,)"` // steps of projected ascent: each after the first ends at the nearest point of the ball
	Unnormalised bool    `yaml:"unnormalised"`    // ε = ρ g in place of ρ g/‖g‖
	Decay        float64 `yaml:"decay" in:"[0,)"` // λ of a penalty λ/2‖w‖² inside the ascended loss; weight_decay of base acts outside
	Base         Any     `yaml:"base"`            // the optimizer that steps on the gradient at the ascent points; none with an ascent of its own
}

// NewSAM returns SAM on base with ρ = 0.05, m the whole batch, and one normalised step in the Euclidean norm, without a penalty inside.
func NewSAM(base Spec) *SAM { return &SAM{Rho: 0.05, P: 2, Steps: 1, Base: Any{Spec: base}} }

// Canonical returns s with m = 0 written as the batch size. Without a radius m, p, steps and unnormalised have no effect, so they are set
// to their defaults.
func (s *SAM) Canonical(batch int) Spec {
	c := *s
	if c.Rho == 0 {
		c.M, c.P, c.Steps, c.Unnormalised = 0, 2, 1, false
	} else if c.M == 0 {
		c.M = batch
	}
	return &c
}

// Absent leaves m out if there is no radius and m is 0, as in the canonical form.
func (s SAM) Absent() []string {
	if s.Rho == 0 && s.M == 0 {
		return []string{"m"}
	}
	return nil
}

// Check refuses an ascent inside an ascent, and an unnormalised ascent unless it is one step in the Euclidean norm.
func (s *SAM) Check() error {
	if _, up := s.Base.Spec.(Ascending); up {
		return &kind.Error{Key: "base.kind", Value: s.Base.Kind(), Problem: "an ascent inside an ascent", Expected: "an optimizer without ascent, such as sgd"}
	}
	if s.Unnormalised && (s.Steps > 1 || !s.Rule().Euclidean()) {
		return &kind.Error{Key: "unnormalised", Value: "true", Problem: "with another norm or several steps", Expected: kind.Beside("p") + " = 2 and " + kind.Beside("steps") + " = 1"}
	}
	return nil
}

// Rule returns the inner maximisation.
func (s *SAM) Rule() ascent.Rule {
	return ascent.Rule{Rho: s.Rho, M: s.M, P: s.P, Steps: s.Steps, Unnormalised: s.Unnormalised, Decay: s.Decay}
}

func (s *SAM) New(dim int) Stepper {
	return &sam{base: s.Base.Spec.New(dim), up: uphill{rule: s.Rule()}}
}

type sam struct {
	base Stepper
	up   uphill
}

func (s *sam) Remember(m Memory) { s.base.Remember(m) }

func (s *sam) Step(w []float32, obj Objective, lr float64) (clean, perturbed float64) {
	s.up.Objective = obj
	s.base.Step(w, &s.up, lr)
	return s.up.clean, s.up.perturbed
}

// uphill is an objective whose gradient is that at the ascent points.
type uphill struct {
	Objective
	rule             ascent.Rule
	clean, perturbed float64
}

func (u *uphill) Grad(g, w []float32) float64 {
	u.clean, u.perturbed = u.Objective.AscentGrad(g, w, u.rule)
	return u.clean
}
