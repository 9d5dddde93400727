package main

import (
	"math"
	"slices"
	"time"
)

// effort is how long a row is measured, as a share of what a whole report takes for it. Every row is measured at any effort.
type effort float64

const (
	whole  effort = 1
	brief  effort = .15
	single effort = 0 // to see that every row is there
)

func (e effort) rounds(n int) int {
	if e == single {
		return 1
	}
	return max(min(n, 3), int(float64(e)*float64(n)))
}

func (e effort) span(full time.Duration) time.Duration {
	return time.Duration(float64(e) * float64(full))
}

// side runs reps times and returns the seconds of each run, or of all of them one mean.
type side func(reps int) ([]float64, error)

// alone is a function as a side, on the clock of the thread. The clock is read twice in all, for reading it takes as long as a small
// product.
func alone(f func()) side {
	return func(reps int) ([]float64, error) {
		start := threadTime()
		for range reps {
			f()
		}
		return []float64{(threadTime() - start).Seconds() / float64(reps)}, nil
	}
}

// times are the seconds of one side: of all its runs, and the median of each of its turns.
type times struct{ runs, turns []float64 }

func (t times) median() float64 { return median(t.runs) }

// fast is the best decile: a tenth of the runs take no longer.
func (t times) fast() float64 { return slices.Sorted(slices.Values(t.runs))[(len(t.runs)-1)/10] }

// ratio returns the median over turns of a's time by b's in the turn beside it.
func ratio(a, b times) float64 {
	r := make([]float64, len(a.turns))
	for i := range r {
		r[i] = a.turns[i] / b.turns[i]
	}
	return median(r)
}

// median of one time at least.
func median(times []float64) float64 { return slices.Sorted(slices.Values(times))[len(times)/2] }

// pacing is how sides alternate: for so many rounds and so long at least, in turns of so many seconds and at most so many runs.
type pacing struct {
	rounds int
	span   time.Duration
	turn   float64
	most   int
}

// longRun, in seconds, is a run that has warmed up by its end what it touches.
const longRun = .2

// alternate gives the sides turns, a b c a b c ... Two runs of each to warm up are not counted, or one that is long; a single round is of
// single runs that nothing has warmed up for.
func alternate(p pacing, sides ...side) ([]times, error) {
	all, reps := make([]times, len(sides)), make([]int, len(sides))
	for i, side := range sides {
		if reps[i] = 1; p.rounds == 1 {
			continue
		}
		var warm []float64
		var err error
		for n := 0; n < 2 && (n == 0 || warm[0] < longRun); n++ {
			if warm, err = side(1); err != nil {
				return nil, err
			}
		}
		reps[i] = int(max(1, min(float64(p.most), math.Ceil(p.turn/max(warm[0], 1e-9)))))
	}
	start := time.Now()
	for n := 0; n < p.rounds || time.Since(start) < p.span; n++ {
		for i, side := range sides {
			seconds, err := side(reps[i])
			if err != nil {
				return nil, err
			}
			all[i].runs = append(all[i].runs, seconds...)
			all[i].turns = append(all[i].turns, median(seconds))
		}
	}
	return all, nil
}
