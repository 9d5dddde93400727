package sharpness

import (
	"math"
	"math/rand/v2"
	"strconv"
)

var _ = Table.Add("keskar", func() Measure { return &Keskar{Eps: []float64{1e-3}, Steps: keskarSteps} })

const keskarSteps = 20

var (
	_ Coster = (*Keskar)(nil)
	_ Joiner = (*Keskar)(nil)
	_ Needer = (*Keskar)(nil)
)

// Keskar is the sharpness of Keskar et al. 2017, arXiv:1609.04836, equation 3, in the full space, in percent, at every ε of Eps:
//
//	100 · (max_{z ∈ C_ε} L(w + z) − L(w)) / (1 + L(w)),   C_ε = {z : |z_i| ≤ ε(|w_i| + 1)}
//
// with L the mean loss over the training split. The maximum is sought by automatic projected gradient ascent of Steps steps (see Worst), in the
// units of the box, so that it is a lower estimate, never below 0; the paper takes ten iterations of L-BFGS-B. It takes a forward pass, and
// for each ε Steps gradients and another forward pass.
type Keskar struct {
	Eps   []float64 `yaml:"eps" in:"(0,)" most:"1000"` // sizes of the box, relative to |w_i| + 1; the paper has 0.001 and 0.0005
	Steps int       `yaml:"steps" in:"[1,10000]"`      // of the ascent
}

func (s *Keskar) Columns() (columns []Column) {
	for _, eps := range s.Eps {
		at := []Param{{"eps", number(eps)}}
		if s.Steps != keskarSteps {
			at = append(at, Param{"steps", strconv.Itoa(s.Steps)})
		}
		columns = append(columns, Column{"keskar", at, Sharpness, "Keskar's sharpness"})
	}
	return columns
}

// Join returns the ε of s and then those that only other has, so that each is climbed after what was climbed before it.
func (s *Keskar) Join(other Measure) []Measure {
	return []Measure{&Keskar{Eps: after(s.Eps, other.(*Keskar).Eps), Steps: s.Steps}}
}

// Need is the ascent's and the sides of the box.
func (*Keskar) Need() Need { return Need{Bytes: apgdBytes + 4, Grad: true} }

func (s *Keskar) Cost(int, int) Cost {
	return Cost{Gradients: float64(len(s.Eps) * s.Steps), Forward: 1 + float64(len(s.Eps))}
}

func (s *Keskar) Of(l Landscape, r *rand.Rand) (values []float64, err error) {
	w := l.W()
	a, side := newAPGD(len(w)), make([]float32, len(w))
	for i, v := range w {
		side[i] = float32(math.Abs(float64(v)) + 1)
	}
	clean := l.Loss(w)
	for _, eps := range s.Eps {
		values = append(values, 100*a.climb(l, eps, math.Inf(1), s.Steps, side, r)/(1+clean))
	}
	return values, nil
}
