package stats_test

import (
	"fmt"

	"msharp/harness/stats"
)

// Is SAM better than SGD? Test errors of six seeds, in percent, compared seed by seed.
func Example() {
	sgd := []float64{8.1, 7.6, 8.4, 7.9, 8.8, 8.0}
	sam := []float64{7.2, 7.1, 7.9, 7.3, 7.7, 7.6}
	var better []float64
	for seed := range sgd {
		better = append(better, sgd[seed]-sam[seed])
	}
	d := stats.TestZero(better, .95)
	fmt.Printf("better by %.2f points, 95 %% interval [%.2f, %.2f], %d seeds, t test p = %.4f\n", d.Mean, d.Low, d.High, d.N, d.P)

	// Without the assumption of a normal distribution: the smallest p of six seeds is 1/64.
	fmt.Printf("sign flips: p = %.4f\n", stats.SignFlip(better).Greater)

	// With a second claim of p = .04 beside it.
	fmt.Printf("after Holm: %.4f\n", stats.Holm([]float64{stats.SignFlip(better).Greater, .04}))
	// Output:
	// better by 0.67 points, 95 % interval [0.38, 0.95], 6 seeds, t test p = 0.0019
	// sign flips: p = 0.0156
	// after Holm: [0.0312 0.0400]
}

// Does a measure rank five models as their test errors do, and does it still among models of equal width?
func ExamplePartialTau() {
	measure := []float64{.10, .20, .15, .40, .30}
	errors := []float64{5.0, 5.5, 6.0, 7.5, 7.0}
	width := []float64{16, 16, 32, 32, 32}
	fmt.Printf("τ-b %.2f, at equal width %.2f\n", stats.TauB(measure, errors), stats.PartialTau(measure, errors, width))
	// Output: τ-b 0.80, at equal width 0.74
}
