package sharpness

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"msharp/harness/ascent"
	"msharp/harness/kind"
)

var _ = Table.Add("msharp", func() Measure { return &MSharpness{M: []int{1}, Rho: []float64{0.05}, Steps: 1} })

var _ Fitter = (*MSharpness)(nil)

// MSharpness is m-sharpness at every pair of M and Rho: the mean, over disjoint groups of m training examples, of the rise of a
// group's loss at its ascent point,
//
//	(1/K) Σ_k [L_k(w + ρ ∇L_k/‖∇L_k‖₂) − L_k(w)]
//
// (Foret et al. 2021, section 4.1, one ascent step). Beside each it gives the standard error over groups, msharp_se, and for each m the
// number of groups whose gradient is exactly zero, msharp_zero. m = n, all examples in one group, is the sharpness of their
// equation 1.
type MSharpness struct {
	M     []int     `yaml:"m" in:"[0,)"`   // examples per group; must divide the training size; 0 means all of it
	Rho   []float64 `yaml:"rho" in:"(0,)"` // radii
	Steps int       `yaml:"steps" in:"[1,1]"`
}

func (s *MSharpness) rules() (rules []ascent.Rule) {
	for _, m := range s.M {
		for _, rho := range s.Rho {
			rules = append(rules, ascent.Rule{Rho: rho, M: m})
		}
	}
	return rules
}

func (s *MSharpness) Names() (names []string) {
	for i, r := range s.rules() {
		if i%len(s.Rho) == 0 {
			names = append(names, fmt.Sprintf("msharp_zero(m=%s)", group(r.M)))
		}
		at := fmt.Sprintf("(m=%s rho=%s)", group(r.M), strconv.FormatFloat(r.Rho, 'g', -1, 64))
		names = append(names, "msharp"+at, "msharp_se"+at)
	}
	return names
}

func group(m int) string {
	if m == 0 {
		return "n"
	}
	return strconv.Itoa(m)
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

// Fits says which m does not divide the training size.
func (s *MSharpness) Fits(examples int) error {
	for _, m := range s.M {
		if m != 0 && examples%m != 0 {
			return &kind.Error{Key: "m", Value: strconv.Itoa(m), Problem: "does not divide the training size", Expected: fmt.Sprintf("a divisor of %d, or 0 for all", examples)}
		}
	}
	return nil
}
