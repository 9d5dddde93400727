package harness

import (
	"math"
	"slices"
	"strings"

	"msharp/harness/record"
	"msharp/models"
	"msharp/models/ascent"
	"msharp/models/kernel"
	"msharp/sharpness"
)

// All loops over a whole data split sit in this file, in chunks of at most chunkSize examples, so that neither a measure nor a
// trial batches.
const chunkSize = 256

// split is the mean loss of a net over a data split, as a function of the weights.
type split struct {
	net     *models.Net
	batch   models.Batch
	problem *models.Problem
	g       []float32 // of one chunk
	block   []uint8   // of each example; nil of a split without blocks
}

func newSplit(n *models.Net, b models.Batch) *split { return newSplits(n, b)[0] }

// newSplits returns a split for each batch; they have their buffers in common.
func newSplits(n *models.Net, batches ...models.Batch) (splits []*split) {
	var most models.Batch
	for _, b := range batches {
		if b.Len() > most.Len() {
			most = b
		}
	}
	p, g := n.On(most.Slice(0, min(chunkSize, most.Len()))), make([]float32, n.Dim())
	for _, b := range batches {
		splits = append(splits, &split{net: n, batch: b, problem: p, g: g})
	}
	return splits
}

// chunks calls f for the runs [i, j) of at most size examples that cover [lo, hi).
func chunks(lo, hi, size int, f func(i, j int)) {
	for i := lo; i < hi; i += size {
		f(i, min(i+size, hi))
	}
}

// score is a network's performance on a split.
type score struct {
	loss, errors float64       // mean cross-entropy; share of examples predicted wrong
	predicted    []int         // class of each example
	blocks       record.Blocks // of a split that has blocks
}

// score evaluates the network at w. An empty split has NaN scores.
func (s *split) score(w []float32) score {
	n := s.batch.Len()
	if n == 0 {
		return score{loss: math.NaN(), errors: math.NaN()}
	}
	var loss float64
	wrong := 0
	predicted, blocks := make([]int, 0, n), newBlocks(s.block)
	chunks(0, n, chunkSize, func(i, j int) {
		s.problem.Reset(s.batch.Slice(i, j))
		losses, p := s.problem.Eval(w)
		for k, l := range losses {
			loss += l
			if p[k] != s.batch.Y[i+k] {
				wrong++
			}
		}
		predicted = append(predicted, p...)
		blocks.add(s.block, i, losses, p, s.batch.Y)
	})
	return score{loss / float64(n), float64(wrong) / float64(n), predicted, blocks.record()}
}

// errorOf is score's errors alone, which take no loss.
func (s *split) errorOf(w []float32) float64 {
	n, wrong := s.batch.Len(), 0
	chunks(0, n, chunkSize, func(i, j int) {
		s.problem.Reset(s.batch.Slice(i, j))
		for k, p := range s.problem.Predict(w) {
			if p != s.batch.Y[i+k] {
				wrong++
			}
		}
	})
	return float64(wrong) / float64(n) // NaN of none: 0/0
}

// lossOf returns the mean loss at w over examples [lo, hi).
func (s *split) lossOf(w []float32, lo, hi int) float64 {
	var loss float64
	chunks(lo, hi, chunkSize, func(i, j int) {
		s.problem.Reset(s.batch.Slice(i, j))
		losses, _ := s.problem.Eval(w)
		for _, l := range losses {
			loss += l
		}
	})
	return loss / float64(hi-lo)
}

// gradOf adds the gradient at w of the mean loss over examples [lo, hi) to g, and returns that loss.
func (s *split) gradOf(g []float64, w []float32, lo, hi int) (loss float64) {
	chunks(lo, hi, chunkSize, func(i, j int) {
		s.problem.Reset(s.batch.Slice(i, j))
		share := float64(j-i) / float64(hi-lo)
		loss += float64(share * s.problem.Grad(s.g, w))
		add(g, share, s.g)
	})
	return loss
}

// productOf adds to sum what product, HessVec or GaussNewtonVec of a chunk's problem, gives of v at w, as a mean over the split.
func (s *split) productOf(sum []float64, w, v []float32, product func(p *models.Problem, hv, w, v []float32)) {
	n := s.examples()
	chunks(0, n, chunkSize, func(i, j int) {
		s.problem.Reset(s.batch.Slice(i, j))
		product(s.problem, s.g, w, v)
		add(sum, float64(j-i)/float64(n), s.g)
	})
}

// traceOf returns the trace at w of the mean Gauss-Newton matrix over the split.
func (s *split) traceOf(w []float32) (trace float64) {
	chunks(0, s.examples(), chunkSize, func(i, j int) {
		s.problem.Reset(s.batch.Slice(i, j))
		for _, v := range s.problem.GaussNewtonTrace(w) {
			trace += v
		}
	})
	return trace / float64(s.examples())
}

// productsOf writes ⟨∇L_i(w), ∇L_j(w)⟩ of the first n examples into dst[i·n+j]. Gradients of as many as fit are held at once, and beside
// them, if these are not all, those of as many others.
func (s *split) productsOf(dst []float64, w []float32, n int) {
	size := s.net.GradientsAtOnce(n)
	held := s.net.Gradients(size)
	var beside *models.Gradients
	if size < n {
		beside = s.net.Gradients(size)
	}
	fill := func(g *models.Gradients, lo, hi int) {
		g.Reset()
		chunks(lo, hi, chunkSize, func(i, j int) {
			s.problem.Reset(s.batch.Slice(i, j))
			s.problem.AddGradients(g, w)
		})
	}
	clear(dst[:n*n])
	var scratch kernel.Scratch
	chunks(0, n, size, func(i, j int) {
		fill(held, i, j)
		held.Products(dst[i*n+i:], n, held, &scratch)
		chunks(j, n, size, func(k, l int) {
			fill(beside, k, l)
			held.Products(dst[i*n+k:], n, beside, &scratch)
		})
	})
	for i := range n {
		for j := range i {
			dst[i*n+j] = dst[j*n+i]
		}
	}
}

func (s *split) examples() int { return s.batch.Len() }

// add sets g += a x.
func add(g []float64, a float64, x []float32) {
	for i, v := range x {
		g[i] += float64(a * float64(v))
	}
}

var _ sharpness.Landscape = (*landscape)(nil)

// landscape is a split around a solution.
type landscape struct {
	*split
	w, init []float32
	sum     []float64 // of a gradient or product over chunks
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
	for _, a := range l.net.Arrays() {
		cols := 1
		if n := len(a.Shape); n > 0 {
			cols = a.Shape[n-1]
		}
		all = append(all, sharpness.Array{Rows: a.Size() / max(cols, 1), Cols: cols, Bias: strings.HasSuffix(a.Name, ".bias")})
	}
	return all
}

// Part returns a landscape that has its buffers in common with l.
func (l *landscape) Part(lo, hi int) sharpness.Landscape {
	s := *l.split
	s.batch, s.block = s.batch.Slice(lo, hi), nil
	l.cleared()
	return &landscape{&s, l.w, l.init, l.sum}
}

func (l *landscape) Error(w []float32) float64 {
	s := l.score(w)
	if math.IsNaN(s.loss) {
		return math.NaN()
	}
	return s.errors
}

func (l *landscape) Loss(w []float32) float64 { return l.lossOf(w, 0, l.examples()) }

func (l *landscape) Grad(g, w []float32) float64 {
	sum := l.cleared()
	loss := l.gradOf(sum, w, 0, l.examples())
	for i, v := range sum {
		g[i] = float32(v)
	}
	return loss
}

func (l *landscape) HessVec(hv, w, v []float32) error {
	return l.product(hv, w, v, (*models.Problem).HessVec)
}

func (l *landscape) GaussNewtonVec(gv, w, v []float32) error {
	return l.product(gv, w, v, (*models.Problem).GaussNewtonVec)
}

func (l *landscape) product(hv, w, v []float32, product func(p *models.Problem, hv, w, v []float32)) error {
	if err := l.net.SecondOrder(); err != nil {
		return err
	}
	sum := l.cleared()
	l.productOf(sum, w, v, product)
	for i, x := range sum {
		hv[i] = float32(x)
	}
	return nil
}

func (l *landscape) GaussNewtonTrace(w []float32) float64 { return l.traceOf(w) }

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

// AscentGains walks the split once for every chunking that the rules' groups have. Rules whose groups lie inside chunks go through the
// models' shared passes; of larger groups the clean losses and gradients are collected over their chunks. A chunking depends on the size
// of the groups and of the split alone, so that a gain is a function of its rule, to the bit, whatever is asked beside it.
func (l *landscape) AscentGains(rules []ascent.Rule) []ascent.Gain {
	gains := make([][]float64, len(rules))
	zero := make([]int, len(rules))
	for _, p := range planPasses(rules, l.examples()) {
		l.run(p, rules, gains, zero)
	}
	out := make([]ascent.Gain, len(rules))
	for i := range rules {
		out[i] = summarise(gains[i], zero[i])
	}
	return out
}

// chunking is how a walk over a split is cut: into spans of so many examples, and each span into chunks, the last of which may be shorter.
type chunking struct{ span, chunk int }

// chunkingOf returns the chunking for groups of m among n examples: groups lie inside chunks, or are made of whole ones.
func chunkingOf(m, n int) chunking {
	if m <= chunkSize {
		return chunking{n, chunkOf(m, n)}
	}
	c := chunkOf(1, m)
	if m%c == 0 {
		return chunking{n, c}
	}
	return chunking{m, c}
}

// chunkOf returns the most examples, of at most chunkSize and n, that groups of unit fill: if possible, and at no more than twice as many
// chunks, a divisor of n, so that all chunks are of one length and larger groups are made of whole ones.
func chunkOf(unit, n int) int {
	most := min(chunkSize, n) / unit * unit
	for c := most; 2*c >= most; c -= unit {
		if n%c == 0 {
			return c
		}
	}
	return most
}

// pass is one walk over the split, and the rules (by index) that it serves.
type pass struct {
	chunking
	small []int // rules whose groups lie inside chunks
	large []int // rules whose groups are made of whole chunks
}

// planPasses groups rules into passes over n examples. In a pass, rules of one group size stand together.
func planPasses(rules []ascent.Rule, n int) (passes []pass) {
	bySize := make([]int, len(rules))
	for i := range bySize {
		bySize[i] = i
	}
	size := func(i int) int { return groupSize(rules[i], n) }
	slices.SortStableFunc(bySize, func(i, j int) int { return size(i) - size(j) })
	for _, i := range bySize {
		c := chunkingOf(size(i), n)
		at := slices.IndexFunc(passes, func(p pass) bool { return p.chunking == c })
		if at < 0 {
			at, passes = len(passes), append(passes, pass{chunking: c})
		}
		if p := &passes[at]; size(i) <= chunkSize {
			p.small = append(p.small, i)
		} else {
			p.large = append(p.large, i)
		}
	}
	return passes
}

// run walks one pass.
func (l *landscape) run(p pass, rules []ascent.Rule, gains [][]float64, zero []int) {
	n := l.examples()
	small := make([]ascent.Rule, len(p.small))
	for k, i := range p.small {
		small[k] = rules[i]
		small[k].M = groupSize(rules[i], n)
		gains[i] = make([]float64, n/small[k].M)
	}
	sums := map[int]*climber{} // by size of large groups
	for _, i := range p.large {
		if m := groupSize(rules[i], n); sums[m] == nil {
			sums[m] = newClimber(len(l.w))
		}
	}
	var g []float32
	if len(p.large) > 0 {
		g = l.g
	}
	part, zeros := make([][]float64, len(small)), make([]int, len(small))
	visit := func(lo, hi int) {
		for k, i := range p.small {
			part[k] = gains[i][lo/small[k].M : hi/small[k].M]
		}
		l.problem.Reset(l.batch.Slice(lo, hi))
		var clean float64
		if len(small) > 0 {
			clean = l.problem.AscentGains(part, zeros, g, l.w, small)
		} else {
			clean = l.problem.Grad(g, l.w)
		}
		for k, i := range p.small {
			zero[i] += zeros[k]
		}
		for m, c := range sums {
			share := float64(hi-lo) / float64(m)
			add(c.g, share, g)
			c.clean += float64(share * clean)
		}
		for m, c := range sums { // apart, for an ascent may use g
			if hi%m != 0 {
				continue
			}
			for _, i := range p.large {
				if groupSize(rules[i], n) == m {
					gain, still := c.gain(l, l.w, rules[i], hi-m, hi)
					gains[i] = append(gains[i], gain)
					zero[i] += still
				}
			}
			c.reset()
		}
	}
	for lo := 0; lo < n; lo += p.span {
		chunks(lo, lo+p.span, p.chunk, visit)
	}
}

// groups is a loss that is a mean over examples, group by group.
type groups interface {
	examples() int
	lossOf(w []float32, lo, hi int) float64
	gradOf(g []float64, w []float32, lo, hi int) float64
}

// formedGains returns L_k(w+ε_k) − L_k(w) of every group of r, one group after the other with its gradient formed in float64, and
// the number of zero gradients.
func formedGains(l groups, w []float32, r ascent.Rule) (gains []float64, zero int) {
	c := newClimber(len(w))
	m := groupSize(r, l.examples())
	for lo := 0; lo < l.examples(); lo += m {
		c.reset()
		c.clean = l.gradOf(c.g, w, lo, lo+m)
		gain, still := c.gain(l, w, r, lo, lo+m)
		gains = append(gains, gain)
		zero += still
	}
	return gains, zero
}

// climber holds one group's clean loss and gradient, and takes its ascents.
type climber struct {
	clean float64
	g     []float64
	e, d  []float64 // ε and the gradient at w + ε
	up    []float32 // w + ε
}

// climberBytes is the size of a climber for each weight.
const climberBytes = 3*8 + 4

func newClimber(dim int) *climber {
	return &climber{g: make([]float64, dim), e: make([]float64, dim), d: make([]float64, dim), up: make([]float32, dim)}
}

func (c *climber) reset() { c.clean = 0; clear(c.g) }

// gain returns the rise of the loss of examples [lo, hi) under r, at the best point on the way, and 1 if the gradient is exactly
// zero.
func (c *climber) gain(l groups, w []float32, r ascent.Rule, lo, hi int) (gain float64, zero int) {
	penalise := func(d []float64, w []float32) {
		for i, v := range w {
			d[i] += float64(r.Decay * float64(v))
		}
	}
	to := func() {
		for i, v := range c.e {
			c.up[i] = float32(float64(w[i]) + v)
		}
	}
	copy(c.d, c.g)
	penalise(c.d, w)
	var points []float64
	moved := r.Climb(c.e, c.d, func(d, _ []float64) float64 {
		to()
		clear(d)
		loss := l.gradOf(d, c.up, lo, hi)
		penalise(d, c.up)
		return loss
	}, func(loss float64) { points = append(points, loss) })
	if !moved {
		return 0, 1
	}
	to()
	return slices.Max(append(points, l.lossOf(c.up, lo, hi))) - c.clean, 0
}

// summarise returns the mean of the groups' gains and its standard error.
func summarise(gains []float64, zero int) ascent.Gain {
	k := float64(len(gains))
	var sum, sq float64
	for _, v := range gains {
		sum += v
	}
	mean := sum / k
	for _, v := range gains {
		sq += float64((v - mean) * (v - mean))
	}
	return ascent.Gain{Mean: mean, StdErr: math.Sqrt(sq / (k - 1) / k), Zero: zero} // NaN for one group: 0/0
}

// groupSize returns the examples of a group of r among n.
func groupSize(r ascent.Rule, n int) int {
	if r.M == 0 {
		return n
	}
	return r.M
}
