package models

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Logits and features are those of the definition, of networks that pass examples through block by block too.
func TestResponses(t *testing.T) {
	for _, c := range big {
		n, w, b := build(t, c.in, c.Spec)
		p, d := n.On(b), define(n, b)
		p.Grad(make([]float32, n.Dim()), w)
		logits, features := p.Responses(w)
		if features.Cols != n.Features() || features.Rows != b.Len() {
			t.Fatalf("%s: %d × %d features, want %d × %d", c.name, features.Rows, features.Cols, b.Len(), n.Features())
		}
		for i := range d.x {
			var k calculation
			k.constant(0)
			x := k.constants(d.x[i])
			for l, s := range n.stages {
				if l == n.last() {
					if e := distance(features.Row(i), values(&k, x)); !(e <= 1e-5) {
						t.Errorf("%s: features of example %d deviate by %v", c.name, i, e)
					}
				}
				layer := s.Layer
				if o, ok := layer.(opaque); ok {
					layer = o.Weighted
				}
				x = k.forward(layer, s.in, s.out, k.constants(widen(w[s.lo:s.hi])), x)
			}
			if e := distance(logits.Row(i), values(&k, x)); !(e <= 1e-5) {
				t.Errorf("%s: logits of example %d deviate by %v", c.name, i, e)
			}
		}
	}
}

// The path norm is the sum over paths, one after the other, and the definition of the layers at squared weights.
func TestPathNorm(t *testing.T) {
	n, err := NewNet(Shape{3, 1, 1}, 2, Dense{4, 1}, ReLU{}, Dense{5, 1}, Tanh{}, Dense{2, 1})
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	w := make([]float32, n.Dim())
	for i := range w {
		w[i] = float32(r.NormFloat64())
	}
	at := func(lo, out, i, j int) float64 { v := float64(w[lo+i*out+j]); return v * v } // behind the last row are the biases
	var sum float64
	for k := range 2 {
		sum += at(16+25, 2, 5, k)
		for j := range 5 {
			to := at(16+25, 2, j, k)
			sum += at(16, 5, 4, j) * to
			for h := range 4 {
				for i := range 4 { // the last is the bias
					sum += at(0, 4, i, h) * at(16, 5, h, j) * to
				}
			}
		}
	}
	if got := n.PathNorm(w); !(math.Abs(got-math.Sqrt(sum)) <= 1e-5*got) {
		t.Errorf("the path norm is %v, want %v", got, math.Sqrt(sum))
	}
	for _, c := range big {
		n, w, _ := build(t, c.in, c.Spec)
		var k calculation
		k.constant(0)
		ones := make([]float64, c.in.Size())
		for i := range ones {
			ones[i] = 1
		}
		x := k.constants(ones)
		for _, s := range n.stages {
			if _, ok := s.Layer.(Elementwise); ok {
				continue
			}
			squares := widen(w[s.lo:s.hi])
			for i, v := range squares {
				squares[i] = v * v
			}
			layer := s.Layer
			if o, ok := layer.(opaque); ok {
				layer = o.Weighted
			}
			x = k.forward(layer, s.in, s.out, k.constants(squares), x)
		}
		sum := 0.
		for _, v := range values(&k, x) {
			sum += v
		}
		if got := n.PathNorm(w); !(math.Abs(got-math.Sqrt(sum)) <= 1e-5*got) || !(got > 0) {
			t.Errorf("%s: the path norm is %v, want %v", c.name, got, math.Sqrt(sum))
		}
	}
}
