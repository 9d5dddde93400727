package harness

import (
	"slices"

	"msharp/models/ascent"
	"msharp/sharpness"
)

// gainsOf is AscentGains, computed: it walks the split once for every chunking that the rules' groups have. Rules whose groups lie inside chunks go through the
// models' shared passes; of larger groups the clean losses and gradients are collected over their chunks. A chunking depends on the size
// of the groups and of the split alone, so that a gain is a function of its rule, to the bit, whatever is asked beside it.
func (l *landscape) gainsOf(rules []ascent.Rule) []ascent.Gain {
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
	mean, se := sharpness.Mean(gains)
	return ascent.Gain{Mean: mean, StdErr: se, Zero: zero}
}

// groupSize returns the examples of a group of r among n.
func groupSize(r ascent.Rule, n int) int {
	if r.M == 0 {
		return n
	}
	return r.M
}
