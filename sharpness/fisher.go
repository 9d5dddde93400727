package sharpness

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"msharp/models/kernel"
	"msharp/models/kind"
)

var _ = Table.Add("fisher", func() Measure { return &Fisher{K: 5} })

var (
	_ Fitter = (*Fisher)(nil)
	_ Joiner = (*Fisher)(nil)
	_ Needer = (*Fisher)(nil)
)

// mostExamples is how many examples Fisher takes: its eigenvalues cost their third power.
const mostExamples = 2048

// Fisher is the spectra of two matrices of the gradients g_i of single training examples at the solution, in units of loss over weight
// squared: the empirical Fisher matrix and the covariance of the gradients, the noise of stochastic gradient descent,
//
//	F = (1/n) Σ_i g_ig_iᵀ,   V = (1/n) Σ_i (g_i − ḡ)(g_i − ḡ)ᵀ,   ḡ = (1/n) Σ_i g_i
//
// Of each it gives the trace and the K largest eigenvalues. Their eigenvalues but 0 are those of G/n and HGH/n, with G the n × n products
// ⟨g_i, g_j⟩ and H = I − 11ᵀ/n (Thomas et al. 2020, arXiv:1906.07774, compare F, V and the Hessian). They are exact up to rounding. Traces
// take two gradients over the training split; eigenvalues one more, or several where the gradients of n examples do not fit into 32 MB and are
// formed again, n²/2 products of gradients, and an eigenvalue problem of size n.
type Fisher struct {
	K      int `yaml:"k" in:"[0,2048]"`      // eigenvalues of each, from the largest on; 0 is the traces alone, of any number of examples
	Subset int `yaml:"subset" in:"[0,2048]"` // takes this many training examples, from the first on, for all; 0 takes all of them
}

// Fits refuses more examples than have their eigenvalues in reasonable time, and more than there are.
func (f *Fisher) Fits(examples int) error {
	most := min(examples, mostExamples)
	switch n := f.examples(examples); {
	case n > examples:
		return &kind.Error{Key: "subset", Value: strconv.Itoa(f.Subset), Problem: "larger than the training split", Expected: fmt.Sprintf("at most %d", examples)}
	case n > mostExamples && f.K > 0:
		return &kind.Error{Key: "subset", Value: strconv.Itoa(f.Subset), Problem: fmt.Sprintf("takes all %d training examples, whose gradients are too many", n),
			Expected: fmt.Sprintf("a whole number ≥ 1 and ≤ %d", mostExamples)}
	case f.K > n:
		return &kind.Error{Key: "k", Value: strconv.Itoa(f.K), Problem: "more eigenvalues than examples", Expected: fmt.Sprintf("at most %d", min(n, most))}
	}
	return nil
}

func (f *Fisher) examples(all int) int {
	if f.Subset == 0 {
		return all
	}
	return f.Subset
}

func (f *Fisher) Columns() (columns []Column) {
	var of []Param
	if f.Subset != 0 {
		of = []Param{{"subset", strconv.Itoa(f.Subset)}}
	}
	for _, m := range []struct{ name, title string }{{"fisher", "the empirical Fisher matrix"}, {"gradcov", "the gradient covariance"}} {
		columns = append(columns, Column{m.name + "_trace", of, Sharpness, "trace of " + m.title})
		if f.K > 0 {
			columns = append(columns, Column{m.name + "_max", of, Sharpness, "λ₁ of " + m.title})
		}
		for k := 2; k <= f.K; k++ {
			columns = append(columns, Column{m.name + "_top", append([]Param{{"k", strconv.Itoa(k)}}, of...), Detail, "λ_k of " + m.title})
		}
	}
	return columns
}

// Join returns the eigenvalues of both, of the same examples.
func (f *Fisher) Join(other Measure) []Measure {
	return []Measure{&Fisher{K: max(f.K, other.(*Fisher).K), Subset: f.Subset}}
}

// Need is the mean gradient and the products.
func (f *Fisher) Need() Need {
	n := Need{Bytes: 4, Grad: true, Examples: abreast, PairBytes: 8}
	if f.K > 0 {
		n.Examples = f.examples(-1)
	}
	return n
}

func (f *Fisher) Of(l Landscape, _ *rand.Rand) (values []float64, err error) {
	n := f.examples(l.Examples())
	whole, centred := gradientTraces(l, n)
	if f.K == 0 {
		return []float64{whole, centred}, nil
	}
	gram := make([]float64, n*n)
	l.ExampleProducts(gram, l.W(), n)
	ofF, ofV := f.spectra(gram, n)
	values = append(append(values, whole), ofF...)
	return append(append(values, centred), ofV...), nil
}

// abreast is how many examples' gradients are held at once for their squares.
const abreast = 32

// gradientTraces returns the traces of F and V of the first n examples: the mean of ‖g_i‖², and that less ‖ḡ‖².
func gradientTraces(l Landscape, n int) (whole, centred float64) {
	w, gram := l.W(), make([]float64, abreast*abreast)
	for lo := 0; lo < n; lo += abreast {
		k := min(abreast, n-lo)
		l.Part(lo, lo+k).ExampleProducts(gram, w, k)
		for i := range k {
			whole += gram[i*k+i]
		}
	}
	whole /= float64(n)
	mean := make([]float32, len(w))
	l.Part(0, n).Grad(mean, w)
	return whole, whole - kernel.Dot(mean, mean)
}

// spectra returns the K largest eigenvalues of G/n, with G = gram, n × n and symmetric, and of HGH/n, H = I − 11ᵀ/n. All are NaN if a number of
// gram is. It destroys gram.
//
// The reflection P takes the unit vector 1/√n to the last coordinate, up to its sign, so that PHP leaves that one out: HGH has the eigenvalues of
// PGP without its last row and column, and 0. Householder's reflections of PGP leave the last coordinate where it is, so that one tridiagonal
// matrix has both.
func (f *Fisher) spectra(gram []float64, n int) (whole, centred []float64) {
	for _, v := range gram {
		if v-v != 0 {
			nan := slices.Repeat([]float64{math.NaN()}, f.K)
			return nan, nan
		}
	}
	root := 1 / math.Sqrt(float64(n))
	u := slices.Repeat([]float64{root}, n)
	u[n-1]++
	mirror(gram, n, u, make([]float64, n), 1+root)
	diagonal, beside := make([]float64, n), make([]float64, n)
	householder(diagonal, beside, gram, n)
	first, besideFirst := append(slices.Clone(diagonal[:n-1]), 0), append(slices.Clone(beside[:max(n-2, 0)]), 0, 0)[:n]
	return f.largest(diagonal, beside), f.largest(first, besideFirst)
}

// largest returns the K largest eigenvalues of a tridiagonal matrix, over their number, in descending order; NaN if they are not found.
func (f *Fisher) largest(diagonal, beside []float64) (values []float64) {
	n := len(diagonal)
	ok := tridiagonal(diagonal, beside)
	for k := range f.K {
		v := math.NaN()
		if ok {
			v = diagonal[n-1-k] / float64(n)
		}
		values = append(values, v)
	}
	return values
}
