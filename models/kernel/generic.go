package kernel

import "msharp/models/elementary"

// generic is the definitions as Go loops: what every platform without assembly runs, and what assembly is held to. Every product is rounded by
// an explicit conversion, so that no compiler fuses it with a sum and the loops have the same bits on every machine.
var generic = arithmetic{
	name:        "generic",
	mul:         mulGo,
	mulNT:       mulNTGo,
	gram:        func(c, a Mat) { mulNTGo(c, a, a, false) },
	axpy:        axpyGo,
	scaleTo:     scaleToGo,
	add:         addGo,
	relu:        reluGo,
	reluBack:    reluBackGo,
	tanh:        tanhGo,
	tanhBack:    tanhBackGo,
	exp:         func(y, x []float64) { mapGo(y, x, elementary.Exp) },
	log1p:       func(y, x []float64) { mapGo(y, x, elementary.Log1p) },
	dot:         dotGo,
	transpose:   transposeGo,
	maxPool:     maxPoolGo,
	maxPoolBack: maxPoolBackGo,
	momentum:    momentumGo,
	adam:        adamGo,
	rmsprop:     rmspropGo,
	peak:        peakGo,
}

// mulGo runs down the rows of b, four at a time, so that its inner loop is over columns.
func mulGo(c Mat, a Strided, b, d Mat, _ bool) {
	for i := range c.Rows {
		row := c.Row(i)
		if d.Data == nil {
			clear(row)
		} else {
			copy(row, d.Row(i))
		}
		for s := range a.Cols.Runs {
			n, step := a.Cols.Len, a.Cols.Step
			x, b := a.Data[a.Rows.at(i)+s*a.Cols.Over:], b.Slice(s*n, (s+1)*n)
			p := 0
			for ; p+4 <= n; p += 4 {
				x0, x1, x2, x3 := x[p*step], x[(p+1)*step], x[(p+2)*step], x[(p+3)*step]
				b0, b1, b2, b3 := b.Row(p)[:len(row)], b.Row(p + 1)[:len(row)], b.Row(p + 2)[:len(row)], b.Row(p + 3)[:len(row)]
				for j := range row {
					row[j] += float32(x0*b0[j]) + float32(x1*b1[j]) + float32(x2*b2[j]) + float32(x3*b3[j])
				}
			}
			for ; p < n; p++ {
				x, bp := x[p*step], b.Row(p)[:len(row)]
				for j := range row {
					row[j] += float32(x * bp[j])
				}
			}
		}
	}
}

func mulNTGo(c, a, b Mat, acc bool) {
	for i := range c.Rows {
		x := a.Row(i)
		for j := range c.Cols {
			var s0, s1, s2, s3 float32
			y := b.Row(j)[:len(x)]
			p := 0
			for ; p+4 <= len(x); p += 4 {
				s0 += float32(x[p] * y[p])
				s1 += float32(x[p+1] * y[p+1])
				s2 += float32(x[p+2] * y[p+2])
				s3 += float32(x[p+3] * y[p+3])
			}
			for ; p < len(x); p++ {
				s0 += float32(x[p] * y[p])
			}
			s := (s0 + s1) + (s2 + s3)
			if acc {
				s += c.Row(i)[j]
			}
			c.Row(i)[j] = s
		}
	}
}

func axpyGo(y []float32, a float64, x []float32) {
	for i, v := range x {
		y[i] += float32(a * float64(v))
	}
}

func scaleToGo(y []float32, a float64, x []float32) {
	for i, v := range x {
		y[i] = float32(a * float64(v))
	}
}

func addGo(y, x []float32) {
	for i, v := range x {
		y[i] += v
	}
}

func reluGo(y, x []float32) {
	for i, v := range x {
		if v <= 0 { // false for NaN
			v = 0
		}
		y[i] = v
	}
}

func reluBackGo(dx, dy, y []float32) {
	for i, v := range y {
		if v == 0 {
			dx[i] = 0
		} else {
			dx[i] = dy[i]
		}
	}
}

func tanhGo(y, x []float32) {
	for i, v := range x {
		y[i] = float32(elementary.Tanh(float64(v)))
	}
}

func tanhBackGo(dx, dy, x []float32) {
	for i, v := range x {
		dx[i] = float32(float64(dy[i]) * elementary.SechSquared(float64(v)))
	}
}

func mapGo(y, x []float64, f func(float64) float64) {
	for i, v := range x {
		y[i] = f(v)
	}
}

func dotGo(x, y []float32) float64 {
	var lanes [16]float64
	for i, v := range x {
		lanes[i%16] += float64(float64(v) * float64(y[i])) // exact
	}
	return addLanes(&lanes)
}

// addLanes adds sixteen partial sums in the one order that every arithmetic has.
func addLanes(l *[16]float64) float64 {
	for n := 8; n > 0; n /= 2 {
		for i := range n {
			l[i] += l[i+n]
		}
	}
	return l[0]
}

func transposeGo(y, x Mat) {
	for i := range x.Rows {
		for j, v := range x.Row(i) {
			y.Data[j*y.Stride+i] = v
		}
	}
}

func maxPoolGo(y, x []float32, w Windows) {
	for i := range y {
		y[i] = x[w.number(i, 0)]
		for k := range w.Size * w.Size {
			if v := x[w.number(i, k)]; v > y[i] || v != v {
				y[i] = v
			}
		}
	}
}

func maxPoolBackGo(dx, dy, x, y []float32, w Windows) {
	for i, top := range y {
		left := dy[i]
		for k := range w.Size * w.Size {
			at := w.number(i, k)
			if v := x[at]; v == top || v != v || top != top {
				dx[at], left = left, 0
			} else {
				dx[at] = 0
			}
		}
	}
}

// number returns where pixel k of output i lies.
func (w Windows) number(i, k int) int {
	window, channel := i/w.Channels, i%w.Channels
	return k/w.Size*w.Stride + (window*w.Size+k%w.Size)*w.Channels + channel
}

func peakGo(n int) (flops float64) {
	var c0, c1, c2, c3, c4, c5, c6, c7 float32
	a, b := float32(n), float32(1)
	for range n {
		c0 += float32(a * b)
		c1 += float32(a * b)
		c2 += float32(a * b)
		c3 += float32(a * b)
		c4 += float32(a * b)
		c5 += float32(a * b)
		c6 += float32(a * b)
		c7 += float32(a * b)
		a = -a
	}
	if c0+c1+c2+c3+c4+c5+c6+c7 == 1 {
		panic("kernel: these sums are even") // so that none is left out
	}
	return 2 * 8 * float64(n)
}
