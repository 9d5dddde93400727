package sharpness

import (
	"math"
	"math/rand/v2"
)

var _ = Table.Add("norm", func() Measure { return &Norm{} })

// Norm is ‖w‖₂ of the solution, biases included: a rival that does not look at the loss.
type Norm struct{}

func (*Norm) Columns() []Column {
	return []Column{{Measure: "norm", Role: Rival, Title: "‖w‖"}}
}

func (*Norm) Need() Need { return Need{} }

func (*Norm) Of(l Landscape, _ *rand.Rand) ([]float64, error) {
	return []float64{norm2(l.W())}, nil
}

// norm2 returns ‖x‖₂, summed in float64.
func norm2(x []float32) float64 {
	var n2 float64
	for _, v := range x {
		n2 += float64(v) * float64(v)
	}
	return math.Sqrt(n2)
}
