package main

import (
	"slices"
	"time"
)

// medians times functions in alternation, a b c a b c ..., for at least rounds rounds and span in all, and returns the median seconds of
// each. Every function runs once before, so that buffers are warm.
func medians(rounds int, span time.Duration, fs ...func()) []float64 {
	for _, f := range fs {
		f()
	}
	times := make([][]float64, len(fs))
	for start := time.Now(); len(times[0]) < rounds || time.Since(start) < span; {
		for i, f := range fs {
			t := time.Now()
			f()
			times[i] = append(times[i], time.Since(t).Seconds())
		}
	}
	out := make([]float64, len(fs))
	for i, t := range times {
		out[i] = median(t)
	}
	return out
}

// median sorts what it is given, one time at least.
func median(times []float64) float64 {
	slices.Sort(times)
	return times[len(times)/2]
}
