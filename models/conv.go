package models

import (
	"fmt"
	"math/rand/v2"

	"msharp/models/kernel"
)

var _ Weighted = Conv{}

// Conv is a two-dimensional convolution (cross-correlation) of NHWC images with Channels square kernels, zero-padded by Pad on
// every side, Stride apart, plus a bias a channel. Its weights are the kernels, Size × Size × in.C × Channels row-major (HWIO),
// then the biases.
type Conv struct {
	Channels          int
	Size, Stride, Pad int
	Gain              float64 // initial weights are normal with deviation Gain/√(Size²·in.C); biases are 0
}

func (l Conv) Out(in Shape) (Shape, error) {
	if l.Size < 1 || l.Stride < 1 || l.Pad < 0 || in.H+2*l.Pad < l.Size || in.W+2*l.Pad < l.Size {
		return Shape{}, fmt.Errorf("a %d × %d kernel, stride %d, padding %d does not fit into %d × %d", l.Size, l.Size, l.Stride, l.Pad, in.H, in.W)
	}
	return Shape{l.Channels, (in.H+2*l.Pad-l.Size)/l.Stride + 1, (in.W+2*l.Pad-l.Size)/l.Stride + 1}, nil
}

func (l Conv) patch(in Shape) int { return l.Size * l.Size * in.C }

func (l Conv) NumParams(in Shape) int { return l.Channels * (l.patch(in) + 1) }

func (l Conv) Init(w []float32, in Shape, r *rand.Rand) {
	K, _ := l.split(w, in)
	initNormal(K, l.Gain, r)
}

// split views w as the kernels, patch × Channels, and the biases.
func (l Conv) split(w []float32, in Shape) (K kernel.Mat, b []float32) {
	n := l.Channels * l.patch(in)
	return kernel.View(l.patch(in), l.Channels, w[:n]), w[n:]
}

// pixels views one example's values, NHWC, as positions × channels.
func pixels(row []float32, s Shape) kernel.Mat { return kernel.View(s.H*s.W, s.C, row) }

func (l Conv) Forward(p Pass) {
	K, b := l.split(p.W, p.In)
	defer p.Scratch.Release(p.Scratch.Mark())
	cols := p.Scratch.Mat(p.Out.H*p.Out.W, l.patch(p.In))
	for i := range p.X.Rows {
		l.gather(cols, p.X.Row(i), p)
		kernel.MulNN(pixels(p.Y.Row(i), p.Out), cols, K, false)
		kernel.AddRow(pixels(p.Y.Row(i), p.Out), b)
	}
}

func (l Conv) BackwardData(dx kernel.Mat, p Pass) {
	K, _ := l.split(p.W, p.In)
	defer p.Scratch.Release(p.Scratch.Mark())
	cols, Kt := p.Scratch.Mat(p.Out.H*p.Out.W, l.patch(p.In)), p.Scratch.Mat(K.Cols, K.Rows)
	kernel.Transpose(Kt, K)
	for i := range dx.Rows {
		kernel.MulNN(cols, pixels(p.DY.Row(i), p.Out), Kt, false)
		l.scatter(dx.Row(i), cols, p)
	}
}

func (l Conv) BackwardWeights(g []float32, p Pass) {
	dK, db := l.split(g, p.In)
	defer p.Scratch.Release(p.Scratch.Mark())
	cols := p.Scratch.Mat(p.Out.H*p.Out.W, l.patch(p.In))
	for i := range p.X.Rows {
		l.gather(cols, p.X.Row(i), p)
		dy := pixels(p.DY.Row(i), p.Out)
		kernel.MulTN(dK, cols, dy, true)
		kernel.AddColSums(db, dy, p.Scratch)
	}
}

// gather writes the patch under every output position of one image x: positions × patch, zero outside the image (im2col).
func (l Conv) gather(cols kernel.Mat, x []float32, p Pass) {
	l.overlaps(p, func(row, at, n, pixel int) {
		dst := cols.Row(row)[at : at+n]
		if pixel < 0 {
			clear(dst)
		} else {
			copy(dst, x[pixel:])
		}
	})
}

// scatter sets x to the sum of patches where they lie: the transpose of gather.
func (l Conv) scatter(x []float32, cols kernel.Mat, p Pass) {
	clear(x)
	l.overlaps(p, func(row, at, n, pixel int) {
		if pixel < 0 {
			return
		}
		dst := x[pixel : pixel+n]
		for j, v := range cols.Row(row)[at : at+n] {
			dst[j] += v
		}
	})
}

// overlaps calls f for every run of n values that a patch row shares with an image row: from position at of the patch of output
// row, and from index pixel of the image, or −1 outside it.
func (l Conv) overlaps(p Pass, f func(row, at, n, pixel int)) {
	c := p.In.C
	for oy := range p.Out.H {
		for ox := range p.Out.W {
			row := oy*p.Out.W + ox
			x0 := ox*l.Stride - l.Pad
			lo, hi := max(0, -x0), min(l.Size, p.In.W-x0) // kernel columns inside the image
			for ky := range l.Size {
				y, at := oy*l.Stride-l.Pad+ky, ky*l.Size*c
				if y < 0 || y >= p.In.H || lo >= hi {
					f(row, at, l.Size*c, -1)
					continue
				}
				if lo > 0 {
					f(row, at, lo*c, -1)
				}
				f(row, at+lo*c, (hi-lo)*c, (y*p.In.W+x0+lo)*c)
				if hi < l.Size {
					f(row, at+hi*c, (l.Size-hi)*c, -1)
				}
			}
		}
	}
}
