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
	most    int  // examples the buffers hold
	clean   tape // passes at w
	up      tape // passes at the ascent points
	ascents ascents
	climber climber
	scratch kernel.Scratch
	zero    int // see ZeroGroups
}

// tape is one forward and backward pass through the net.
type tape struct {
	passes    []Pass
	y, dy     []kernel.Mat // the full buffers under passes' views
	loss      []float64    // per example
	predicted []int        // per example
}

// On fixes the batch: what is left is a function of the weights.
func (n *Net) On(b Batch) *Problem {
	p := &Problem{net: n, most: b.Len()}
	p.Reset(b)
	return p
}

// Reset exchanges the batch for one of at most as many examples as On was given; more is a panic.
func (p *Problem) Reset(b Batch) {
	if b.Len() > p.most {
		panic(fmt.Sprintf("models: a batch of %d on a problem of %d", b.Len(), p.most))
	}
	p.batch = b
}

// Eval runs the net forward at w and returns each example's loss and predicted class, valid until the next call.
func (p *Problem) Eval(w []float32) (loss []float64, predicted []int) {
	t := &p.clean
	p.forward(t, w, nil)
	crossEntropy(t.loss, t.predicted, kernel.Mat{}, p.logits(t), p.batch.Y, 0)
	return t.loss, t.predicted
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
	loss := p.pass(&p.clean, w, nil)
	p.weights(g, &p.clean)
	return loss
}

// pass runs t forward and backward down to the first layer with weights, group k at the weights of asc, one Ascent a layer; nil
// means all at w. Every row of DY carries 1/B: sums over rows are the gradients of the mean loss.
func (p *Problem) pass(t *tape, w []float32, asc []Ascent) (loss float64) {
	p.forward(t, w, asc)
	p.backward(t, asc)
	return mean(t.loss)
}

func (p *Problem) forward(t *tape, w []float32, asc []Ascent) {
	p.view(t)
	for l, s := range p.net.stages {
		q := &t.passes[l]
		q.W = w[s.lo:s.hi]
		if asc == nil || s.weighted == nil {
			s.Forward(*q)
		} else {
			forwardAscent(s, *q, asc[l])
		}
	}
}

func (p *Problem) backward(t *tape, asc []Ascent) {
	p.viewBackward(t)
	crossEntropy(t.loss, t.predicted, t.passes[len(t.passes)-1].DY, p.logits(t), p.batch.Y, 1/float64(p.batch.Len()))
	for l := len(t.passes) - 1; l > p.net.first(); l-- {
		s, dx := p.net.stages[l], t.passes[l-1].DY
		if asc == nil || s.weighted == nil {
			s.BackwardData(dx, t.passes[l])
		} else {
			backwardDataAscent(dx, s, t.passes[l], asc[l])
		}
	}
}

// first returns the first layer with weights: below it no gradient is wanted.
func (n *Net) first() int {
	for l, s := range n.stages {
		if s.weighted != nil {
			return l
		}
	}
	return len(n.stages)
}

// weights writes the weight gradient of t into g.
func (p *Problem) weights(g []float32, t *tape) {
	clear(g)
	p.addWeights(g, t)
}

func (p *Problem) addWeights(g []float32, t *tape) {
	for l, s := range p.net.stages {
		if s.weighted != nil {
			s.weighted.BackwardWeights(g[s.lo:s.hi], t.passes[l])
		}
	}
}

func (p *Problem) logits(t *tape) kernel.Mat { return t.passes[len(t.passes)-1].Y }

// view points t's passes at the batch and at buffers of its size.
func (p *Problem) view(t *tape) {
	stages, rows := p.net.stages, p.batch.Len()
	if t.passes == nil {
		t.passes = make([]Pass, len(stages))
		t.y = make([]kernel.Mat, len(stages))
		for l, s := range stages {
			t.passes[l] = Pass{In: s.in, Out: s.out, Scratch: &p.scratch}
			t.y[l] = kernel.New(p.most, s.out.Size())
		}
		t.loss, t.predicted = make([]float64, p.most), make([]int, p.most)
	}
	x := p.batch.X
	for l := range t.passes {
		t.passes[l].X, t.passes[l].Y = x, t.y[l].Slice(0, rows)
		x = t.passes[l].Y
	}
	t.loss, t.predicted = t.loss[:rows], t.predicted[:rows]
}

// viewBackward does for DY what view does for Y.
func (p *Problem) viewBackward(t *tape) {
	if t.dy == nil {
		t.dy = make([]kernel.Mat, len(t.passes))
		for l, s := range p.net.stages {
			if l >= p.net.first() {
				t.dy[l] = kernel.New(p.most, s.out.Size())
			}
		}
	}
	for l := range t.passes {
		if l >= p.net.first() {
			t.passes[l].DY = t.dy[l].Slice(0, p.batch.Len())
		}
	}
}

func mean(x []float64) float64 {
	var s float64
	for _, v := range x {
		s += v
	}
	return s / float64(len(x))
}
