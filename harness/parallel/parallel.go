// Package parallel computes independent values on all processors. The results do not depend on the order in which they are computed.
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Map returns f(0), …, f(n−1).
func Map[T any](n int, f func(i int) T) []T {
	out := make([]T, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				out[i] = f(i)
			}
		})
	}
	wg.Wait()
	return out
}

// Spans calls f with ranges from ≤ i < to that together make up 0, …, n−1, several at a time.
func Spans(n int, f func(from, to int)) {
	parts := min(n, runtime.GOMAXPROCS(0))
	Map(parts, func(i int) struct{} {
		f(i*n/parts, (i+1)*n/parts)
		return struct{}{}
	})
}
