package models

import (
	"math"

	"msharp/models/kernel"
)

// HessVec writes Hv into hv, with H the Hessian at w of the mean loss of the batch. It is exact up to rounding: the R-operator of
// Pearlmutter 1994 (Fast exact multiplication by the Hessian), R{f(w)} = ∂f(w + rv)/∂r at r = 0, is taken of every step of the
// gradient. At a kink of a ReLU or a max-pool the derivatives are those that Grad takes. hv overlaps neither w nor v. Where v is not
// finite, all of hv is NaN. It panics if SecondOrder is an error.
func (p *Problem) HessVec(hv, w, v []float32) { p.secondOrder(hv, w, v, true, nil) }

// GaussNewtonVec writes Gv into gv, with G = (1/B) Σ_i J_iᵀ(diag p_i − p_ip_iᵀ)J_i the generalized Gauss-Newton matrix of the batch's mean
// loss at w (Schraudolph 2002): J_i is the Jacobian of the logits of example i, and p_i its softmax. It is HessVec without the
// second derivatives of the logits, and else like it.
func (p *Problem) GaussNewtonVec(gv, w, v []float32) { p.secondOrder(gv, w, v, false, nil) }

// direction is the derivative of tape 0 along v: R{·} of what is in it.
type direction struct {
	y, dy  []kernel.Mat // R{Y} of all examples and R{DY} as the tape's DY, by layer
	turned [][]float32  // what Turn makes of v, by layer
	bare   [][]float32  // the weights of w with biases 0, by layer
}

// secondOrder is HessVec, or GaussNewtonVec if not bent. kept holds the pass of the batch at w, forward and back; where it is nil, that is made.
func (p *Problem) secondOrder(hv, w, v []float32, bent bool, kept *tape) {
	if err := p.net.SecondOrder(); err != nil {
		panic("models: " + err.Error())
	}
	if !kernel.Finite(v) {
		for i := range hv {
			hv[i] = float32(math.NaN())
		}
		return
	}
	if len(hv) == 0 {
		return
	}
	spare := p.tape(0, 0) // for the gradients at inputs of single terms
	p.view(spare, w, true)
	p.viewBackward(spare)
	p.turn(spare, nil)
	t := spare
	if kept != nil {
		t = kept
	}
	p.viewAlong(w, v, bent)
	p.up(func(l, i, j int) {
		if kept == nil {
			p.forwardLayer(t, l, i, j, nil)
		}
		if l >= p.net.first {
			p.forwardAlong(t, v, l, i, j)
		}
	})
	last := len(t.passes) - 1
	if bent && kept == nil {
		p.loss(t)
	}
	crossEntropyAlong(p.along.dy[last].Slice(0, p.batch.Len()), p.along.y[last].Slice(0, p.batch.Len()), p.logits(t), 1/float64(p.of), &p.scratch)
	p.down(func(l, i, j int) {
		p.weightsAlong(hv, t, l, i, j, bent)
		if l > p.net.first {
			p.dataAlong(t, spare, v, l, i, j, bent)
		}
	})
}

// forwardAlong takes the derivative of rows [i, j) through layer l: R{Y} from R{X}, which is 0 for the first layer with weights.
func (p *Problem) forwardAlong(t *tape, v []float32, l, i, j int) {
	s, q, ry := &p.net.stages[l], p.rows(t, l, i, j), p.along.y[l].Slice(i, j)
	if l == p.net.first {
		q.W, q.Y = v[s.lo:s.hi], ry
		s.Forward(q)
		return
	}
	rx := p.along.y[l-1].Slice(i, j)
	switch {
	case s.bilinear != nil:
		q.W, q.Y = v[s.lo:s.hi], ry
		s.Forward(q)
		more := p.rdy(l, i, j) // which has no other use yet
		q.X, q.W, q.Y = rx, p.along.bare[l], more
		s.Forward(q)
		kernel.Add(ry.Data, more.Data)
	case s.elementwise != nil:
		q.DY = rx
		s.BackwardData(ry, q)
	default:
		s.piecewise.Along(ry, rx, q)
	}
}

// weightsAlong adds to hv the share of rows [i, j) of layer l: R{DW}, from R{DY} and X, and from DY and R{X}.
func (p *Problem) weightsAlong(hv []float32, t *tape, l, i, j int, bent bool) {
	s := &p.net.stages[l]
	if s.bilinear == nil {
		return
	}
	g, q := hv[s.lo:s.hi], p.rows(t, l, i, j)
	q.DY = p.rdy(l, i, j)
	s.bilinear.BackwardWeights(g, q, i > 0)
	if !bent || l == p.net.first {
		return
	}
	defer p.scratch.Release(p.scratch.Mark())
	lo, hi := s.bilinear.Biases(s.in)
	biases := p.scratch.Float32s(hi - lo) // their gradient is DY whatever X is, so it has no part of R{X}
	copy(biases, g[lo:hi])
	q.X, q.DY = p.along.y[l-1].Slice(i, j), p.dy(t, l, i, j)
	s.bilinear.BackwardWeights(g, q, true)
	copy(g[lo:hi], biases)
}

// dataAlong takes rows [i, j) and their derivative back through layer l: DX from DY, unless t has it, and R{DX} from R{DY} and DY. spare is
// another tape than t where t has DX.
func (p *Problem) dataAlong(t, spare *tape, v []float32, l, i, j int, bent bool) {
	s, q := &p.net.stages[l], p.rows(t, l, i, j)
	rdx, r := p.rdy(l-1, i, j), q
	r.DY = p.rdy(l, i, j)
	if !bent {
		s.BackwardData(rdx, r)
		return
	}
	dx := p.dy(spare, l-1, i, j)
	q.DY = p.dy(t, l, i, j)
	if s.bilinear != nil {
		byV := q
		byV.W, byV.Turned = v[s.lo:s.hi], p.along.turned[l]
		s.BackwardData(rdx, byV)
		s.BackwardData(dx, r)
		kernel.Add(rdx.Data, dx.Data)
	} else {
		s.BackwardData(rdx, r)
		if s.elementwise != nil {
			s.elementwise.Bend(rdx, p.along.y[l-1].Slice(i, j), q)
		}
	}
	if t == spare && l-1 > p.net.first { // whose weights ask for no DY
		s.BackwardData(dx, q)
	}
}

// rdy returns rows [i, j) of layer l's R{DY}.
func (p *Problem) rdy(l, i, j int) kernel.Mat {
	if l < p.net.front-1 {
		return p.along.dy[l].Slice(0, j-i)
	}
	return p.along.dy[l].Slice(i, j)
}

// viewAlong makes the buffers of p.along once, and fills what depends on w and v alone.
func (p *Problem) viewAlong(w, v []float32, bent bool) {
	a, n := &p.along, len(p.net.stages)
	if a.y == nil {
		a.y, a.dy, a.turned, a.bare = make([]kernel.Mat, n), make([]kernel.Mat, n), make([][]float32, n), make([][]float32, n)
		for l := p.net.first; l < n; l++ {
			s, rows := p.net.stages[l], p.most
			a.y[l] = kernel.New(rows, s.out.Size())
			if l < p.net.front-1 {
				rows = min(p.net.block, rows)
			}
			a.dy[l] = kernel.New(rows, s.out.Size())
			if l > p.net.first {
				a.bare[l] = make([]float32, s.hi-s.lo)
				if s.turning != nil {
					a.turned[l] = make([]float32, s.turning.Turned(s.in))
				}
			}
		}
	}
	for l := p.net.first + 1; l < n; l++ {
		s := p.net.stages[l]
		if s.bilinear == nil {
			continue
		}
		lo, hi := s.bilinear.Biases(s.in)
		copy(a.bare[l], w[s.lo:s.hi])
		clear(a.bare[l][lo:hi])
		if s.turning != nil && bent {
			s.turning.Turn(a.turned[l], v[s.lo:s.hi], s.in)
		}
	}
}
