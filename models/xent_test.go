package models

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"msharp/models/kernel"
)

// entropy returns what crossEntropy makes of logits.
func entropy(z kernel.Mat, y []int, scale float64) (loss []float64, predicted []int, dz kernel.Mat) {
	loss, predicted, dz = make([]float64, z.Rows), make([]int, z.Rows), kernel.New(z.Rows, z.Cols)
	crossEntropy(loss, predicted, dz, z, y, scale, &kernel.Scratch{})
	return loss, predicted, dz
}

// However well an example is fitted, its loss and the gradient at its label keep their relative accuracy, down to where a float32 ends.
func TestCrossEntropyAtAFittedMinimum(t *testing.T) {
	for _, gap := range []float32{0, .5, 3, 16, 17.5, 40, 80} {
		for _, y := range []int{0, 1} {
			loss, predicted, dz := entropy(kernel.View(1, 3, []float32{gap, 0, 0}), []int{y}, 1)
			rest := 2 * math.Exp(-float64(gap))
			want, slope := math.Log1p(rest), -rest/(1+rest)
			if y == 1 {
				want += float64(gap)
				slope = -(1 + rest/2) / (1 + rest)
			}
			if predicted[0] != 0 || !(math.Abs(loss[0]-want) <= 1e-14*want) {
				t.Errorf("label %d, %v below the top: loss %v, want %v", y, gap, loss[0], want)
			}
			if got := float64(dz.Data[y]); !(math.Abs(got-slope) <= 1e-7*math.Abs(slope)) {
				t.Errorf("label %d, %v below the top: gradient %v, want %v", y, gap, got, slope)
			}
		}
	}
}

// A row has the same loss and gradient to the bit whatever rows are around it, without a gradient asked for too.
func TestCrossEntropyRowByRow(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, classes := range []int{1, 2, 3, 10, 100, 2000} {
		rows := 1 + 3*blockLogits/classes
		z, y := random(r, rows, classes), make([]int, rows)
		for i := range y {
			y[i] = r.IntN(classes)
		}
		loss, predicted, dz := entropy(z, y, .25)
		alone := make([]float64, rows)
		crossEntropy(alone, predicted, kernel.Mat{}, z, y, 0, &kernel.Scratch{})
		if !slices.Equal(alone, loss) {
			t.Errorf("%d classes: losses without gradients differ", classes)
		}
		for i := range rows {
			l, p, d := entropy(z.Slice(i, i+1), y[i:i+1], .25)
			if l[0] != loss[i] || p[0] != predicted[i] || !slices.Equal(d.Data, dz.Row(i)) {
				t.Fatalf("%d classes: row %d of %d differs by itself", classes, i, rows)
			}
		}
	}
}

// A NaN or an infinite logit is seen in the loss; −∞ is a class of probability 0.
func TestCrossEntropyOfWhatIsNotFinite(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, c := range []struct {
		row    []float32
		y      int
		finite bool
	}{
		{[]float32{nan, 0, 1}, 0, false}, {[]float32{0, nan, 1}, 0, false}, {[]float32{0, 1, nan}, 1, false},
		{[]float32{inf, 0, 1}, 0, false}, {[]float32{0, inf, 1}, 0, false}, {[]float32{-inf, -inf, -inf}, 0, false},
		{[]float32{-inf, 0, 1}, 0, false}, {[]float32{-inf, 0, 1}, 1, true}, {[]float32{nan}, 0, false}, {[]float32{inf}, 0, false}, {[]float32{7}, 0, true},
		{[]float32{3e38, -3e38, 0}, 0, true}, {[]float32{3e38, -3e38, 0}, 1, true},
	} {
		loss, _, dz := entropy(kernel.View(1, len(c.row), c.row), []int{c.y}, 1)
		at := fmt.Sprintf("logits %v, label %d", c.row, c.y)
		if finite := loss[0]-loss[0] == 0; finite != c.finite {
			t.Errorf("%s: loss %v", at, loss[0])
		}
		if c.finite && !kernel.Finite(dz.Data) {
			t.Errorf("%s: gradient %v", at, dz.Data)
		}
	}
}

// Predict gives the classes that Eval gives, of what is not finite too.
func TestPredict(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	n, err := NewNet(Shape{3, 1, 1}, 4, Dense{4, 1})
	if err != nil {
		t.Fatal(err)
	}
	w := n.Init(r)
	b := Batch{random(r, 50, 3), make([]int, 50)}
	nan := float32(math.NaN())
	copy(b.X.Data, []float32{nan, 1, 1, float32(math.Inf(1)), 0, 0, 0, 0, 0})
	w[len(w)-1] = w[len(w)-4]
	p := n.On(b)
	_, want := p.Eval(w)
	want = slices.Clone(want)
	if got := p.Predict(w); !slices.Equal(got, want) {
		t.Errorf("predicted %v, Eval %v", got, want)
	}
	if got := testing.AllocsPerRun(10, func() { p.Predict(w) }); got > 0 {
		t.Errorf("%v allocations", got)
	}
}
