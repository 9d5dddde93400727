package sharpness

import (
	"math/rand/v2"
	"strconv"
)

var _ = Table.Add("worst", func() Measure { return &Worst{M: []int{0}, Rho: []float64{0.05}, Steps: worstSteps, P: 2} })

const worstSteps = 20

var (
	_ Coster = (*Worst)(nil)
	_ Fitter = (*Worst)(nil)
	_ Joiner = (*Worst)(nil)
	_ Needer = (*Worst)(nil)
)

// Worst is worst-case sharpness at every pair of M and Rho, in units of loss. It is the mean, over disjoint groups of m training examples, of
//
//	max_{‖ε‖_p ≤ ρ} L_k(w + ε) − L_k(w)
//
// with the maximum sought by automatic projected gradient ascent of Steps steps (Croce and Hein 2020, arXiv:2003.01690), and w among the points.
// It is a lower estimate, never below 0; m-sharpness with steps > 1 seeks the same maximum by steps of fixed length ρ. By default it is over the
// whole training split, m = n (Foret et al. 2021, equation 1). Where a group's gradient is zero the first step is random, so that a minimum
// too has its worst case. Beside it stands the standard error over groups, worst_se, NaN for one. A pair of M and ρ costs Steps gradients over the
// training split and a forward pass, at small m in small batches.
type Worst struct {
	M     []int     `yaml:"m" in:"[0,)" most:"100"`    // examples per group; must divide the training size; 0 means all of it
	Rho   []float64 `yaml:"rho" in:"(0,)" most:"1000"` // radii, in units of ‖w‖_p
	Steps int       `yaml:"steps" in:"[1,10000]"`      // of the ascent
	P     float64   `yaml:"p" in:"[1,]"`               // norm of the ball; .inf is the largest coordinate
}

func (s *Worst) Columns() (columns []Column) {
	var variant []Param
	if s.P != 2 {
		variant = append(variant, Param{"p", number(s.P)})
	}
	if s.Steps != worstSteps {
		variant = append(variant, Param{"steps", strconv.Itoa(s.Steps)})
	}
	for _, m := range s.M {
		for _, rho := range s.Rho {
			at := append([]Param{{"m", group(m)}, {"rho", number(rho)}}, variant...)
			columns = append(columns,
				Column{"worst", at, Sharpness, "worst-case sharpness"},
				Column{"worst_se", at, Detail, "standard error of worst-case sharpness"})
		}
	}
	return columns
}

// Join returns s, whose directions where a gradient is zero depend on what it climbs before, and what other has besides.
func (s *Worst) Join(other Measure) []Measure {
	joined, o := []Measure{s}, other.(*Worst)
	for _, r := range lackingRadii(radii{s.M, s.Rho}, radii{o.M, o.Rho}) {
		joined = append(joined, &Worst{M: r.m, Rho: r.rho, Steps: s.Steps, P: s.P})
	}
	return joined
}

func (*Worst) Need() Need { return Need{Bytes: apgdBytes, Grad: true} }

func (s *Worst) Cost(int, int) Cost {
	return Cost{Gradients: float64(len(s.M) * len(s.Rho) * s.Steps), Forward: float64(len(s.M) * len(s.Rho))}
}

func (s *Worst) Of(l Landscape, r *rand.Rand) (values []float64, err error) {
	a := newAPGD(len(l.W()))
	for _, m := range s.M {
		for _, rho := range s.Rho {
			mean, se := Mean(eachGroup(l, m, func(part Landscape) float64 { return a.climb(part, rho, s.P, s.Steps, nil, r) }))
			values = append(values, mean, se)
		}
	}
	return values, nil
}

// eachGroup returns f of every group of m training examples; m = 0 is one group of all.
func eachGroup(l Landscape, m int, f func(part Landscape) float64) (values []float64) {
	if m == 0 {
		return []float64{f(l)}
	}
	for lo := 0; lo < l.Examples(); lo += m {
		values = append(values, f(l.Part(lo, lo+m)))
	}
	return values
}

// Fits refuses an m that does not divide the training size.
func (s *Worst) Fits(examples int) error { return divide(s.M, examples) }
