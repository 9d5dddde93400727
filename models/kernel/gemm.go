package kernel

import "fmt"

// MulNN sets c = a·b, or c += a·b if acc: c_ij = Σ_p a_ip b_pj. a is m × k, b is k × n, c is m × n and overlaps neither.
func MulNN(c, a, b Mat, acc bool) {
	check("MulNN", c, a.Rows, a.Cols, b.Rows, b.Cols)
	mul(c, a.Data, a.Stride, 1, a.Cols, b, acc)
}

// MulTN sets c = aᵀ·b, or c += aᵀ·b if acc: c_ij = Σ_p a_pi b_pj. a is k × m, b is k × n, c is m × n and overlaps neither.
func MulTN(c, a, b Mat, acc bool) {
	check("MulTN", c, a.Cols, a.Rows, b.Rows, b.Cols)
	mul(c, a.Data, 1, a.Stride, a.Rows, b, acc)
}

// MulNT sets c = a·bᵀ, or c += a·bᵀ if acc: c_ij = Σ_p a_ip b_jp. a is m × k, b is n × k, c is m × n and overlaps neither.
func MulNT(c, a, b Mat, acc bool) {
	check("MulNT", c, a.Rows, a.Cols, b.Cols, b.Rows)
	switch {
	case c.Rows == 0 || c.Cols == 0:
	case a.Cols == 0:
		none(c, acc)
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
		none(c, false)
	default:
		use.gram(c, a)
	}
}

func mul(c Mat, a []float32, rsa, csa, k int, b Mat, acc bool) {
	switch {
	case c.Rows == 0 || c.Cols == 0:
	case k == 0:
		none(c, acc)
	default:
		_, _, _ = a[(c.Rows-1)*rsa+(k-1)*csa], b.Data[(k-1)*b.Stride+c.Cols-1], c.Data[(c.Rows-1)*c.Stride+c.Cols-1]
		use.mul(c, a, rsa, csa, k, b, acc)
	}
}

// none is a product over no terms.
func none(c Mat, acc bool) {
	for i := range c.Rows {
		if !acc {
			clear(c.Row(i))
		}
	}
}

func check(name string, c Mat, m, k, k2, n int) {
	if c.Rows != m || c.Cols != n || k != k2 {
		panic(fmt.Sprintf("kernel: %s of %d × %d and %d × %d into %d × %d", name, m, k, k2, n, c.Rows, c.Cols))
	}
}
