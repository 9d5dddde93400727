//go:build !noasm

package kernel

import "golang.org/x/sys/cpu"

// accelerated returns the assembly that this processor runs, best first.
func accelerated() (have []arithmetic) {
	x := &cpu.X86
	v2 := x.HasAVX2 && x.HasFMA && x.HasBMI2
	if v2 && x.HasAVX512F && x.HasAVX512VL && x.HasAVX512DQ && x.HasAVX512BW {
		have = append(have, arithmetic{
			name: "avx512", mul: mulAVX512, panel: engine512.two.columns, mulKeeping: engine512.mulKeeping, mulNT: mulNTAVX512, gram: gramAVX512, transpose: transposeAVX2,
			peak:     func(n int) float64 { peakAVX512(n); return 2 * 12 * 16 * float64(n) },
			axpy:     func(y []float32, a float64, x []float32) { axpyAVX512(len(y), &y[0], &x[0], a) },
			scaleTo:  func(y []float32, a float64, x []float32) { scaleToAVX512(len(y), &y[0], &x[0], a) },
			add:      func(y, x []float32) { addAVX512(len(y), &y[0], &x[0]) },
			relu:     func(y, x []float32) { reluAVX512(len(y), &y[0], &x[0]) },
			reluBack: func(dx, dy, y []float32) { reluBackAVX512(len(dx), &dx[0], &dy[0], &y[0]) },
			tanh:     func(y, x []float32) { tanhAVX512(len(y), &y[0], &x[0]) },
			tanhBack: func(dx, dy, x []float32) { tanhBackAVX512(len(dx), &dx[0], &dy[0], &x[0]) },
			exp:      func(y, x []float64) { expAVX512(len(y), &y[0], &x[0]) },
			log1p:    func(y, x []float64) { log1pAVX512(len(y), &y[0], &x[0]) },
			momentum: func(w, v, g []float32, c Momentum) {
				step := momentumAVX512
				if c.Nesterov {
					step = nesterovAVX512
				}
				step(len(w), &w[0], &v[0], &g[0], c.Mu, c.Decay, c.Eta)
			},
			adam: func(w, m, v, g []float32, c Adam) {
				adamAVX512(len(w), &w[0], &m[0], &v[0], &g[0], c.Beta1, c.Rest1, c.Beta2, c.Rest2, c.Decay, c.Keep, c.Eta, c.Eps)
			},
			rmsprop: func(w, s, v, g []float32, c RMSProp) {
				rmspropAVX512(len(w), &w[0], &s[0], &v[0], &g[0], c.Alpha, c.Rest, c.Mu, c.Decay, c.Eta, c.Eps)
			},
			maxPool: func(y, x []float32, w Windows) {
				maxPoolAVX512(len(y)/w.Channels, w.Channels, w.Size, &x[0], 4*w.Stride, &y[0])
			},
			maxPoolBack: func(dx, dy, x, y []float32, w Windows) {
				maxPoolBackAVX512(len(y)/w.Channels, w.Channels, w.Size, &x[0], 4*w.Stride, &y[0], &dy[0], &dx[0])
			},
			dot: func(x, y []float32) float64 {
				var sums [16]float64
				dotAVX512(len(x), &x[0], &y[0], &sums)
				return addLanes(&sums)
			},
		})
	}
	if v2 {
		have = append(have, arithmetic{
			name: "avx2", mul: mulAVX2, panel: engine2.two.columns, mulKeeping: engine2.mulKeeping, mulNT: mulNTAVX2, gram: gramAVX2, transpose: transposeAVX2,
			peak:     func(n int) float64 { peakAVX2(n); return 2 * 12 * 8 * float64(n) },
			axpy:     func(y []float32, a float64, x []float32) { axpyAVX2(len(y), &y[0], &x[0], a) },
			scaleTo:  func(y []float32, a float64, x []float32) { scaleToAVX2(len(y), &y[0], &x[0], a) },
			add:      func(y, x []float32) { addAVX2(len(y), &y[0], &x[0]) },
			relu:     func(y, x []float32) { reluAVX2(len(y), &y[0], &x[0]) },
			reluBack: func(dx, dy, y []float32) { reluBackAVX2(len(dx), &dx[0], &dy[0], &y[0]) },
			tanh:     func(y, x []float32) { tanhAVX2(len(y), &y[0], &x[0]) },
			tanhBack: func(dx, dy, x []float32) { tanhBackAVX2(len(dx), &dx[0], &dy[0], &x[0]) },
			exp:      func(y, x []float64) { expAVX2(len(y), &y[0], &x[0]) },
			log1p:    func(y, x []float64) { log1pAVX2(len(y), &y[0], &x[0]) },
			momentum: func(w, v, g []float32, c Momentum) {
				step := momentumAVX2
				if c.Nesterov {
					step = nesterovAVX2
				}
				step(len(w), &w[0], &v[0], &g[0], c.Mu, c.Decay, c.Eta)
			},
			adam: func(w, m, v, g []float32, c Adam) {
				adamAVX2(len(w), &w[0], &m[0], &v[0], &g[0], c.Beta1, c.Rest1, c.Beta2, c.Rest2, c.Decay, c.Keep, c.Eta, c.Eps)
			},
			rmsprop: func(w, s, v, g []float32, c RMSProp) {
				rmspropAVX2(len(w), &w[0], &s[0], &v[0], &g[0], c.Alpha, c.Rest, c.Mu, c.Decay, c.Eta, c.Eps)
			},
			maxPool: func(y, x []float32, w Windows) {
				maxPoolAVX2(len(y)/w.Channels, w.Channels, w.Size, &x[0], 4*w.Stride, &y[0])
			},
			maxPoolBack: func(dx, dy, x, y []float32, w Windows) {
				maxPoolBackAVX2(len(y)/w.Channels, w.Channels, w.Size, &x[0], 4*w.Stride, &y[0], &dy[0], &dx[0])
			},
			dot: func(x, y []float32) float64 {
				var sums [16]float64
				dotAVX2(len(x), &x[0], &y[0], &sums)
				return addLanes(&sums)
			},
		})
	}
	return have
}
