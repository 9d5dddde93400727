package main

import (
	"math/rand/v2"
	"time"

	"msharp/models"
	"msharp/models/kernel"
)

// Gemm is the speed of one product, c (m × n) = a (m × k) · b (k × n), as the networks call it: op nn is a dense layer's forward pass,
// tn the gradient of its weights, conv the forward pass of a convolution of 128 images, one after the other, through their patches.
type Gemm struct {
	Op         string  `json:"op"`
	M          int     `json:"m"`
	N          int     `json:"n"`
	K          int     `json:"k"`
	GFLOPS     float64 `json:"gflops"`
	FastGFLOPS float64 `json:"fast_gflops"` // of the best decile
	Share      float64 `json:"share"`       // of the peak, measured in alternation
	FastShare  float64 `json:"fast_share"`  // of the best decile, of the peak's
	ShareL2    float64 `json:"share_l2"`    // of the speed of a product that lives in L2
	Around
}

func gemms(e effort, refs *references) (all []Gemm) {
	for _, s := range []Gemm{
		{Op: "nn", M: 128, N: 256, K: 784}, {Op: "nn", M: 128, N: 128, K: 256}, {Op: "nn", M: 256, N: 784, K: 128},
		{Op: "tn", M: 784, N: 256, K: 128}, {Op: "nn", M: 4, N: 256, K: 784}, {Op: "nn", M: 1, N: 256, K: 784},
		{Op: "conv", M: 25088, N: 32, K: 144}, {Op: "nn", M: 512, N: 512, K: 512},
		{Op: "nn", M: 128, N: 1024, K: 1024}, {Op: "tn", M: 1024, N: 1024, K: 128}, {Op: "nn", M: 1024, N: 1024, K: 1024},
	} {
		flops := 2 * float64(s.M) * float64(s.N) * float64(s.K)
		r := refs.raceOf(e.rounds(20), e.span(600*time.Millisecond), product(s))
		s.GFLOPS, s.FastGFLOPS = flops/r.rows[0].median()/1e9, flops/r.rows[0].fast()/1e9
		s.Share, s.FastShare = r.ofPeak(0, flops)
		s.ShareL2, s.Around = r.ofL2(0, flops), r.around()
		all = append(all, s)
	}
	return all
}

// product returns the call of a row.
func product(s Gemm) func() {
	r := rand.New(rand.NewPCG(1, 2))
	noise := func(rows, cols int) kernel.Mat {
		m := kernel.New(rows, cols)
		for i := range m.Data {
			m.Data[i] = float32(r.NormFloat64())
		}
		return m
	}
	switch s.Op {
	case "conv": // 3 × 3 on 14 × 14 pixels
		const size, images, pad, positions = 14, 128, 1, 14 * 14
		channels := s.K / 9
		width := (size + 2*pad) * channels
		x, kernels, y, bias := noise(size+2*pad, width), noise(s.K, s.N), kernel.New(s.M, s.N), make([]float32, s.N)
		patches := kernel.Strided{
			Rows: kernel.Axis{Runs: size, Len: size, Over: width, Step: channels},
			Cols: kernel.Axis{Runs: 3, Len: 3 * channels, Over: width, Step: 1},
			Data: x.Data,
		}
		return func() {
			for i := range images {
				kernel.MulPlusRow(y.Slice(i*positions, (i+1)*positions), patches, kernels, bias)
			}
		}
	case "tn":
		layer, g := models.Dense{Units: s.N}, make([]float32, (s.M+1)*s.N)
		p := models.Pass{In: models.Shape{C: s.M, H: 1, W: 1}, Out: models.Shape{C: s.N, H: 1, W: 1},
			X: noise(s.K, s.M), DY: noise(s.K, s.N), Scratch: &kernel.Scratch{}}
		return func() { layer.BackwardWeights(g, p, false) }
	default:
		layer := models.Dense{Units: s.N}
		p := models.Pass{In: models.Shape{C: s.K, H: 1, W: 1}, Out: models.Shape{C: s.N, H: 1, W: 1},
			W: noise(s.K+1, s.N).Data, X: noise(s.M, s.K), Y: kernel.New(s.M, s.N), Scratch: &kernel.Scratch{}}
		return func() { layer.Forward(p) }
	}
}
