// Package ascent says what an inner maximisation is. Optimizers ask for one, measures ask for one, models carry it out.
package ascent

// Rule is an inner maximisation: how far, per how many examples, and of which loss. Group k of M consecutive examples,
// with mean loss L_k, moves to w + ε_k,
//
//	ε_k = ρ g_k/‖g_k‖₂,  g_k = ∇L_k(w) + λw
//
// (Foret et al. 2021, eq. 2 with p = 2, per group as in their section 4.1). Where g_k is zero, ε_k is zero. The zero Rule moves
// nothing.
type Rule struct {
	Rho          float64 // ρ, the radius, in the units of ‖w‖₂; ≥ 0
	M            int     // m, examples per group; 0 means all of the batch (or training set) as one group
	Decay        float64 // λ of a penalty λ/2‖w‖² inside the ascended loss; 0 is the paper's
	Unnormalised bool    // ε_k = ρ g_k (Andriushchenko and Flammarion 2022, eq. 3) in place of the line above
}

// Gain is how far the loss rises from w to the groups' ascent points.
type Gain struct {
	Mean   float64 // mean over groups of L_k(w+ε_k) − L_k(w): the m-sharpness
	StdErr float64 // standard error of Mean over groups; NaN with fewer than two
	Zero   int     // groups whose gradient was exactly zero, and whose rise is therefore 0
}
