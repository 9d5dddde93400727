package models

import (
	"fmt"
	"math"

	"msharp/models/ascent"
	"msharp/models/kernel"
)

// AscentGrad writes (1/K) Σ_k ∇L_k(w + ε_k) into g, with ε_k the ascent of r from ∇L_k(w) and L_k the mean loss of the k-th r.M
// consecutive examples: the gradient of m-SAM (Foret et al. 2021, section 4.1). With r.Decay, L_k includes the penalty. It
// returns the clean loss L(w) and the mean perturbed loss (1/K) Σ_k L_k(w + ε_k), both without penalty. It panics unless
// r.M divides the batch.
func (p *Problem) AscentGrad(g, w []float32, r ascent.Rule) (clean, perturbed float64) {
	if r.Rho == 0 {
		clean = p.Grad(g, w)
		if r.Decay != 0 {
			kernel.Axpy(g, r.Decay, w)
		}
		return clean, clean
	}
	m, all := p.groupSize(r), p.batch
	part := p.net.part(r, m, all.Len())
	for i := 0; i < all.Len(); i += part {
		p.batch, p.from = all.Slice(i, min(i+part, all.Len())), i
		clean, perturbed = p.ascentGrad(g, w, r, m)
	}
	p.batch, p.from = all, 0
	if part < all.Len() {
		end := p.tapes[max(r.Steps, 1)]
		p.gradBehind(g, end)
		clean, perturbed = mean(p.tapes[0].losses[:p.of]), mean(end.losses[:p.of])
	}
	return clean, perturbed
}

// mostKept is how many numbers the gradients of groups in front should take: 32 MB.
const mostKept = 1 << 23

// part returns how many examples of n AscentGrad takes at once under r, in groups of m. In front every group has a gradient of its own, and
// few of them are to be held at a time; the layers behind have low rank. What works on the gradients of all groups in the end takes all at once.
func (n *Net) part(r ascent.Rule, m, examples int) int {
	each := 0
	for _, s := range n.stages[:n.front] {
		each += s.hi - s.lo
	}
	each *= max(r.Steps, 1)
	if each == 0 || !r.Euclidean() || r.Decay != 0 {
		return max(examples, 1)
	}
	return min(max(examples, 1), max(1, mostKept/each)*m)
}

// ascentGrad is AscentGrad on a part of the batch. It leaves the gradients behind to gradBehind unless the part is all.
func (p *Problem) ascentGrad(g, w []float32, r ascent.Rule, m int) (clean, perturbed float64) {
	clean = p.pass(p.tape(0, m), w, nil, nil)
	if !r.Euclidean() {
		return clean, p.climbGrad(g, w, r)
	}
	p.span.record(p, 0, w, r)
	end := p.climb(w, r, nil)
	perturbed = p.pass(end, w, p.span.layers, g)
	if r.Decay != 0 {
		p.span.addPenalty(p, g, w, r)
	}
	p.zero += p.span.zero
	return clean, perturbed
}

// ZeroGroups returns how many groups so far, over all calls of AscentGrad, stayed at w because their gradient was exactly zero.
func (p *Problem) ZeroGroups() int { return p.zero }

// AscentGains writes into gains[i][k] the gain of group k under rules[i], L_k(w + ε_k) − L_k(w); with several steps it is the gain at the
// group's best point. zero[i] is how many groups had an exactly zero gradient. All rules start from one clean pass, and neighbouring rules
// of the same M and Decay share their first gradients. It returns the mean clean loss, and writes its gradient into g unless g is nil. It
// panics unless every M divides the batch.
func (p *Problem) AscentGains(gains [][]float64, zero []int, g, w []float32, rules []ascent.Rule) (clean float64) {
	for i, r := range rules {
		if k := p.batch.Len() / p.groupSize(r); len(gains[i]) != k {
			panic(fmt.Sprintf("models: %d gains of %d groups", len(gains[i]), k))
		}
	}
	at := p.tape(0, p.net.run(rules, p.of))
	at.apart = at.run > 1
	clean = p.pass(at, w, nil, g)
	for i, r := range rules {
		if !r.Euclidean() {
			zero[i] = p.climbGains(gains[i], w, r)
			continue
		}
		if i == 0 || !rules[i-1].Euclidean() || r.M != rules[i-1].M || r.Decay != rules[i-1].Decay {
			p.span.record(p, 0, w, r)
		}
		for k := range gains[i] {
			gains[i][k] = math.Inf(-1)
		}
		end := p.climb(w, r, gains[i])
		p.forward(end, w, p.span.layers, false)
		crossEntropy(end.loss, end.predicted, kernel.Mat{}, p.logits(end), p.batch.Y, 0, &p.scratch)
		end.best(gains[i])
		for k := range gains[i] {
			gains[i][k] -= at.meanLoss(k, len(gains[i]))
		}
		zero[i] = p.span.zero
	}
	return clean
}

// climb takes all groups along the ascent of r, starting from their recorded clean gradients, and returns the tape for the pass at its
// end. It raises best, unless nil, to the highest loss of each group on the way.
func (p *Problem) climb(w []float32, r ascent.Rule, best []float64) (end *tape) {
	m := p.groupSize(r)
	for s := 0; ; s++ {
		p.span.advance(p, s, w, r)
		if s+1 >= r.Steps {
			return p.tape(s+1, 0)
		}
		up := p.tape(s+1, m)
		p.pass(up, w, p.span.layers, nil)
		up.best(best)
		p.span.record(p, s+1, w, r)
	}
}

// best sets each group's best loss to its loss in t if that is higher, or NaN.
func (t *tape) best(best []float64) {
	for k, b := range best {
		if loss := t.meanLoss(k, len(best)); b == b && !(loss <= b) {
			best[k] = loss
		}
	}
}

// meanLoss returns the mean loss of group k, of that many equal groups.
func (t *tape) meanLoss(k, groups int) float64 {
	m := len(t.loss) / groups
	return mean(t.loss[k*m : (k+1)*m])
}

// groupSize returns the number of examples in a group of r.
func (p *Problem) groupSize(r ascent.Rule) int {
	m := r.M
	if m == 0 {
		m = p.batch.Len()
	}
	if m < 0 || p.batch.Len()%m != 0 {
		panic(fmt.Sprintf("models: groups of %d do not divide a batch of %d", r.M, p.batch.Len()))
	}
	return m
}

// run returns the examples to each gradient that AscentGains keeps in front: those of a group if all groups are of one size, else one. Either
// way a group's gradient is the sum of its examples', to the bit.
func (n *Net) run(rules []ascent.Rule, examples int) (run int) {
	for _, r := range rules {
		m := r.M
		if m < 1 {
			m = max(examples, 1)
		}
		if run == 0 {
			run = m
		}
		if m != run {
			return 1
		}
	}
	return max(run, 1)
}

// groupGrad writes the gradient of group k of m examples in the pass of t, ∇L_k/K, into g.
func (p *Problem) groupGrad(g []float32, t *tape, k, m int) {
	for l, s := range p.net.stages {
		if s.weighted != nil {
			p.layerGroupGrad(g[s.lo:s.hi], t, l, k, m)
		}
	}
}

// layerGroupGrad writes layer l's share of that gradient.
func (p *Problem) layerGroupGrad(g []float32, t *tape, l, k, m int) {
	if l >= p.net.front {
		p.net.stages[l].weighted.BackwardWeights(g, t.passes[l].rows(k*m, (k+1)*m), false)
		return
	}
	runs := t.grads[l].Slice(k*m/t.run, (k+1)*m/t.run)
	copy(g, runs.Row(0))
	for i := 1; i < runs.Rows; i++ {
		kernel.Add(g, runs.Row(i))
	}
}
