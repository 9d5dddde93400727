package sharpness

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"msharp/models/kind"
)

var _ = Table.Add("fisher", func() Measure { return &Fisher{K: 5} })

var (
	_ Coster = (*Fisher)(nil)
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
// ⟨g_i, g_j⟩ and H = I − 11ᵀ/n (Thomas et al. 2020, arXiv:1906.07774, compare F, V and the Hessian). They are exact up to rounding. It
// takes a gradient over the training split, or several where the gradients of n examples do not fit into 32 MB and are formed again, n²/2
// products of gradients, and two eigenvalue problems of size n, which are most of its time and not needed where K is 0.
type Fisher struct {
	K      int `yaml:"k" in:"[0,2048]"`      // eigenvalues of each, from the largest on; 0 is the traces alone
	Subset int `yaml:"subset" in:"[0,2048]"` // takes this many training examples, from the first on, for all; 0 takes all of them
}

// Fits refuses more examples than have their eigenvalues in reasonable time, and more than there are.
func (f *Fisher) Fits(examples int) error {
	most := min(examples, mostExamples)
	switch n := f.examples(examples); {
	case n > examples:
		return &kind.Error{Key: "subset", Value: strconv.Itoa(f.Subset), Problem: "larger than the training split", Expected: fmt.Sprintf("at most %d", examples)}
	case n > mostExamples:
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
	for _, m := range []struct{ name, title string }{{"fisher", "the Fisher matrix"}, {"gradcov", "the gradient covariance"}} {
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

// Need is the products and a copy of them.
func (f *Fisher) Need() Need {
	return Need{Examples: f.examples(-1), PairBytes: 2 * 8}
}

// Cost has the gradients formed once.
func (f *Fisher) Cost(examples, _ int) Cost {
	return Cost{Gradients: float64(f.examples(examples)) / float64(examples)}
}

func (f *Fisher) Of(l Landscape, _ *rand.Rand) (values []float64, err error) {
	n := f.examples(l.Examples())
	gram := make([]float64, n*n)
	l.ExampleProducts(gram, l.W(), n)
	values = append(values, f.spectrum(slices.Clone(gram), n)...)
	centre(gram, n)
	return append(values, f.spectrum(gram, n)...), nil
}

// spectrum returns the trace of gram/n, n × n and symmetric, and its K largest eigenvalues. All are NaN if a number of gram is. It destroys
// gram.
func (f *Fisher) spectrum(gram []float64, n int) (values []float64) {
	var trace float64
	for i := range n {
		trace += gram[i*n+i]
	}
	if f.K == 0 {
		return []float64{trace / float64(n)}
	}
	all, ok := eigenvalues(gram, n)
	if !ok {
		return slices.Repeat([]float64{math.NaN()}, 1+f.K)
	}
	values = append(values, trace/float64(n))
	for k := range f.K {
		values = append(values, all[n-1-k]/float64(n))
	}
	return values
}

// centre takes the mean gradient from each gradient: it replaces G, n × n, by HGH with H = I − 11ᵀ/n.
func centre(gram []float64, n int) {
	mean, all := make([]float64, n), 0.
	for i := range n {
		for _, v := range gram[i*n : (i+1)*n] {
			mean[i] += v
		}
		mean[i] /= float64(n)
		all += mean[i]
	}
	all /= float64(n)
	for i := range n {
		for j := range n {
			gram[i*n+j] = gram[i*n+j] - (mean[i] + mean[j]) + all // symmetric to the bit
		}
	}
}
