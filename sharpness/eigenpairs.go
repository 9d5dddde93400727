package sharpness

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Eigenpair is an eigenvalue of the Hessian of the mean training loss, with its eigenvector.
type Eigenpair struct {
	Value    float64   // in units of loss over weight squared
	Residual float64   // ‖Hv − λv‖, in the same units
	Vector   []float64 // of norm 1; the first of its largest coordinates is positive
}

// TopEigenpairs returns the k largest eigenvalues of the Hessian at the solution, the largest first, with their eigenvectors: the values of
// T = QᵀHQ and Q times the vectors of T, with Q the basis of so many Lanczos steps from a random direction (Parlett 1998). With the stream and
// the steps of a Hessian, the values and residuals are that measure's. The error says that there are fewer than k, that they are not finite,
// or that the network has no second derivatives.
func TopEigenpairs(l Landscape, k, steps int, r *rand.Rand) ([]Eigenpair, error) {
	dim := len(l.W())
	if most := min(steps, dim); k > most {
		return nil, fmt.Errorf("%d eigenvectors of the Hessian of %d weights in %d Lanczos steps; expected at most %d", k, dim, steps, most)
	}
	z := newLanczos(dim, steps)
	t, err := z.run(hessianAt(l), r)
	if err != nil {
		return nil, err
	}
	all, rows := t.values(), t.vectors()
	if rows == nil || math.IsNaN(all[0].value) {
		return nil, fmt.Errorf("the Hessian is not finite at the solution")
	}
	var pairs []Eigenpair
	for i := len(all) - 1; i >= len(all)-k; i-- {
		p := Eigenpair{all[i].value, all[i].residual, make([]float64, dim)}
		for j, row := range rows {
			for at, q := range z.basis.Row(j) {
				p.Vector[at] += float64(row[i] * float64(q))
			}
		}
		normalize(p.Vector)
		pairs = append(pairs, p)
	}
	return pairs, nil
}

// EigenpairsNeed is what TopEigenpairs needs memory for.
func EigenpairsNeed(k, steps int) Need {
	return Need{Bytes: lanczosBytes(steps) + 8*k, SecondOrder: true}
}

// normalize scales x to norm 1, the first of its largest coordinates positive.
func normalize(x []float64) {
	scale, largest := 1/Length(x), 0.
	for _, v := range x {
		if math.Abs(v) > math.Abs(largest) {
			largest = v
		}
	}
	if largest < 0 {
		scale = -scale
	}
	for i := range x {
		x[i] *= scale
	}
}

// vectors returns the eigenvectors of T, in the order of values: rows[j][i] is the j-th coordinate of the i-th. It is nil if a number of T is
// not finite.
func (k krylov) vectors() (rows [][]float64) {
	m := len(k.alpha)
	for j := range m {
		rows = append(rows, make([]float64, m))
		rows[j][j] = 1
	}
	value, beside := slices.Clone(k.alpha), make([]float64, m)
	copy(beside, k.beta)
	if last := value[m-1]; last != last || !tridiagonal(value, beside, rows...) {
		return nil
	}
	return rows
}
