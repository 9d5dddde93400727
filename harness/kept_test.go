package harness

import (
	"slices"
	"testing"

	"msharp/models"
)

// Products with the Hessian have the bits that they have without kept passes, wherever the weights move to in place, and whatever is asked in
// between; a network of convolutions, or a split too large, keeps none.
func TestKeptPassesLeaveTheBits(t *testing.T) {
	for _, c := range []struct {
		name string
		l    *landscape
		keep bool
	}{
		{"one chunk", land(t, 100, mlp, models.Shape{C: 6, H: 1, W: 1}), true},
		{"three chunks", land(t, 700, &models.MLP{Hidden: []int{9, 8}, Activation: "tanh"}, models.Shape{C: 6, H: 1, W: 1}), true},
		{"convolutions", land(t, 300, cnn, models.Shape{C: 2, H: 6, W: 6}), false},
		{"too large", land(t, 5000, &models.MLP{Hidden: []int{1000}, Activation: "relu"}, models.Shape{C: 6, H: 1, W: 1}), false},
	} {
		l, n := c.l, len(c.l.w)
		got, want, v := make([]float32, n), make([]float32, n), slices.Clone(l.w)
		for range 2 {
			for range 2 {
				alone := &landscape{split: newSplit(l.net, l.batch), w: l.w}
				if err := alone.product(want, func(_ int, hv []float32) { alone.problem.HessVec(hv, l.w, v) }); err != nil {
					t.Fatal(err)
				}
				if err := l.HessVec(got, l.w, v); err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: other bits", c.name)
				}
				copy(v, got)
				l.Grad(got, v)
				l.Part(3, 60).HessVec(got, l.w, v) // which has passes of its own
				l.GaussNewtonVec(got, v, l.w)
			}
			for i := range l.w {
				l.w[i] += .01
			}
		}
		if c.keep != (l.kept != nil) {
			t.Errorf("%s: passes kept: %v", c.name, l.kept != nil)
		}
		if l.forget(); l.kept != nil {
			t.Errorf("%s: passes are still kept", c.name)
		}
	}
}
