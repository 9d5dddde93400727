//go:build !noasm

package kernel

// accelerated returns the assembly for arm64, which every processor of that kind runs.
func accelerated() []arithmetic {
	return []arithmetic{{
		name: "neon", mul: mulNEON, mulNT: mulNTNEON, gram: gramNEON, transpose: transposeNEON,
		peak:     func(n int) float64 { peakNEON(n); return 2 * 24 * 4 * float64(n) },
		axpy:     func(y []float32, a float64, x []float32) { axpyNEON(len(y), &y[0], &x[0], a) },
		scaleTo:  func(y []float32, a float64, x []float32) { scaleToNEON(len(y), &y[0], &x[0], a) },
		add:      func(y, x []float32) { addNEON(len(y), &y[0], &x[0]) },
		relu:     func(y, x []float32) { reluNEON(len(y), &y[0], &x[0]) },
		reluBack: func(dx, dy, y []float32) { reluBackNEON(len(dx), &dx[0], &dy[0], &y[0]) },
		tanh:     func(y, x []float32) { tanhNEON(len(y), &y[0], &x[0]) },
		tanhBack: func(dx, dy, x []float32) { tanhBackNEON(len(dx), &dx[0], &dy[0], &x[0]) },
		exp:      func(y, x []float64) { expNEON(len(y), &y[0], &x[0]) },
		log1p:    func(y, x []float64) { log1pNEON(len(y), &y[0], &x[0]) },
		momentum: func(w, v, g []float32, c Momentum) {
			step := momentumNEON
			if c.Nesterov {
				step = nesterovNEON
			}
			step(len(w), &w[0], &v[0], &g[0], c.Mu, c.Decay, c.Eta)
		},
		adam: func(w, m, v, g []float32, c Adam) {
			adamNEON(len(w), &w[0], &m[0], &v[0], &g[0], c.Beta1, c.Rest1, c.Beta2, c.Rest2, c.Decay, c.Keep, c.Eta, c.Eps)
		},
		rmsprop: func(w, s, v, g []float32, c RMSProp) {
			rmspropNEON(len(w), &w[0], &s[0], &v[0], &g[0], c.Alpha, c.Rest, c.Mu, c.Decay, c.Eta, c.Eps)
		},
		maxPool: func(y, x []float32, w Windows) {
			maxPoolNEON(len(y)/w.Channels, w.Channels, w.Size, &x[0], 4*w.Stride, &y[0])
		},
		maxPoolBack: func(dx, dy, x, y []float32, w Windows) {
			maxPoolBackNEON(len(y)/w.Channels, w.Channels, w.Size, &x[0], 4*w.Stride, &y[0], &dy[0], &dx[0])
		},
		dot: func(x, y []float32) float64 {
			var sums [16]float64
			dotNEON(len(x), &x[0], &y[0], &sums)
			return addLanes(&sums)
		},
	}}
}
