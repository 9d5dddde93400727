package study

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestResidualsOfCountsTieAsCountsDo holds residuals of shares to those of whole numbers, which know no rounding.
func TestResidualsOfCountsTieAsCountsDo(t *testing.T) {
	const seeds, settings = 7, 13
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		least, examples := 1+r.IntN(999), 1000+r.IntN(9000)
		counts, shares := make([][]int, seeds), make([][]float64, seeds)
		columns, rows, all := make([]int, settings), make([]int, seeds), 0
		for i := range seeds {
			counts[i], shares[i] = make([]int, settings), make([]float64, settings)
			for k := range settings {
				n := least + r.IntN(3)
				counts[i][k], shares[i][k] = n, float64(n)/float64(examples)
				columns[k], rows[i], all = columns[k]+n, rows[i]+n, all+n
			}
		}
		var want []int
		for i := range seeds {
			for k := range settings {
				want = append(want, seeds*settings*counts[i][k]-settings*columns[k]-seeds*rows[i]+all)
			}
		}
		if got, want := different(slices.Concat(residuals(shares)...)), different(want); got != want {
			t.Fatalf("counts of %d examples have %d residuals, want %d", examples, got, want)
		}
	}
}

func different[T comparable](xs []T) int {
	seen := map[T]bool{}
	for _, x := range xs {
		seen[x] = true
	}
	return len(seen)
}
