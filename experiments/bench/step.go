package main

import (
	"math"
	"math/rand/v2"
	"runtime"
	"time"

	"msharp/models"
	"msharp/models/ascent"
	"msharp/models/kernel"
)

// Step is the time of one gradient on a batch of 128. Mode sam is textbook SAM the usual way, two whole gradients, in the same
// kernels.
type Step struct {
	Model string  `json:"model"`
	Mode  string  `json:"mode"`
	M     int     `json:"m,omitempty"`
	MS    float64 `json:"ms"`
	VsSAM float64 `json:"vs_sam"`          // against mode sam, measured in alternation
	Share float64 `json:"share,omitempty"` // of the peak, in useful operations; forward only
}

const (
	batchSize = 128
	rho       = 0.05
)

// subject is a network at its initial weights with a batch.
type subject struct {
	name     string
	flops    float64 // of one forward pass over the batch
	batch    models.Batch
	problem  *models.Problem
	w, g, up []float32
}

func subjects() []*subject {
	mlp := newSubject("mlp", &models.MLP{Hidden: []int{256, 128}, Activation: "relu"}, batchSize)
	mlp.flops = 2 * batchSize * (784*256 + 256*128 + 128*10)
	blocks := []models.Block{{Channels: 16, Kernel: 3, Stride: 1, Pad: 1, Pool: 2}, {Channels: 32, Kernel: 3, Stride: 1, Pad: 1, Pool: 2}}
	cnn := newSubject("cnn", &models.CNN{Blocks: blocks, Activation: "relu"}, batchSize)
	cnn.flops = 2 * batchSize * (28*28*9*16 + 14*14*144*32 + 1568*10)
	return []*subject{mlp, cnn}
}

// newSubject returns a network on 28 × 28 inputs with a batch of normal noise.
func newSubject(name string, spec models.Spec, size int) *subject {
	in := models.Shape{C: 1, H: 28, W: 28}
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
	return &subject{
		name: name, batch: b, problem: net.On(b),
		w: net.Init(r), g: make([]float32, net.Dim()), up: make([]float32, net.Dim()),
	}
}

// sam is SAM the usual way: a gradient, the ascent, a gradient there.
func (s *subject) sam() {
	s.problem.Grad(s.g, s.w)
	copy(s.up, s.w)
	kernel.Axpy(s.up, rho/math.Sqrt(kernel.Dot(s.g, s.g)), s.g)
	s.problem.Grad(s.g, s.up)
}

func (s *subject) msam(m int) { s.problem.AscentGrad(s.g, s.w, ascent.Rule{Rho: rho, M: m}) }

func steps() (all []Step) {
	for _, s := range subjects() {
		ms := []int{1, 2, 4, 8, 16, 32, 64, 128}
		var flops float64
		fs := []func(){func() { flops = kernel.Peak(peakRounds) }, func() { s.problem.Eval(s.w) }, func() { s.problem.Grad(s.g, s.w) }, s.sam}
		for _, m := range ms {
			fs = append(fs, func() { s.msam(m) })
		}
		t := medians(31, 2*time.Second, fs...)
		row := func(mode string, m, i int) Step {
			return Step{Model: s.name, Mode: mode, M: m, MS: 1e3 * t[i], VsSAM: t[i] / t[3]}
		}
		forward := row("forward", 0, 1)
		forward.Share = s.flops / t[1] / (flops / t[0])
		all = append(all, forward, row("sgd", 0, 2), row("sam", 0, 3))
		for i, m := range ms {
			all = append(all, row("msam", m, 4+i))
		}
	}
	return all
}

// allocs returns the most allocations of a step, over models and m.
func allocs() (most float64) {
	for _, s := range subjects() {
		for _, f := range []func(){func() { s.problem.Grad(s.g, s.w) }, func() { s.msam(1) }, func() { s.msam(16) }, func() { s.msam(128) }} {
			f()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			const n = 10
			for range n {
				f()
			}
			runtime.ReadMemStats(&after)
			most = max(most, math.Floor(float64(after.Mallocs-before.Mallocs)/n))
		}
	}
	return most
}
