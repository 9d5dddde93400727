package sharpness

import (
	"cmp"
	"math"
	"slices"
)

// This file has the eigenvalues of symmetric matrices in float64, every product rounded by itself, so that records have equal bits on every
// processor.

// eigenvalues returns those of a, n × n row-major and symmetric, in ascending order. It destroys a, of which it reads the lower triangle.
// It is not ok where a number of a is not finite.
func eigenvalues(a []float64, n int) (values []float64, ok bool) {
	for _, v := range a[:n*n] {
		if v-v != 0 {
			return nil, false
		}
	}
	diagonal, beside := make([]float64, n), make([]float64, n)
	householder(diagonal, beside, a, n)
	return diagonal, tridiagonal(diagonal, beside)
}

// householder takes a to the tridiagonal matrix with the same eigenvalues, by reflections of Householder (Golub and Van Loan 2013, section
// 8.3.1), from the last row up: what is left of row i of the matrix so far is reflected to its last number.
func householder(diagonal, beside, a []float64, n int) {
	p := make([]float64, n)
	for i := n - 1; i > 0; i-- {
		u, p := a[i*n:i*n+i], p[:i]
		diagonal[i] = a[i*n+i]
		var square, others float64
		for k, v := range u {
			if square += float64(v * v); k < i-1 {
				others = square
			}
		}
		if others == 0 {
			beside[i-1] = u[i-1]
			continue
		}
		last := u[i-1]
		to := -math.Copysign(math.Sqrt(square), last)
		beside[i-1] = to
		u[i-1] = last - to
		half := square - float64(last*to) // ½‖u‖²
		mirror(a, n, u, p, half)
	}
	diagonal[0] = a[0]
}

// mirror replaces A, the leading rows of a, of which it reads and writes the lower triangle, by PAP with P = I − uuᵀ/half, half = ½‖u‖². p is
// room for as many numbers as u has.
func mirror(a []float64, n int, u, p []float64, half float64) {
	product(p, a, n, u)
	var along float64
	for k, v := range u {
		p[k] /= half
		along += float64(v * p[k])
	}
	along /= 2 * half
	for k, v := range u {
		p[k] -= float64(along * v)
	}
	for j, uj := range u { // A − upᵀ − puᵀ
		row, pj := a[j*n:j*n+j+1], p[j]
		for k, v := range row {
			row[k] = v - float64(uj*p[k]) - float64(pj*u[k])
		}
	}
}

// product sets p = Au, with A the leading rows of a, of which it reads the lower triangle.
func product(p, a []float64, n int, u []float64) {
	clear(p)
	for j, uj := range u {
		row := a[j*n : j*n+j]
		var sum float64
		to, from := p[:len(row)], u[:len(row)]
		for k, v := range row {
			sum += float64(v * from[k])
			to[k] += float64(v * uj)
		}
		p[j] += sum + float64(a[j*n+j]*uj)
	}
}

// tridiagonal replaces diagonal by the eigenvalues of the tridiagonal matrix, in ascending order, by the QL iteration with implicit shifts
// of Wilkinson (Golub and Van Loan 2013, section 8.3). beside[i] stands beside the i-th number of the diagonal and the next; it is
// destroyed, and as long as the diagonal. Each row is taken along as a row of a matrix that the eigenvectors, by columns, are to be
// multiplied to: the i-th row of the unit matrix becomes the i-th coordinates of the eigenvectors. It is not ok where the iteration does
// not end. What stands beside the diagonal counts as 0 where it is only rounding, of its two neighbours or of the square of all: squares of
// less would underflow.
func tridiagonal(diagonal, beside []float64, rows ...[]float64) (ok bool) {
	n := len(diagonal)
	var size float64
	for i, v := range diagonal {
		size = max(size, math.Abs(v), math.Abs(beside[i]))
	}
	for l := range n {
		for turn := 0; ; turn++ {
			m := l
			for ; m < n-1; m++ {
				if b := math.Abs(beside[m]); b <= 0x1p-52*(math.Abs(diagonal[m])+math.Abs(diagonal[m+1])) || b <= 0x1p-104*size {
					break
				}
			}
			if m == l {
				break
			}
			if turn == 100 {
				return false
			}
			chase(diagonal, beside, l, m, rows)
		}
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(diagonal[i], diagonal[j]) })
	for _, x := range append(rows, diagonal) {
		old := slices.Clone(x)
		for i, from := range order {
			x[i] = old[from]
		}
	}
	return true
}

// chase is one iteration on numbers l to m, by plane rotations from the last two up.
func chase(diagonal, beside []float64, l, m int, rows [][]float64) {
	g := (diagonal[l+1] - diagonal[l]) / (2 * beside[l])
	g = diagonal[m] - diagonal[l] + beside[l]/(g+math.Copysign(math.Sqrt(float64(g*g)+1), g))
	sine, cosine, moved := 1., 1., 0.
	for i := m - 1; i >= l; i-- {
		f, b := float64(sine*beside[i]), float64(cosine*beside[i])
		r := math.Sqrt(float64(f*f) + float64(g*g))
		beside[i+1] = r
		if r == 0 {
			diagonal[i+1] -= moved
			beside[m] = 0
			return
		}
		sine, cosine = f/r, g/r
		g = diagonal[i+1] - moved
		r = float64((diagonal[i]-g)*sine) + float64(2*cosine*b)
		moved = float64(sine * r)
		diagonal[i+1] = g + moved
		g = float64(cosine*r) - b
		for _, z := range rows {
			z[i], z[i+1] = float64(cosine*z[i])-float64(sine*z[i+1]), float64(sine*z[i])+float64(cosine*z[i+1])
		}
	}
	diagonal[l] -= moved
	beside[l], beside[m] = g, 0
}
