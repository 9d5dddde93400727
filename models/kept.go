package models

import "fmt"

// Kept is a pass of a batch at weights, forward and back, which all products with its Hessian there have in common. The zero Kept holds nothing,
// and is ready for Keep.
type Kept struct {
	tape tape
	w    []float32
	rows int
}

// KeptBytes returns the size of a Kept of so many examples, or 0 where a net keeps no passes: one of convolutions takes the examples in
// blocks, which the next ones overwrite.
func (n *Net) KeptBytes(examples int) float64 {
	if n.front > 0 {
		return 0
	}
	var numbers float64
	for _, s := range n.stages {
		numbers += float64(2 * s.out.Size()) // Y and DY
	}
	return float64(examples) * (float64(4*numbers) + 2*8) // a loss and a class
}

// Keep passes the batch forward and back at w into k, which is of this Problem from then on. w must stay as it is while k is in use. It
// panics if the net has no KeptBytes.
func (p *Problem) Keep(k *Kept, w []float32) {
	if p.net.front > 0 {
		panic(fmt.Sprintf("models: a net with %d layers in front keeps no passes", p.net.front))
	}
	t := &k.tape
	k.w, k.rows = w, p.batch.Len()
	p.forward(t, w, nil, true)
	p.viewBackward(t)
	p.turn(t, nil)
	p.loss(t)
	p.down(func(l, i, j int) {
		if l-1 > p.net.first { // whose weights ask for no DY
			q := p.rows(t, l, i, j)
			q.DY = p.dy(t, l, i, j)
			p.net.stages[l].BackwardData(p.dy(t, l-1, i, j), q)
		}
	})
}

// HessVecKept is HessVec at the weights and of the batch of k, with equal bits, and without the pass that k holds. The batch of p must be
// that of k; where it is of another size, HessVecKept panics.
func (p *Problem) HessVecKept(hv, v []float32, k *Kept) {
	if p.batch.Len() != k.rows {
		panic(fmt.Sprintf("models: a batch of %d at a kept pass of %d", p.batch.Len(), k.rows))
	}
	p.secondOrder(hv, k.w, v, true, &k.tape)
}
