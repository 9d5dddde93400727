package models

import "msharp/models/kernel"

// ascended is one layer's share of a perturbation: group k of m consecutive examples has the weights
//
//	w + ε_k = grow[k]·w + Σ_s scale_s[k]·∇_{s,k}
//
// over factors s, with ∇_{s,k} the gradient of group k in one pass.
type ascended struct {
	m       int
	grow    []float64 // K; nil means 1
	factors []factor  // one for each ascent step
	last    kept
}

// kept is the weights that were formed last, for the group's rows come a few at a time.
type kept struct {
	group  int // from 1; 0 is none
	w      []float32
	turned bool // whether they have been turned too
}

// factor is the gradients of all groups in one pass, formed or not.
type factor struct {
	pass  Pass
	grads kernel.Mat // formed, K × NumParams; no data if the layer leaves them unformed
	rise  kernel.Mat // unformed: how the layer's output rises along them in the pass last run, B × out
	scale []float64  // K
}

func (a *ascended) formed() bool { return a.factors[0].grads.Data != nil }

// weights writes group k's weights into wk.
func (a *ascended) weights(wk, w []float32, k int) {
	if a.grow == nil {
		copy(wk, w)
	} else {
		kernel.ScaleTo(wk, a.grow[k], w)
	}
	for _, f := range a.factors {
		kernel.Axpy(wk, f.scale[k], f.grads.Row(k))
	}
}

// each calls f once a group, with its rows [i, j) of p and its formed weights, which stand in p.Turned too unless turn is nil. p starts at row
// lo of the batch.
func (a *ascended) each(p Pass, lo int, turn Turning, f func(q Pass, i, j int)) {
	a.last.w = resize(a.last.w, len(p.W))
	groups(lo, lo+p.X.Rows, a.m, func(k, i, j int) {
		if a.last.group != k+1 {
			a.weights(a.last.w, p.W, k)
			a.last.group, a.last.turned = k+1, false
		}
		q := p.rows(i-lo, j-lo)
		q.W = a.last.w
		if turn != nil && !a.last.turned {
			turn.Turn(q.Turned, q.W, q.In)
			a.last.turned = true
		}
		f(q, i-lo, j-lo)
	})
}

// forward is layer l forward with every group at its weights, which are not formed. A layer whose input is the data has its clean output and
// its rises already.
func (a *ascended) forward(l LowRank, p Pass, data bool) {
	if data {
		clean := a.factors[0].pass.Y
		copy(p.Y.Data, clean.Data)
	} else {
		l.Forward(p)
	}
	a.scaleRows(p.Y)
	for _, f := range a.factors {
		if !data {
			l.Rise(f.rise, p, f.pass, a.m)
		}
		for i := range p.Y.Rows {
			kernel.Axpy(p.Y.Row(i), f.scale[i/a.m], f.rise.Row(i))
		}
	}
}

// backwardData is layer l's BackwardData with every group at its weights, which are not formed.
func (a *ascended) backwardData(dx kernel.Mat, l LowRank, p Pass) {
	l.BackwardData(dx, p)
	a.scaleRows(dx)
	for _, f := range a.factors {
		l.BackwardRise(dx, p, f.pass, f.scale)
	}
}

// scaleRows multiplies each group's rows by its grow.
func (a *ascended) scaleRows(y kernel.Mat) {
	if a.grow == nil {
		return
	}
	for i := range y.Rows {
		kernel.ScaleTo(y.Row(i), a.grow[i/a.m], y.Row(i))
	}
}

// groups calls f for every group of m that has rows in [lo, hi): group k has rows [i, j) there.
func groups(lo, hi, m int, f func(k, i, j int)) {
	for i := lo; i < hi; {
		k := i / m
		j := min((k+1)*m, hi)
		f(k, i, j)
		i = j
	}
}
