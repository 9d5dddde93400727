package data_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"msharp/harness/data"
	"msharp/models"
	"msharp/models/kind"
)

// scaledSource is images of 1 × 3 pixels and two channels, the data set's own test the first ten.
func scaledSource() *data.Source {
	return &data.Source{Shape: models.Shape{C: 2, H: 1, W: 3}, Classes: 2, Pool: numbers(20), Test: numbers(10)}
}

// Values are (x/255 − mean)/std, in file order.
func TestScaled(t *testing.T) {
	s := scaledSource()
	for _, c := range []struct {
		part      string
		n, want   int
		mean, std []float64
	}{
		{data.TrainPart, 0, 20, []float64{.5}, []float64{.25}},
		{data.TestPart, 0, 10, []float64{.1, .2}, []float64{2, 3}},
		{data.TrainPart, 7, 7, []float64{0, -1}, []float64{1}},
	} {
		b, err := s.Scaled(c.part, c.n, c.mean, c.std)
		if n, err := s.PartLen(c.part, c.n); n != c.want || err != nil {
			t.Errorf("%+v: %d examples, error %v", c, n, err)
		}
		if err != nil || b.Len() != c.want {
			t.Fatal(c, b.Len(), err)
		}
		x := make([]float64, 6)
		for i := range c.want {
			numbers(0).Row(x, i)
			for j, v := range x {
				mean, std := c.mean[min(j%2, len(c.mean)-1)], c.std[min(j%2, len(c.std)-1)]
				if want := (v/255 - mean) / std; !(math.Abs(float64(b.X.Row(i)[j])-want) <= 1e-6*(1+math.Abs(want))) {
					t.Errorf("%+v: value %d of example %d is %v, want %v", c, j, i, b.X.Row(i)[j], want)
				}
			}
			if b.Y[i] != i%2 {
				t.Errorf("label of example %d is %d", i, b.Y[i])
			}
		}
	}
}

// Scaled by what a Set says of its training examples, all of them are those of the Set but for their order.
func TestScaledIsStandardised(t *testing.T) {
	s := scaledSource()
	set, err := s.Draw(data.Split{Train: 20}, 1)
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Scaled(data.TrainPart, 0, set.Mean, set.Std)
	if err != nil {
		t.Fatal(err)
	}
	for j := range 6 {
		var got, want []float64
		for i := range 20 {
			got, want = append(got, float64(b.X.Row(i)[j])), append(want, float64(set.Train.X.Row(i)[j]))
		}
		slices.Sort(got)
		slices.Sort(want)
		for i := range got {
			if !(math.Abs(got[i]-want[i]) <= 1e-5) {
				t.Errorf("value %d: %v, want %v", j, got[i], want[i])
			}
		}
	}
}

func TestTablesAreScaledAsTheyAre(t *testing.T) {
	s := &data.Source{Shape: models.Shape{C: 6, H: 1, W: 1}, Classes: 2, Pool: numbers(3)}
	if b, err := s.Scaled(data.TrainPart, 0, []float64{1}, []float64{2}); err != nil || b.X.Row(2)[2] != 1.5 {
		t.Error(b.X, err)
	}
}

func TestScaledRefuses(t *testing.T) {
	one := []float64{1}
	alone := scaledSource()
	alone.Test = nil
	for want, scale := range map[string]func() (models.Batch, error){
		"split = test: the data set has no test examples of its own; expected train":     func() (models.Batch, error) { return alone.Scaled(data.TestPart, 0, one, one) },
		"examples = 21: more examples than there are; expected at most 20, or 0 for all": func() (models.Batch, error) { return alone.Scaled(data.TrainPart, 21, one, one) },
		"mean = [1 2 3]: 3 numbers; expected one, or one for each of 2 channels":         func() (models.Batch, error) { return alone.Scaled(data.TrainPart, 0, []float64{1, 2, 3}, one) },
		"std = []: 0 numbers; expected one, or one for each of 2 channels":               func() (models.Batch, error) { return alone.Scaled(data.TrainPart, 0, one, nil) },
		"mean = 1e+300: beyond a float32; expected a number that a float32 holds":        func() (models.Batch, error) { return alone.Scaled(data.TrainPart, 0, []float64{1, 1e300}, one) },
		"std = 1e-60: beyond a float32; expected a number that a float32 holds":          func() (models.Batch, error) { return alone.Scaled(data.TrainPart, 0, one, []float64{1e-60}) },
		"example 0: value 0.1 of channel 1, scaled, is beyond a float32":                 func() (models.Batch, error) { return alone.Scaled(data.TrainPart, 2, []float64{0}, []float64{1e-42}) },
	} {
		if _, err := scale(); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		} else if e := new(kind.Error); want[0] != 'e' && !errors.As(err, &e) {
			t.Errorf("%v is no *kind.Error", err)
		}
	}
}
