package sharpness

import (
	"math"
	"math/rand/v2"

	"msharp/models/ascent"
	"msharp/models/rng"
)

// apgd is room for automatic projected gradient ascent (APGD; Croce and Hein 2020, arXiv:2003.01690, algorithm 1). It looks for the largest
// loss L(w + Tε), ‖ε‖_p ≤ ρ, with T a diagonal matrix, in so many steps. With g the gradient by ε, and P the projection onto the ball,
//
//	z = P(ε + s d(g)),   ε ← P(ε + α(z − ε) + (1 − α)(ε − ε before)),   α = .75, in the first step 1
//
// with d(g) the ascent.Rule of one step of length 1: g/‖g‖₂ for p = 2. The step s begins at 2ρ. At checkpoints, after the shares .22, .41,
// .57, … of all steps, each as long after the last as that one after its last less .03, but not under .06, s is halved where under 75 % of the
// steps since the last have raised the loss, or where neither s nor the best loss has changed since. Then the ascent goes on from its best
// point, and ε before is that point too. It begins at ε = 0; where the gradient there is zero, its first step is in a random
// direction, a tenth of ρ long, so that the next goes where the loss is bent most.
type apgd struct {
	e, last, best []float64 // ε, ε before, and where the loss is largest
	z, room       []float64
	g, bestG, up  []float32 // the gradient at w + Tε, at the best point, and w + Tε
}

// apgdBytes is the size of that for each weight.
const apgdBytes = 5*8 + 3*4

func newAPGD(dim int) *apgd {
	vector := func() []float64 { return make([]float64, dim) }
	return &apgd{vector(), vector(), vector(), vector(), vector(), make([]float32, dim), make([]float32, dim), make([]float32, dim)}
}

// climb returns the largest L(w + Tε) − L(w) of all points on the way, w among them, with ε in the ball of radius rho in the norm p. scale is T's
// diagonal; nil is ones. It takes steps gradients and one loss. A loss that is NaN makes the rise NaN, and one of +Inf makes it +Inf.
func (a *apgd) climb(l Landscape, rho, p float64, steps int, scale []float32, r *rand.Rand) (rise float64) {
	w, ball := l.W(), ascent.Rule{Rho: rho, P: p}
	clear(a.e)
	clear(a.last)
	clear(a.best)
	clean := l.Grad(a.g, w)
	copy(a.bestG, a.g)
	loss, most := clean, clean
	if clean-clean != 0 {
		return math.NaN()
	}
	step, halved, improved := 2*rho, false, 0
	since, mostBefore := 0, most
	share, apart := 22, 22 // in percent
	check := checkpoint(share, steps)
	for k := 1; k <= steps; k++ {
		copy(a.z, a.e)
		scaled(a.room, a.g, scale)
		if !(ascent.Rule{Rho: step, P: p}).Add(a.z, a.room) && k == 1 {
			for i := range a.room {
				a.room[i] = rng.Normal(r)
			}
			ascent.Rule{Rho: rho / 10}.Add(a.z, a.room)
		}
		ball.Project(a.z, a.room)
		alpha := .75
		if k == 1 {
			alpha = 1
		}
		for i, e := range a.e {
			a.last[i] = e + float64(alpha*(a.z[i]-e)) + float64((1-alpha)*(e-a.last[i]))
		}
		a.e, a.last = a.last, a.e
		ball.Project(a.e, a.room)
		move(a.up, w, a.e, scale)
		before := loss
		if k < steps {
			loss = l.Grad(a.g, a.up)
		} else {
			loss = l.Loss(a.up)
		}
		switch {
		case loss-loss != 0:
			return loss - clean
		case loss > most:
			most = loss
			copy(a.best, a.e)
			copy(a.bestG, a.g)
		}
		if loss > before {
			improved++
		}
		if k < check {
			continue
		}
		if stalled := !halved && most == mostBefore; stalled || float64(improved) < .75*float64(k-since) {
			step, halved, loss = step/2, true, most
			copy(a.e, a.best)
			copy(a.last, a.best)
			copy(a.g, a.bestG)
		} else {
			halved = false
		}
		for since, improved, mostBefore = k, 0, most; check <= k; check = checkpoint(share, steps) {
			apart = max(apart-3, 6)
			share += apart
		}
	}
	return most - clean
}

// checkpoint is the step that completes so many percent of all steps. It counts in whole numbers: .22 + .19 + .16 + .13 is more than .7 in
// floats, which of 20 steps would make the 15th of what is the 14th.
func checkpoint(percent, steps int) int { return (percent*steps + 99) / 100 }

// scaled writes Tg into dst.
func scaled(dst []float64, g, scale []float32) {
	for i, v := range g {
		dst[i] = float64(v)
	}
	for i, t := range scale {
		dst[i] *= float64(t)
	}
}

// move writes w + Te into up.
func move(up, w []float32, e []float64, scale []float32) {
	if scale == nil {
		for i, v := range e {
			up[i] = float32(float64(w[i]) + v)
		}
		return
	}
	for i, v := range e {
		up[i] = float32(float64(w[i]) + float64(float64(scale[i])*v))
	}
}
