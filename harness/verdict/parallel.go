package verdict

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// inParallel returns f(0), …, f(n−1), computed on all processors.
func inParallel[T any](n int, f func(i int) T) []T {
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

// overSpans calls f with ranges from ≤ i < to that make up 0, …, n−1, on all processors.
func overSpans(n int, f func(from, to int)) {
	parts := min(n, runtime.GOMAXPROCS(0))
	inParallel(parts, func(i int) struct{} {
		f(i*n/parts, (i+1)*n/parts)
		return struct{}{}
	})
}
