package sharpness

import (
	"math"
	"math/rand/v2"
	"slices"

	"msharp/models/kernel"
	"msharp/models/rng"
)

// krylov is m steps of the Lanczos iteration on a symmetric matrix H of k × k: an orthonormal basis Q, k × m, with HQ = QT + what is left
// out. T is tridiagonal. A column of what is left out is 0, but where the iteration ended or began anew.
type krylov struct {
	alpha []float64 // T's diagonal
	beta  []float64 // beside it: beta[j] is T_{j,j+1}
	left  []float64 // by column, the norm of what is left out
}

// exhausted is how small a new direction, in units of H, is only rounding: the products are of float32s.
const exhausted = 1e-6

// lanczos is room for the iteration on matrices of one size.
type lanczos struct {
	basis kernel.Mat // by rows
	next  []float32
}

// newLanczos returns room for so many steps, or as many as the matrix has rows.
func newLanczos(dim, steps int) *lanczos {
	return &lanczos{kernel.New(min(steps, dim), dim), make([]float32, dim)}
}

// lanczosBytes is the size of that for each row.
func lanczosBytes(steps int) int { return 4 * (steps + 1) }

// run takes all steps from a random direction, with basis vectors orthogonalized twice against all before (Parlett 1998).
// Where the directions are exhausted, it begins anew from another random one: so a multiple eigenvalue is found as often as it is there. If
// a number is not finite it ends, and its last alpha is NaN.
func (z *lanczos) run(product func(hv, v []float32) error, r *rand.Rand) (k krylov, err error) {
	basis, next := z.basis, z.next
	normals(next, r)
	size := 0. // of H, from below
	for j := range basis.Rows {
		if j > 0 && k.beta[j-1] == 0 {
			normals(next, r)
			orthogonalize(next, basis.Slice(0, j))
		}
		q := basis.Row(j)
		kernel.ScaleTo(q, 1/norm2(next), next)
		if err := product(next, q); err != nil {
			return krylov{}, err
		}
		alpha := kernel.Dot(next, q)
		orthogonalize(next, basis.Slice(0, j+1))
		beta := norm2(next)
		if size = max(size, math.Abs(alpha), beta); size-size != 0 {
			k.alpha = append(k.alpha, math.NaN())
			return k, nil
		}
		k.alpha, k.beta, k.left = append(k.alpha, alpha), append(k.beta, beta), append(k.left, 0)
		if j+1 == basis.Rows || beta <= exhausted*size {
			k.beta[j], k.left[j] = 0, beta
		}
	}
	return k, nil
}

// orthogonalize takes the rows of basis out of x, twice: what rounding leaves the first time is gone after the second.
func orthogonalize(x []float32, basis kernel.Mat) {
	for range 2 {
		for i := range basis.Rows {
			kernel.Axpy(x, -kernel.Dot(x, basis.Row(i)), basis.Row(i))
		}
	}
}

// normals draws the numbers of x.
func normals(x []float32, r *rand.Rand) {
	for i := range x {
		x[i] = float32(rng.Normal(r))
	}
}

// ritz is an eigenvalue of T, an estimate of one of H.
type ritz struct {
	value    float64
	weight   float64 // the square of its eigenvector's first coordinate
	residual float64 // ‖Hv − λv‖ of the vector v = Qs, with s its eigenvector in T
}

// ritzBytes is its size.
const ritzBytes = 3 * 8

// values returns the eigenvalues of T in ascending order; all are NaN if a number of T is.
func (k krylov) values() []ritz {
	m := len(k.alpha)
	all := make([]ritz, m)
	value, beside := slices.Clone(k.alpha), make([]float64, m)
	copy(beside, k.beta)
	unit := func(j int) []float64 {
		row := make([]float64, m)
		row[j] = 1
		return row
	}
	rows, left := [][]float64{unit(0)}, []float64{0}
	for j, norm := range k.left {
		if norm > 0 {
			rows, left = append(rows, unit(j)), append(left, norm)
		}
	}
	if last := value[m-1]; last != last || !tridiagonal(value, beside, rows...) {
		return notFinite(all)
	}
	for i, v := range value {
		var residual float64
		for j, norm := range left {
			c := float64(norm * rows[j][i])
			residual += float64(c * c)
		}
		all[i] = ritz{v, float64(rows[0][i] * rows[0][i]), math.Sqrt(residual)}
	}
	return all
}

func notFinite(all []ritz) []ritz {
	for i := range all {
		all[i] = ritz{math.NaN(), math.NaN(), math.NaN()}
	}
	return all
}
