package kernel

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// Name says which arithmetic runs: it is part of a record's provenance.
const Name = "gonum"

// MulNN sets c = a·b, or c += a·b if acc; a is m × k, b is k × n, c is m × n.
func MulNN(c, a, b Mat, acc bool) { gemm(blas.NoTrans, blas.NoTrans, c, a, b, acc) }

// MulNT sets c = a·bᵀ, or c += a·bᵀ if acc; a is m × k, b is n × k, c is m × n.
func MulNT(c, a, b Mat, acc bool) { gemm(blas.NoTrans, blas.Trans, c, a, b, acc) }

// MulTN sets c = aᵀ·b, or c += aᵀ·b if acc; a is k × m, b is k × n, c is m × n.
func MulTN(c, a, b Mat, acc bool) { gemm(blas.Trans, blas.NoTrans, c, a, b, acc) }

func gemm(ta, tb blas.Transpose, c, a, b Mat, acc bool) {
	var beta float32
	if acc {
		beta = 1
	}
	blas32.Gemm(ta, tb, 1, general(a), general(b), beta, general(c))
}

func general(m Mat) blas32.General {
	return blas32.General{Rows: m.Rows, Cols: m.Cols, Stride: m.Stride, Data: m.Data}
}
