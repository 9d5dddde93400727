package sharpness

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"msharp/models/kind"
)

var _ = Table.Add("hessian", func() Measure { return &Hessian{K: 5, Steps: hessianSteps} })

const hessianSteps = 20

var (
	_ Coster        = (*Hessian)(nil)
	_ Joiner        = (*Hessian)(nil)
	_ LayerFitter   = (*Hessian)(nil)
	_ Needer        = (*Hessian)(nil)
	_ kind.Absenter = Hessian{}
	_ kind.Checker  = (*Hessian)(nil)
)

// Hessian is the largest eigenvalues λ₁ ≥ … ≥ λ_K of the Hessian H of the mean training loss at the solution, and the smallest, in units of
// loss over weight squared. λ₁, hessian_max, is the curvature of the sharpest direction (Keskar et al. 2017, arXiv:1609.04836; Foret et al.
// 2021, section 4.2). The smallest, hessian_min, is of either sign; below 0 the solution is no minimum.
//
// They are the eigenvalues of T = QᵀHQ, with Q the basis of the Lanczos iteration from a random direction (Lanczos 1950; Parlett 1998).
// Beside each stands its residual ‖Hv − λv‖ for its unit vector v: H has an eigenvalue within a residual of λ, whether the iteration has
// converged or not, though in place of hessian_top(k=2) it may be another than the second. λ of T never lie outside those of H. All of this
// is up to the rounding of products in float32, about 1e-7 of the largest |λ|, whatever smaller residual stands there. It takes Steps products
// with H, each at the cost of 1 to 2.7 gradients over the training split; K costs nothing.
//
// Of a layer they are those of H's diagonal block of that layer's weights, at the same cost. Its λ₁ is at most that of H, its smallest eigenvalue
// at least.
type Hessian struct {
	K     int `yaml:"k" in:"[1,1000]"`     // eigenvalues from the largest on
	Steps int `yaml:"steps" in:"[1,1000]"` // products with H, at least k; where H has no more rows than that, all its eigenvalues are found
	Layer int `yaml:"layer" in:"[0,1000]"` // of the diagonal block of this layer with weights, from 1, its biases among them; 0 is all of H
}

func (h *Hessian) Check() error {
	if h.K > h.Steps {
		return &kind.Error{Key: "k", Value: strconv.Itoa(h.K), Problem: "more eigenvalues than steps", Expected: fmt.Sprintf("at most %s = %d", kind.Beside("steps"), h.Steps)}
	}
	return nil
}

// Absent leaves layer out at its default.
func (h Hessian) Absent() []string { return absentLayer(h.Layer) }

// FitsLayers refuses a layer that there is not.
func (h *Hessian) FitsLayers(n int) error { return fitLayer(h.Layer, n) }

func (h *Hessian) Columns() (columns []Column) {
	steps := atLayer(h.Layer)
	if h.Steps != hessianSteps {
		steps = append(steps, Param{"steps", strconv.Itoa(h.Steps)})
	}
	columns = []Column{
		{"hessian_max", steps, Sharpness, "λ₁ of the Hessian"},
		{"hessian_max_residual", steps, Detail, "residual of λ₁ of the Hessian"},
		{"hessian_min", steps, Rival, "smallest eigenvalue of the Hessian"},
		{"hessian_min_residual", steps, Detail, "residual of the smallest eigenvalue of the Hessian"},
	}
	for k := 2; k <= h.K; k++ {
		at := append([]Param{{"k", strconv.Itoa(k)}}, steps...)
		columns = append(columns,
			Column{"hessian_top", at, Detail, "λ_k of the Hessian"},
			Column{"hessian_top_residual", at, Detail, "residual of λ_k of the Hessian"})
	}
	return columns
}

// Join returns the eigenvalues of both, whose steps and layer are the same. They depend on the stream, but not on K, and the first column stays.
func (h *Hessian) Join(other Measure) []Measure {
	return []Measure{&Hessian{K: max(h.K, other.(*Hessian).K), Steps: h.Steps, Layer: h.Layer}}
}

func (h *Hessian) Need() Need {
	return Need{Bytes: lanczosBytes(h.Steps) + blockBytes(h.Layer), SecondOrder: true}
}

func (h *Hessian) Cost(int, int) Cost { return Cost{Products: float64(h.Steps)} }

// Of gives NaN for a λ_k beyond the number of weights.
func (h *Hessian) Of(l Landscape, r *rand.Rand) (values []float64, err error) {
	b, err := blockOf(l, h.Layer)
	if err != nil {
		return nil, err
	}
	k, err := newLanczos(b.dim(), h.Steps).run(b.product, r)
	if err != nil {
		return nil, err
	}
	all := k.values()
	slices.Reverse(all)
	last := all[len(all)-1]
	values = []float64{all[0].value, all[0].residual, last.value, last.residual}
	for i := 1; i < h.K; i++ {
		if i < len(all) {
			values = append(values, all[i].value, all[i].residual)
		} else {
			values = append(values, math.NaN(), math.NaN())
		}
	}
	return values, nil
}

// hessianAt returns the product with the Hessian at the solution.
func hessianAt(l Landscape) func(hv, v []float32) error {
	return func(hv, v []float32) error { return l.HessVec(hv, l.W(), v) }
}
