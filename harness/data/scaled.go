package data

import (
	"fmt"
	"math"
	"strconv"

	"msharp/models"
	"msharp/models/kernel"
	"msharp/models/kind"
)

// The parts of a data set, as its files divide it.
const (
	TrainPart = "train" // Source.Pool
	TestPart  = "test"  // Source.Test
)

// Unit is what PyTorch's users divide the values by before anything else: 255 for images, as torchvision's ToTensor does, 1 for others.
func (s *Source) Unit() float64 {
	if s.Shape.H*s.Shape.W > 1 {
		return 255
	}
	return 1
}

// PartLen returns how many examples Scaled gives. The error is a *kind.Error whose Key is "split" or "examples".
func (s *Source) PartLen(part string, n int) (int, error) {
	from := s.partOf(part)
	switch {
	case from == nil:
		return 0, &kind.Error{Key: "split", Value: part, Problem: "the data set has no test examples of its own", Expected: TrainPart}
	case n > from.Len():
		expected := fmt.Sprintf("at most %d, or 0 for all", from.Len())
		return 0, &kind.Error{Key: "examples", Value: strconv.Itoa(n), Problem: "more examples than there are", Expected: expected}
	case n == 0:
		return from.Len(), nil
	}
	return n, nil
}

func (s *Source) partOf(name string) Examples {
	if name == TestPart {
		return s.Test
	}
	return s.Pool
}

// Scaled returns the first n examples of a part in file order, all of them for n = 0, scaled as PyTorch's users scale them:
// (x/Unit − mean)/std by channel, each operation rounded to float32. A mean or a std of one number holds for all channels. The error is
// PartLen's, a *kind.Error whose Key is "mean" or "std", or says which value does not fit a float32.
func (s *Source) Scaled(part string, n int, mean, std []float64) (b models.Batch, err error) {
	if n, err = s.PartLen(part, n); err != nil {
		return b, err
	}
	from := s.partOf(part)
	center, err := s.channels("mean", mean)
	if err != nil {
		return b, err
	}
	spread, err := s.channels("std", std)
	if err != nil {
		return b, err
	}
	unit, x := float32(s.Unit()), make([]float64, s.Shape.Size())
	b = models.Batch{X: kernel.New(n, len(x)), Y: make([]int, n)}
	for i := range n {
		from.Row(x, i)
		row := b.X.Row(i)
		for j, v := range x {
			c := j % s.Shape.C
			z := float32(v) / unit
			z -= center[c]
			z /= spread[c]
			if math.IsNaN(float64(z)) || math.IsInf(float64(z), 0) {
				return b, fmt.Errorf("example %d: value %g of channel %d, scaled, is beyond a float32", i, v, c)
			}
			row[j] = z
		}
		b.Y[i] = from.Label(i)
	}
	return b, nil
}

// channels returns one number a channel.
func (s *Source) channels(key string, given []float64) ([]float32, error) {
	if n := len(given); n != 1 && n != s.Shape.C {
		expected := fmt.Sprintf("one, or one for each of %d channels", s.Shape.C)
		return nil, &kind.Error{Key: key, Value: fmt.Sprint(given), Problem: fmt.Sprintf("%d numbers", n), Expected: expected}
	}
	all := make([]float32, s.Shape.C)
	for c := range all {
		v := given[c%len(given)]
		if all[c] = float32(v); math.IsInf(float64(all[c]), 0) || key == "std" && v != 0 && all[c] == 0 {
			return nil, &kind.Error{Key: key, Value: fmt.Sprint(v), Problem: "beyond a float32", Expected: "a number that a float32 holds"}
		}
	}
	return all, nil
}
