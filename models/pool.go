package models

import (
	"fmt"

	"msharp/models/kernel"
)

var _ Piecewise = MaxPool{}

// MaxPool is the largest value of each Size × Size window of each channel, windows Size apart; rows and columns left over at
// the far edges belong to no window. Of equal values the first, in reading order, takes the gradient; a NaN is the largest.
type MaxPool struct{ Size int }

func (l MaxPool) Out(in Shape) (Shape, error) {
	if l.Size < 1 || in.H < l.Size || in.W < l.Size {
		return Shape{}, fmt.Errorf("a max-pool of %d × %d does not fit into %d × %d", l.Size, l.Size, in.H, in.W)
	}
	return Shape{in.C, in.H / l.Size, in.W / l.Size}, nil
}

func (l MaxPool) Forward(p Pass) {
	for i := range p.X.Rows {
		x, y := p.X.Row(i), p.Y.Row(i)
		for r := range p.Out.H {
			kernel.MaxPool(outputRow(y, r, p.Out), x[l.from(r, p.In):], l.windows(p.In))
		}
	}
}

func (l MaxPool) BackwardData(dx kernel.Mat, p Pass) {
	for i := range dx.Rows {
		d, x, y, dy := dx.Row(i), p.X.Row(i), p.Y.Row(i), p.DY.Row(i)
		if p.In.H%l.Size != 0 || p.In.W%l.Size != 0 {
			clear(d) // some inputs belong to no window
		}
		for r := range p.Out.H {
			at := l.from(r, p.In)
			kernel.MaxPoolBack(d[at:], outputRow(dy, r, p.Out), x[at:], outputRow(y, r, p.Out), l.windows(p.In))
		}
	}
}

// Along takes from rx, for each window, the value at the pixel that takes the gradient.
func (l MaxPool) Along(ry, rx kernel.Mat, p Pass) {
	for i := range rx.Rows {
		r, x, y, out := rx.Row(i), p.X.Row(i), p.Y.Row(i), ry.Row(i)
		for row := range p.Out.H {
			at := l.from(row, p.In)
			kernel.MaxPoolAlong(outputRow(out, row, p.Out), r[at:], x[at:], outputRow(y, row, p.Out), l.windows(p.In))
		}
	}
}

func (l MaxPool) windows(in Shape) kernel.Windows {
	return kernel.Windows{Channels: in.C, Size: l.Size, Stride: in.W * in.C}
}

// from returns where the windows of row r begin.
func (l MaxPool) from(r int, in Shape) int { return r * l.Size * in.W * in.C }

// outputRow returns row r of one example's outputs.
func outputRow(y []float32, r int, out Shape) []float32 { return y[r*out.W*out.C : (r+1)*out.W*out.C] }
