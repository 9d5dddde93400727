package models

import "msharp/models/kernel"

// Responses runs the net forward at w and returns each example's logits, B × classes, and its features, B × Features: what the last layer with
// weights reads, which are the activations of the last hidden layer, or the input where there is none. They are valid until the next call.
func (p *Problem) Responses(w []float32) (logits, features kernel.Mat) {
	t, last := p.tape(0, 0), p.net.last()
	p.forward(t, w, nil, p.net.fleeting(last))
	return p.logits(t), t.passes[last].X
}

// Features returns how many features an example has.
func (n *Net) Features() int { return n.stages[n.last()].in.Size() }

// last returns the last layer with weights, or the last of all.
func (n *Net) last() int {
	for l := len(n.stages) - 1; l >= 0; l-- {
		if n.stages[l].weighted != nil {
			return l
		}
	}
	return len(n.stages) - 1
}

// fleeting reports whether what layer l reads stays only in a pass that goes backward too.
func (n *Net) fleeting(l int) bool { return 0 < l && l < n.front }

// Responses tells of Problem.Responses.
func (f *Footprint) Responses() {
	if f.net.fleeting(f.net.last()) {
		f.hold(f.most)
	} else {
		f.hold(min(f.net.block, f.most))
	}
	f.tapes(1, 0)
}
