package sharpness

import (
	"math"
	"math/rand/v2"
)

var _ = Table.Add("distance", func() Measure { return &Distance{} })

var _ Coster = (*Distance)(nil)

// Distance is ‖w − w₀‖₂, the distance of the weights from their initial values w₀ (Nagarajan and Kolter 2019, arXiv:1901.01672).
type Distance struct{}

func (*Distance) Columns() []Column {
	return []Column{{Measure: "distance", Role: Rival, Title: "‖w − w₀‖"}}
}

func (*Distance) Need() Need { return Need{} }

func (*Distance) Cost(int, int) Cost { return Cost{} }

func (*Distance) Of(l Landscape, _ *rand.Rand) ([]float64, error) {
	var n2 float64
	init := l.Init()
	for i, v := range l.W() {
		d := float64(v) - float64(init[i])
		n2 += float64(d * d)
	}
	return []float64{math.Sqrt(n2)}, nil
}
