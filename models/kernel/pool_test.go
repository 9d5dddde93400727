package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// MaxPoolAlong takes what MaxPoolBack gives: of integers, with many ties, ⟨dy, MaxPoolAlong rx⟩ = ⟨MaxPoolBack dy, rx⟩ to the bit. A window
// with a NaN has one of rx's numbers.
func TestMaxPoolAlongIsTheTransposeOfMaxPoolBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, w := range []Windows{{1, 1, 4}, {1, 2, 8}, {3, 2, 30}, {16, 2, 128}, {5, 3, 60}, {2, 4, 40}} {
		for range 50 {
			n := 1 + r.IntN(4)
			for n*w.Size*w.Channels > w.Stride {
				n--
			}
			integers := func(n int) []float32 {
				x := make([]float32, n)
				for i := range x {
					x[i] = float32(r.IntN(5) - 2)
				}
				return x
			}
			x, rx, dx := integers(w.span(n)), integers(w.span(n)), make([]float32, w.span(n))
			y, dy, ry := make([]float32, n*w.Channels), integers(n*w.Channels), make([]float32, n*w.Channels)
			MaxPool(y, x, w)
			MaxPoolBack(dx, dy, x, y, w)
			MaxPoolAlong(ry, rx, x, y, w)
			if got, want := Dot(dy, ry), Dot(dx, rx); got != want {
				t.Fatalf("%+v: ⟨dy, ry⟩ is %v, ⟨dx, rx⟩ is %v", w, got, want)
			}
			x[w.number(0, r.IntN(w.Size*w.Size))] = float32(math.NaN())
			MaxPool(y, x, w)
			ry[0] = 9
			if MaxPoolAlong(ry, rx, x, y, w); ry[0] == 9 {
				t.Fatalf("%+v: a window with a NaN has no derivative", w)
			}
		}
	}
}
