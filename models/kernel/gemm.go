package kernel

import "fmt"

// MulNN sets c = a·b, or c += a·b if acc: c_ij = Σ_p a_ip b_pj. a is m × k, b is k × n, c is m × n and overlaps neither.
func MulNN(c, a, b Mat, acc bool) { MulStrided(c, a.Strided(), b, acc) }

// MulTN sets c = aᵀ·b, or c += aᵀ·b if acc: c_ij = Σ_p a_pi b_pj. a is k × m, b is k × n, c is m × n and overlaps neither.
func MulTN(c, a, b Mat, acc bool) { MulStrided(c, a.Strided().T(), b, acc) }

// MulStrided sets c = a·b, or c += a·b if acc. a is m × k, b is k × n, c is m × n and overlaps neither.
func MulStrided(c Mat, a Strided, b Mat, acc bool) {
	mul(c, a, b, plus(c, acc))
}

// plus is what acc adds to a product into c.
func plus(c Mat, acc bool) Mat {
	if acc {
		return c
	}
	return Mat{}
}

// MulPlusRow sets c = a·b and adds row, of n numbers, to every row of it. a is m × k, b is k × n, c is m × n and overlaps none.
func MulPlusRow(c Mat, a Strided, b Mat, row []float32) {
	mul(c, a, b, Mat{c.Rows, c.Cols, 0, first(row, c.Cols)})
}

// ColSums sets sums to the sum of each column of m, from the first row on, or adds it if acc.
func ColSums(sums []float32, m Mat, acc bool) {
	ones := Strided{Axis{Runs: 1, Len: 1}, Axis{Runs: 1, Len: m.Rows}, one[:]}
	MulStrided(View(1, m.Cols, sums), ones, m, acc)
}

var one = [1]float32{1}

// MulNT sets c = a·bᵀ, or c += a·bᵀ if acc: c_ij = Σ_p a_ip b_jp. a is m × k, b is n × k, c is m × n and overlaps neither.
func MulNT(c, a, b Mat, acc bool) {
	check("MulNT", c, a.Rows, a.Cols, b.Cols, b.Rows)
	switch {
	case c.Rows == 0 || c.Cols == 0 || a.Cols == 0 && acc:
	case a.Cols == 0:
		none(c, Mat{})
	default:
		use.mulNT(c, a, b, acc)
	}
}

// Gram sets c = a·aᵀ, which is symmetric to the bit. a is m × k, c is m × m and does not overlap it.
func Gram(c, a Mat) {
	check("Gram", c, a.Rows, a.Cols, a.Cols, a.Rows)
	switch {
	case c.Rows == 0:
	case a.Cols == 0:
		none(c, Mat{})
	default:
		use.gram(c, a)
	}
}

// mul sets c = a·b + d, or without d where that has no data.
func mul(c Mat, a Strided, b, d Mat) {
	if ready(c, a, b, b.Rows, b.Cols, d) {
		use.mul(c, a, b, d, false)
	}
}

// ready checks the operands of c = a·b + d with k × n numbers of b, and reports false if there is no product to compute: then c is set.
func ready(c Mat, a Strided, b Mat, k, n int, d Mat) bool {
	check("product", c, a.Rows.size(), a.Cols.size(), k, n)
	if c.Rows == 0 || c.Cols == 0 {
		return false
	}
	c.reach()
	if d.Data != nil {
		d.reach()
	}
	if k == 0 {
		none(c, d)
		return false
	}
	_ = a.Data[a.Rows.at(c.Rows-1)+a.Cols.at(k-1)]
	b.reach()
	return true
}

// none is a product over no terms, plus d.
func none(c, d Mat) {
	for i := range c.Rows {
		if d.Data == nil {
			clear(c.Row(i))
		} else {
			copy(c.Row(i), d.Row(i))
		}
	}
}

func check(name string, c Mat, m, k, k2, n int) {
	if c.Rows != m || c.Cols != n || k != k2 {
		panic(fmt.Sprintf("kernel: %s of %d × %d and %d × %d into %d × %d", name, m, k, k2, n, c.Rows, c.Cols))
	}
}
