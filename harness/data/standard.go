package data

import (
	"fmt"
	"math"

	"msharp/models"
	"msharp/models/kernel"
)

// scale holds the mean and the deviation that center and divide every channel. Value j of an example belongs to channel j mod C.
type scale struct{ mean, sd []float64 }

// fit returns the mean and the population standard deviation of each channel over the given examples, with 1 in place of a deviation of
// zero. Sums start from the first example, so that a channel that does not vary has deviation exactly zero. Products are rounded before they
// are added, so that every platform gets the same.
func (s *Source) fit(examples []int) scale {
	c := s.Shape.C
	first, x := make([]float64, s.Shape.Size()), make([]float64, s.Shape.Size())
	sc := scale{make([]float64, c), make([]float64, c)}
	per := float64(len(examples) * s.Shape.H * s.Shape.W) // values a channel
	s.row(first, examples[0])
	for _, i := range examples {
		s.row(x, i)
		for j := 0; j < len(x); j += c {
			for k, v := range x[j : j+c] {
				sc.mean[k] += v - first[k]
			}
		}
	}
	for k := range sc.mean {
		sc.mean[k] = first[k] + sc.mean[k]/per
	}
	for _, i := range examples {
		s.row(x, i)
		for j := 0; j < len(x); j += c {
			for k, v := range x[j : j+c] {
				d := v - sc.mean[k]
				sc.sd[k] += float64(d * d)
			}
		}
	}
	for k, sum := range sc.sd {
		if sc.sd[k] = math.Sqrt(sum / per); sc.sd[k] == 0 {
			sc.sd[k] = 1
		}
	}
	return sc
}

// batch returns the given examples, standardised, with their true labels. It returns an error if a value does not fit a float32: nothing can
// be learned from an example so far from the training examples.
func (s *Source) batch(examples []int, sc scale) (models.Batch, error) {
	c, x := s.Shape.C, make([]float64, s.Shape.Size())
	b := models.Batch{X: kernel.New(len(examples), len(x)), Y: make([]int, len(examples))}
	for n, i := range examples {
		s.row(x, i)
		row := b.X.Row(n)
		for j := 0; j < len(x); j += c {
			for k, v := range x[j : j+c] {
				z := (v - sc.mean[k]) / sc.sd[k]
				if math.Abs(z) > math.MaxFloat32 {
					return b, fmt.Errorf("value %g of channel %d is %.3g standard deviations from the training mean %g; expected less than 1e38", v, k, z, sc.mean[k])
				}
				row[j+k] = float32(z)
			}
		}
		b.Y[n] = s.label(i)
	}
	return b, nil
}

func (s *Source) row(dst []float64, i int) {
	e, j := s.at(i)
	e.Row(dst, j)
}
