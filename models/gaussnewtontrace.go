package models

import (
	"math"

	"msharp/models/kernel"
)

// GaussNewtonTrace returns the trace of each example's generalized Gauss-Newton matrix at w, valid until the next call. It is exact:
// tr JᵀΛJ = Σ_k ‖Jᵀ√p_k (e_k − p)‖², with J the Jacobian of the logits, p their softmax and Λ = diag p − ppᵀ = Σ_k p_k (e_k − p)(e_k − p)ᵀ.
// Each class takes a backward pass, in which a LowRank layer gives the examples' squares without their gradients. The trace of the batch's
// matrix is the mean.
func (p *Problem) GaussNewtonTrace(w []float32) (traces []float64) {
	t := p.tape(0, 0)
	p.forward(t, w, nil, true)
	p.viewBackward(t)
	p.turn(t, nil)
	clear(t.loss)
	for k := range p.net.Classes {
		classFactor(t.passes[len(t.passes)-1].DY, p.logits(t), k, &p.scratch)
		p.down(func(l, i, j int) {
			q := p.rows(t, l, i, j)
			q.DY = p.dy(t, l, i, j)
			p.addSquares(t.loss[i:j], l, q)
			if l > p.net.first {
				p.net.stages[l].BackwardData(p.dy(t, l-1, i, j), q)
			}
		})
	}
	return t.loss
}

// classFactor sets dz to √p_k (e_k − p) of each row of logits z. 1 − p_k is the sum of the others, as in crossEntropy.
func classFactor(dz, z kernel.Mat, k int, s *kernel.Scratch) {
	defer s.Release(s.Mark())
	e := s.Float64s(z.Cols)
	for i := range z.Rows {
		row, d := z.Row(i), dz.Row(i)
		top := float64(row[largest(row)])
		for j, v := range row {
			e[j] = float64(v) - top
		}
		kernel.Exp(e, e)
		var others float64
		for j, v := range e {
			if j != k {
				others += v
			}
		}
		sum := others + e[k]
		root := math.Sqrt(e[k] / sum)
		for j, v := range e {
			d[j] = float32(-root * (v / sum))
		}
		d[k] = float32(root * (others / sum))
	}
}

// addSquares adds to sums the squared norm of each row's gradient at the weights of layer l.
func (p *Problem) addSquares(sums []float64, l int, q Pass) {
	s := &p.net.stages[l]
	if s.weighted == nil {
		return
	}
	defer p.scratch.Release(p.scratch.Mark())
	if p.net.factored(l) {
		rise := p.scratch.Mat(q.X.Rows, s.out.Size())
		s.lowRank.Rise(rise, q, q, 1)
		for i := range sums {
			sums[i] += kernel.Dot(q.DY.Row(i), rise.Row(i))
		}
		return
	}
	g := p.scratch.Float32s(s.hi - s.lo)
	for i := range sums {
		s.weighted.BackwardWeights(g, q.rows(i, i+1), false)
		sums[i] += kernel.Dot(g, g)
	}
}
