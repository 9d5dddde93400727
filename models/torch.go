package models

import (
	"fmt"
	"strconv"
)

// Torch is a network as PyTorch has it.
type Torch struct {
	Modules []string // those of nn.Sequential in order, as Python writes them: "nn.Linear(784, 128)"
	Arrays  []Array  // in the order of Net.Arrays, named as nn.Sequential names them: by the place of the module, "1.weight"
}

// Torch returns the nn.Sequential of n's layers. An nn.Flatten stands in front of the first dense layer if that layer's input is an
// image: the network's input is one, or a convolution or a pool comes before. A layer that is no Moduler stands there under its Go type.
func (n *Net) Torch() (t Torch) {
	image := n.In.H*n.In.W > 1
	for _, s := range n.stages {
		switch s.Layer.(type) {
		case Conv, MaxPool:
			image = true
		case Dense:
			if image {
				t.Modules, image = append(t.Modules, "nn.Flatten()"), false
			}
		}
		if s.weighted != nil {
			for _, a := range s.weighted.Arrays(s.in) {
				a.Name = strconv.Itoa(len(t.Modules)) + "." + a.Name
				t.Arrays = append(t.Arrays, a)
			}
		}
		module := fmt.Sprintf("%T", s.Layer)
		if m, ok := s.Layer.(Moduler); ok {
			module = m.Module(s.in)
		}
		t.Modules = append(t.Modules, module)
	}
	return t
}

// Moduler is a Layer that PyTorch has as a module.
type Moduler interface {
	Layer
	Module(in Shape) string // the module as Python writes it
}

func (d Dense) Module(in Shape) string { return fmt.Sprintf("nn.Linear(%d, %d)", in.Size(), d.Units) }
func (ReLU) Module(Shape) string       { return "nn.ReLU()" }
func (Tanh) Module(Shape) string       { return "nn.Tanh()" }
func (l MaxPool) Module(Shape) string  { return fmt.Sprintf("nn.MaxPool2d(%d)", l.Size) }
func (l Conv) Module(in Shape) string {
	return fmt.Sprintf("nn.Conv2d(%d, %d, %d, stride=%d, padding=%d)", in.C, l.Channels, l.Size, l.Stride, l.Pad)
}

// TorchShape returns the shape of a in PyTorch's module: out × in of a dense layer, out × in × height × width of a convolution.
func (a Array) TorchShape() []int {
	h, w, in, out := a.Grid[0], a.Grid[1], a.Grid[2], a.Grid[3]
	switch {
	case a.Grid == [4]int{}:
		return a.Shape
	case len(a.Shape) == 2:
		return []int{out, in * h * w}
	}
	return []int{out, in, h, w}
}

// ToTorch writes a's numbers, those of src, into dst in the order of PyTorch's module. Its inputs have the order channels, height, width.
func (a Array) ToTorch(dst, src []float32) {
	a.pairs(func(ours, theirs int) { dst[theirs] = src[ours] })
}

// FromTorch is the inverse of ToTorch.
func (a Array) FromTorch(dst, src []float32) {
	a.pairs(func(ours, theirs int) { dst[ours] = src[theirs] })
}

// pairs calls f with where each number stands, here and in PyTorch.
func (a Array) pairs(f func(ours, theirs int)) {
	if a.Grid == [4]int{} {
		for i := range a.Size() {
			f(i, i)
		}
		return
	}
	ours := 0
	for y := range a.Grid[0] {
		for x := range a.Grid[1] {
			for c := range a.Grid[2] {
				for u := range a.Grid[3] {
					f(ours, ((u*a.Grid[2]+c)*a.Grid[0]+y)*a.Grid[1]+x)
					ours++
				}
			}
		}
	}
}
