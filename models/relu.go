package models

import "msharp/models/kernel"

var _ Elementwise = ReLU{}

// ReLU is y = max(x, 0) element by element, with derivative 0 at 0. NaN stays NaN.
type ReLU struct{}

func (ReLU) Out(in Shape) (Shape, error) { return in, nil }

func (ReLU) Forward(p Pass) {
	for i := range p.X.Rows {
		kernel.ReLU(p.Y.Row(i), p.X.Row(i))
	}
}

func (ReLU) BackwardData(dx kernel.Mat, p Pass) {
	for i := range dx.Rows {
		kernel.ReLUBack(dx.Row(i), p.DY.Row(i), p.Y.Row(i))
	}
}

// Bend adds nothing: the second derivative is 0, at 0 too.
func (ReLU) Bend(kernel.Mat, kernel.Mat, Pass) {}
