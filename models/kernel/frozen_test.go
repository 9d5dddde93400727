package kernel

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"testing"
)

// bits hashes numbers; every NaN is the same one.
type bits struct{ sum uint64 }

func (h *bits) add(x []float32) {
	f := fnv.New64a()
	fmt.Fprint(f, h.sum)
	for _, v := range x {
		b := math.Float32bits(v)
		if v != v {
			b = 0x7fc00000
		}
		f.Write([]byte{byte(b), byte(b >> 8), byte(b >> 16), byte(b >> 24)})
	}
	h.sum = f.Sum64()
}

func (h *bits) addWide(x []float64) {
	for _, v := range x {
		b := math.Float64bits(v)
		if v != v {
			b = 0x7ff8 << 48
		}
		h.add([]float32{math.Float32frombits(uint32(b)), math.Float32frombits(uint32(b >> 32))})
		h.sum ^= b // a half that reads as a NaN counts too
	}
}

// draw is numbers that are the same on every machine: of many sizes, so that products vanish, a few of them denormal, and where odd so allows,
// now and then zeros of both signs, infinities and NaN.
type draw struct {
	*rand.Rand
	odd int // one in so many; 0 is none
}

func (d draw) number() float32 {
	if d.odd > 0 && d.IntN(d.odd) == 0 {
		return math.Float32frombits([]uint32{0, 1 << 31, 0x7f800000, 0xff800000, 0x7fc00000, 1, 0x807fffff, 0x00800000}[d.IntN(8)])
	}
	x := float32(d.IntN(1<<24) - 1<<23)
	switch d.IntN(8) {
	case 0:
		return float32(math.Ldexp(float64(x), -95))
	case 1:
		return float32(math.Ldexp(float64(x), -150))
	}
	return float32(math.Ldexp(float64(x), -20-d.IntN(8)))
}

func (d draw) numbers(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = d.number()
	}
	return x
}

// mat returns a matrix with a stride beyond its columns.
func (d draw) mat(rows, cols int) Mat {
	stride := cols + d.IntN(5)
	return Mat{rows, cols, stride, d.numbers(rows * stride)}
}

// sizes calls f for rows, columns and terms of every kind: all lengths to 67, many at random.
func (d draw) sizes(f func(m, n, k int)) {
	for n := 1; n <= 67; n++ {
		f(1+n%7, n, 3)
		f(n, 5, 4)
		f(3, 4, n)
	}
	for range 60 {
		f(1+d.IntN(32), 1+d.IntN(80), 1+d.IntN(70))
	}
	f(3, 256, 7)
	f(1, 200, 5)
}

// frozen is every kernel's bits over the same numbers: the first hash is that of AVX-512, AVX2 and NEON, the second that of the Go loops
// where they have another.
var frozen = []struct {
	name           string
	fused, generic uint64
	run            func(d draw, h *bits)
}{
	{"NN", 0x2f97ac29618c3a0d, 0x6083a2ffb03d06e5, func(d draw, h *bits) { product3(d, h, MulNN, false, false) }},
	{"TN", 0x1aa4cf63eb784adf, 0x94ab96b651ee9415, func(d draw, h *bits) { product3(d, h, MulTN, true, false) }},
	{"NT", 0xc01841ca586c5c0b, 0xfe1bb26f17b21af1, func(d draw, h *bits) { product3(d, h, MulNT, false, true) }},
	{"strided", 0xe1094538003d95a3, 0xcd9184d82b3d323f, func(d draw, h *bits) {
		for range 100 {
			axis := func() Axis { return Axis{1 + d.IntN(5), 1 + d.IntN(20), d.IntN(9), d.IntN(3)} }
			a := Strided{Rows: axis(), Cols: axis()}
			a.Data = d.numbers(1 + a.Rows.at(a.Rows.size()-1) + a.Cols.at(a.Cols.size()-1))
			b := d.mat(a.Cols.size(), 1+d.IntN(70))
			c := d.mat(a.Rows.size(), b.Cols)
			MulStrided(c, a, b, d.IntN(2) == 0)
			h.add(c.Data)
		}
	}},
	{"plus a row", 0xee3897203bfba78c, 0xca9a2bc52a7cd8c8, func(d draw, h *bits) {
		d.sizes(func(m, n, k int) {
			c := d.mat(m, n)
			MulPlusRow(c, d.mat(m, k).Strided(), d.mat(k, n), d.numbers(n))
			h.add(c.Data)
		})
	}},
	{"column sums", 0x77d1267e755855e0, 0x3e3302601846925b, func(d draw, h *bits) {
		d.sizes(func(m, n, k int) {
			sums := d.numbers(n)
			ColSums(sums, d.mat(m, n), k%2 == 0)
			h.add(sums)
		})
	}},
	{"Gram", 0xbef665b12a44023, 0xb8efe05bcf56573, func(d draw, h *bits) {
		d.sizes(func(m, n, k int) {
			c := d.mat(m, m)
			Gram(c, d.mat(m, k))
			h.add(c.Data)
		})
	}},
	{"transpose", 0xd789dc56564a8d3c, 0, func(d draw, h *bits) {
		d.sizes(func(m, n, k int) {
			c := d.mat(n, m)
			Transpose(c, d.mat(m, n))
			h.add(c.Data)
		})
	}},
	{"dot", 0xdb542c6d357f8507, 0, func(d draw, h *bits) {
		d.sizes(func(m, n, k int) { h.addWide([]float64{Dot(d.numbers(m*n), d.numbers(m*n))}) })
	}},
	{"vectors", 0x5de6ae244c1ae036, 0, func(d draw, h *bits) {
		for _, v := range vectors {
			d.sizes(func(m, n, k int) {
				y := d.numbers(n)
				v.f(y, d.numbers(n), d.numbers(n))
				h.add(y)
			})
		}
	}},
	{"updates", 0x90c5542d7b924ef4, 0, func(d draw, h *bits) {
		for _, u := range updates {
			d.sizes(func(m, n, k int) {
				w, a, b, g := d.numbers(n), d.numbers(n), d.numbers(n), d.numbers(n)
				for range 3 {
					u.f(w, a, b, g)
				}
				h.add(w)
				h.add(a)
				h.add(b)
			})
		}
	}},
	{"functions", 0x60f040ce56493988, 0, func(d draw, h *bits) {
		for _, c := range functions {
			d.sizes(func(m, n, k int) {
				x := make([]float64, n)
				for i := range x {
					x[i] = float64(d.number()) + float64(d.number())
				}
				c.f(x, x)
				h.addWide(x)
			})
		}
	}},
	{"pools", 0xee1e20eebba76ccc, 0, func(d draw, h *bits) {
		for channels := 1; channels < 68; channels++ {
			windows := 1 + d.IntN(5)
			w := Windows{channels, 1 + d.IntN(4), 0}
			w.Stride = windows*w.Size*channels + d.IntN(9)
			x, dx, y := d.numbers(w.span(windows)), make([]float32, w.span(windows)), make([]float32, windows*channels)
			MaxPool(y, x, w)
			MaxPoolBack(dx, d.numbers(len(y)), x, y, w)
			h.add(y)
			h.add(dx)
		}
	}},
}

// product3 hashes a product of every size with its operands as they lie, or transposed.
func product3(d draw, h *bits, mul func(c, a, b Mat, acc bool), aT, bT bool) {
	d.sizes(func(m, n, k int) {
		a, b, c := [2]int{m, k}, [2]int{k, n}, d.mat(m, n)
		if aT {
			a = [2]int{k, m}
		}
		if bT {
			b = [2]int{n, k}
		}
		mul(c, d.mat(a[0], a[1]), d.mat(b[0], b[1]), d.IntN(2) == 0)
		h.add(c.Data)
	})
}

// Every kernel has the bits of this table, so that those for one kind of processor have those for another.
func TestBitsAreFrozen(t *testing.T) {
	under(t, func(t *testing.T) {
		for _, c := range frozen {
			var h bits
			for i, odd := range []int{0, 97, 5} {
				c.run(draw{rand.New(rand.NewPCG(31, uint64(i))), odd}, &h)
			}
			want := c.fused
			if use.name == "generic" && c.generic != 0 {
				want = c.generic
			}
			if h.sum != want {
				t.Errorf("%s: %#x, want %#x", c.name, h.sum, want)
			}
		}
	})
}
