package sharpness

import (
	"math"
	"math/rand/v2"

	"msharp/models/elementary"
	"msharp/models/kernel"
)

var _ = Table.Add("layers", func() Measure { return &Layers{} })

var (
	_ Coster = (*Layers)(nil)
	_ Needer = (*Layers)(nil)
)

// Layers is norms of the weights by layer, without biases, as in Jiang et al. 2019, arXiv:1912.02178, and Dziugaite et al. 2020,
// arXiv:2010.11924. With W_l the weights of layer l at the solution, and W⁰_l at the start of training:
//
//	frobenius_sum      Σ_l ‖W_l‖_F²          frobenius_logprod  Σ_l log ‖W_l‖_F²
//	spectral_sum       Σ_l ‖W_l‖₂²           spectral_logprod   Σ_l log ‖W_l‖₂²
//	stable_rank        Σ_l ‖W_l‖_F²/‖W_l‖₂²  spectral_distance  Σ_l ‖W_l − W⁰_l‖₂²
//
// ‖W‖₂ is the largest singular value, of a convolution that of its kernel as a matrix, a row for each place and input channel, a column for each
// output channel, which is not that of the convolution. It is from at most 100 steps of the Lanczos iteration from a random vector on WᵀW, or WWᵀ
// where that is smaller: exact up to rounding where that has no more rows, else a lower estimate, of random matrices a few parts in
// 10,000 low. Where a layer's weights are all zero, logarithms of products and the stable rank are NaN. No example is looked at.
type Layers struct{}

func (*Layers) Columns() []Column {
	return []Column{
		{"frobenius_sum", nil, Rival, "Frobenius norms, sum"},
		{"frobenius_logprod", nil, Rival, "Frobenius norms, log product"},
		{"spectral_sum", nil, Rival, "spectral norms, sum"},
		{"spectral_logprod", nil, Rival, "spectral norms, log product"},
		{"stable_rank", nil, Rival, "stable ranks, sum"},
		{"spectral_distance", nil, Rival, "spectral distances, sum"},
	}
}

// Need is less than a byte a weight: a basis of 100 vectors as long as the shorter side of one layer's matrix.
func (*Layers) Need() Need { return Need{} }

func (*Layers) Cost(int, int) Cost { return Cost{} }

func (*Layers) Of(l Landscape, r *rand.Rand) ([]float64, error) {
	var frobenius, logFrobenius, spectral, logSpectral, ranks, distances float64
	w, init := l.W(), l.Init()
	for _, a := range l.Arrays() {
		size := a.Size()
		of, from := w[:size], init[:size]
		w, init = w[size:], init[size:]
		if a.Bias || size == 0 {
			continue
		}
		rows, cols := a.Rows, a.Cols
		full := kernel.Dot(of, of)
		z := newSpectral(rows, cols)
		two, err := z.squared(r, func(row []float32, i int) { copy(row, of[i*cols:]) })
		if err != nil {
			return nil, err
		}
		away, err := z.squared(r, func(row []float32, i int) {
			for j := range row {
				row[j] = of[i*cols+j] - from[i*cols+j]
			}
		})
		if err != nil {
			return nil, err
		}
		frobenius, spectral, distances = frobenius+full, spectral+two, distances+away
		if full > 0 && two > 0 {
			logFrobenius += elementary.Log(full)
			logSpectral += elementary.Log(two)
			ranks += full / two
		} else {
			logFrobenius, logSpectral, ranks = math.NaN(), math.NaN(), math.NaN()
		}
	}
	return []float64{frobenius, logFrobenius, spectral, logSpectral, ranks, distances}, nil
}

// spectral is room for the spectral norm of a rows × cols matrix.
type spectral struct {
	rows, cols int
	*lanczos
	row, long []float32
}

func newSpectral(rows, cols int) spectral {
	return spectral{rows, cols, newLanczos(min(rows, cols), 100), make([]float32, cols), make([]float32, cols)}
}

// squared returns ‖A‖₂² of the matrix A whose i-th row is what fill writes.
func (z spectral) squared(r *rand.Rand, fill func(row []float32, i int)) (float64, error) {
	k, err := z.run(func(hv, v []float32) error {
		if z.cols <= z.rows { // AᵀAv
			clear(hv)
			for i := range z.rows {
				fill(z.row, i)
				kernel.Axpy(hv, kernel.Dot(z.row, v), z.row)
			}
			return nil
		}
		clear(z.long)
		for i := range z.rows { // AAᵀv
			fill(z.row, i)
			kernel.Axpy(z.long, float64(v[i]), z.row)
		}
		for i := range z.rows {
			fill(z.row, i)
			hv[i] = float32(kernel.Dot(z.row, z.long))
		}
		return nil
	}, r)
	if err != nil {
		return 0, err
	}
	all := k.values()
	return max(all[len(all)-1].value, 0), nil // NaN stays
}
