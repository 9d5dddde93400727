package main

import (
	"math/rand/v2"
	"time"

	"msharp/models/kernel"
)

// Gemm is the speed of one product, c (m × n) = a (m × k) · b (k × n).
type Gemm struct {
	M      int     `json:"m"`
	N      int     `json:"n"`
	K      int     `json:"k"`
	GFLOPS float64 `json:"gflops"`
	Share  float64 `json:"share"` // of the peak, measured in alternation
}

// peakRounds of kernel.Peak take about half a millisecond.
const peakRounds = 1 << 17

func peak() float64 {
	var flops float64
	t := medians(50, 200*time.Millisecond, func() { flops = kernel.Peak(peakRounds) })
	return flops / t[0] / 1e9
}

func gemms() (all []Gemm) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, s := range [][3]int{{128, 256, 784}, {128, 128, 256}, {256, 784, 128}, {4, 256, 784}, {25088, 32, 144}, {512, 512, 512}, {1, 256, 784}} {
		m, n, k := s[0], s[1], s[2]
		a, b, c := filled(r, m, k), filled(r, k, n), kernel.Padded(m, n)
		var flops float64
		t := medians(20, 400*time.Millisecond, func() { kernel.MulNN(c, a, b, false) }, func() { flops = kernel.Peak(peakRounds) })
		g := 2 * float64(m*n*k) / t[0] / 1e9
		all = append(all, Gemm{m, n, k, g, g / (flops / t[1] / 1e9)})
	}
	return all
}

func filled(r *rand.Rand, rows, cols int) kernel.Mat {
	m := kernel.Padded(rows, cols)
	for i := range rows {
		for j := range cols {
			m.Row(i)[j] = float32(r.NormFloat64())
		}
	}
	return m
}
