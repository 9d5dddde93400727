package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// PartialTau is Kendall's partial rank correlation of a and b with the given variables held fixed (Kendall 1942): the
// partial correlation of the matrix of their τ-b. With one given c it is
//
//	(τ_ab − τ_ac τ_bc) / √((1 − τ_ac²)(1 − τ_bc²))
//
// with a set Z it is R_ab·Z / √(R_aa·Z R_bb·Z), where R holds the τ-b and R_xy·Z = R_xy − R_xZ R_ZZ⁻¹ R_Zy, and with none it is TauB. It is
// NaN where undefined: if a variable is constant or holds a NaN, if the given ones determine a or b, or if they determine each other.
// PartialTau panics if the lengths differ.
func PartialTau(a, b []float64, given ...[]float64) float64 {
	ab := TauB(a, b)
	k := len(given)
	if k == 0 || math.IsNaN(ab) {
		return ab
	}
	zz := mat.NewSymDense(k, nil)
	za, zb := mat.NewVecDense(k, nil), mat.NewVecDense(k, nil)
	for i, z := range given {
		za.SetVec(i, TauB(z, a))
		zb.SetVec(i, TauB(z, b))
		zz.SetSym(i, i, 1)
		for j := range i {
			zz.SetSym(i, j, TauB(z, given[j]))
		}
	}
	var chol mat.Cholesky
	if !finite(zz.RawSymmetric().Data) || !chol.Factorize(zz) || !(chol.Cond() <= 1/nothing) {
		return math.NaN()
	}
	var xa, xb mat.VecDense // R_ZZ⁻¹ R_Za, R_ZZ⁻¹ R_Zb
	if chol.SolveVecTo(&xa, za) != nil || chol.SolveVecTo(&xb, zb) != nil {
		return math.NaN()
	}
	aa, bb := 1-mat.Dot(za, &xa), 1-mat.Dot(zb, &xb)
	if !(aa > nothing) || !(bb > nothing) {
		return math.NaN()
	}
	return math.Max(-1, math.Min(1, (ab-mat.Dot(za, &xb))/math.Sqrt(aa*bb)))
}

// nothing is the share of a variance that counts as none left: ten thousand roundings.
const nothing = 1e-12

func finite(xs []float64) bool {
	for _, x := range xs {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}
