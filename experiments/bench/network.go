package main

import (
	"math/rand/v2"

	"msharp/harness/optim"
	"msharp/models"
	"msharp/models/ascent"
	"msharp/models/kernel"
)

const (
	batchSize = 128
	rho       = 0.05
)

// subject is a network at its initial weights with a batch of normal noise.
type subject struct {
	name    string
	input   models.Shape
	net     *models.Net
	batch   models.Batch
	problem *models.Problem
	flops   float64 // of one forward pass over the batch
	w, g    []float32
	up      []float32 // SAM's ascent point
	groups  []int     // the m of its rows
	beside  []int     // the m of its rows beside PyTorch; 0 is SGD
}

// blocks are convolutions of 3 × 3 and pools of 2 × 2, of so many channels each.
func blocks(channels ...int) (all []models.Block) {
	for _, c := range channels {
		all = append(all, models.Block{Channels: c, Kernel: 3, Stride: 1, Pad: 1, Pool: 2})
	}
	return all
}

// subjects returns the networks that are timed.
func subjects() []*subject {
	digits, photos := models.Shape{C: 1, H: 28, W: 28}, models.Shape{C: 3, H: 32, W: 32}
	mlp := func(name string, hidden ...int) *subject {
		return newSubject(name, digits, &models.MLP{Hidden: hidden, Activation: "relu"}, batchSize)
	}
	all := []*subject{
		mlp("mlp", 256, 128),
		mlp("mlp512", 512, 512),
		mlp("mlp1024", 1024, 1024),
		newSubject("cnn", digits, &models.CNN{Blocks: blocks(16, 32), Activation: "relu"}, batchSize),
		newSubject("cifar", photos, &models.CNN{Blocks: blocks(64, 128, 256), Activation: "relu"}, batchSize),
	}
	for _, s := range all {
		s.groups, s.beside = []int{1, 4, 16, 128}, []int{0, 1, 16, 128}
		if s.name == "mlp" || s.name == "cnn" {
			s.groups = []int{1, 2, 4, 8, 16, 32, 64, 128}
		}
		if s.name == "mlp" {
			s.beside = []int{0, 1, 4, 16, 64, 128}
		}
	}
	return all
}

func newSubject(name string, in models.Shape, spec models.Spec, size int) *subject {
	net, err := spec.Build(in, 10)
	if err != nil {
		panic(err) // every spec here fits the inputs
	}
	r := rand.New(rand.NewPCG(1, 2))
	b := models.Batch{X: kernel.New(size, in.Size()), Y: make([]int, size)}
	for i := range b.X.Data {
		b.X.Data[i] = float32(r.NormFloat64())
	}
	for i := range b.Y {
		b.Y[i] = r.IntN(10)
	}
	s := &subject{
		name: name, input: in, net: net, batch: b, problem: net.On(b),
		w: net.Init(r), g: make([]float32, net.Dim()), up: make([]float32, net.Dim()),
	}
	pixels := in.H * in.W
	for _, a := range s.weights() {
		if len(a) == 2 { // dense
			pixels = 1
		}
		s.flops += 2 * float64(size*pixels*models.Array{Shape: a}.Size())
		if len(a) == 4 {
			pixels /= 4
		}
	}
	return s
}

// weights are the shapes of the weights without biases: in × out of a dense layer, height × width × in × out of a convolution.
func (s *subject) weights() (all [][]int) {
	for _, a := range s.net.Arrays() {
		if len(a.Shape) > 1 {
			all = append(all, a.Shape)
		}
	}
	return all
}

// sam is the gradient of SAM the usual way: a gradient, the ascent, a gradient there.
func (s *subject) sam() {
	s.problem.Grad(s.g, s.w)
	copy(s.up, s.w)
	kernel.Axpy(s.up, rho/norm(s.g), s.g)
	s.problem.Grad(s.g, s.up)
}

// gradient is that of m-SAM, or of SGD for m = 0.
func (s *subject) gradient(m int) {
	if m == 0 {
		s.problem.Grad(s.g, s.w)
	} else {
		s.problem.AscentGrad(s.g, s.w, ascent.Rule{Rho: rho, M: m})
	}
}

// rate is the learning rate on both sides, small enough to leave the networks near their initial weights.
const rate = 1e-4

// optimizer is SGD with momentum for m = 0, or m-SAM on it, as a training run has it.
func (s *subject) optimizer(m int) optim.Stepper {
	var spec optim.Spec = optim.NewSGD()
	if m > 0 {
		sam := optim.NewSAM(spec)
		sam.Rho, sam.M = rho, m
		spec = sam
	}
	return spec.New(s.net.Dim())
}
