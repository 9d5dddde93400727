package models

import (
	"fmt"

	"msharp/models/kernel"
)

var _ Layer = MaxPool{}

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
		for window := range p.Out.H * p.Out.W {
			out := y[window*p.In.C:][:p.In.C]
			for k := range l.Size * l.Size {
				at := l.pixel(p, window, k)
				if k == 0 {
					copy(out, x[at:])
				} else {
					kernel.MaxInto(out, x[at:])
				}
			}
		}
	}
}

func (l MaxPool) BackwardData(dx kernel.Mat, p Pass) {
	defer p.Scratch.Release(p.Scratch.Mark())
	left := p.Scratch.Float32s(p.In.C) // of a window's gradient
	for i := range dx.Rows {
		d, x, y, dy := dx.Row(i), p.X.Row(i), p.Y.Row(i), p.DY.Row(i)
		if p.In.H%l.Size != 0 || p.In.W%l.Size != 0 {
			clear(d) // what belongs to no window
		}
		for window := range p.Out.H * p.Out.W {
			out := window * p.In.C
			copy(left, dy[out:])
			for k := range l.Size * l.Size {
				at := l.pixel(p, window, k)
				kernel.TakeMax(d[at:at+p.In.C], left, x[at:], y[out:])
			}
		}
	}
}

// pixel returns where the channels of the k-th pixel of a window begin, both counted in reading order.
func (l MaxPool) pixel(p Pass, window, k int) int {
	row, col := window/p.Out.W*l.Size+k/l.Size, window%p.Out.W*l.Size+k%l.Size
	return (row*p.In.W + col) * p.In.C
}
