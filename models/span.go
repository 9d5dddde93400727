package models

import (
	"math"

	"msharp/models/ascent"
	"msharp/models/kernel"
)

// span is the ascents of all groups in the Euclidean norm. Group k's ε stays in the span of
//
//	v_0 = w,  v_{1+s} = ∇L_k/K at its s-th point, s = 0, 1, ...
//
// so an ascent needs only coordinates and inner products of these vectors, and layers may leave the gradients unformed. The zero span is
// ready to use.
type span struct {
	m      int
	layers []ascended     // by layer, what passes at w + ε use
	e      [][]float64    // e[i][k]: ε_k = Σ_i e[i][k] v_i
	gram   [][][]float64  // gram[i][j][k] = ⟨v_i, v_j⟩ of group k, j ≤ i
	grow   []float64      // 1 + e[0]
	zero   int            // groups whose first gradient is exactly zero
	rises  [][]kernel.Mat // buffers by point and layer
	grads  [][]kernel.Mat // the same, for gradients that are not on a tape
	coords []float64      // of one gradient
}

// record takes v_{1+s} from p's tape s, with the groups of r. s = 0 starts a new ascent.
func (a *span) record(p *Problem, s int, w []float32, r ascent.Rule) {
	a.m = p.groupSize(r)
	a.fit(p, s)
	t, v := p.tapes[s], a.gram[1+s]
	for _, products := range v {
		clear(products)
	}
	if s == 0 {
		w2 := 0.
		if r.Decay != 0 {
			w2 = kernel.Dot(w, w)
		}
		for k := range a.gram[0][0] {
			a.gram[0][0][k] = w2
		}
	}
	for l, stage := range p.net.stages {
		if stage.weighted == nil {
			continue
		}
		pass := t.passes[l]
		f := factor{pass: pass, scale: a.e[1+s]}
		if stage.lowRank != nil && stage.lowRank.Factored(stage.in, a.m, l == p.net.first) {
			f.rise = a.rises[s][l].Slice(0, p.batch.Len())
			stage.lowRank.Rise(f.rise, pass, pass, a.m)
		} else {
			f.grads = a.groupGrads(p, s, l)
		}
		layer := &a.layers[l]
		layer.m, layer.factors = a.m, append(layer.factors[:s], f)
		for k := range a.e[0] {
			a.addProducts(v[1:], k, layer.factors)
			if r.Decay != 0 {
				v[0][k] += a.along(k, layer.factors)
			}
		}
	}
}

// addProducts adds one layer's share of the inner products of group k's gradient in the last factor's pass with those in all.
func (a *span) addProducts(products [][]float64, k int, factors []factor) {
	f := factors[len(factors)-1]
	for j, h := range factors {
		if f.grads.Data != nil {
			products[j][k] += kernel.Dot(f.grads.Row(k), h.grads.Row(k))
		} else {
			products[j][k] += a.rowDot(k, f.pass.DY, h.rise)
		}
	}
}

// along returns one layer's share of ⟨w, g⟩, with g group k's gradient in the last factor's pass. If g is not formed, linearity helps: the
// product of the output with DY is that of g with the weights of that pass, w + ε of the factors before.
func (a *span) along(k int, factors []factor) float64 {
	n := len(factors) - 1
	f := factors[n]
	if f.grads.Data != nil {
		return kernel.Dot(f.grads.Row(k), f.pass.W)
	}
	sum := a.rowDot(k, f.pass.DY, f.pass.Y)
	for _, h := range factors[:n] {
		sum -= float64(h.scale[k] * a.rowDot(k, f.pass.DY, h.rise))
	}
	if n > 0 {
		sum /= 1 + a.e[0][k]
	}
	return sum
}

// rowDot returns the sum of products of group k's rows.
func (a *span) rowDot(k int, x, y kernel.Mat) (sum float64) {
	for i := k * a.m; i < (k+1)*a.m; i++ {
		sum += kernel.Dot(x.Row(i), y.Row(i))
	}
	return sum
}

// fit makes room for point s.
func (a *span) fit(p *Problem, s int) {
	n, groups := len(p.net.stages), p.batch.Len()/a.m
	if a.layers == nil {
		a.layers = make([]ascended, n)
	}
	for len(a.e) < s+2 {
		a.e = append(a.e, nil)
		a.gram = append(a.gram, make([][]float64, len(a.e)))
		a.coords = append(a.coords, 0)
	}
	for len(a.rises) < s+1 {
		a.rises, a.grads = append(a.rises, make([]kernel.Mat, n)), append(a.grads, make([]kernel.Mat, n))
		for l, stage := range p.net.stages {
			if stage.lowRank != nil {
				a.rises[len(a.rises)-1][l] = kernel.New(p.most, stage.out.Size())
			}
		}
	}
	for i := range s + 2 {
		a.e[i] = resize(a.e[i], groups)
		for j := range a.gram[i] {
			a.gram[i][j] = resize(a.gram[i][j], groups)
		}
	}
}

// groupGrads returns layer l's gradient of every group in pass s, K × its weights.
func (a *span) groupGrads(p *Problem, s, l int) kernel.Mat {
	t, stage := p.tapes[s], p.net.stages[l]
	if l < p.net.front && a.m == t.run {
		return t.grads[l]
	}
	buf := &a.grads[s][l]
	*buf = reshape(*buf, p.batch.Len()/a.m, stage.hi-stage.lo)
	for k := range buf.Rows {
		p.layerGroupGrad(buf.Row(k), t, l, k, a.m)
	}
	return *buf
}

// advance takes step s of the ascent: ε += ρ g/‖g‖ with g the gradient of the penalised loss at the s-th point; from the second step on it
// then scales ε back into the ball, to its nearest point. It is r.Climb in coordinates.
func (a *span) advance(p *Problem, s int, w []float32, r ascent.Rule) {
	if s == 0 {
		a.zero = 0
		clear(a.e[0])
		for l := range a.layers {
			if len(a.layers[l].factors) > 1 {
				a.layers[l].factors = a.layers[l].factors[:1]
			}
		}
	}
	clear(a.e[1+s])
	groups := float64(p.of / a.m)
	lambda := r.Decay / groups // in units of ∇L_k/K
	g := a.coords[:s+2]
	for k := range a.e[0] {
		for i := range g {
			g[i] = lambda * a.e[i][k]
		}
		g[0] += lambda
		g[1+s]++
		n2 := a.square(g, k)
		if n2 <= 0 { // zero, or lost in the rounding of the products
			n2 = a.formedSquare(p, g, k, w)
		}
		switch {
		case n2 == 0 && s == 0:
			a.zero++
			continue
		case n2 == 0:
			continue
		case r.Unnormalised:
			a.add(r.Rho*groups, g, k)
		default:
			a.add(r.Rho/math.Sqrt(n2), g, k)
		}
		if s > 0 {
			for i := range g {
				g[i] = a.e[i][k]
			}
			if n := math.Sqrt(a.square(g, k)); n > r.Rho {
				a.add(r.Rho/n-1, g, k)
			}
		}
	}
	var grow []float64
	if r.Decay != 0 {
		a.grow = resize(a.grow, len(a.e[0]))
		grow = a.grow
		for k := range grow {
			grow[k] = 1 + a.e[0][k]
		}
	}
	for l := range a.layers {
		a.layers[l].grow = grow
	}
}

// formedSquare is square of the formed gradients, for products lost in rounding.
func (a *span) formedSquare(p *Problem, c []float64, k int, w []float32) (sum float64) {
	defer p.scratch.Release(p.scratch.Mark())
	g, v := p.scratch.Float64s(p.net.dim), p.scratch.Float32s(p.net.dim)
	for i, ci := range c {
		if ci == 0 {
			continue
		}
		if i > 0 {
			p.groupGrad(v, p.tapes[i-1], k, a.m)
		} else {
			copy(v, w)
		}
		for j, x := range v {
			g[j] += float64(ci * float64(x))
		}
	}
	for _, x := range g {
		sum += float64(x * x)
	}
	return sum
}

// square returns ‖Σ_i c_i v_i‖² of group k.
func (a *span) square(c []float64, k int) (sum float64) {
	for i, ci := range c {
		for j, cj := range c[:i] {
			if ci != 0 && cj != 0 {
				sum += float64(2 * ci * cj * a.gram[i][j][k])
			}
		}
		if ci != 0 {
			sum += float64(ci * ci * a.gram[i][i][k])
		}
	}
	return sum
}

// add adds c times the vector of coordinates g to ε_k.
func (a *span) add(c float64, g []float64, k int) {
	for i, v := range g {
		if v != 0 {
			a.e[i][k] += float64(c * v)
		}
	}
}

// addPenalty adds the penalty's share of the perturbed gradient, λ (w + (1/K) Σ_k ε_k), to g. It uses up the recorded passes.
func (a *span) addPenalty(p *Problem, g, w []float32, r ascent.Rule) {
	share := r.Decay / float64(len(a.e[0]))
	kernel.Axpy(g, r.Decay*mean(a.grow), w)
	for l, stage := range p.net.stages {
		for _, f := range a.layers[l].factors {
			part := g[stage.lo:stage.hi]
			if f.grads.Data != nil {
				for k, c := range f.scale {
					kernel.Axpy(part, share*c, f.grads.Row(k))
				}
				continue
			}
			for i := range f.pass.DY.Rows {
				kernel.ScaleTo(f.pass.DY.Row(i), share*f.scale[i/a.m], f.pass.DY.Row(i))
			}
			stage.weighted.BackwardWeights(part, f.pass, true)
		}
	}
}
