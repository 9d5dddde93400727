package models

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"msharp/models/ascent"
	"msharp/models/kernel"
)

// BenchmarkStep is one gradient of each kind on the networks of the speed report: MLP 784-256-128-10, batch 128,
// and conv16-conv32-fc; and of MLP 784-128-10.
func BenchmarkStep(b *testing.B) {
	for _, c := range []struct {
		name string
		in   Shape
		Spec
	}{
		{"small", Shape{1, 28, 28}, &MLP{Hidden: []int{128}, Activation: "relu"}},
		{"mlp", Shape{1, 28, 28}, &MLP{Hidden: []int{256, 128}, Activation: "relu"}},
		{"cnn", Shape{1, 28, 28}, &CNN{Blocks: []Block{{16, 3, 1, 1, 2}, {32, 3, 1, 1, 2}}, Activation: "relu"}},
	} {
		n, err := c.Spec.Build(c.in, 10)
		if err != nil {
			b.Fatal(err)
		}
		r := rand.New(rand.NewPCG(1, 2))
		w, g := n.Init(r), make([]float32, n.Dim())
		x := Batch{random(r, 128, c.in.Size()), make([]int, 128)}
		for i := range x.Y {
			x.Y[i] = r.IntN(10)
		}
		p := n.On(x)
		b.Run(c.name+"/forward", func(b *testing.B) {
			for b.Loop() {
				p.Eval(w)
			}
		})
		b.Run(c.name+"/sgd", func(b *testing.B) {
			for b.Loop() {
				p.Grad(g, w)
			}
		})
		b.Run(c.name+"/hessvec", func(b *testing.B) {
			hv := make([]float32, n.Dim())
			for b.Loop() {
				p.HessVec(hv, w, g)
			}
		})
		b.Run(c.name+"/gaussnewton", func(b *testing.B) {
			gv := make([]float32, n.Dim())
			for b.Loop() {
				p.GaussNewtonVec(gv, w, g)
			}
		})
		for _, m := range []int{1, 4, 8, 16, 64, 128} {
			b.Run(fmt.Sprintf("%s/m=%d", c.name, m), func(b *testing.B) {
				for b.Loop() {
					p.AscentGrad(g, w, ascent.Rule{Rho: 0.05, M: m})
				}
			})
		}
	}
}

// BenchmarkCrossEntropy is the loss and its gradient, of a minibatch and of a chunk of a data set.
func BenchmarkCrossEntropy(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, rows := range []int{1, 128, 1024} {
		z, dz, y := random(r, rows, 10), random(r, rows, 10), make([]int, rows)
		loss, predicted := make([]float64, rows), make([]int, rows)
		var s kernel.Scratch
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			for b.Loop() {
				crossEntropy(loss, predicted, dz, z, y, 1, &s)
			}
		})
	}
}
