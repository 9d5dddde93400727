package models

import (
	"math"

	"msharp/models/ascent"
)

// This file is the definition that the package must equal: networks in float64, one scalar at a time, differentiated by the
// chain rule on a tape of every operation; and m-SAM as a loop over groups with the perturbed weights formed.

// scalar is the index of a number in a calculation.
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
			cosh := math.Cosh(c.value[v]) // 1 − tanh² loses all digits where tanh is near 1
			y[i] = c.unary(v, math.Tanh(c.value[v]), 1/cosh/cosh)
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

// crossEntropy is log Σ_j exp(z_j − z_y). To be accurate where it is tiny and finite where it is large, it takes the largest difference, if
// above 0, out of the sum as a constant.
func (c *calculation) crossEntropy(z []scalar, y int) scalar {
	shift := 0.
	for j := range z {
		shift = math.Max(shift, c.value[z[j]]-c.value[z[y]])
	}
	others, one := c.constant(0), c.constant(1)
	for j := range z {
		if j != y {
			e := math.Exp(c.value[z[j]] - c.value[z[y]] - shift)
			d := c.plusProduct(z[j], c.constant(-1), z[y])
			others = c.plusProduct(others, one, c.unary(d, e, e))
		}
	}
	sum, label := c.value[others], math.Exp(-shift)
	if shift == 0 {
		return c.unary(others, math.Log1p(sum), 1/(1+sum))
	}
	return c.unary(others, shift+math.Log(sum+label), 1/(sum+label))
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

// step is one step of ascent: ε̂ of Foret et al. 2021, eq. 2, or ρ g.
func step(g []float64, r ascent.Rule) []float64 {
	p := r.P
	if p == 0 {
		p = 2
	}
	q := 1 / (1 - 1/p) // ∞ for p = 1, 1 for p = ∞
	e := make([]float64, len(g))
	var sum, top float64
	for _, v := range g {
		sum += math.Pow(math.Abs(v), q)
		top = math.Max(top, math.Abs(v))
	}
	for i, v := range g {
		switch {
		case r.Unnormalised:
			e[i] = r.Rho * v
		case top == 0:
		case p == 1:
			if math.Abs(v) == top {
				e[i] = r.Rho * v / top
			}
		case v != 0:
			e[i] = r.Rho * math.Copysign(math.Pow(math.Abs(v), q-1), v) / math.Pow(sum, 1/p)
		}
	}
	return e
}

// ascend returns the points of the ascent of r in d from w, in order: projected gradient ascent.
func (d definition) ascend(w []float64, r ascent.Rule) (points [][]float64) {
	e := make([]float64, len(w))
	for range max(r.Steps, 1) {
		_, g := d.penalised(plus(w, e), r.Decay)
		e = plus(e, step(g, r))
		if n := pnorm(e, r.P); n > r.Rho && r.Steps > 1 {
			e = nearest(e, r.Rho, r.P)
		}
		points = append(points, plus(w, e))
	}
	return points
}

func plus(a, b []float64) []float64 {
	c := make([]float64, len(a))
	for i := range a {
		c[i] = a[i] + b[i]
	}
	return c
}

func pnorm(x []float64, p float64) float64 {
	if p == 0 {
		p = 2
	}
	var sum, top float64
	for _, v := range x {
		sum += math.Pow(math.Abs(v), p)
		top = math.Max(top, math.Abs(v))
	}
	if math.IsInf(p, 1) {
		return top
	}
	return math.Pow(sum, 1/p)
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
		l, _ := group.grad(w)
		clean += l / groups
		points := group.ascend(w, r)
		l, gk := group.penalised(points[len(points)-1], r.Decay)
		perturbed += l / groups
		for j, v := range gk {
			g[j] += v / groups
		}
	}
	return clean, perturbed, g
}

// gains returns, for every group, the largest L_k(w+ε_k) − L_k(w) on its way.
func (d definition) gains(w []float64, r ascent.Rule) (gains []float64) {
	for i := 0; i < len(d.x); i += r.M {
		group := d.group(i, i+r.M)
		clean, _ := group.grad(w)
		best := math.Inf(-1)
		for _, up := range group.ascend(w, r) {
			l, _ := group.grad(up)
			best = max(best, l-clean)
		}
		gains = append(gains, best)
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
