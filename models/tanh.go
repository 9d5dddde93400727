package models

import "msharp/models/kernel"

var _ Layer = Tanh{}

// Tanh is y = tanh x element by element.
type Tanh struct{}

func (Tanh) Out(in Shape) (Shape, error) { return in, nil }

func (Tanh) Forward(p Pass) {
	for i := range p.X.Rows {
		kernel.Tanh(p.Y.Row(i), p.X.Row(i))
	}
}

func (Tanh) BackwardData(dx kernel.Mat, p Pass) {
	for i := range dx.Rows {
		kernel.TanhBack(dx.Row(i), p.DY.Row(i), p.X.Row(i))
	}
}
