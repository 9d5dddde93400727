package sharpness

import (
	"math"
	"math/rand/v2"

	"msharp/models/kernel"
)

var _ = Table.Add("norm", func() Measure { return &Norm{} })

var _ Coster = (*Norm)(nil)

// Norm is ‖w‖₂ of the solution, biases included: a rival that does not look at the loss.
type Norm struct{}

func (*Norm) Columns() []Column {
	return []Column{{Measure: "norm", Role: Rival, Title: "‖w‖"}}
}

func (*Norm) Need() Need { return Need{} }

func (*Norm) Cost(int, int) Cost { return Cost{} }

func (*Norm) Of(l Landscape, _ *rand.Rand) ([]float64, error) {
	return []float64{norm2(l.W())}, nil
}

// norm2 returns ‖x‖₂, summed in float64.
func norm2(x []float32) float64 { return math.Sqrt(kernel.Dot(x, x)) }
