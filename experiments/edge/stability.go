package main

import "math"

// edge is the curvature λ at which a step of full-batch training stops being stable, in loss over weight squared: at learning rate eta, of
// SAM with an ascent of radius rho, where the gradient has the given norm. rho = 0 is gradient descent, whose edge is 2/η.
//
// Take the loss λ/2 w² along the sharpest direction, with gradient g = λw. An ascent of ε = r g leads to w + rλw, and the gradient there is
// λ(1 + rλ)w, so that a step is
//
//	w ← (1 − ηλ(1 + rλ)) w
//
// which shrinks w while ηλ(1 + rλ) < 2. The positive root of ηλ(1 + rλ) = 2 is
//
//	λ = (√(1 + 8r/η) − 1) / 2r = 4 / (η (1 + √(1 + 8r/η)))
//
// Gradient descent has r = 0 (Cohen et al. 2021, arXiv:2103.00065). SAM that does not normalise its ascent has r = ρ (Agarwala and Dauphin
// 2023, arXiv:2302.08692). SAM itself has ε = ρ g/‖g‖, which is r = ρ/‖g‖, so that its edge falls with the norm of the gradient (Long and
// Bartlett 2023, arXiv:2309.12488).
func edge(rho float64, unnormalised bool, eta, norm float64) float64 {
	r := rho
	if rho != 0 && !unnormalised {
		r = rho / norm
	}
	return 4 / (eta * (1 + math.Sqrt(1+8*r/eta)))
}
