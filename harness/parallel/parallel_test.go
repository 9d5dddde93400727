package parallel

import (
	"slices"
	"sync"
	"testing"
)

// Every value is in its place, and spans cover every number once.
func TestWhole(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 1000} {
		var want []int
		for i := range n {
			want = append(want, i)
		}
		if got := Map(n, func(i int) int { return i }); !slices.Equal(got, want) {
			t.Errorf("Map of %d: %v", n, got)
		}
		var mu sync.Mutex
		var got []int
		Spans(n, func(from, to int) {
			mu.Lock()
			defer mu.Unlock()
			for i := from; i < to; i++ {
				got = append(got, i)
			}
		})
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("spans of %d: %v", n, got)
		}
	}
}
