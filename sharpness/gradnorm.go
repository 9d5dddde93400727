package sharpness

import "math/rand/v2"

var _ = Table.Add("gradnorm", func() Measure { return &GradNorm{} })

var _ Coster = (*GradNorm)(nil)

// GradNorm is ‖∇L(w)‖₂ of the mean training loss. Times ρ it is the first-order term of sharpness at radius ρ and m = n. It takes a gradient over the
// training split.
type GradNorm struct{}

func (*GradNorm) Columns() []Column {
	return []Column{{Measure: "gradnorm", Role: Rival, Title: "gradient norm"}}
}

func (*GradNorm) Need() Need { return Need{Bytes: 4, Grad: true} }

func (*GradNorm) Cost(int, int) Cost { return Cost{Gradients: 1} }

func (*GradNorm) Of(l Landscape, _ *rand.Rand) ([]float64, error) {
	g := make([]float32, len(l.W()))
	l.Grad(g, l.W())
	return []float64{norm2(g)}, nil
}
