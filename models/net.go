package models

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"msharp/models/kind"
)

// Net is a feed-forward classifier: layers, then softmax cross-entropy. It is immutable and safe to share.
type Net struct {
	In      Shape
	Classes int
	stages  []stage
	dim     int
	first   int // the first layer with weights: below it no gradient is wanted
	front   int // layers before the first low-rank one; examples pass through them block by block
	block   int // examples
}

// stage is a layer in its place.
type stage struct {
	Layer
	in, out  Shape
	weighted Weighted // the layer again, nil if it has no weights
	lowRank  LowRank  // the layer again, nil if it takes no perturbation factored
	turning  Turning  // the layer again, nil if it reads its weights in one order
	second
	lo, hi int // its weights are w[lo:hi]
}

// NewNet chains layers. It returns an error if a layer does not fit the output of the layer before, or if the last output is not
// one logit a class.
func NewNet(in Shape, classes int, layers ...Layer) (*Net, error) {
	n := &Net{In: in, Classes: classes}
	shape := in
	if in.large() {
		return nil, fmt.Errorf("examples of more than %d values", most)
	}
	for i, l := range layers {
		out, err := l.Out(shape)
		if err != nil {
			return nil, fmt.Errorf("layer %d: %w", i+1, err)
		}
		s := stage{Layer: l, in: shape, out: out, lo: n.dim, hi: n.dim}
		s.weighted, _ = l.(Weighted)
		s.lowRank, _ = l.(LowRank)
		s.turning, _ = l.(Turning)
		s.second = secondOf(l)
		if s.weighted != nil {
			s.hi += s.weighted.NumParams(shape)
		}
		n.dim = s.hi
		if n.dim > most || out.large() {
			return nil, fmt.Errorf("layer %d: more than %d weights, or values of one example", i+1, most)
		}
		n.stages = append(n.stages, s)
		shape = out
	}
	if shape.Size() != classes {
		return nil, fmt.Errorf("the last layer gives %d values for %d classes", shape.Size(), classes)
	}
	n.first, n.front, n.block = n.extents()
	return n, nil
}

// blockNumbers is how many inputs and outputs a layer in front should hold at once: a quarter of a megabyte, so that they and as many
// gradients stay in the core's own cache from one layer to the next. The layers behind run on all examples at once, because there the
// weights are what is large.
const blockNumbers = 1 << 16

func (n *Net) extents() (first, front, block int) {
	first, front, block = len(n.stages), len(n.stages), blockNumbers
	for l, s := range slices.Backward(n.stages) {
		if s.weighted != nil {
			first = l
		}
		if s.lowRank != nil {
			front, block = l, blockNumbers
		} else {
			block = min(block, max(1, blockNumbers/(s.in.Size()+s.out.Size())))
		}
	}
	return first, front, block
}

// large reports more values than an example may have, of which Size may not be a number.
func (s Shape) large() bool { return float64(s.C)*float64(s.H)*float64(s.W) > most }

// most is how many weights a network may have, and how many values of one example.
const most = 1 << 28

// Dim returns the number of weights.
func (n *Net) Dim() int { return n.dim }

// Init returns initial weights, drawn layer by layer from r.
func (n *Net) Init(r *rand.Rand) []float32 {
	w := make([]float32, n.dim)
	for _, s := range n.stages {
		if s.weighted != nil {
			s.weighted.Init(w[s.lo:s.hi], s.in, r)
		}
	}
	return w
}

// Spec is an architecture at rest: its YAML schema.
type Spec interface {
	// Build returns the network for examples of a shape. Its error says which layer does not fit.
	Build(in Shape, classes int) (*Net, error)
}

// Zoo holds the architectures by name.
var Zoo = kind.Of[Spec]("model")

// Any is an architecture whose kind the YAML names.
type Any = kind.Any[Spec]

// Activation names an elementwise nonlinearity.
type Activation string

// layer returns the activation, and the gain of the weights before it: √2 for a ReLU (He et al. 2015), 1 for tanh.
func (a Activation) layer() (l Layer, gain float64) {
	if a == "tanh" {
		return Tanh{}, 1
	}
	return ReLU{}, sqrt2
}
