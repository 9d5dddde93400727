package sharpness

import (
	"math"
	"math/rand/v2"

	"msharp/models/ascent"
	"msharp/models/elementary"
	"msharp/models/kind"
)

var _ = Table.Add("pacbayes", func() Measure { return &PACBayes{Rho: []float64{0.05}, Delta: 0.05} })

var (
	_ Coster = (*PACBayes)(nil)
	_ Fitter = (*PACBayes)(nil)
	_ Joiner = (*PACBayes)(nil)
	_ Needer = (*PACBayes)(nil)
)

// PACBayes is the bound of Foret et al. 2021, Theorem 2, with the 0–1 loss, at every radius of Rho:
//
//	max_{‖ε‖₂≤ρ} E_S(w+ε) + √{[k log(1 + ‖w‖₂²/ρ² · (1 + √(log n / k))²) + 4 log(n/δ) + 8 log(6n+3k)] / (n−1)}
//
// with E_S the training error, n training examples and k weights. With probability 1−δ over the training split, the error on new
// examples is below the bound, provided that random perturbations do not lower that error on average. Each ρ gives the bound, pacbayes,
// and its two terms, pacbayes_error and pacbayes_complexity.
//
// The error has no gradient, so the maximum is taken over two points only, which makes it a lower estimate: w, and the ascent point of the
// mean training loss, w + ρ∇L/‖∇L‖₂ (m = n, one step). Networks with more weights than examples have bounds far above 1; these say nothing
// about the error and are given as they are, to rank. The complexity depends on the network only through k and ‖w‖₂. It takes a gradient and a
// forward pass over the training split, and another forward pass for each ρ.
type PACBayes struct {
	Rho   []float64 `yaml:"rho" in:"(0,)" most:"1000"` // radii
	Delta float64   `yaml:"delta" in:"(0,1)"`          // δ, the probability that the bound fails
}

func (b *PACBayes) Columns() (columns []Column) {
	for _, rho := range b.Rho {
		at := []Param{{"rho", number(rho)}}
		if b.Delta != 0.05 {
			at = append(at, Param{"delta", number(b.Delta)})
		}
		columns = append(columns,
			Column{"pacbayes", at, Rival, "PAC-Bayes bound"},
			Column{"pacbayes_error", at, Detail, "error term of the PAC-Bayes bound"},
			Column{"pacbayes_complexity", at, Detail, "complexity term of the PAC-Bayes bound"})
	}
	return columns
}

// Join returns the bound at the radii of b and of other, whose δ is the same.
func (b *PACBayes) Join(other Measure) []Measure {
	return []Measure{&PACBayes{Rho: merged(b.Rho, other.(*PACBayes).Rho), Delta: b.Delta}}
}

// Need is a gradient, in two widths, ε, and w + ε.
func (*PACBayes) Need() Need { return Need{Bytes: 4 + 8 + 8 + 4, Grad: true} }

func (b *PACBayes) Cost(int, int) Cost { return Cost{Gradients: 1, Forward: 1 + float64(len(b.Rho))} }

func (b *PACBayes) Of(l Landscape, _ *rand.Rand) (values []float64, err error) {
	w := l.W()
	clean, norm := l.Error(w), norm2(w)
	g := make([]float32, len(w))
	l.Grad(g, w)
	wide, up := make([]float64, len(w)), make([]float32, len(w))
	for i, v := range g {
		wide[i] = float64(v)
	}
	e := make([]float64, len(w))
	for _, rho := range b.Rho {
		clear(e)
		ascent.Rule{Rho: rho}.Add(e, wide)
		for i, v := range e {
			up[i] = float32(float64(w[i]) + v)
		}
		worst, complexity := max(clean, l.Error(up)), b.complexity(norm, rho, l.Examples(), len(w))
		values = append(values, worst+complexity, worst, complexity)
	}
	return values, nil
}

// complexity returns the square root in the bound, for k weights of norm ‖w‖₂ = norm, trained on n examples.
func (b *PACBayes) complexity(norm, rho float64, n, k int) float64 {
	N, K := float64(n), float64(k)
	r := norm / rho * (1 + math.Sqrt(elementary.Log(N)/K))
	weights, sure := K*elementary.Log1p(float64(r*r)), 4*elementary.Log(N/b.Delta)
	union := 8 * elementary.Log(float64(6*N)+float64(3*K))
	return math.Sqrt((float64(weights) + float64(sure) + float64(union)) / (N - 1))
}

// Fits refuses a single example: the bound divides by n − 1.
func (b *PACBayes) Fits(examples int) error {
	if examples < 2 {
		return &kind.Error{Key: "kind", Value: "pacbayes", Problem: "has no bound for one training example", Expected: "data.train ≥ 2"}
	}
	return nil
}
