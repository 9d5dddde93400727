package models

import "msharp/models/ascent"

// Footprint is a Problem without buffers. Told by methods of the same names what will be asked of a Problem, it says how many bytes that
// Problem will hold. It allocates nothing of their size, and counts in float64, which no configuration overflows. What a layer takes besides
// is Scratching's.
type Footprint struct {
	net      *Net
	most     int
	forward  float64    // tapes
	backward float64    // of them, that also run backward
	points   float64    // of an ascent, recorded in the span
	groups   float64    // of an ascent
	held     float64    // rows of the buffers in front
	formed   float64    // numbers of a group's weights
	rows     float64    // of the first tape's grads, one each layer
	old      float64    // numbers of the largest of these buffers or grads while it gives way to a larger one
	grads    float64    // numbers of all other gradients of groups
	layer    float64    // numbers of the largest call of a layer that leaves no gradient unformed
	weights  float64    // numbers of the largest call but BackwardData
	scratch  float64    // numbers of the largest call
	outgrown float64    // numbers of the next largest
	along    bool       // a derivative of the first tape
	group    *Footprint // the climber's; nil without one
}

// Footprint returns that of a Problem on at most so many examples, of which nothing has been asked.
func (n *Net) Footprint(most int) *Footprint {
	f := &Footprint{net: n, most: max(most, 0)}
	for l := range n.stages {
		f.layer = max(f.layer, f.scratchOf(l, 0, l <= n.first))
		f.weights = max(f.weights, f.scratchOf(l, 0, true))
	}
	return f
}

// Eval tells of Problem.Eval, or Problem.Loss.
func (f *Footprint) Eval() {
	f.hold(min(f.net.block, f.most))
	f.tapes(1, 0)
}

// Grad tells of Problem.Grad.
func (f *Footprint) Grad() {
	f.hold(f.most)
	f.tapes(1, 1)
}

// HessVec tells of Problem.HessVec, or Problem.GaussNewtonVec.
func (f *Footprint) HessVec() {
	f.Grad()
	f.along = true
	for l, s := range f.net.stages {
		if s.bilinear != nil && l > f.net.first {
			lo, hi := s.bilinear.Biases(s.in)
			f.call(float64(hi-lo) + f.scratchOf(l, 0, true))
		}
	}
}

// GaussNewtonTrace tells of Problem.GaussNewtonTrace.
func (f *Footprint) GaussNewtonTrace() {
	f.Grad()
	for l, s := range f.net.stages {
		switch first := l == f.net.first; {
		case s.weighted == nil:
		case f.net.factored(l):
			f.call(float64(f.rowsOf(l))*float64(s.out.Size()) + f.scratchOf(l, 1, first))
		default:
			f.call(float64(s.hi-s.lo) + f.scratchOf(l, 0, true))
		}
	}
}

// AddGradients tells of Problem.AddGradients; of the Gradients themselves, GradientsBytes tells.
func (f *Footprint) AddGradients() { f.Grad() }

// AscentGrad tells of Problem.AscentGrad.
func (f *Footprint) AscentGrad(r ascent.Rule) {
	if r.Rho == 0 {
		f.Grad()
		return
	}
	m := f.groupSize(r, f.most)
	f.ascents(f.net.part(r, m, f.most), m, []ascent.Rule{r}, 1)
}

// AscentGains tells of Problem.AscentGains on a batch of that many examples. Rules stand in ascending order of M: then no buffer has to grow
// from one to the next.
func (f *Footprint) AscentGains(examples int, rules []ascent.Rule) {
	run := f.net.run(rules, examples)
	if run > 1 { // an example's gradient for itself
		for l, s := range f.net.stages[:f.net.front] {
			if s.weighted != nil {
				f.call(float64(s.hi-s.lo) + f.scratchOf(l, 0, true))
			}
		}
	}
	f.ascents(examples, run, rules, 0)
}

// ascents is a clean pass with the gradients in front of each run of that many examples, and the ascents of rules from there. Of the tapes
// at their ends, so many run backward.
func (f *Footprint) ascents(examples, run int, rules []ascent.Rule, ends float64) {
	net := f.net
	f.hold(examples)
	f.tapes(1, 1)
	f.keep(float64(examples / run))
	var points float64
	first, later := make([]float64, len(net.stages)), make([]float64, len(net.stages)) // most groups with formed gradients, by point and layer
	for _, r := range rules {
		m := f.groupSize(r, examples)
		if !r.Euclidean() {
			if f.group == nil || f.group.most < m {
				f.group = net.Footprint(m)
			}
			if f.group.Eval(); r.Steps > 1 || ends > 0 {
				f.group.Grad()
			}
			continue
		}
		groups, weights := float64(examples/m), 0.
		points, f.groups = max(points, float64(r.Steps), 1), max(f.groups, groups)
		for l, s := range net.stages {
			switch {
			case s.weighted == nil:
			case s.lowRank != nil && s.lowRank.Factored(s.in, m, l == net.first):
				f.call(f.scratchOf(l, m, l == net.first))
			default:
				weights += float64(s.hi - s.lo)
				later[l] = max(later[l], groups)
				if l >= net.front || m != run {
					first[l] = max(first[l], groups)
				}
			}
		}
		f.formed = max(f.formed, weights)
	}
	if points > 0 {
		f.tapes(points+1, points+ends)
		f.points = max(f.points, points)
		f.call(3*float64(net.dim) + f.weights) // a sum in float64 and a gradient, see formedSquare
	}
	for l, s := range net.stages {
		f.grads += (first[l] + later[l]*max(0, points-1)) * float64(s.hi-s.lo)
	}
}

// hold notes rows of the buffers in front.
func (f *Footprint) hold(examples int) {
	rows := float64(examples)
	if rows <= f.held {
		return
	}
	for _, s := range f.net.stages[:max(f.net.front-1, 0)] {
		f.old = max(f.old, f.held*float64(s.out.Size()))
	}
	f.held = rows
}

// tapes notes so many, the first of which run backward too.
func (f *Footprint) tapes(forward, backward float64) {
	f.forward, f.backward = max(f.forward, forward), max(f.backward, backward)
	f.call(f.layer)
}

// keep notes the rows of the first tape's grads.
func (f *Footprint) keep(rows float64) {
	if rows <= f.rows {
		return
	}
	for _, s := range f.net.stages[:f.net.front] {
		f.old = max(f.old, f.rows*float64(s.hi-s.lo))
	}
	f.rows = rows
}

// call notes the scratch of a call. What a call outgrows stays until that call has ended.
func (f *Footprint) call(numbers float64) {
	if numbers > f.scratch {
		f.outgrown, f.scratch = f.scratch, numbers
	} else if numbers < f.scratch {
		f.outgrown = max(f.outgrown, numbers)
	}
}

// scratchOf returns how many numbers layer l takes from Pass.Scratch. m and first are Scratch's.
func (f *Footprint) scratchOf(l, m int, first bool) float64 {
	s := f.net.stages[l]
	if of, ok := s.Layer.(Scratching); ok {
		return of.Scratch(s.in, m, first)
	}
	return float64(f.rowsOf(l))*(float64(s.in.Size())+float64(s.out.Size())) + float64(s.hi-s.lo)
}

// rowsOf returns how many examples layer l takes at a time.
func (f *Footprint) rowsOf(l int) int {
	if l < f.net.front {
		return min(f.most, f.net.block)
	}
	return f.most
}

func (f *Footprint) groupSize(r ascent.Rule, examples int) int {
	if r.M < 1 {
		return max(examples, 1)
	}
	return r.M
}

// layerBytes is what one point of one layer takes beside its numbers: passes, matrices and factors.
const layerBytes = 1200

// Bytes returns the size of all buffers.
func (f *Footprint) Bytes() float64 {
	net, most := f.net, float64(f.most)
	numbers := f.old + f.grads + f.formed + f.scratch + f.outgrown
	for l, s := range net.stages {
		y, dy := f.forward*most, f.backward*most
		if l < net.front-1 { // shared by the tapes
			y, dy = f.held, min(1, f.backward)*float64(min(net.block, f.most))
		}
		if l < net.first {
			dy = 0
		}
		numbers += float64(s.out.Size()) * (y + dy)
		if s.turning != nil && l > net.first && f.backward > 0 {
			numbers += float64(s.turning.Turned(s.in))
		}
		if s.lowRank != nil {
			numbers += float64(s.out.Size()) * f.points * most
		}
		if l < net.front {
			numbers += f.rows * float64(s.hi-s.lo)
		}
		if f.along && l >= net.first {
			numbers += f.alongOf(l)
		}
	}
	bytes := 4*numbers + 16*f.forward*most + layerBytes*float64(len(net.stages))*(f.forward+f.points)
	if f.points > 0 { // the span's coordinates and products
		bytes += (8*f.groups + 24) * (f.points + 3) * (f.points + 3) / 2
	}
	if f.along {
		bytes += layerBytes * float64(len(net.stages))
	}
	if f.group != nil { // the climber's
		bytes += 24*float64(net.dim) + f.group.Bytes()
	}
	return bytes
}

// alongOf returns how many numbers the derivative of layer l takes: R{Y}, R{DY}, v turned, and the weights without biases.
func (f *Footprint) alongOf(l int) float64 {
	s, rows := f.net.stages[l], f.most
	if l < f.net.front-1 {
		rows = min(f.net.block, rows)
	}
	numbers := float64(s.out.Size()) * (float64(f.most) + float64(rows))
	if l > f.net.first {
		numbers += float64(s.hi - s.lo)
		if s.turning != nil {
			numbers += float64(s.turning.Turned(s.in))
		}
	}
	return numbers
}

// GradientsAtOnce returns of how many of most examples the gradients should be held at once, so that they take about 32 MB.
func (n *Net) GradientsAtOnce(most int) int {
	each := (n.GradientsBytes(most) - n.GradientsBytes(0)) / float64(max(most, 1)) / 4
	return max(1, min(most, int(mostKept/each)))
}

// GradientsBytes returns the size of Gradients of so many examples.
func (n *Net) GradientsBytes(most int) float64 {
	numbers, widest := 0., 0
	for l, s := range n.stages {
		switch {
		case s.weighted == nil:
		case n.factored(l):
			numbers += float64(s.in.Size()) + float64(s.out.Size())
			widest = max(widest, s.out.Size())
		default:
			numbers += float64(s.hi - s.lo)
		}
	}
	return 4*(float64(most)*numbers+float64(widest)*float64(min(most, rowsAbreast))) + layerBytes*float64(len(n.stages))
}
