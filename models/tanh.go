package models

import "msharp/models/kernel"

var _ Elementwise = Tanh{}

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

// Bend adds −2 tanh x · sech² x · rx · dy.
func (Tanh) Bend(dx, rx kernel.Mat, p Pass) {
	defer p.Scratch.Release(p.Scratch.Mark())
	back := p.Scratch.Float32s(dx.Cols)
	for i := range dx.Rows {
		kernel.TanhBack(back, p.DY.Row(i), p.X.Row(i))
		d, rx, y := dx.Row(i), rx.Row(i), p.Y.Row(i)
		for j, b := range back {
			d[j] -= float32(2 * float64(y[j]) * float64(rx[j]) * float64(b))
		}
	}
}
