package models

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"msharp/models/kernel"
)

// layers holds every layer, with an input shape; a new layer adds one line here and one case in the definition.
var layers = []struct {
	Layer
	in Shape
}{
	{Dense{7, 1}, Shape{5, 1, 1}},
	{Dense{1, 1}, Shape{2, 3, 3}},
	{Conv{4, 3, 1, 1, 1}, Shape{2, 6, 5}},
	{Conv{3, 3, 2, 1, 1}, Shape{1, 7, 8}},
	{Conv{2, 5, 3, 2, 1}, Shape{3, 9, 9}},
	{Conv{3, 1, 1, 0, 1}, Shape{4, 3, 2}},
	{Conv{2, 4, 2, 3, 1}, Shape{1, 2, 3}},
	{ReLU{}, Shape{3, 2, 2}},
	{Tanh{}, Shape{11, 1, 1}},
	{MaxPool{2}, Shape{3, 4, 6}},
	{MaxPool{3}, Shape{2, 7, 8}},
}

// Along random directions of input and weights, the layer's backward pass equals the slope of its float64 definition.
func TestLayersMatchTheirDefinition(t *testing.T) {
	for _, l := range layers {
		t.Run(fmt.Sprintf("%T%v", l.Layer, l.Layer), func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			const B = 3
			out, err := l.Out(l.in)
			if err != nil {
				t.Fatal(err)
			}
			p := Pass{In: l.in, Out: out, X: random(r, B, l.in.Size()), Y: kernel.New(B, out.Size()), DY: random(r, B, out.Size()), Scratch: new(kernel.Scratch)}
			weighted, _ := l.Layer.(Weighted)
			if weighted != nil {
				p.W = make([]float32, weighted.NumParams(l.in))
				weighted.Init(p.W, l.in, r)
				for i := range p.W {
					p.W[i] += float32(0.1 * r.NormFloat64()) // biases too
				}
			}
			l.Forward(p)
			dx, g := kernel.New(B, l.in.Size()), make([]float32, len(p.W))
			l.BackwardData(dx, p)
			if weighted != nil {
				g[0] = 1e9 // to be overwritten
				weighted.BackwardWeights(g, p, false)
				twice := slices.Clone(g)
				weighted.BackwardWeights(twice, p, true)
				for i, v := range twice {
					if !(math.Abs(float64(v-2*g[i])) <= 1e-5*(1+math.Abs(float64(v)))) {
						t.Fatalf("weight %d: added to %v, the gradient gives %v", i, g[i], v)
					}
				}
			}

			// value is ⟨DY, Y⟩ at x + h·vx, w + h·vw.
			vx, vw := random(r, B, l.in.Size()), random(r, 1, len(p.W)).Data
			value := func(h float64) (s float64) {
				for i := range B {
					var c calculation
					c.constant(0)
					y := c.forward(l.Layer, l.in, out, c.constants(along(p.W, vw, h)), c.constants(along(p.X.Row(i), vx.Row(i), h)))
					for j, v := range y {
						s += c.value[v] * float64(p.DY.Row(i)[j])
						if h == 0 && !(math.Abs(c.value[v]-float64(p.Y.Row(i)[j])) <= 1e-5) {
							t.Fatalf("output %d of example %d is %v, want %v", j, i, p.Y.Row(i)[j], c.value[v])
						}
					}
				}
				return s
			}
			value(0)
			const h = 1e-7
			want := (value(h) - value(-h)) / (2 * h)
			got := kernel.Dot(dx.Data, vx.Data) + kernel.Dot(g, vw)
			size := math.Sqrt(kernel.Dot(dx.Data, dx.Data) * kernel.Dot(vx.Data, vx.Data))
			if !(math.Abs(got-want) <= 1e-5*math.Max(math.Abs(want), 0.1*size)) {
				t.Errorf("directional derivative %v, want %v", got, want)
			}
		})
	}
}

// A NaN input gives a NaN output, forward and backward.
func TestLayersKeepNaN(t *testing.T) {
	nan := float32(math.NaN())
	for _, l := range layers {
		out, _ := l.Out(l.in)
		p := Pass{In: l.in, Out: out, X: kernel.New(1, l.in.Size()), Y: kernel.New(1, out.Size()), DY: kernel.New(1, out.Size()), Scratch: new(kernel.Scratch)}
		if w, ok := l.Layer.(Weighted); ok {
			p.W = make([]float32, w.NumParams(l.in))
			for i := range p.W {
				p.W[i] = 1
			}
		}
		for i := range p.X.Data {
			p.X.Data[i] = 1
			p.DY.Data[0] = nan
		}
		p.X.Data[0] = nan
		l.Forward(p)
		if kernel.Finite(p.Y.Data) {
			t.Errorf("%T loses a NaN forward", l.Layer)
		}
		dx := kernel.New(1, l.in.Size())
		l.BackwardData(dx, p)
		if kernel.Finite(dx.Data) {
			t.Errorf("%T loses a NaN backward", l.Layer)
		}
	}
}

func along(x, v []float32, h float64) []float64 {
	y := widen(x)
	for i := range y {
		y[i] += h * float64(v[i])
	}
	return y
}

func random(r *rand.Rand, rows, cols int) kernel.Mat {
	m := kernel.New(rows, cols)
	for i := range m.Data {
		m.Data[i] = float32(r.NormFloat64())
	}
	return m
}

// Examples and outputs whose number of values is no int are refused.
func TestHugeExamples(t *testing.T) {
	huge := Shape{1 << 22, 1 << 21, 1 << 21} // 2⁶⁴ values: Size is 0
	if _, err := NewNet(huge, 2, Dense{2, 1}); err == nil || err.Error() != "examples of more than 268435456 values" {
		t.Error(err)
	}
	if _, err := NewNet(Shape{1, 1, 1}, 2, stated{huge}, Dense{2, 1}); err == nil || err.Error() != "layer 1: more than 268435456 weights, or values of one example" {
		t.Error(err)
	}
}

// stated is a layer of a stated output.
type stated struct{ to Shape }

func (l stated) Out(Shape) (Shape, error)    { return l.to, nil }
func (stated) Forward(Pass)                  {}
func (stated) BackwardData(kernel.Mat, Pass) {}
