package models

import "strconv"

// Array is a named part of a weight vector, row-major.
type Array struct {
	Name  string // "weight", "bias"; of a network "0.weight", by the layer's place
	Shape []int
	Grid  [4]int // height, width, in and out of kernels, or of a dense layer on an image; zero if PyTorch has the same order
}

// Size returns how many weights a holds.
func (a Array) Size() int {
	n := 1
	for _, d := range a.Shape {
		n *= d
	}
	return n
}

// Arrays returns the parts of a network's weight vector in order, Dim weights in all. A dense layer at place k has "k.weight", in ×
// out, and "k.bias"; a convolution "k.weight", height × width × in × out, and "k.bias". Layers without weights count as places.
func (n *Net) Arrays() (all []Array) {
	for k, s := range n.stages {
		if s.weighted == nil {
			continue
		}
		for _, a := range s.weighted.Arrays(s.in) {
			a.Name = strconv.Itoa(k) + "." + a.Name
			all = append(all, a)
		}
	}
	return all
}

// Layers returns how many layers with weights a network has.
func (n *Net) Layers() (layers int) {
	for _, s := range n.stages {
		if s.weighted != nil {
			layers++
		}
	}
	return layers
}

func (d Dense) Arrays(in Shape) []Array {
	return []Array{
		{Name: "weight", Shape: []int{in.Size(), d.Units}, Grid: [4]int{in.H, in.W, in.C, d.Units}},
		{Name: "bias", Shape: []int{d.Units}},
	}
}

func (l Conv) Arrays(in Shape) []Array {
	kernels := [4]int{l.Size, l.Size, in.C, l.Channels}
	return []Array{{Name: "weight", Shape: kernels[:], Grid: kernels}, {Name: "bias", Shape: []int{l.Channels}}}
}
