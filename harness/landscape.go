package harness

import (
	"math"
	"strings"

	"msharp/models/ascent"
	"msharp/sharpness"
)

var _ sharpness.Landscape = (*landscape)(nil)

// landscape is a split around a solution.
type landscape struct {
	*split
	w, init []float32
	sum     []float64   // of a gradient or product over chunks
	solved  *solved     // what measures share at w; nil shares nothing
	kept    *keptPasses // nil where nothing is
}

// cleared returns the sum, set to 0.
func (l *landscape) cleared() []float64 {
	if l.sum == nil {
		l.sum = make([]float64, len(l.w))
	}
	clear(l.sum)
	return l.sum
}

func (l *landscape) W() []float32    { return l.w }
func (l *landscape) Init() []float32 { return l.init }
func (l *landscape) Examples() int   { return l.examples() }

// Arrays: a convolution's kernel is one matrix, a row for each place and input channel.
func (l *landscape) Arrays() (all []sharpness.Array) {
	layer, last := 0, ""
	for _, a := range l.net.Arrays() {
		if place, _, _ := strings.Cut(a.Name, "."); place != last {
			layer, last = layer+1, place
		}
		cols := 1
		if n := len(a.Shape); n > 0 {
			cols = a.Shape[n-1]
		}
		all = append(all, sharpness.Array{Rows: a.Size() / max(cols, 1), Cols: cols, Bias: strings.HasSuffix(a.Name, ".bias"), Layer: layer})
	}
	return all
}

// Part returns a landscape that has its buffers in common with l.
func (l *landscape) Part(lo, hi int) sharpness.Landscape {
	s := *l.split
	s.batch, s.block = s.batch.Slice(lo, hi), nil
	l.cleared()
	return &landscape{split: &s, w: l.w, init: l.init, sum: l.sum}
}

func (l *landscape) Error(w []float32) float64 {
	var s score
	if l.shares(w) {
		s = l.solved.scoreOf(l)
	} else {
		s = l.score(w)
	}
	if math.IsNaN(s.loss) {
		return math.NaN()
	}
	return s.errors
}

func (l *landscape) Loss(w []float32) float64 {
	if l.shares(w) {
		return l.solved.scoreOf(l).loss
	}
	return l.lossOf(w, 0, l.examples())
}

func (l *landscape) Grad(g, w []float32) float64 {
	if l.shares(w) {
		return l.solved.gradOf(l, g)
	}
	return l.gradient(g, w)
}

// gradient is Grad, computed.
func (l *landscape) gradient(g, w []float32) float64 {
	sum := l.cleared()
	loss := l.gradOf(sum, w, 0, l.examples())
	for i, v := range sum {
		g[i] = float32(v)
	}
	return loss
}

func (l *landscape) HessVec(hv, w, v []float32) error {
	if err := l.net.SecondOrder(); err != nil {
		return err
	}
	if kept := l.keep(w); kept != nil {
		return l.product(hv, func(k int, hv []float32) { l.problem.HessVecKept(hv, v, &kept[k]) })
	}
	return l.product(hv, func(_ int, hv []float32) { l.problem.HessVec(hv, w, v) })
}

func (l *landscape) GaussNewtonVec(gv, w, v []float32) error {
	return l.product(gv, func(_ int, gv []float32) { l.problem.GaussNewtonVec(gv, w, v) })
}

func (l *landscape) product(hv []float32, product func(k int, hv []float32)) error {
	if err := l.net.SecondOrder(); err != nil {
		return err
	}
	sum := l.cleared()
	l.productOf(sum, product)
	for i, x := range sum {
		hv[i] = float32(x)
	}
	return nil
}

func (l *landscape) GaussNewtonTrace(w []float32) float64 {
	if l.shares(w) {
		return l.solved.traceOf(l)
	}
	return l.traceOf(w)
}

func (l *landscape) AscentGains(rules []ascent.Rule) []ascent.Gain {
	if l.solved != nil {
		return l.solved.gainsOf(l, rules)
	}
	return l.gainsOf(rules)
}

func (l *landscape) ExampleProducts(dst []float64, w []float32, n int) { l.productsOf(dst, w, n) }

func (l *landscape) Responses(w []float32, visit func(logits, features []float32, label int)) {
	chunks(0, l.examples(), chunkSize, func(i, j int) {
		l.problem.Reset(l.batch.Slice(i, j))
		logits, features := l.problem.Responses(w)
		for k := range j - i {
			visit(logits.Row(k), features.Row(k), l.batch.Y[i+k])
		}
	})
}

func (l *landscape) PathNorm(w []float32) float64 { return l.net.PathNorm(w) }
