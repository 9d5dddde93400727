package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// updates is every optimizer's step on weights, two moments and a gradient, and its definition.
var updates = []struct {
	name    string
	f, def  func(w, a, b, g []float32)
	moments int
}{
	{"momentum", func(w, a, _, g []float32) { Momentum{.9, 1e-3, .05, false}.Step(w, a, g) },
		func(w, a, _, g []float32) { momentumGo(w, a, g, Momentum{.9, 1e-3, .05, false}) }, 1},
	{"nesterov", func(w, a, _, g []float32) { Momentum{.9, 1e-3, .05, true}.Step(w, a, g) },
		func(w, a, _, g []float32) { momentumGo(w, a, g, Momentum{.9, 1e-3, .05, true}) }, 1},
	{"no momentum", func(w, a, _, g []float32) { Momentum{Eta: 2}.Step(w, a, g) },
		func(w, a, _, g []float32) { momentumGo(w, a, g, Momentum{Eta: 2}) }, 1},
	{"adam", func(w, a, b, g []float32) { adam.Step(w, a, b, g) }, func(w, a, b, g []float32) { adamGo(w, a, b, g, adam) }, 2},
	{"rmsprop", func(w, a, b, g []float32) { rmsprop.Step(w, a, b, g) }, func(w, a, b, g []float32) { rmspropGo(w, a, b, g, rmsprop) }, 2},
}

var (
	adam    = Adam{.9, .1, .999, .001, 1e-3, .9999, 2e-3, 1e-8}
	rmsprop = RMSProp{.99, .01, .9, 1e-3, 2e-3, 1e-8}
)

// wild returns n numbers and three canaries: numbers of every size, denormal ones, infinities and NaN among them.
func wild(r *rand.Rand, n int) []float32 {
	special := []float32{0, float32(math.Copysign(0, -1)), float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)),
		1e-42, -1e-42, 0x1p-126, -0x1p-126, 0x1.fffffcp-127, 0x1p-149, 3e38, -3e38, 1}
	x := make([]float32, n+3)
	for i := range x {
		switch {
		case i >= n:
			x[i] = canary
		case r.IntN(3) == 0:
			x[i] = special[r.IntN(len(special))]
		case r.IntN(2) == 0:
			x[i] = float32(r.NormFloat64() * math.Exp(-100*r.Float64()))
		default:
			x[i] = float32(r.NormFloat64())
		}
	}
	return x
}

// tiny returns a number around the smallest normal one.
func tiny(r *rand.Rand) float32 { return float32(1e-38 * r.NormFloat64()) }

// Every step at every length equals its definition bit for bit, NaN, ∞ and denormal numbers included, and writes nothing beyond nor the gradient.
func TestUpdates(t *testing.T) {
	under(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(21, 22))
		for _, u := range updates {
			for n := range 400 {
				if n > 67 {
					n = 67 + r.IntN(3000)
				}
				w, a, b, g := wild(r, n), wild(r, n), wild(r, n), wild(r, n)
				for i := range n {
					b[i] = float32(math.Abs(float64(b[i])))
					if u.name == "rmsprop" {
						a[i] = float32(math.Abs(float64(a[i])))
					}
				}
				w1, a1, b1, g1 := slices.Clone(w), slices.Clone(a), slices.Clone(b), slices.Clone(g)
				u.f(w1[:n], a1[:n], b1[:n], g1[:n])
				u.def(w[:n], a[:n], b[:n], g[:n])
				at := fmt.Sprintf("%s of %d: ", u.name, n)
				same(t, at+"weights", w1, w)
				same(t, at+"first moment", a1, a)
				same(t, at+"second moment", b1, b)
				same(t, at+"gradient", g1, g)
			}
		}
	})
}

// Nothing that a step leaves is a denormal number, and a NaN in anything that a weight depends on is in the weight.
func TestUpdatesLeaveNothingDenormalAndKeepNaN(t *testing.T) {
	under(t, func(t *testing.T) {
		for _, u := range updates {
			r := rand.New(rand.NewPCG(23, 24))
			const n = 1000
			w, a, b, g := wild(r, n), wild(r, n), wild(r, n), wild(r, n)
			nan := make([]bool, n)
			for i := range n {
				if i%4 == 0 {
					w[i], a[i], b[i], g[i] = tiny(r), tiny(r), tiny(r), tiny(r)
				}
				nan[i] = w[i] != w[i] || a[i] != a[i] || g[i] != g[i] || u.moments == 2 && b[i] != b[i]
			}
			u.f(w[:n], a[:n], b[:n], g[:n])
			zeros := 0
			for i := range n {
				for k, x := range [][]float32{w, a, b}[:1+u.moments] {
					if v := math.Abs(float64(x[i])); v > 0 && v < 0x1p-126 {
						t.Fatalf("%s leaves %v in array %d", u.name, x[i], k)
					} else if v == 0 {
						zeros++
					}
				}
				if nan[i] && w[i] == w[i] {
					t.Fatalf("%s makes %v of a NaN", u.name, w[i])
				}
			}
			if zeros < n/20 {
				t.Errorf("%s: only %d zeros: nothing was tried", u.name, zeros)
			}
		}
	})
}

// A velocity without a gradient decays to zero and not into denormal numbers.
func TestVelocityDecaysToZero(t *testing.T) {
	under(t, func(t *testing.T) {
		w, v, g := make([]float32, 40), make([]float32, 40), make([]float32, 40)
		for i := range v {
			w[i], v[i] = 1, float32(i)-20
		}
		for range 1000 {
			Momentum{Mu: .9, Eta: .01}.Step(w, v, g)
		}
		for i, x := range v {
			if x != 0 {
				t.Fatalf("velocity %d is %v after a thousand steps", i, x)
			}
		}
	})
}
