package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// laid is a product whose right operand is laid out, worth it or not.
func laid(transposed bool) func(c, a, b Mat, acc bool) {
	return func(c, a, b Mat, acc bool) {
		k, n := b.Rows, b.Cols
		if transposed {
			k, n = n, k
		}
		if ready(c, a.Strided(), b, k, n, plus(c, acc)) {
			new(Scratch).mulBlocks(c, a.Strided(), b, plus(c, acc), transposed)
		}
	}
}

// apartBy returns m with rows stride numbers apart.
func apartBy(stride int, m Mat) Mat {
	y := Mat{m.Rows, m.Cols, stride, make([]float32, m.Rows*stride)}
	for i := range m.Rows {
		copy(y.Row(i), m.Row(i))
	}
	return y
}

// large are m, n, k at which b is laid out in one block and in several, of rows, of columns and of both, for few rows and many.
var large = [][3]int{{32, 1024, 3}, {40, 1030, 700}, {130, 1100, 520}, {50, 90, 2100}, {7, 300, 1100}, {1, 1024, 600}, {140, 270, 1030}, {31, 1500, 1100}}

// The products of a Scratch have the bits of the plain ones, write nothing beside their rows, and take no more room than they say.
func TestScratchProducts(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	sizes := large
	if testing.Short() { // on an emulated processor all of them take minutes
		sizes = [][3]int{large[0], large[4]}
	}
	for _, size := range sizes {
		m, n, k := size[0], size[1], size[2]
		a, b, c, row := random(r, m, k), random(r, k, n), random(r, m, n), random(r, 1, n).Row(0)
		under(t, func(t *testing.T) {
			for _, stride := range []int{k, (k/page + 1) * page} {
				a := apartBy(stride, a)
				at, bt := transposed(a), transposed(b)
				check := func(name string, room float64, plain func(c Mat), laid func(s *Scratch, c Mat)) {
					t.Helper()
					var s Scratch
					want, got := clone(c), clone(c)
					plain(want)
					laid(&s, got)
					if !slices.Equal(got.Data, want.Data) {
						t.Errorf("%s of %v, rows %d apart: other bits", name, size, stride)
					}
					if s.f32.most > int(room) {
						t.Errorf("%s of %v, rows %d apart, takes %d of %v", name, size, stride, s.f32.most, room)
					}
				}
				for _, acc := range []bool{false, true} {
					check("NN", Room(a.Stride, n), func(c Mat) { MulNN(c, a, b, acc) }, func(s *Scratch, c Mat) { s.MulNN(c, a, b, acc) })
					check("TN", Room(math.MaxInt, n), func(c Mat) { MulTN(c, at, b, acc) }, func(s *Scratch, c Mat) { s.MulTN(c, at, b, acc) })
				}
				check("product plus a row", Room(a.Stride, n),
					func(c Mat) { MulPlusRow(c, a.Strided(), b, row) }, func(s *Scratch, c Mat) { s.MulPlusRow(c, a.Strided(), b, row) })
				check("transposed", RoomTransposed(k, n), func(c Mat) { MulNN(c, a, b, false) }, func(s *Scratch, c Mat) { s.MulTransposed(c, a, bt) })
			}
		})
	}
}

// A NaN or ∞ in any block reaches every output it has a part in.
func TestBlocksKeepNaN(t *testing.T) {
	under(t, func(t *testing.T) {
		const m, n, k = 32, 1100, 1100
		for _, bad := range []float32{float32(math.NaN()), float32(math.Inf(1))} {
			for _, p := range []int{0, 500, k - 1} {
				a, b, c := New(m, k), New(k, n), New(m, n)
				a.Row(5)[p] = bad
				new(Scratch).MulNN(c, a, b, false)
				for j, v := range c.Row(5) {
					if v == v {
						t.Fatalf("%v · 0 is %v in column %d", bad, v, j)
					}
				}
			}
		}
	})
}

func TestScratchProductsAllocateOnlyOnce(t *testing.T) {
	under(t, func(t *testing.T) {
		a, at, b, bt, c := New(40, 1024), New(1024, 40), New(1024, 1030), New(1030, 1024), New(40, 1030)
		var s Scratch
		call := func() {
			s.MulPlusRow(c, a.Strided(), b, b.Row(0))
			s.MulTN(c, at, b, false)
			s.MulTransposed(c, a, bt)
		}
		call()
		if n := testing.AllocsPerRun(3, call); n != 0 {
			t.Errorf("%v allocations once warm", n)
		}
	})
}

// BenchmarkProducts is the products of a dense layer as it calls them: forward, backward, and the gradient of its weights.
func BenchmarkProducts(b *testing.B) {
	for _, q := range [][3]int{{128, 256, 784}, {128, 512, 512}, {128, 1024, 784}, {128, 1024, 1024}, {1024, 1024, 1024}} {
		m, n, k := q[0], q[1], q[2]
		x, w, y, dw := New(m, k), New(k, n), New(m, n), New(k, n)
		var s Scratch
		for _, p := range []struct {
			name string
			f    func()
		}{
			{"forward", func() { s.MulPlusRow(y, x.Strided(), w, w.Row(0)) }},
			{"data", func() { s.MulTransposed(x, y, w) }},
			{"weights", func() { s.MulTN(dw, x, y, false) }},
		} {
			b.Run(fmt.Sprintf("%s/%dx%dx%d", p.name, m, n, k), func(b *testing.B) {
				for b.Loop() {
					p.f()
				}
				b.ReportMetric(2*float64(m*n*k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}
