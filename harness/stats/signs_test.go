package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The sums of many patterns at once are the sums of each pattern.
func TestSignsSums(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 11))
	for _, n := range []int{1, 7, 8, 9, 64, 100} {
		const patterns = 33
		s := NewSigns(n, patterns)
		xs, sums := make([]float64, n), make([]float64, patterns)
		for i := range xs {
			xs[i] = r.NormFloat64()
		}
		want := make([]float64, patterns)
		for pattern := range want {
			minus := make([]uint8, n)
			for i, x := range xs {
				if minus[i] = uint8(r.IntN(2)); minus[i] == 1 {
					x = -x
				}
				want[pattern] += x
			}
			s.Set(pattern, minus)
		}
		s.Sums(sums, xs)
		for pattern := range want {
			if !same(sums[pattern], want[pattern], 1e-12) {
				t.Fatalf("%d values, pattern %d: %v, want %v", n, pattern, sums[pattern], want[pattern])
			}
		}
	}
}

// The random signs of every value are + as often as −, and those of two values, also in one byte or number, are equal as often as not.
func TestSignsAreFair(t *testing.T) {
	const n, patterns = 133, 10_000
	sums, xs := make([]float64, drawnOnce), make([]float64, n)
	// moment is the mean of Σ ±x, or of its square, over patterns, with x = 1 at the given values and 0 elsewhere.
	moment := func(square bool, values ...int) (m float64) {
		clear(xs)
		for _, i := range values {
			xs[i] = 1
		}
		drawn(n, patterns, rand.NewPCG(12, 13), func(s *Signs, count int) {
			s.Sums(sums, xs)
			for _, sum := range sums[:count] {
				if square {
					sum *= sum
				}
				m += sum / patterns
			}
		})
		return m
	}
	const off = 4.5 / 100 // standard errors of a mean of ±1
	for i := range n {
		if got := moment(false, i); !(math.Abs(got) <= off) {
			t.Errorf("value %d: mean %v", i, got)
		}
		for _, apart := range []int{1, 2, 5, 8, 64} {
			if j := i + apart; j < n {
				if got := moment(true, i, j); !(math.Abs(got-2) <= 2*off) { // 0 or 4
					t.Errorf("values %d and %d: mean square %v", i, j, got)
				}
			}
		}
	}
}
