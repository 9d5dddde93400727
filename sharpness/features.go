package sharpness

import (
	"math"
	"math/rand/v2"

	"msharp/models/kernel"
)

var _ = Table.Add("features", func() Measure { return &Features{} })

var (
	_ Coster = (*Features)(nil)
	_ Needer = (*Features)(nil)
)

// Features is what the last hidden layer makes of the training split (Andriushchenko et al. 2023, arXiv:2305.16292). feature_rank is how many
// principal components hold 99 % of the variance of its activations over examples: the least k with λ₁ + … + λ_k ≥ .99 tr C, with λ the
// eigenvalues of their covariance C. It is of the first 2048 examples at most, and 0 where all are alike. active_share is the share of pairs of an
// example and a unit whose activation is above 0. Of a network without hidden layer both are of its input. They take a forward pass over the training
// split and an eigenvalue problem of the size of the layer, or of the examples where these are fewer.
type Features struct{}

func (*Features) Columns() []Column {
	return []Column{
		{"feature_rank", nil, Rival, "feature rank"},
		{"active_share", nil, Rival, "share of active units"},
	}
}

func (*Features) Need() Need { return Need{Responses: true, Features: mostExamples} }

func (*Features) Cost(int, int) Cost { return Cost{Forward: 1} }

func (*Features) Of(l Landscape, _ *rand.Rand) ([]float64, error) {
	n := min(l.Examples(), mostExamples)
	var all kernel.Mat // n × features
	var active, units float64
	i := 0
	l.Responses(l.W(), func(_, features []float32, _ int) {
		if all.Data == nil {
			all = kernel.New(n, len(features))
		}
		if i < n {
			copy(all.Row(i), features)
		}
		for _, v := range features {
			switch {
			case v > 0:
				active++
			case v != v:
				active = math.NaN()
			}
		}
		units += float64(len(features))
		i++
	})
	return []float64{rank(all, .99), active / units}, nil
}

// rank returns how many principal components hold that share of the variance of x's rows. It destroys x.
func rank(x kernel.Mat, share float64) float64 {
	if x.Rows == 0 {
		return math.NaN()
	}
	mean, square := make([]float64, x.Cols), 0.
	for i := range x.Rows {
		for j, v := range x.Row(i) {
			mean[j] += float64(v) / float64(x.Rows)
			square += float64(float64(v) * float64(v))
		}
	}
	for i := range x.Rows {
		row := x.Row(i)
		for j := range row {
			row[j] = float32(float64(row[j]) - mean[j])
		}
	}
	k := min(x.Rows, x.Cols)
	narrow := kernel.New(k, k)
	if x.Cols <= x.Rows {
		kernel.MulTN(narrow, x, x, false)
	} else {
		kernel.Gram(narrow, x)
	}
	c := make([]float64, k*k)
	for i := range k {
		for j := range i + 1 {
			c[i*k+j] = float64(narrow.Row(i)[j])
		}
	}
	values, ok := eigenvalues(c, k)
	if !ok {
		return math.NaN()
	}
	var all, sum float64
	for _, v := range values {
		all += max(v, 0)
	}
	if all <= 1e-12*square { // rounding
		return 0
	}
	count := 0
	for i := k - 1; i >= 0 && sum < float64(share*all); i-- {
		sum += max(values[i], 0)
		count++
	}
	return float64(count)
}
