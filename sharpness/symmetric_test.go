package sharpness

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// symmetric returns a random symmetric matrix, of low rank where rank is below n.
func symmetric(r *rand.Rand, n, rank int, scale float64) *mat.SymDense {
	s := mat.NewSymDense(n, nil)
	x := make([]float64, n)
	for range rank {
		for i := range x {
			x[i] = r.NormFloat64()
		}
		s.SymRankOne(s, scale*r.NormFloat64(), mat.NewVecDense(n, x))
	}
	return s
}

// Eigenvalues are gonum's, of matrices of every size, of any rank and scale.
func TestEigenvalues(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := 1; n < 130; n += 1 + n/6 {
		for _, rank := range []int{0, 1, n / 2, 2 * n} {
			for _, scale := range []float64{1, 1e-60, 1e60} {
				s := symmetric(r, n, rank, scale)
				var e mat.EigenSym
				e.Factorize(s, false)
				want := e.Values(nil)
				got, ok := eigenvalues(mat.DenseCopyOf(s).RawMatrix().Data, n)
				size := max(math.Abs(want[0]), math.Abs(want[n-1]))
				for i := range want {
					if !ok || !(math.Abs(got[i]-want[i]) <= 1e-13*float64(n)*size) {
						t.Fatalf("n = %d, rank %d: value %d is %v, %v, want %v", n, rank, i, got[i], ok, want[i])
					}
				}
			}
		}
	}
	for _, v := range []float64{math.NaN(), math.Inf(1)} {
		if _, ok := eigenvalues([]float64{1, v, v, 1}, 2); ok {
			t.Errorf("a matrix with %v has eigenvalues", v)
		}
	}
}

// Rows of the unit matrix become rows of the eigenvectors: Σ_k λ_k s_ik s_jk = T_ij.
func TestTridiagonal(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 3, 20, 60} {
		for _, gap := range []bool{false, true} { // a 0 in the middle
			d, e, rows := make([]float64, n), make([]float64, n), make([][]float64, n)
			for i := range n {
				d[i], e[i], rows[i] = r.NormFloat64(), r.Float64(), make([]float64, n)
				rows[i][i] = 1
			}
			e[n-1] = 0
			if gap {
				e[n/2] = 0
			}
			values, beside := append([]float64(nil), d...), append([]float64(nil), e...)
			if !tridiagonal(values, beside, rows...) {
				t.Fatalf("n = %d: no end", n)
			}
			for i := range n {
				if i > 0 && values[i] < values[i-1] {
					t.Errorf("n = %d: %v stands before %v", n, values[i-1], values[i])
				}
				for j := range n {
					var got, want float64
					for k, λ := range values {
						got += λ * rows[i][k] * rows[j][k]
					}
					switch j - i {
					case 0:
						want = d[i]
					case 1:
						want = e[i]
					case -1:
						want = e[j]
					}
					if !(math.Abs(got-want) <= 1e-13*float64(n)) {
						t.Fatalf("n = %d: number %d, %d is %v, want %v", n, i, j, got, want)
					}
				}
			}
		}
	}
}

// A covariance of many units, most of which are never active: what Householder's reflections leave of it falls until squares underflow.
func TestEigenvaluesOfSparseFeatures(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, active := range []float64{.001} {
		const n, k = 600, 400
		x := mat.NewDense(n, k, nil)
		for i := range n {
			for j := range k {
				if r.Float64() < active*math.Exp(-float64(j%50)/5) {
					x.Set(i, j, math.Abs(r.NormFloat64()))
				}
			}
		}
		var c mat.SymDense
		stat.CovarianceMatrix(&c, x, nil)
		var e mat.EigenSym
		e.Factorize(&c, false)
		want := e.Values(nil)
		got, ok := eigenvalues(mat.DenseCopyOf(&c).RawMatrix().Data, k)
		for i, v := range want {
			if !ok || !(math.Abs(got[i]-v) <= 1e-11*want[k-1]) {
				t.Fatalf("%v active: value %d is %v, %v, want %v", active, i, got, ok, v)
			}
		}
	}
}

// The products of gradients of a fitted network fall over thirty orders of magnitude, and so does the tridiagonal matrix of them: shifts are
// lost in its last numbers.
func TestEigenvaluesOfGradedMatrices(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const n = 1000
	for range 2 {
		d, e := make([]float64, n), make([]float64, n)
		for i := range n {
			size := math.Pow(10, -30+31*float64(i)/n)
			d[i], e[i] = size*(1+r.Float64()), size*(.5+r.Float64())
		}
		e[n-1] = 0
		s := mat.NewSymDense(n, nil)
		for i := range n {
			s.SetSym(i, i, d[i])
			if i > 0 {
				s.SetSym(i-1, i, e[i-1])
			}
		}
		var f mat.EigenSym
		f.Factorize(s, false)
		want := f.Values(nil)
		if !tridiagonal(d, e) {
			t.Fatal("no end")
		}
		for i, v := range want {
			if !(math.Abs(d[i]-v) <= 1e-14*n*want[n-1]) {
				t.Errorf("value %d is %v, want %v", i, d[i], v)
			}
		}
	}
}
