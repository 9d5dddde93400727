package optim

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkUpdate is the update alone, without a gradient, of the 235146 weights of the MLP 784-256-128-10: in the middle of a training run,
// and long after the gradients became zero, when what the optimizer remembers has decayed as far as float32 reaches.
func BenchmarkUpdate(b *testing.B) {
	const dim = 235146
	for _, c := range []struct {
		name string
		spec Spec
	}{
		{"sgd", NewSGD()},
		{"nesterov", &SGD{Momentum: 0.9, Nesterov: true, WeightDecay: 5e-4}},
		{"adam", NewAdam()},
		{"rmsprop", &RMSProp{Alpha: 0.99, Eps: 1e-8, Momentum: 0.9}},
	} {
		r := rand.New(rand.NewPCG(1, 2))
		w, g := make([]float32, dim), make([]float32, dim)
		for i := range g {
			w[i], g[i] = float32(r.NormFloat64()), float32(r.NormFloat64())
		}
		step := c.spec.New(dim)
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				step.Step(w, slope{plain: g}, 1e-4)
			}
		})
		b.Run(c.name+"/collapsed", func(b *testing.B) {
			for i := range g {
				g[i] = float32(1e-30 * r.NormFloat64())
			}
			step := c.spec.New(dim)
			step.Step(w, slope{plain: g}, 1e-4)
			clear(g)
			for range 1500 {
				step.Step(w, slope{plain: g}, 1e-4)
			}
			for b.Loop() {
				step.Step(w, slope{plain: g}, 1e-4)
			}
		})
	}
}
