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
	d := stats.MeanT(better, .95)
	fmt.Printf("better by %.2f points, 95 %% interval [%.2f, %.2f], %d seeds\n", d.Mean, d.Low, d.High, d.N)

	// Without the assumption of a normal distribution: the smallest p of six seeds is 1/64.
	fmt.Printf("sign flips: p = %.4f\n", stats.SignFlip(better).Greater)

	// With a second claim of p = .04 beside it.
	fmt.Printf("after Holm: %.4f\n", stats.Holm([]float64{stats.SignFlip(better).Greater, .04}))
	// Output:
	// better by 0.67 points, 95 % interval [0.38, 0.95], 6 seeds
	// sign flips: p = 0.0156
	// after Holm: [0.0312 0.0400]
}

// How much better is SAM, where all seeds are tested on the same images? The difference of each of four seeds, and the mean over them without
// each of five blocks of images.
func ExampleCrossedT() {
	bySeed := []float64{.9, .5, .7, .7}
	without := []float64{.66, .75, .70, .64, .75}
	c := stats.CrossedT(bySeed, without)
	i := c.Interval(.95)
	fmt.Printf("%.2f [%.2f, %.2f], ν = %.1f, p = %.4f\n", c.Value, i.Low, i.High, c.Nu, c.Greater())
	seeds := stats.MeanT(bySeed, .95)
	fmt.Printf("given these images [%.2f, %.2f]\n", seeds.Low, seeds.High)
	// Output:
	// 0.70 [0.41, 0.99], ν = 7.0, p = 0.0004
	// given these images [0.44, 0.96]
}
