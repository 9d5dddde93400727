package models

import (
	"fmt"
	"math/rand/v2"

	"msharp/models/kernel"
)

var (
	_ Turning    = Conv{}
	_ Bilinear   = Conv{}
	_ Scratching = Conv{}
)

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

func (l Conv) Biases(in Shape) (lo, hi int) { return l.Channels * l.patch(in), l.NumParams(in) }

// pixels views one example's values, NHWC, as positions × channels.
func pixels(row []float32, s Shape) kernel.Mat { return kernel.View(s.H*s.W, s.C, row) }

func (l Conv) Forward(p Pass) {
	K, b := l.split(p.W, p.In)
	defer p.Scratch.Release(p.Scratch.Mark())
	f := l.field(p)
	for i := range p.X.Rows {
		f.read(p.X.Row(i))
		kernel.MulPlusRow(pixels(p.Y.Row(i), p.Out), f.patches(), K, b)
	}
}

func (l Conv) BackwardWeights(g []float32, p Pass, acc bool) {
	dK, db := l.split(g, p.In)
	defer p.Scratch.Release(p.Scratch.Mark())
	f := l.field(p)
	for i := range p.X.Rows {
		f.read(p.X.Row(i))
		dy := pixels(p.DY.Row(i), p.Out)
		kernel.MulStrided(dK, f.patches().T(), dy, acc || i > 0)
		kernel.ColSums(db, dy, acc || i > 0)
	}
}

func (l Conv) Turned(in Shape) int { return l.Channels * l.patch(in) }

// Turn flips the kernels: the last pixel's weights come first, each channels × in.C.
func (l Conv) Turn(t, w []float32, in Shape) {
	K, _ := l.split(w, in)
	flipped := l.flipped(t, in)
	for k := range l.Size * l.Size {
		kernel.Transpose(pixel(flipped, l.Size*l.Size-1-k, l.Channels), pixel(K, k, in.C))
	}
}

func (l Conv) flipped(t []float32, in Shape) kernel.Mat {
	return kernel.View(l.Size*l.Size*l.Channels, in.C, t)
}

// pixel returns the rows of pixel k.
func pixel(m kernel.Mat, k, rows int) kernel.Mat { return m.Slice(k*rows, (k+1)*rows) }

// BackwardData is, for stride 1, the convolution of the outputs' gradients with the flipped kernels, inputs and channels exchanged. For
// other strides it goes through the kernel pixel by pixel and adds the outputs' gradients times the pixel's weights to the inputs that the
// pixel saw.
func (l Conv) BackwardData(dx kernel.Mat, p Pass) {
	defer p.Scratch.Release(p.Scratch.Mark())
	if p.Turned == nil {
		p.Turned = p.Scratch.Float32s(l.Turned(p.In))
		l.Turn(p.Turned, p.W, p.In)
	}
	flipped := l.flipped(p.Turned, p.In)
	if border := l.Size - 1 - l.Pad; l.Stride == 1 && border >= 0 {
		back := Conv{Channels: p.In.C, Size: l.Size, Stride: 1, Pad: border}
		f := back.field(Pass{In: p.Out, Out: p.In, Scratch: p.Scratch})
		for i := range dx.Rows {
			f.read(p.DY.Row(i))
			kernel.MulStrided(pixels(dx.Row(i), p.In), f.patches(), flipped, false)
		}
		return
	}
	f := l.field(p)
	for i := range dx.Rows {
		f.clear()
		dy := pixels(p.DY.Row(i), p.Out)
		for y := range p.Out.H {
			for k := range l.Size * l.Size {
				kernel.MulNN(f.seen(y, k), dy.Slice(y*p.Out.W, (y+1)*p.Out.W), pixel(flipped, l.Size*l.Size-1-k, l.Channels), true)
			}
		}
		f.unread(dx.Row(i))
	}
}

// Scratch is a field, of the inputs or of the outputs' gradients.
func (l Conv) Scratch(in Shape, _ int, first bool) float64 {
	size := func(s Shape, border int) float64 { return float64(s.C) * float64(s.H+2*border) * float64(s.W+2*border) }
	field := size(in, l.Pad)
	if first {
		return field
	}
	out, _ := l.Out(in)
	return max(field, size(out, max(0, l.Size-1-l.Pad)))
}
