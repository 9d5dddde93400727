package models

import "msharp/models/kernel"

var _ Layer = ReLU{}

// ReLU is y = max(x, 0) element by element, with derivative 0 at 0. NaN stays NaN.
type ReLU struct{}

func (ReLU) Out(in Shape) (Shape, error) { return in, nil }

func (ReLU) Forward(p Pass) {
	for i := range p.X.Rows {
		y := p.Y.Row(i)
		for j, x := range p.X.Row(i) {
			if x <= 0 { // false for NaN
				x = 0
			}
			y[j] = x
		}
	}
}

func (ReLU) BackwardData(dx kernel.Mat, p Pass) {
	for i := range dx.Rows {
		d, dy := dx.Row(i), p.DY.Row(i)
		for j, y := range p.Y.Row(i) {
			if y == 0 {
				d[j] = 0
			} else {
				d[j] = dy[j]
			}
		}
	}
}
