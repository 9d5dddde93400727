package models

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"msharp/models/kernel"
)

// hessVec is the definition: the slope of the gradient along v, by a central difference in float64.
func (d definition) hessVec(w, v []float64) []float64 {
	const h = 1e-6
	at := func(h float64) []float64 {
		_, g := d.grad(plus(w, times(h, v)))
		return g
	}
	return times(1/(2*h), plus(at(h), times(-1, at(-h))))
}

// gaussNewtonVec is the definition: (1/B) Σ_i J_iᵀ(diag p_i − p_ip_iᵀ)J_i v, with J_i v a central difference and J_iᵀu the gradient of ⟨u,
// z⟩.
func (d definition) gaussNewtonVec(w, v []float64) []float64 {
	const h = 1e-6
	sum := make([]float64, len(w))
	for i := range d.x {
		logits := func(h float64) []float64 {
			var c calculation
			z, _ := d.logits(&c, i, plus(w, times(h, v)))
			return values(&c, z)
		}
		jv := times(1/(2*h), plus(logits(h), times(-1, logits(-h))))
		var c calculation
		z, ws := d.logits(&c, i, w)
		p := softmax(values(&c, z))
		var mean float64
		for k := range p {
			mean += p[k] * jv[k]
		}
		out := c.constant(0)
		for k := range p {
			out = c.plusProduct(out, c.constant(p[k]*(jv[k]-mean)), z[k])
		}
		sum = plus(sum, times(1/float64(len(d.x)), c.gradient(out, ws)))
	}
	return sum
}

// logits returns example i's logits at w, and the weights.
func (d definition) logits(c *calculation, i int, w []float64) (z, ws []scalar) {
	c.constant(0)
	ws, z = c.constants(w), c.constants(d.x[i])
	for _, s := range d.net.stages {
		z = c.forward(s.Layer, s.in, s.out, ws[s.lo:s.hi], z)
	}
	return z, ws
}

func values(c *calculation, s []scalar) (v []float64) {
	for _, s := range s {
		v = append(v, c.value[s])
	}
	return v
}

func softmax(z []float64) []float64 {
	p, sum := make([]float64, len(z)), 0.
	for k, v := range z {
		p[k] = math.Exp(v - slices.Max(z))
		sum += p[k]
	}
	return times(1/sum, p)
}

func times(a float64, x []float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = a * v
	}
	return y
}

// curved are architectures with every layer between layers with weights, at strides and paddings of every kind.
func curved() (all []struct {
	name string
	in   Shape
	Spec
}) {
	add := func(name string, in Shape, s Spec) {
		all = append(all, struct {
			name string
			in   Shape
			Spec
		}{name, in, s})
	}
	for _, c := range nets {
		add(c.name, c.in, c.Spec)
	}
	add("linear", Shape{6, 1, 1}, stack{Dense{9, 1}, Dense{8, 1}, Dense{classes, 1}})
	add("strides", Shape{2, 9, 8}, stack{Conv{3, 3, 2, 2, 1}, Conv{4, 4, 3, 3, 1}, Tanh{}, Conv{4, 1, 1, 0, 1}, MaxPool{2}, Tanh{}, Dense{classes, 1}})
	add("pools", Shape{1, 14, 15}, stack{MaxPool{2}, Conv{4, 3, 1, 1, 1}, MaxPool{3}, Tanh{}, Conv{5, 2, 1, 2, 1}, ReLU{}, MaxPool{2}, Dense{7, 1}, Tanh{}, Dense{classes, 1}})
	add("convolutions", Shape{2, 6, 6}, stack{ReLU{}, Conv{3, 3, 1, 0, 1}, ReLU{}, Conv{4, 3, 1, 2, 1}, Tanh{}, Conv{classes, 6, 1, 0, 1}}) // no dense layer
	for _, l := range layers {                                                                                                              // a new layer is here by being in layers
		add(fmt.Sprintf("%T%v", l.Layer, l.Layer), l.in, stack{Conv{l.in.C, 1, 1, 0, 1}, l.Layer, Dense{classes, 1}})
	}
	return all
}

// In every net, in blocks and at once, products with the Hessian and the Gauss-Newton matrix are those of the definition.
func TestSecondOrderProductsMatchDefinition(t *testing.T) {
	worst := 0.
	defer func() { t.Logf("largest relative error %.1e", worst) }()
	for _, c := range curved() {
		n, w, b := build(t, c.in, c.Spec)
		r := rand.New(rand.NewPCG(3, 4))
		for i := range w {
			w[i] += float32(.1 * r.NormFloat64()) // biases too
		}
		v := random(r, 1, n.Dim()).Data
		hess, gauss := define(n, b).hessVec(widen(w), widen(v)), define(n, b).gaussNewtonVec(widen(w), widen(v))
		hv := make([]float32, n.Dim())
		for _, block := range []int{n.block, 5} {
			n.block = block
			p := n.On(b)
			for range 2 { // what one product leaves must not be in the next
				hv[0] = 1e9
				p.HessVec(hv, w, v)
				e := distance(hv, hess)
				p.GaussNewtonVec(hv, w, v)
				g := distance(hv, gauss)
				if worst = max(worst, e, g); !(e <= 1e-5 && g <= 1e-5) {
					t.Errorf("%s in blocks of %d: Hv off by %.2g, Gv by %.2g", c.name, block, e, g)
				}
				p.Grad(hv, v)
			}
		}
	}
}

// On fitted networks, too, whose probabilities round to 1. (The definition needs networks without a value so near to a kink that its
// difference passes it.)
func TestSecondOrderProductsOnceFitted(t *testing.T) {
	for _, k := range []int{0, 1, 2, 5} {
		c := nets[k]
		n, w, b := build(t, c.in, c.Spec)
		p, g := n.On(b), make([]float32, n.Dim())
		for range 3000 {
			if p.Grad(g, w) < 2e-3 {
				break
			}
			kernel.Axpy(w, -0.2, g)
		}
		v := random(rand.New(rand.NewPCG(3, 4)), 1, n.Dim()).Data
		p.HessVec(g, w, v)
		if e := distance(g, define(n, b).hessVec(widen(w), widen(v))); !(e <= 1e-4) {
			t.Errorf("%s: Hv off by %.2g", c.name, e)
		}
		p.GaussNewtonVec(g, w, v)
		if e := distance(g, define(n, b).gaussNewtonVec(widen(w), widen(v))); !(e <= 1e-4) {
			t.Errorf("%s: Gv off by %.2g", c.name, e)
		}
	}
}

// ⟨u, Hv⟩ = ⟨v, Hu⟩ and ⟨u, Gv⟩ = ⟨v, Gu⟩ up to rounding, and ⟨v, Gv⟩ ≥ 0.
func TestSecondOrderProductsAreSymmetric(t *testing.T) {
	for _, c := range curved() {
		n, w, b := build(t, c.in, c.Spec)
		r := rand.New(rand.NewPCG(5, 6))
		u, v := random(r, 1, n.Dim()).Data, random(r, 1, n.Dim()).Data
		au, av := make([]float32, n.Dim()), make([]float32, n.Dim())
		p := n.On(b)
		for name, product := range map[string]func(av, w, v []float32){"H": p.HessVec, "G": p.GaussNewtonVec} {
			product(au, w, u)
			product(av, w, v)
			uav, vau := kernel.Dot(u, av), kernel.Dot(v, au)
			if size := math.Sqrt(kernel.Dot(u, u) * kernel.Dot(av, av)); !(math.Abs(uav-vau) <= 1e-6*size) {
				t.Errorf("%s: ⟨u, %sv⟩ is %v, ⟨v, %[2]su⟩ is %v", c.name, name, uav, vau)
			}
			if vav := kernel.Dot(v, av); name == "G" && !(vav >= 0) {
				t.Errorf("%s: ⟨v, Gv⟩ is %v", c.name, vav)
			}
		}
	}
}

// A smaller batch on the same buffers has the bits of a problem of its size, and no product changes w or v.
func TestSecondOrderProductsAfterReset(t *testing.T) {
	for _, c := range curved() {
		n, w, b := build(t, c.in, c.Spec)
		v := random(rand.New(rand.NewPCG(7, 8)), 1, n.Dim()).Data
		keptW, keptV := slices.Clone(w), slices.Clone(v)
		got, want := make([]float32, n.Dim()), make([]float32, n.Dim())
		p := n.On(b)
		p.HessVec(got, v, w)
		p.Reset(b.Slice(3, 10))
		p.HessVec(got, w, v)
		n.On(b.Slice(3, 10)).HessVec(want, w, v)
		if !slices.Equal(got, want) || !slices.Equal(w, keptW) || !slices.Equal(v, keptV) {
			t.Errorf("%s: other bits after Reset, or another point", c.name)
		}
	}
}

// At a kept pass, products have the bits of those that pass anew, whatever batch, weights and product come in between.
func TestProductsAtKeptPasses(t *testing.T) {
	nets := 0
	for _, c := range curved() {
		n, w, b := build(t, c.in, c.Spec)
		if n.KeptBytes(10) == 0 {
			continue
		}
		nets++
		r := rand.New(rand.NewPCG(5, 6))
		p, got, want := n.On(b), make([]float32, n.Dim()), make([]float32, n.Dim())
		other, parts := random(r, 1, n.Dim()).Data, []Batch{b.Slice(0, 7), b.Slice(7, b.Len())}
		kept := make([]Kept, 2)
		for _, w := range [][]float32{other, w} { // the second is kept in place of the first
			for i := range kept {
				p.Reset(parts[i])
				p.Keep(&kept[i], w)
			}
		}
		for range 3 {
			v := random(r, 1, n.Dim()).Data
			for i, part := range parts {
				n.On(part).HessVec(want, w, v)
				p.Reset(part)
				p.HessVecKept(got, v, &kept[i])
				if !slices.Equal(got, want) {
					t.Errorf("%s: other bits at a kept pass", c.name)
				}
			}
			p.GaussNewtonVec(got, other, v)
			p.Grad(got, other)
		}
		if got := testing.AllocsPerRun(3, func() { p.HessVecKept(got, other, &kept[1]) }); got != 0 {
			t.Errorf("%s: %v allocations", c.name, got)
		}
	}
	if nets < 3 {
		t.Errorf("only %d nets keep passes", nets)
	}
}

// What is not a number stays none: of v in all of the product, of w and of an input somewhere in it.
func TestSecondOrderProductsKeepNaN(t *testing.T) {
	nan := float32(math.NaN())
	for _, c := range curved() {
		n, w, b := build(t, c.in, c.Spec)
		v, hv := random(rand.New(rand.NewPCG(7, 8)), 1, n.Dim()).Data, make([]float32, n.Dim())
		p := n.On(b)
		for _, product := range []func(hv, w, v []float32){p.HessVec, p.GaussNewtonVec} {
			for _, at := range []int{0, n.Dim() / 2, n.Dim() - 1} {
				for _, x := range [][]float32{w, v} {
					x[at], hv[0] = nan, 0
					if product(hv, w, v); kernel.Finite(hv) {
						t.Errorf("%s: a NaN at %d is lost", c.name, at)
					}
					for i, h := range hv {
						if &x[0] == &v[0] && h == h {
							t.Fatalf("%s: number %d along a NaN is %v", c.name, i, h)
						}
					}
					x[at] = .5
				}
			}
			kept := b.X.Data[0]
			b.X.Data[0] = nan
			if product(hv, w, v); kernel.Finite(hv) {
				t.Errorf("%s: a NaN of an example is lost", c.name)
			}
			b.X.Data[0] = kept
		}
	}
}

func TestSecondOrderProductsAllocateNothing(t *testing.T) {
	for _, c := range curved() {
		n, w, b := build(t, c.in, c.Spec)
		v, hv := random(rand.New(rand.NewPCG(7, 8)), 1, n.Dim()).Data, make([]float32, n.Dim())
		p := n.On(b)
		step := func() {
			p.HessVec(hv, w, v)
			p.GaussNewtonVec(hv, w, v)
		}
		step()
		if a := testing.AllocsPerRun(3, step); a != 0 {
			t.Errorf("%s: %v allocations", c.name, a)
		}
	}
}

// silent is a layer of which no more is known than that it has no weights.
type silent struct{ Layer }

// A layer that says nothing of its second derivatives is named; where no derivative passes it, it need not say anything.
func TestNoSecondOrder(t *testing.T) {
	for _, c := range []struct {
		stack
		want string
	}{
		{stack{Dense{4, 1}, Tanh{}, Dense{classes, 1}}, ""},
		{stack{silent{Tanh{}}, Dense{4, 1}, Tanh{}, Dense{classes, 1}}, ""},
		{stack{Dense{4, 1}, silent{Tanh{}}, Dense{classes, 1}}, "layer 2, models.silent, has no second derivatives: it needs the methods of models.Elementwise or models.Piecewise"},
		{stack{opaque{Dense{4, 1}}, Tanh{}, Dense{classes, 1}}, "layer 1, models.opaque, has no second derivatives: a layer with weights needs the methods of models.Bilinear"},
		{stack{Dense{4, 1}, Tanh{}, opaque{Dense{classes, 1}}}, "layer 3, models.opaque, has no second derivatives: a layer with weights needs the methods of models.Bilinear"},
	} {
		n, w, b := build(t, Shape{3, 1, 1}, c.stack)
		err := n.SecondOrder()
		if c.want == "" && err != nil || c.want != "" && (err == nil || err.Error() != c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
		func() {
			defer func() {
				if got := recover(); (got == nil) != (c.want == "") || got != nil && got != "models: "+c.want {
					t.Errorf("HessVec panics with %v, want %q", got, c.want)
				}
			}()
			n.On(b).HessVec(make([]float32, n.Dim()), w, w)
		}()
	}
}

// (diag p − ppᵀ) rz = p_k Σ_j p_j (rz_k − rz_j), to float32's rounding even where all p but one are tiny.
func TestCrossEntropyAlong(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, spread := range []float64{.1, 1, 10, 40} {
		z, rz, got := kernel.New(300, 7), random(r, 300, 7), kernel.New(300, 7)
		for i := range z.Data {
			z.Data[i] = float32(spread * r.NormFloat64())
		}
		crossEntropyAlong(got, rz, z, .25, new(kernel.Scratch))
		for i := range z.Rows {
			p := softmax(widen(z.Row(i)))
			for k := range p {
				var want, size float64
				for j := range p {
					want += .25 * p[k] * p[j] * float64(rz.Row(i)[k]-rz.Row(i)[j])
					size += .25 * p[k] * p[j] * math.Abs(float64(rz.Row(i)[k]-rz.Row(i)[j]))
				}
				if g := float64(got.Row(i)[k]); !(math.Abs(g-want) <= 1e-6*size+1e-44) {
					t.Fatalf("logits %v: class %d has %v, want %v", z.Row(i), k, g, want)
				}
			}
		}
	}
}
