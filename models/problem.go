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
	most    int                          // examples the buffers hold
	tapes   []*tape                      // passes at w, at the points of an ascent, and at its end
	front   struct{ y, dy []kernel.Mat } // the tapes' buffers in front, shared: no pass needs what another left there
	span    span
	climber climber
	scratch kernel.Scratch
	zero    int // see ZeroGroups
}

// tape is one forward and backward pass through the net.
type tape struct {
	passes    []Pass
	y, dy     []kernel.Mat // the buffers under passes' views; in front, dy holds one block at a time
	loss      []float64    // per example
	predicted []int        // per example
	run       int          // examples to each row of grads; 0 if no grads are wanted
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
	p.batch = b
}

// Eval runs the net forward at w and returns each example's loss and predicted class, valid until the next call.
func (p *Problem) Eval(w []float32) (loss []float64, predicted []int) {
	t := p.tape(0, 0)
	p.forward(t, w, nil)
	crossEntropy(t.loss, t.predicted, kernel.Mat{}, p.logits(t), p.batch.Y, 0, &p.scratch)
	return t.loss, t.predicted
}

// Predict is Eval without the losses.
func (p *Problem) Predict(w []float32) (predicted []int) {
	t := p.tape(0, 0)
	p.forward(t, w, nil)
	z := p.logits(t)
	for i := range t.predicted {
		t.predicted[i] = largest(z.Row(i))
	}
	return t.predicted
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
	p.tapes[i].run = run
	return p.tapes[i]
}

// pass runs t forward and backward down to the first layer with weights, group k at the weights of asc, layer by layer; nil
// means all at w. Every row of DY carries 1/B: sums over rows are the gradients of the mean loss. The weight gradient goes into g
// unless it is nil.
func (p *Problem) pass(t *tape, w []float32, asc []ascended, g []float32) (loss float64) {
	p.forward(t, w, asc)
	p.backward(t, asc, g)
	return mean(t.loss)
}

func (p *Problem) forward(t *tape, w []float32, asc []ascended) {
	p.view(t, w)
	front, rows := p.net.front, p.batch.Len()
	for i := 0; i < rows; i += p.net.block {
		for l := range front {
			p.forwardLayer(t, l, i, min(i+p.net.block, rows), asc)
		}
	}
	for l := front; l < len(t.passes); l++ {
		p.forwardLayer(t, l, 0, rows, asc)
	}
}

// forwardLayer takes rows [i, j) through layer l.
func (p *Problem) forwardLayer(t *tape, l, i, j int, asc []ascended) {
	s, q := &p.net.stages[l], p.rows(t, l, i, j)
	switch {
	case asc == nil || s.weighted == nil:
		s.Forward(q)
	case asc[l].formed():
		asc[l].each(q, i, func(q Pass, _, _ int) { s.Forward(q) })
	default:
		asc[l].forward(s.lowRank, q, l == p.net.first)
	}
}

// rows returns rows [i, j) of layer l's pass.
func (p *Problem) rows(t *tape, l, i, j int) Pass {
	q := t.passes[l]
	q.X, q.Y, q.DY = q.X.Slice(i, j), q.Y.Slice(i, j), p.dy(t, l, i, j)
	return q
}

// dy returns rows [i, j) of layer l's DY. It has no data before the first backward pass; a forward pass does not read it.
func (p *Problem) dy(t *tape, l, i, j int) kernel.Mat {
	switch {
	case t.passes[l].DY.Data != nil:
		return t.passes[l].DY.Slice(i, j)
	case t.dy != nil && t.dy[l].Data != nil:
		return t.dy[l].Slice(0, j-i)
	}
	return kernel.Mat{}
}

func (p *Problem) backward(t *tape, asc []ascended, g []float32) {
	p.viewBackward(t)
	front, rows := p.net.front, p.batch.Len()
	crossEntropy(t.loss, t.predicted, t.passes[len(t.passes)-1].DY, p.logits(t), p.batch.Y, 1/float64(rows), &p.scratch)
	for l := len(t.passes) - 1; l >= max(front, p.net.first); l-- {
		p.backwardLayer(t, l, 0, rows, asc, g)
	}
	for i := 0; i < rows; i += p.net.block {
		for l := front - 1; l >= p.net.first; l-- {
			p.backwardLayer(t, l, i, min(i+p.net.block, rows), asc, g)
		}
	}
}

// backwardLayer takes rows [i, j) back through layer l. It adds their share of the weight gradient to g and to t's grads, if wanted, and
// writes the gradient at their inputs unless l is the first layer with weights.
func (p *Problem) backwardLayer(t *tape, l, i, j int, asc []ascended, g []float32) {
	s, q := &p.net.stages[l], p.rows(t, l, i, j)
	if g != nil && s.weighted != nil {
		s.weighted.BackwardWeights(g[s.lo:s.hi], q, i > 0)
	}
	if t.run > 0 && l < p.net.front && s.weighted != nil {
		groups(i, j, t.run, func(k, from, to int) {
			s.weighted.BackwardWeights(t.grads[l].Row(k), q.rows(from-i, to-i), from > k*t.run)
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
		asc[l].each(q, i, func(q Pass, i, j int) { s.BackwardData(dx.Slice(i, j), q) })
	default:
		asc[l].backwardData(dx, s.lowRank, q)
	}
}

func (p *Problem) logits(t *tape) kernel.Mat { return t.passes[len(t.passes)-1].Y }

// view points t's passes at w, at the batch and at buffers of its size.
func (p *Problem) view(t *tape, w []float32) {
	stages, rows := p.net.stages, p.batch.Len()
	if t.passes == nil {
		t.passes = make([]Pass, len(stages))
		t.y = make([]kernel.Mat, len(stages))
		for l, s := range stages {
			t.passes[l] = Pass{In: s.in, Out: s.out, Scratch: &p.scratch}
			if l >= p.net.front-1 {
				t.y[l] = kernel.New(p.most, s.out.Size())
			} else {
				t.y[l] = p.shared(&p.front.y, l, p.most)
			}
		}
		t.loss, t.predicted = make([]float64, p.most), make([]int, p.most)
	}
	x := p.batch.X
	for l, s := range stages {
		q := &t.passes[l]
		q.W, q.X, q.Y = w[s.lo:s.hi], x, t.y[l].Slice(0, rows)
		x = q.Y
	}
	t.loss, t.predicted = t.loss[:rows], t.predicted[:rows]
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
				t.dy[l] = p.shared(&p.front.dy, l, min(net.block, p.most))
			}
		}
	}
	for l := max(net.first, net.front-1); l < len(t.passes); l++ {
		t.passes[l].DY = t.dy[l].Slice(0, rows)
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

// shared returns layer l's buffer among buffers, the same for every tape.
func (p *Problem) shared(buffers *[]kernel.Mat, l, rows int) kernel.Mat {
	if *buffers == nil {
		*buffers = make([]kernel.Mat, p.net.front)
	}
	if b := &(*buffers)[l]; b.Data == nil {
		*b = kernel.New(rows, p.net.stages[l].out.Size())
	}
	return (*buffers)[l]
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
