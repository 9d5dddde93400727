package sharpness

import "math/rand/v2"

var _ = Table.Add("ggn", func() Measure { return &GaussNewton{} })

var (
	_ Coster = (*GaussNewton)(nil)
	_ Needer = (*GaussNewton)(nil)
)

// GaussNewton is tr G, the trace of the generalized Gauss-Newton matrix of the mean training loss at the solution, in units of loss over
// weight squared:
//
//	tr G = (1/n) Σ_i tr J_iᵀ(diag p_i − p_ip_iᵀ)J_i = (1/n) Σ_i Σ_k ‖J_iᵀ√p_ik (e_k − p_i)‖²
//
// with J_i the Jacobian of the logits of example i and p_i their softmax. G is the Hessian without the second derivatives of the logits
// (Schraudolph 2002), and the Fisher information of the model's own labels. It is exact up to rounding, and takes one forward
// and as many backward passes over the training split as there are classes. Of a network whose activations are ReLU it is tr H too: there
// the logits are piecewise linear in any single weight.
type GaussNewton struct{}

func (*GaussNewton) Columns() []Column {
	return []Column{{Measure: "ggn_trace", Role: Sharpness, Title: "trace of the Gauss-Newton matrix"}}
}

func (*GaussNewton) Need() Need { return Need{Trace: true} }

func (*GaussNewton) Cost(_, classes int) Cost { return Cost{Forward: 1, Backward: float64(classes)} }

func (*GaussNewton) Of(l Landscape, _ *rand.Rand) ([]float64, error) {
	return []float64{l.GaussNewtonTrace(l.W())}, nil
}
