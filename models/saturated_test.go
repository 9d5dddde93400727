package models

import (
	"math"
	"testing"

	"msharp/models/ascent"
	"msharp/models/kernel"
)

// saturated returns a tanh network that is fitted by gradient descent after its first weights were made large: a third of its hidden units lies
// where 1 − tanh² of the float32 tanh is 0, though not one derivative is.
func saturated(t *testing.T) (n *Net, w []float32, b Batch) {
	n, w, b = build(t, Shape{200, 1, 1}, &MLP{Hidden: []int{16}, Activation: "tanh"})
	first := w[:n.stages[0].hi]
	kernel.ScaleTo(first, 8, first)
	p, g := n.On(b), make([]float32, n.Dim())
	for range 200 {
		p.Grad(g, w)
		kernel.Axpy(w, -0.2, g)
	}
	beyond, x := 0, kernel.New(batch, 16)
	Dense{16, 1}.Forward(Pass{In: n.In, Out: Shape{16, 1, 1}, W: w[:n.stages[0].hi], X: b.X, Y: x, Scratch: new(kernel.Scratch)})
	for _, v := range x.Data {
		if math.Abs(float64(v)) > 9.02 {
			beyond++
		}
	}
	if 3*beyond < len(x.Data) {
		t.Fatalf("only %d of %d units lie where 1 − tanh² rounds to 0", beyond, len(x.Data))
	}
	return n, w, b
}

// Where tanh is flat in float32, its derivative is as exact as elsewhere: so are the ascents in ℓ∞, which go by the gradient's signs, however
// small it is.
func TestSaturatedTanhMatchesDefinition(t *testing.T) {
	n, w, b := saturated(t)
	d, p := define(n, b), n.On(b)
	for _, m := range []int{1, 4, batch} {
		for _, steps := range []int{1, 3} {
			r := ascent.Rule{Rho: 0.1, M: m, P: math.Inf(1), Steps: steps}
			gains := [][]float64{make([]float64, batch/m)}
			p.AscentGains(gains, []int{0}, nil, w, []ascent.Rule{r})
			if got, want := mean(gains[0]), mean(d.gains(widen(w), r)); !(math.Abs(got-want) <= 1e-4*want) {
				t.Errorf("%+v: m-sharpness is %v, want %v: %.2g of it off", r, got, want, got/want-1)
			}
		}
	}
}

// Every component of a gradient is right in itself, however far the tanh before it is from its middle.
func TestSaturatedTanhGradientByComponent(t *testing.T) {
	n, w, b := saturated(t)
	g := make([]float32, n.Dim())
	for i := range batch {
		n.On(b.Slice(i, i+1)).Grad(g, w)
		_, want := define(n, b.Slice(i, i+1)).grad(widen(w))
		for j, v := range want {
			if e := math.Abs(float64(g[j]) - v); math.Abs(v) >= 1e-30 && !(e <= 1e-3*math.Abs(v)) {
				t.Fatalf("example %d: component %d of the gradient is %v, want %v", i, j, g[j], v)
			}
		}
	}
}
