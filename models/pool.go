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
		l.windows(p, func(out, corner int) { y[out] = x[l.argmax(x, corner, p.In)] })
	}
}

func (l MaxPool) BackwardData(dx kernel.Mat, p Pass) {
	for i := range dx.Rows {
		d, x, dy := dx.Row(i), p.X.Row(i), p.DY.Row(i)
		clear(d)
		l.windows(p, func(out, corner int) { d[l.argmax(x, corner, p.In)] += dy[out] })
	}
}

// windows calls f with the index of each output and of the first input of its window.
func (l MaxPool) windows(p Pass, f func(out, corner int)) {
	out := 0
	for r := range p.Out.H {
		for c := range p.Out.W {
			corner := (r*l.Size*p.In.W + c*l.Size) * p.In.C
			for ch := range p.In.C {
				f(out, corner+ch)
				out++
			}
		}
	}
}

// argmax returns the index of the largest input of the window that starts at corner.
func (l MaxPool) argmax(x []float32, corner int, in Shape) int {
	best := corner
	for r := range l.Size {
		for c := range l.Size {
			j := corner + (r*in.W+c)*in.C
			if x[j] > x[best] || x[j] != x[j] && x[best] == x[best] {
				best = j
			}
		}
	}
	return best
}
