package models

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"msharp/models/kernel"
)

// Products of examples' gradients are those of the definition's, however the examples are divided.
func TestProductsOfGradients(t *testing.T) {
	for _, c := range curved() {
		n, w, b := build(t, c.in, c.Spec)
		all := define(n, b)
		var grads [][]float64
		for i := range batch {
			_, g := all.group(i, i+1).grad(widen(w))
			grads = append(grads, g)
		}
		same := func(what string, got []float64, i0, j0, rows, cols int) {
			t.Helper()
			for i := range rows {
				for j := range cols {
					want := dot(grads[i0+i], grads[j0+j])
					if what == "all" && j < i {
						want = 0
					}
					if !(math.Abs(got[i*cols+j]-want) <= 1e-5*norm(grads[i0+i])*norm(grads[j0+j])) {
						t.Fatalf("%s, %s: product of %d and %d is %v, want %v", c.name, what, i0+i, j0+j, got[i*cols+j], want)
					}
				}
			}
		}
		for _, block := range []int{n.block, 5} {
			n.block = block
			var s kernel.Scratch
			p, g, h := n.On(b), n.Gradients(batch), n.Gradients(batch)
			p.HessVec(make([]float32, n.Dim()), w, w)
			p.AddGradients(g, w)
			dst := make([]float64, batch*batch)
			g.Products(dst, batch, g, &s)
			same("all", dst, 0, 0, batch, batch)

			g.Reset()
			p.Reset(b.Slice(0, 3))
			p.AddGradients(g, w)
			p.Reset(b.Slice(3, 10))
			p.AddGradients(g, w)
			p.Reset(b.Slice(10, batch))
			p.AddGradients(h, w)
			if g.Len() != 10 || h.Len() != batch-10 {
				t.Errorf("%d and %d gradients", g.Len(), h.Len())
			}
			dst = make([]float64, 10*(batch-10))
			g.Products(dst, batch-10, h, &s)
			same("parts", dst, 0, 10, 10, batch-10)
		}
	}
}

// More examples than are taken abreast.
func TestProductsOfManyGradients(t *testing.T) {
	n, w, _ := build(t, Shape{1, 5, 5}, stack{Conv{2, 3, 1, 1, 1}, Tanh{}, Dense{classes, 1}})
	const many = 2*rowsAbreast + 7
	b := Batch{random(rand.New(rand.NewPCG(1, 2)), many, 25), make([]int, many)}
	g := n.Gradients(many)
	n.On(b).AddGradients(g, w)
	dst := make([]float64, many*many)
	g.Products(dst, many, g, new(kernel.Scratch))
	grads := kernel.New(many, n.Dim())
	for i := range many {
		n.On(b.Slice(i, i+1)).Grad(grads.Row(i), w)
	}
	for i := range many {
		for j := range many {
			want := kernel.Dot(grads.Row(i), grads.Row(j))
			if j < i {
				want = 0
			}
			if got := dst[i*many+j]; !(math.Abs(got-want) <= 1e-5*math.Sqrt(dst[i*many+i]*dst[j*many+j])) {
				t.Fatalf("product of %d and %d is %v, want %v", i, j, got, want)
			}
		}
	}
}

func TestGradientsBytes(t *testing.T) {
	for _, c := range big {
		n, _, _ := build(t, c.in, c.Spec)
		g := n.Gradients(16)
		m := memory{seen: map[uintptr]bool{}}
		m.walk(reflect.ValueOf(g))
		var bytes float64
		for _, s := range m.spans {
			bytes += float64(s[1] - s[0])
		}
		if said := n.GradientsBytes(16); !(said >= bytes && said <= 1.1*bytes+1<<15) {
			t.Errorf("%s: said %.0f bytes, takes %.0f", c.name, said, bytes)
		}
	}
}

// tr G_i is the trace of the definition: ⟨e_j, G_i e_j⟩ over all weights j, and by the rows of the Jacobian, tr JᵀΛJ = Σ_kl Λ_kl⟨J_k, J_l⟩.
func TestGaussNewtonTrace(t *testing.T) {
	for _, c := range curved() {
		n, w, b := build(t, c.in, c.Spec)
		var want []float64
		d := define(n, b)
		for i := range batch {
			var calc calculation
			z, ws := d.logits(&calc, i, widen(w))
			p := softmax(values(&calc, z))
			var rows [][]float64
			for k := range z {
				rows = append(rows, calc.gradient(z[k], ws))
			}
			var trace float64
			for k := range p {
				trace += p[k] * dot(rows[k], rows[k])
				for l := range p {
					trace -= p[k] * p[l] * dot(rows[k], rows[l])
				}
			}
			want = append(want, trace)
		}
		for _, block := range []int{n.block, 5} {
			n.block = block
			p := n.On(b)
			p.GaussNewtonTrace(w)
			for i, got := range p.GaussNewtonTrace(w) {
				if !(math.Abs(got-want[i]) <= 1e-5*want[i]) {
					t.Fatalf("%s: trace of example %d is %v, want %v", c.name, i, got, want[i])
				}
			}
			if a := testing.AllocsPerRun(2, func() { p.GaussNewtonTrace(w) }); a != 0 {
				t.Errorf("%s: %v allocations", c.name, a)
			}
		}
		n.On(b).GaussNewtonTrace(w)
		w[0] = float32(math.NaN())
		for _, got := range n.On(b).GaussNewtonTrace(w) {
			if got == got {
				t.Errorf("%s: trace %v where a weight is NaN", c.name, got)
			}
		}
	}
}

func dot(x, y []float64) (sum float64) {
	for i, v := range x {
		sum += v * y[i]
	}
	return sum
}
