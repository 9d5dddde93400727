package models

import (
	"math"

	"msharp/harness/ascent"
)

// This file is the definition that the package must equal: networks in float64, one scalar at a time, differentiated by the
// chain rule on a tape of every operation; and m-SAM as a loop over groups with the perturbed weights formed.

// scalar is an index into a calculation.
type scalar int32

// calculation is a tape of operations; op i computes value[i] from its arguments, with a partial derivative to each.
type calculation struct {
	value   []float64
	args    [][3]scalar
	partial [][3]float64
}

func (c *calculation) op(value float64, args [3]scalar, partial [3]float64) scalar {
	c.value = append(c.value, value)
	c.args = append(c.args, args)
	c.partial = append(c.partial, partial)
	return scalar(len(c.value) - 1)
}

func (c *calculation) constant(v float64) scalar { return c.op(v, [3]scalar{}, [3]float64{}) }

func (c *calculation) constants(v []float64) []scalar {
	s := make([]scalar, len(v))
	for i := range v {
		s[i] = c.constant(v[i])
	}
	return s
}

// plusProduct is s + a·b.
func (c *calculation) plusProduct(s, a, b scalar) scalar {
	return c.op(c.value[s]+c.value[a]*c.value[b], [3]scalar{s, a, b}, [3]float64{1, c.value[b], c.value[a]})
}

func (c *calculation) unary(x scalar, value, slope float64) scalar {
	return c.op(value, [3]scalar{x}, [3]float64{slope})
}

// gradient returns ∂out/∂x for every x.
func (c *calculation) gradient(out scalar, x []scalar) []float64 {
	d := make([]float64, len(c.value))
	d[out] = 1
	for i := int(out); i >= 0; i-- {
		for k, p := range c.partial[i] {
			if p != 0 {
				d[c.args[i][k]] += p * d[i]
			}
		}
	}
	g := make([]float64, len(x))
	for i, v := range x {
		g[i] = d[v]
	}
	return g
}

// forward is the definition of every layer: one example.
func (c *calculation) forward(l Layer, in, out Shape, w, x []scalar) []scalar {
	y := make([]scalar, out.Size())
	switch l := l.(type) {
	case Dense:
		for u := range y {
			y[u] = w[l.Units*len(x)+u]
			for j := range x {
				y[u] = c.plusProduct(y[u], w[j*l.Units+u], x[j])
			}
		}
	case Conv:
		each(out, func(o, row, col, ch int) {
			y[o] = w[l.Channels*l.Size*l.Size*in.C+ch]
			for ky := range l.Size {
				for kx := range l.Size {
					r, k := row*l.Stride+ky-l.Pad, col*l.Stride+kx-l.Pad
					if r < 0 || r >= in.H || k < 0 || k >= in.W {
						continue
					}
					for ci := range in.C {
						y[o] = c.plusProduct(y[o], w[((ky*l.Size+kx)*in.C+ci)*l.Channels+ch], x[(r*in.W+k)*in.C+ci])
					}
				}
			}
		})
	case MaxPool:
		each(out, func(o, row, col, ch int) {
			best := x[(row*l.Size*in.W+col*l.Size)*in.C+ch]
			for dr := range l.Size {
				for dc := range l.Size {
					if v := x[((row*l.Size+dr)*in.W+col*l.Size+dc)*in.C+ch]; c.value[v] > c.value[best] {
						best = v
					}
				}
			}
			y[o] = best
		})
	case ReLU:
		for i, v := range x {
			if y[i] = c.unary(v, c.value[v], 1); c.value[v] <= 0 {
				y[i] = c.unary(v, 0, 0)
			}
		}
	case Tanh:
		for i, v := range x {
			t := math.Tanh(c.value[v])
			y[i] = c.unary(v, t, 1-t*t)
		}
	default:
		panic("a layer without a definition")
	}
	return y
}

// each visits the values of an NHWC image in storage order.
func each(s Shape, f func(i, row, col, ch int)) {
	for i := range s.Size() {
		f(i, i/(s.C*s.W), i/s.C%s.W, i%s.C)
	}
}

// crossEntropy is log Σ_j exp(z_j) − z_y, accurate to float64 even where it is tiny.
func (c *calculation) crossEntropy(z []scalar, y int) scalar {
	others, one := c.constant(0), c.constant(1)
	for j := range z {
		if j != y {
			e := math.Exp(c.value[z[j]] - c.value[z[y]])
			d := c.plusProduct(z[j], c.constant(-1), z[y])
			others = c.plusProduct(others, one, c.unary(d, e, e))
		}
	}
	return c.unary(others, math.Log1p(c.value[others]), 1/(1+c.value[others]))
}

// definition is a net and a batch in float64.
type definition struct {
	net *Net
	x   [][]float64
	y   []int
}

func define(n *Net, b Batch) definition {
	d := definition{net: n, y: b.Y}
	for i := range b.Len() {
		d.x = append(d.x, widen(b.X.Row(i)))
	}
	return d
}

func (d definition) group(i, j int) definition { return definition{d.net, d.x[i:j], d.y[i:j]} }

// grad returns the mean loss at w and its gradient.
func (d definition) grad(w []float64) (loss float64, g []float64) {
	g = make([]float64, len(w))
	for i, x := range d.x {
		var c calculation
		c.constant(0) // arguments that are not there
		ws, h := c.constants(w), c.constants(x)
		for _, s := range d.net.stages {
			h = c.forward(s.Layer, s.in, s.out, ws[s.lo:s.hi], h)
		}
		l := c.crossEntropy(h, d.y[i])
		loss += c.value[l] / float64(len(d.x))
		for j, v := range c.gradient(l, ws) {
			g[j] += v / float64(len(d.x))
		}
	}
	return loss, g
}

// penalised is grad with the penalty λ/2 ‖w‖² in the gradient.
func (d definition) penalised(w []float64, lambda float64) (loss float64, g []float64) {
	loss, g = d.grad(w)
	for i := range g {
		g[i] += lambda * w[i]
	}
	return loss, g
}

// ascend returns w + ε, ε = ρ g/‖g‖ (or ρ g).
func ascend(w, g []float64, r ascent.Rule) []float64 {
	c := r.Rho
	if !r.Unnormalised {
		c /= norm(g)
	}
	if norm(g) == 0 {
		c = 0
	}
	up := make([]float64, len(w))
	for i := range w {
		up[i] = w[i] + c*g[i]
	}
	return up
}

// ascentGrad is m-SAM: Foret et al. 2021, section 4.1.
func (d definition) ascentGrad(w []float64, r ascent.Rule) (clean, perturbed float64, g []float64) {
	m := r.M
	if m == 0 {
		m = len(d.x)
	}
	g = make([]float64, len(w))
	groups := float64(len(d.x) / m)
	for i := 0; i < len(d.x); i += m {
		group := d.group(i, i+m)
		l, gk := group.penalised(w, r.Decay)
		clean += l / groups
		l, gk = group.penalised(ascend(w, gk, r), r.Decay)
		perturbed += l / groups
		for j, v := range gk {
			g[j] += v / groups
		}
	}
	return clean, perturbed, g
}

// gains returns L_k(w+ε_k) − L_k(w) of every group.
func (d definition) gains(w []float64, r ascent.Rule) (gains []float64) {
	for i := 0; i < len(d.x); i += r.M {
		group := d.group(i, i+r.M)
		clean, g := group.penalised(w, r.Decay)
		up, _ := group.grad(ascend(w, g, r))
		gains = append(gains, up-clean)
	}
	return gains
}

func widen(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

func norm(x []float64) float64 {
	var s float64
	for _, v := range x {
		s += v * v
	}
	return math.Sqrt(s)
}

// distance returns ‖got − want‖/‖want‖.
func distance(got []float32, want []float64) float64 {
	d := make([]float64, len(want))
	for i := range want {
		d[i] = float64(got[i]) - want[i]
	}
	return norm(d) / norm(want)
}
