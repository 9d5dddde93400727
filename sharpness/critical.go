package sharpness

import (
	"math"
	"math/rand/v2"
)

var _ = Table.Add("critical", func() Measure { return &Critical{} })

var (
	_ Coster = (*Critical)(nil)
	_ Needer = (*Critical)(nil)
)

// Critical is the critical sharpness λc = 2/ηc, in units of loss over weight squared (Kalra et al. 2026, arXiv:2601.16979), with ηc the size of
// a step of gradient descent on the mean training loss L from which on it raises the loss:
//
//	L(w − ηc∇L(w)) = L(w),   L(w − η∇L(w)) < L(w) just below ηc
//
// On a quadratic it is gᵀHg/‖g‖², the curvature along the gradient g, and so at most λ₁; the loss of a network may be above or below its quadratic.
// ηc is bracketed by a factor of 2, from 4L/‖g‖², the step of a parabola whose least loss is 0, and halved to a part in 2048; where the loss
// crosses its old value several times, it is one of these. It takes a gradient and about 15 forward passes.
//
// Beside it stand ηc, critical_step, and critical_zero: 1 where the gradient is exactly zero, else 0. There, and where rounding leaves no step
// that lowers the loss, ηc and λc are NaN. Where none raises it, up to 2⁶⁰ times the first, ηc is +Inf and λc 0.
type Critical struct{}

func (*Critical) Columns() []Column {
	return []Column{
		{"critical", nil, Sharpness, "critical sharpness"},
		{"critical_step", nil, Detail, "step at which the loss is again what it was"},
		{"critical_zero", nil, Detail, "1 where the gradient is zero"},
	}
}

// Need is the gradient, and w − ηg.
func (*Critical) Need() Need { return Need{Bytes: 2 * 4, Grad: true} }

func (*Critical) Cost(int, int) Cost { return Cost{Gradients: 1, Forward: 15, About: true} }

func (*Critical) Of(l Landscape, _ *rand.Rand) ([]float64, error) {
	w := l.W()
	g, down := make([]float32, len(w)), make([]float32, len(w))
	clean := l.Grad(g, w)
	norm := norm2(g)
	if norm == 0 {
		return []float64{math.NaN(), math.NaN(), 1}, nil
	}
	eta := math.NaN()
	if clean-clean == 0 && norm-norm == 0 {
		eta = again(4*clean/float64(norm*norm), func(eta float64) bool {
			for i, v := range g {
				down[i] = float32(float64(w[i]) - float64(eta*float64(v)))
			}
			return l.Loss(down) < clean
		})
	}
	return []float64{2 / eta, eta, 0}, nil
}

// again returns the upper end of the steps that lower the loss, from a first guess on; a guess that is not a positive number becomes 1.
func again(guess float64, lowers func(eta float64) bool) float64 {
	const most = 60 // doublings or halvings
	if !(guess > 0) || math.IsInf(guess, 1) {
		guess = 1
	}
	lo, hi := guess, guess
	for n := 0; lowers(hi); n++ {
		if n == most {
			return math.Inf(1)
		}
		lo, hi = hi, 2*hi
	}
	for n := 0; lo == hi; n++ {
		if n == most {
			return math.NaN()
		}
		if lo /= 2; !lowers(lo) {
			hi = lo
		}
	}
	for range 11 {
		if mid := lo + float64((hi-lo)/2); lowers(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo + float64((hi-lo)/2)
}
