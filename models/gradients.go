package models

import "msharp/models/kernel"

// Gradients is the gradients of single examples at one point, each of the example's own loss. Of a LowRank layer it keeps what passes
// leave, of others each example's gradient formed.
type Gradients struct {
	net  *Net
	n    int
	kept []Pass       // X and DY of each LowRank layer
	form []kernel.Mat // the gradients of each other layer with weights
	rise []float32
}

// rowsAbreast is how many examples of either side Products takes at once, so that what is kept of them stays in the core's own cache.
const rowsAbreast = 64

// Gradients returns room for the gradients of so many examples.
func (n *Net) Gradients(most int) *Gradients {
	g := &Gradients{net: n, kept: make([]Pass, len(n.stages)), form: make([]kernel.Mat, len(n.stages))}
	widest := 0
	for l, s := range n.stages {
		switch {
		case s.weighted == nil:
		case n.factored(l):
			g.kept[l] = Pass{In: s.in, Out: s.out, X: kernel.New(most, s.in.Size()), DY: kernel.New(most, s.out.Size())}
			widest = max(widest, s.out.Size())
		default:
			g.form[l] = kernel.New(most, s.hi-s.lo)
		}
	}
	g.rise = make([]float32, widest*min(most, rowsAbreast))
	return g
}

// factored reports whether layer l leaves the gradients of single examples unformed.
func (n *Net) factored(l int) bool {
	s := n.stages[l]
	return s.lowRank != nil && s.lowRank.Factored(s.in, 1, l == n.first)
}

// Len returns of how many examples g holds the gradients.
func (g *Gradients) Len() int { return g.n }

// Reset empties g.
func (g *Gradients) Reset() { g.n = 0 }

// AddGradients adds the gradients of the batch's examples at w to g. It panics if there is no room for them.
func (p *Problem) AddGradients(g *Gradients, w []float32) {
	t := p.tape(0, 0)
	p.forward(t, w, nil, true)
	p.viewBackward(t)
	p.turn(t, nil)
	crossEntropy(t.loss, t.predicted, t.passes[len(t.passes)-1].DY, p.logits(t), p.batch.Y, 1, &p.scratch)
	p.down(func(l, i, j int) {
		q := p.rows(t, l, i, j)
		q.DY = p.dy(t, l, i, j)
		g.take(p.net, l, i, q)
		if l > p.net.first {
			p.net.stages[l].BackwardData(p.dy(t, l-1, i, j), q)
		}
	})
	g.n += p.batch.Len()
}

// take keeps what layer l's pass says of the examples from the i-th added on.
func (g *Gradients) take(n *Net, l, i int, q Pass) {
	s, at := n.stages[l], g.n+i
	for k := range q.X.Rows {
		switch {
		case s.weighted == nil:
		case g.form[l].Data != nil:
			s.weighted.BackwardWeights(g.form[l].Row(at+k), q.rows(k, k+1), false)
		default:
			copy(g.kept[l].X.Row(at+k), q.X.Row(k))
			copy(g.kept[l].DY.Row(at+k), q.DY.Row(k))
		}
	}
}

// Products adds ⟨∇L_i, ∇L_j⟩ to dst[i·stride+j], for every example i of g and j of of; where these are one, for i ≤ j alone. Sums are in
// float64.
func (g *Gradients) Products(dst []float64, stride int, of *Gradients, s *kernel.Scratch) {
	for i := 0; i < g.n; i += rowsAbreast {
		for j := 0; j < of.n; j += rowsAbreast {
			if g == of && j < i {
				continue
			}
			for l, st := range g.net.stages {
				switch a, b := (rowSpan{i, min(i+rowsAbreast, g.n)}), (rowSpan{j, min(j+rowsAbreast, of.n)}); {
				case st.weighted == nil:
				case g.form[l].Data != nil:
					g.formedProducts(dst, stride, of, l, a, b)
				default:
					g.keptProducts(dst, stride, of, l, a, b, s)
				}
			}
		}
	}
}

// rowSpan is rows [lo, hi).
type rowSpan struct{ lo, hi int }

// formedProducts is Products of layer l and rows a of g, b of of.
func (g *Gradients) formedProducts(dst []float64, stride int, of *Gradients, l int, a, b rowSpan) {
	for i := a.lo; i < a.hi; i++ {
		from := b.lo
		if g == of {
			from = max(from, i)
		}
		for j := from; j < b.hi; j++ {
			dst[i*stride+j] += kernel.Dot(g.form[l].Row(i), of.form[l].Row(j))
		}
	}
}

// keptProducts is the same of a LowRank layer. The layer says how its output rises along the gradient of the example in the same row, so
// the rows of a and b are paired at every distance.
func (g *Gradients) keptProducts(dst []float64, stride int, of *Gradients, l int, a, b rowSpan, s *kernel.Scratch) {
	st := &g.net.stages[l]
	apart := a.lo - a.hi + 1 // how far further into b than into a a row's partner lies
	if g == of && a == b {
		apart = 0
	}
	for ; apart < b.hi-b.lo; apart++ {
		i, j := a.lo+max(0, -apart), b.lo+max(0, apart)
		n := min(a.hi-i, b.hi-j)
		p, q := g.keptRows(l, i, n, s), of.keptRows(l, j, n, s)
		rise := kernel.View(n, st.out.Size(), g.rise)
		st.lowRank.Rise(rise, p, q, 1)
		for k := range n {
			dst[(i+k)*stride+j+k] += kernel.Dot(p.DY.Row(k), rise.Row(k))
		}
	}
}

// keptRows returns a pass, but for its output, of n examples from the i-th on.
func (g *Gradients) keptRows(l, i, n int, s *kernel.Scratch) Pass {
	p := g.kept[l]
	p.X, p.DY, p.Scratch = p.X.Slice(i, i+n), p.DY.Slice(i, i+n), s
	return p
}
