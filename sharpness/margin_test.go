package sharpness

import (
	"math"
	"slices"
	"testing"
)

// answers is a network's responses to examples; the first number of each is the label.
type answers struct {
	bowls
	logits, features [][]float32
}

func (a answers) Examples() int { return len(a.logits) }
func (a answers) Responses(_ []float32, visit func(logits, features []float32, label int)) {
	for i, z := range a.logits {
		var features []float32
		if i < len(a.features) {
			features = a.features[i]
		}
		visit(z[1:], features, int(z[0]))
	}
}

// Of eleven margins −5 … 5, by hand; a label's own logit never counts as another's.
func TestMarginByHand(t *testing.T) {
	var a answers
	for i := range 11 {
		m := float32((i*7)%11 - 5)
		z := []float32{float32(i % 3), -9, -9, -9}
		z[1+i%3], z[1+(i+1)%3] = m+2, 2
		a.logits = append(a.logits, z)
	}
	got := of(t, &Margin{Q: []float64{.01, .1, .5, 1}}, a)
	if want := []float64{-5, -4, 0, 5}; !slices.Equal(got, want) { // the first, second, sixth and last of eleven
		t.Errorf("margins %v, want %v", got, want)
	}
	a.logits[3][2] = float32(math.NaN())
	if got := of(t, &Margin{Q: []float64{.1}}, a); !math.IsNaN(got[0]) {
		t.Errorf("the margin beside a NaN is %v", got[0])
	}
}
