package models

import (
	"fmt"

	"msharp/models/kernel"
)

// Problem is the mean loss of a Net on a batch, as a function of the weights. It owns all buffers, so it belongs to one
// goroutine, and once warm its methods allocate nothing. The batch's memory may be refilled between calls.
type Problem struct {
	net     *Net
	batch   Batch
	from    int     // batch is the part from there on of a batch of so many
	of      int     // examples: see AscentGrad
	most    int     // examples the buffers hold
	tapes   []*tape // passes at w, at the points of an ascent, and at its end
	front   front
	turned  [][]float32 // by layer, see Turning
	span    span
	climber climber
	along   direction
	scratch kernel.Scratch
	zero    int // see ZeroGroups
}

// front is the tapes' buffers in front, by layer but the last there. They are shared: no pass needs what another left. y holds all of the batch
// for a pass that goes backward too, else one block at a time, as dy always does.
type front struct {
	y, dy []kernel.Mat
	first int // the example in y's first row
}

// tape is one forward and backward pass through the net.
type tape struct {
	passes    []Pass
	y, dy     []kernel.Mat // the buffers under passes' views, of all parts of a batch
	losses    []float64    // of all parts
	loss      []float64    // per example
	predicted []int        // per example
	run       int          // examples to each row of grads; 0 if no grads are wanted
	apart     bool         // grads are sums of one gradient an example
	grads     []kernel.Mat // gradients of the layers in front, B/run × their weights
}

// On fixes the batch, which leaves a function of the weights.
func (n *Net) On(b Batch) *Problem {
	p := &Problem{net: n, most: b.Len()}
	p.Reset(b)
	return p
}

// Reset exchanges the batch. It panics if the new one has more examples than the batch given to On.
func (p *Problem) Reset(b Batch) {
	if b.Len() > p.most {
		panic(fmt.Sprintf("models: a batch of %d on a problem of %d", b.Len(), p.most))
	}
	p.batch, p.from, p.of = b, 0, b.Len()
}

// Eval runs the net forward at w and returns each example's loss and predicted class, valid until the next call.
func (p *Problem) Eval(w []float32) (loss []float64, predicted []int) {
	t := p.tape(0, 0)
	p.forward(t, w, nil, false)
	crossEntropy(t.loss, t.predicted, kernel.Mat{}, p.logits(t), p.batch.Y, 0, &p.scratch)
	return t.loss, t.predicted
}

// Predict is Eval without the losses.
func (p *Problem) Predict(w []float32) (predicted []int) {
	z := p.Logits(w)
	predicted = p.tapes[0].predicted
	for i := range predicted {
		predicted[i] = largest(z.Row(i))
	}
	return predicted
}

// Logits runs the net forward at w and returns its outputs, B × classes, valid until the next call.
func (p *Problem) Logits(w []float32) kernel.Mat {
	t := p.tape(0, 0)
	p.forward(t, w, nil, false)
	return p.logits(t)
}

// Loss returns the mean loss at w and the number of examples whose predicted class is not their label.
func (p *Problem) Loss(w []float32) (loss float64, errors int) {
	losses, predicted := p.Eval(w)
	for i, y := range p.batch.Y {
		if predicted[i] != y {
			errors++
		}
	}
	return mean(losses), errors
}

// Grad writes the gradient of the mean loss at w into g and returns the loss.
func (p *Problem) Grad(g, w []float32) float64 {
	return p.pass(p.tape(0, 0), w, nil, g)
}

// tape returns the i-th tape, set to keep the gradients in front of each run of that many examples.
func (p *Problem) tape(i, run int) *tape {
	for len(p.tapes) <= i {
		p.tapes = append(p.tapes, &tape{})
	}
	p.tapes[i].run, p.tapes[i].apart = run, false
	return p.tapes[i]
}

// pass runs t forward and backward down to the first layer with weights, group k at the weights of asc, layer by layer; nil
// means all at w. Every row of DY carries 1/B: sums over rows are the gradients of the mean loss. The weight gradient goes into g
// unless it is nil.
func (p *Problem) pass(t *tape, w []float32, asc []ascended, g []float32) (loss float64) {
	p.forward(t, w, asc, true)
	p.backward(t, asc, g)
	return mean(t.loss)
}

// forward runs t forward; back says that the pass goes backward too.
func (p *Problem) forward(t *tape, w []float32, asc []ascended, back bool) {
	p.view(t, w, back)
	for l := range asc {
		asc[l].last.group = 0
	}
	p.up(func(l, i, j int) {
		if !back && l < p.net.front {
			p.front.first = i
		}
		p.forwardLayer(t, l, i, j, asc)
	})
}

// up calls f for every layer, in order, with the rows [i, j) that it takes at a time: in front a block, behind all.
func (p *Problem) up(f func(l, i, j int)) {
	front, rows := p.net.front, p.batch.Len()
	for i := 0; i < rows; i += p.net.block {
		for l := range front {
			f(l, i, min(i+p.net.block, rows))
		}
	}
	for l := front; l < len(p.net.stages); l++ {
		f(l, 0, rows)
	}
}

// down does what up does, from the last layer to the first with weights.
func (p *Problem) down(f func(l, i, j int)) {
	front, rows := p.net.front, p.batch.Len()
	for l := len(p.net.stages) - 1; l >= max(front, p.net.first); l-- {
		f(l, 0, rows)
	}
	for i := 0; i < rows; i += p.net.block {
		for l := front - 1; l >= p.net.first; l-- {
			f(l, i, min(i+p.net.block, rows))
		}
	}
}

// forwardLayer takes rows [i, j) through layer l.
func (p *Problem) forwardLayer(t *tape, l, i, j int, asc []ascended) {
	s, q := &p.net.stages[l], p.rows(t, l, i, j)
	switch {
	case asc == nil || s.weighted == nil:
		s.Forward(q)
	case asc[l].formed():
		asc[l].each(q, i, nil, func(q Pass, _, _ int) { s.Forward(q) })
	default:
		asc[l].forward(s.lowRank, q, l == p.net.first)
	}
}

// rows returns rows [i, j) of layer l's pass, without DY.
func (p *Problem) rows(t *tape, l, i, j int) Pass {
	q := t.passes[l]
	x, y := 0, 0 // the examples in the first rows
	if l > 0 && l < p.net.front {
		x = p.front.first
	}
	if l < p.net.front-1 {
		y = p.front.first
	}
	q.X, q.Y, q.DY = q.X.Slice(i-x, j-x), q.Y.Slice(i-y, j-y), kernel.Mat{}
	return q
}

// dy returns rows [i, j) of layer l's DY.
func (p *Problem) dy(t *tape, l, i, j int) kernel.Mat {
	if l < p.net.front-1 {
		return p.front.dy[l].Slice(0, j-i)
	}
	return t.passes[l].DY.Slice(i, j)
}

func (p *Problem) backward(t *tape, asc []ascended, g []float32) {
	p.viewBackward(t)
	p.turn(t, asc)
	p.loss(t)
	p.down(func(l, i, j int) { p.backwardLayer(t, l, i, j, asc, g) })
}

// turn puts the weights of t, unless they are formed group by group, into the order in which layers go back.
func (p *Problem) turn(t *tape, asc []ascended) {
	for l, s := range p.net.stages {
		if s.turning != nil && l > p.net.first && (asc == nil || !asc[l].formed()) {
			s.turning.Turn(p.turned[l], t.passes[l].W, s.in)
		}
	}
}

// loss takes t from the logits to the losses, and back to the last layer's DY.
func (p *Problem) loss(t *tape) {
	crossEntropy(t.loss, t.predicted, t.passes[len(t.passes)-1].DY, p.logits(t), p.batch.Y, 1/float64(p.of), &p.scratch)
}

// backwardLayer takes rows [i, j) back through layer l. It adds their share of the weight gradient to g and to t's grads, if wanted, and
// writes the gradient at their inputs unless l is the first layer with weights.
func (p *Problem) backwardLayer(t *tape, l, i, j int, asc []ascended, g []float32) {
	s, q := &p.net.stages[l], p.rows(t, l, i, j)
	q.DY = p.dy(t, l, i, j)
	if whole := p.batch.Len() == p.of; g != nil && s.weighted != nil && (whole || l < p.net.front) {
		s.weighted.BackwardWeights(g[s.lo:s.hi], q, p.from+i > 0)
	}
	if t.run > 0 && l < p.net.front && s.weighted != nil {
		groups(i, j, t.run, func(k, from, to int) {
			if g := t.grads[l].Row(k); t.apart {
				p.addApart(g, s.weighted, q.rows(from-i, to-i), from > k*t.run)
			} else {
				s.weighted.BackwardWeights(g, q.rows(from-i, to-i), from > k*t.run)
			}
		})
	}
	if l == p.net.first {
		return
	}
	dx := p.dy(t, l-1, i, j)
	switch {
	case asc == nil || s.weighted == nil:
		s.BackwardData(dx, q)
	case asc[l].formed():
		asc[l].each(q, i, s.turning, func(q Pass, i, j int) { s.BackwardData(dx.Slice(i, j), q) })
	default:
		asc[l].backwardData(dx, s.lowRank, q)
	}
}

// gradBehind writes the weight gradients of the layers behind those in front into g, once all parts of the batch have gone through t. They sum
// over all of the batch at once.
func (p *Problem) gradBehind(g []float32, t *tape) {
	for l := p.net.front; l < len(t.passes); l++ {
		if s := &p.net.stages[l]; s.weighted != nil {
			q := t.passes[l]
			q.X, q.Y, q.DY = t.y[l-1].Slice(0, p.of), t.y[l].Slice(0, p.of), t.dy[l].Slice(0, p.of)
			s.weighted.BackwardWeights(g[s.lo:s.hi], q, false)
		}
	}
}

// addApart is l's BackwardWeights row by row, each gradient summed for itself.
func (p *Problem) addApart(g []float32, l Weighted, q Pass, acc bool) {
	defer p.scratch.Release(p.scratch.Mark())
	one := p.scratch.Float32s(len(g))
	for i := range q.X.Rows {
		if !acc && i == 0 {
			l.BackwardWeights(g, q.rows(0, 1), false)
			continue
		}
		l.BackwardWeights(one, q.rows(i, i+1), false)
		kernel.Add(g, one)
	}
}

func (p *Problem) logits(t *tape) kernel.Mat { return t.passes[len(t.passes)-1].Y }

// view points t's passes at w, at the batch and at buffers of its size.
func (p *Problem) view(t *tape, w []float32, back bool) {
	stages, rows, front := p.net.stages, p.batch.Len(), p.net.front
	if t.passes == nil {
		t.passes = make([]Pass, len(stages))
		t.y = make([]kernel.Mat, len(stages))
		for l, s := range stages {
			t.passes[l] = Pass{In: s.in, Out: s.out, Scratch: &p.scratch}
			if l >= front-1 {
				t.y[l] = kernel.New(p.most, s.out.Size())
			}
		}
		t.losses, t.predicted = make([]float64, p.most), make([]int, p.most)
	}
	held := rows
	if !back {
		held = min(p.net.block, rows)
	}
	p.front.first = 0
	x := p.batch.X
	for l, s := range stages {
		q := &t.passes[l]
		q.W, q.X = w[s.lo:s.hi], x
		if l < front-1 {
			q.Y = p.shared(&p.front.y, l, held).Slice(0, held)
		} else {
			q.Y = t.y[l].Slice(p.from, p.from+rows)
		}
		x = q.Y
	}
	t.loss, t.predicted = t.losses[p.from:p.from+rows], t.predicted[:rows]
}

// viewBackward does for DY, and for the grads if wanted, what view does for Y.
func (p *Problem) viewBackward(t *tape) {
	net, rows := p.net, p.batch.Len()
	if t.dy == nil {
		t.dy, t.grads = make([]kernel.Mat, len(t.passes)), make([]kernel.Mat, len(t.passes))
		for l := net.first; l < len(t.passes); l++ {
			if l >= net.front-1 {
				t.dy[l] = kernel.New(p.most, net.stages[l].out.Size())
			} else {
				p.shared(&p.front.dy, l, min(net.block, p.most))
			}
		}
	}
	if p.turned == nil {
		p.turned = make([][]float32, len(t.passes))
		for l, s := range net.stages {
			if s.turning != nil && l > net.first {
				p.turned[l] = make([]float32, s.turning.Turned(s.in))
			}
		}
	}
	for l := net.first; l < len(t.passes); l++ {
		t.passes[l].Turned = p.turned[l]
		if l >= net.front-1 {
			t.passes[l].DY = t.dy[l].Slice(p.from, p.from+rows)
		}
	}
	if t.run == 0 {
		return
	}
	for l, s := range net.stages[:net.front] {
		if s.weighted != nil {
			t.grads[l] = reshape(t.grads[l], rows/t.run, s.hi-s.lo)
		}
	}
}

// shared returns layer l's buffer among buffers, the same for every tape, with so many rows or more.
func (p *Problem) shared(buffers *[]kernel.Mat, l, rows int) kernel.Mat {
	if *buffers == nil {
		*buffers = make([]kernel.Mat, p.net.front)
	}
	b := &(*buffers)[l]
	if b.Rows < rows {
		*b = kernel.New(rows, p.net.stages[l].out.Size())
	}
	return *b
}

func mean(x []float64) float64 {
	var s float64
	for _, v := range x {
		s += v
	}
	return s / float64(len(x))
}

// resize returns s with length n, its memory kept if that suffices.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// reshape returns a matrix of rows × cols, in m's memory if that suffices.
func reshape(m kernel.Mat, rows, cols int) kernel.Mat {
	return kernel.View(rows, cols, resize(m.Data, rows*cols))
}
