package optim_test

import (
	"fmt"

	"msharp/harness/optim"
)

// A loss of one's own is a closure, here a least-squares line; SAM on Adam steps it down.
func Example() {
	x, y := []float64{0, 1, 2, 3}, []float64{1, 3, 5, 7}
	loss := optim.Closure(func(g, w []float32) (loss float64) {
		clear(g)
		for i := range x {
			miss := float64(w[0])*x[i] + float64(w[1]) - y[i]
			loss += miss * miss / 2
			g[0] += float32(miss * x[i])
			g[1] += float32(miss)
		}
		return loss
	})
	w := make([]float32, 2)
	step := optim.NewSAM(optim.NewAdam()).New(len(w))
	for i := range 2000 {
		clean, perturbed := step.Step(w, loss, .01)
		if i == 0 {
			fmt.Printf("the loss is %.0f, and higher uphill: %v\n", clean, perturbed > clean)
		}
	}
	fmt.Printf("y = %.1f x + %.1f\n", w[0], w[1])
	// Output:
	// the loss is 42, and higher uphill: true
	// y = 2.0 x + 1.0
}
