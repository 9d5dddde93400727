package models

import (
	"math"

	"msharp/models/kernel"
)

var _ Layer = Tanh{}

// Tanh is y = tanh x element by element.
type Tanh struct{}

func (Tanh) Out(in Shape) (Shape, error) { return in, nil }

func (Tanh) Forward(p Pass) {
	for i := range p.X.Rows {
		y := p.Y.Row(i)
		for j, x := range p.X.Row(i) {
			y[j] = float32(math.Tanh(float64(x)))
		}
	}
}

func (Tanh) BackwardData(dx kernel.Mat, p Pass) {
	for i := range dx.Rows {
		d, dy := dx.Row(i), p.DY.Row(i)
		for j, y := range p.Y.Row(i) {
			d[j] = dy[j] * (1 - y*y)
		}
	}
}
