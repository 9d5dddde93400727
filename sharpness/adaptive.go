package sharpness

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"msharp/models/ascent"
)

var _ = Table.Add("adaptive", func() Measure {
	return &Adaptive{M: []int{0}, Rho: []float64{0.5}, Eta: adaptiveEta, Biases: true, Steps: 1, P: 2}
})

const adaptiveEta = 0.01

var (
	_ Coster = (*Adaptive)(nil)
	_ Fitter = (*Adaptive)(nil)
	_ Joiner = (*Adaptive)(nil)
	_ Needer = (*Adaptive)(nil)
)

// Adaptive is adaptive m-sharpness at every pair of M and Rho, in units of loss: the mean, over disjoint groups of m training examples, of
// the rise of a group's loss at its ascent point,
//
//	(1/K) Σ_k [L_k(w + ε_k) − L_k(w)],   ε = ρ T²g/‖Tg‖₂,   T = diag(|w_i| + η)
//
// with g = ∇L_k(w): the maximum to first order over ‖T⁻¹ε‖₂ ≤ ρ (Kwon et al. 2021, arXiv:2102.11600). For p = ∞ it is ρ T sign(g), and for any p
// T times the ascent along Tg in the ball ‖·‖_p ≤ ρ. Several steps are of projected ascent in that ball; then each group counts at its best
// point. At η = 0, with biases, it is unchanged where a layer is scaled by a and the next by 1/a, as a ReLU network's function is.
// Without biases T is 1 for these, so that they move as in plain sharpness.
//
// Beside it stand the standard error over groups, adaptive_se, NaN for one, and for each m the number of groups where Tg is exactly zero,
// adaptive_zero, whose rise is 0. A pair of M and ρ costs Steps gradients over the training split and a forward pass, at small m in small
// batches.
type Adaptive struct {
	M      []int     `yaml:"m" in:"[0,)" most:"100"`    // examples per group; must divide the training size; 0 means all of it
	Rho    []float64 `yaml:"rho" in:"(0,)" most:"1000"` // radii, of ‖T⁻¹ε‖_p, without unit
	Eta    float64   `yaml:"eta" in:"[0,)"`             // η, in units of weights
	Biases bool      `yaml:"biases"`                    // whether T scales biases
	Steps  int       `yaml:"steps" in:"[1,10000]"`      // ascent steps
	P      float64   `yaml:"p" in:"[1,]"`               // norm of the ball; .inf is the largest coordinate
}

func (s *Adaptive) Columns() (columns []Column) {
	var variant []Param
	if s.Eta != adaptiveEta {
		variant = append(variant, Param{"eta", number(s.Eta)})
	}
	if !s.Biases {
		variant = append(variant, Param{"biases", "false"})
	}
	if s.P != 2 {
		variant = append(variant, Param{"p", number(s.P)})
	}
	if s.Steps != 1 {
		variant = append(variant, Param{"steps", strconv.Itoa(s.Steps)})
	}
	for _, m := range s.M {
		columns = append(columns, Column{"adaptive_zero", append([]Param{{"m", group(m)}}, variant...), Detail, "groups whose scaled gradient is zero"})
		for _, rho := range s.Rho {
			at := append([]Param{{"m", group(m)}, {"rho", number(rho)}}, variant...)
			columns = append(columns,
				Column{"adaptive", at, Sharpness, "adaptive sharpness"},
				Column{"adaptive_se", at, Detail, "standard error of adaptive sharpness"})
		}
	}
	return columns
}

// Join is MSharpness.Join.
func (s *Adaptive) Join(other Measure) (joined []Measure) {
	o := other.(*Adaptive)
	for _, r := range joinedRadii(radii{s.M, s.Rho}, radii{o.M, o.Rho}) {
		j := *s
		j.M, j.Rho = r.m, r.rho
		joined = append(joined, &j)
	}
	return joined
}

// Need is T, the gradient, w + ε, and in float64 ε and the gradient.
func (*Adaptive) Need() Need { return Need{Bytes: 3*4 + 2*8, Grad: true} }

func (s *Adaptive) Cost(int, int) Cost {
	return Cost{Gradients: float64(len(s.M) * len(s.Rho) * s.Steps), Forward: float64(len(s.M) * len(s.Rho))}
}

func (s *Adaptive) Of(l Landscape, _ *rand.Rand) (values []float64, err error) {
	w := l.W()
	t := s.scale(l)
	g, up := make([]float32, len(w)), make([]float32, len(w))
	e, tg := make([]float64, len(w)), make([]float64, len(w))
	for _, m := range s.M {
		at := len(values)
		values = append(values, 0)
		for _, rho := range s.Rho {
			zero := 0
			mean, se := Mean(eachGroup(l, m, func(part Landscape) float64 {
				clean := part.Grad(g, w)
				scaled(tg, g, t)
				rises := []float64{clean - clean}
				moved := ascent.Rule{Rho: rho, P: s.P, Steps: s.Steps}.Climb(e, tg, func(tg, e []float64) float64 {
					move(up, w, e, t)
					loss := part.Grad(g, up)
					scaled(tg, g, t)
					return loss
				}, func(loss float64) { rises = append(rises, loss-clean) })
				if !moved {
					zero++
					return rises[0]
				}
				move(up, w, e, t)
				last := part.Loss(up) - clean
				if s.Steps == 1 {
					return last
				}
				return slices.Max(append(rises[1:], last))
			}))
			values[at] = float64(zero)
			values = append(values, mean, se)
		}
	}
	return values, nil
}

// scale returns T.
func (s *Adaptive) scale(l Landscape) []float32 {
	t := make([]float32, len(l.W()))
	for i, v := range l.W() {
		t[i] = float32(math.Abs(float64(v)) + s.Eta)
	}
	if s.Biases {
		return t
	}
	at := 0
	for _, a := range l.Arrays() {
		if a.Bias {
			for i := range a.Size() {
				t[at+i] = 1
			}
		}
		at += a.Size()
	}
	return t
}

// Fits refuses an m that does not divide the training size.
func (s *Adaptive) Fits(examples int) error { return divide(s.M, examples) }
