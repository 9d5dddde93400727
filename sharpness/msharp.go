package sharpness

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"

	"msharp/models/ascent"
	"msharp/models/kind"
)

var _ = Table.Add("msharp", func() Measure { return &MSharpness{M: []int{1}, Rho: []float64{0.05}, Steps: 1, P: 2} })

var (
	_ Coster = (*MSharpness)(nil)
	_ Fitter = (*MSharpness)(nil)
	_ Joiner = (*MSharpness)(nil)
	_ Needer = (*MSharpness)(nil)
)

// MSharpness is m-sharpness at every pair of M and Rho: the mean, over disjoint groups of m training examples, of the rise of a
// group's loss at its ascent point,
//
//	(1/K) Σ_k [L_k(w + ρ ∇L_k/‖∇L_k‖₂) − L_k(w)]
//
// (Foret et al. 2021, section 4.1). In any norm it takes one ascent step, or several of projected ascent: after each further step ε_k moves to
// the nearest point, in the Euclidean distance, of the ball ‖ε‖_p ≤ ρ. Beside each it gives the standard error over groups, msharp_se, and for
// each m the number of groups whose gradient is exactly zero, msharp_zero. m = n, all examples in one group, is the sharpness of their
// equation 1. All pairs share a gradient over the training split, or several where no chunks suit all m; each pair of m and ρ costs a
// forward pass besides, and Steps − 1 gradients.
type MSharpness struct {
	M     []int     `yaml:"m" in:"[0,)" most:"100"`    // examples per group; must divide the training size; 0 means all of it
	Rho   []float64 `yaml:"rho" in:"(0,)" most:"1000"` // radii
	Steps int       `yaml:"steps" in:"[1,)"`           // steps of projected ascent; with several, each group counts at its best point
	P     float64   `yaml:"p" in:"[1,]"`               // norm of the ball; .inf is the largest coordinate
}

func (s *MSharpness) rules() (rules []ascent.Rule) {
	for _, m := range s.M {
		for _, rho := range s.Rho {
			rules = append(rules, ascent.Rule{Rho: rho, M: m, P: s.P, Steps: s.Steps})
		}
	}
	return rules
}

func (s *MSharpness) Columns() (columns []Column) {
	for i, r := range s.rules() {
		m := Param{"m", group(r.M)}
		if i%len(s.Rho) == 0 {
			columns = append(columns, Column{"msharp_zero", append([]Param{m}, s.variant()...), Detail, "groups whose gradient is zero"})
		}
		at := append([]Param{m, {"rho", number(r.Rho)}}, s.variant()...)
		columns = append(columns,
			Column{"msharp", at, Sharpness, "m-sharpness"},
			Column{"msharp_se", at, Detail, "standard error of m-sharpness"})
	}
	return columns
}

// Join collects, for each m, the radii it has in s or other, and returns one measure for each set of radii, with all m that have this set.
func (s *MSharpness) Join(other Measure) (joined []Measure) {
	o := other.(*MSharpness)
	for _, r := range joinedRadii(radii{s.M, s.Rho}, radii{o.M, o.Rho}) {
		joined = append(joined, &MSharpness{M: r.m, Rho: r.rho, Steps: s.Steps, P: s.P})
	}
	return joined
}

// variant returns the parameters beside m and ρ: none for one step in the Euclidean norm.
func (s *MSharpness) variant() (v []Param) {
	if s.P != 0 && s.P != 2 {
		v = append(v, Param{"p", number(s.P)})
	}
	if s.Steps > 1 {
		v = append(v, Param{"steps", strconv.Itoa(s.Steps)})
	}
	return v
}

func number(v float64) string {
	if math.IsInf(v, 1) {
		return "inf"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

func group(m int) string {
	if m == 0 {
		return "n"
	}
	return strconv.Itoa(m)
}

func (s *MSharpness) Need() Need { return Need{Rules: s.rules()} }

func (s *MSharpness) Cost(int, int) Cost {
	pairs := len(s.M) * len(s.Rho)
	return Cost{Gradients: 1 + float64(pairs*(max(s.Steps, 1)-1)), Forward: float64(pairs)}
}

func (s *MSharpness) Of(l Landscape, _ *rand.Rand) (values []float64, err error) {
	for i, g := range l.AscentGains(s.rules()) {
		if i%len(s.Rho) == 0 {
			values = append(values, float64(g.Zero))
		}
		values = append(values, g.Mean, g.StdErr)
	}
	return values, nil
}

// Fits refuses an m that does not divide the training size.
func (s *MSharpness) Fits(examples int) error { return divide(s.M, examples) }

// divide refuses group sizes that do not divide the training size.
func divide(sizes []int, examples int) error {
	for _, m := range sizes {
		if m != 0 && examples%m != 0 {
			return &kind.Error{Key: "m", Value: strconv.Itoa(m), Problem: "does not divide the training size", Expected: fmt.Sprintf("a divisor of %d, or 0 for all", examples)}
		}
	}
	return nil
}
