package models_test

import (
	"fmt"

	"msharp/models"
	"msharp/models/ascent"
	"msharp/models/kernel"
	"msharp/models/rng"
)

// A network learns exclusive or by m-SAM with m = 1: each example's gradient is taken at that example's own ascent point.
func Example() {
	net, err := (&models.MLP{Hidden: []int{8}, Activation: "tanh"}).Build(models.Shape{C: 2, H: 1, W: 1}, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	x := kernel.New(4, 2)
	for i, row := range [][]float32{{0, 0}, {0, 1}, {1, 0}, {1, 1}} {
		copy(x.Row(i), row)
	}
	loss := net.On(models.Batch{X: x, Y: []int{0, 1, 1, 0}}) // a function of the weights

	w := net.Init(rng.Stream(1, "init"))
	g := make([]float32, net.Dim())
	var clean, perturbed float64
	for range 500 {
		clean, perturbed = loss.AscentGrad(g, w, ascent.Rule{Rho: .05, M: 1})
		for i := range w {
			w[i] -= .5 * g[i]
		}
	}
	_, errors := loss.Loss(w)
	fmt.Println(net.Dim(), "weights,", errors, "errors; the loss is higher at the ascent points:", perturbed > clean)
	// Output: 42 weights, 0 errors; the loss is higher at the ascent points: true
}
