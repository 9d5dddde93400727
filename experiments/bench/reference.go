package main

import (
	"math/rand/v2"
	"time"

	"msharp/models/kernel"
)

// Two references run in alternation with whatever is timed: multiply-adds between registers, which are the peak, and a product whose
// operands stay in the L2 cache. What the memory beyond that cache is busy with slows neither.

// peakRounds of kernel.Peak take about half a millisecond.
const peakRounds = 1 << 17

// l2M × l2N × l2K is a product of 168 kB, which no L2 cache of a machine with AVX2 is too small for and every L1 cache is. Its sides are whole
// tiles of every kernel. l2Reps of it take about half a millisecond.
const l2M, l2N, l2K, l2Reps = 126, 96, 128, 24

// references are the two sides, and the operations of a run of each.
type references struct {
	peak, l2           side
	peakFlops, l2Flops float64
}

func newReferences() *references {
	r := rand.New(rand.NewPCG(1, 2))
	a, b, c := filled(r, l2M, l2K), filled(r, l2K, l2N), kernel.Padded(l2M, l2N)
	return &references{
		peak: alone(func() { kernel.Peak(peakRounds) }), peakFlops: kernel.Peak(1) * peakRounds,
		l2: alone(func() {
			for range l2Reps {
				kernel.MulNN(c, a, b, false)
			}
		}), l2Flops: l2Reps * 2 * l2M * l2N * l2K,
	}
}

func filled(r *rand.Rand, rows, cols int) kernel.Mat {
	m := kernel.Padded(rows, cols)
	for i := range rows {
		for j := range cols {
			m.Row(i)[j] = float32(r.NormFloat64())
		}
	}
	return m
}

// slowBelow is the pace below which a row is marked.
const slowBelow = .9

// Around is how fast the machine was while a row was measured.
type Around struct {
	Pace float64 `json:"pace"` // of the references around the row by their best of the run: the lower of the two
	Slow bool    `json:"slow"` // the pace is below slowBelow: the machine was in a slow phase, and the row's times say little

	peak, l2 float64 // GFLOP/s of the references around the row
}

// race is sides timed in alternation with the references.
type race struct {
	*references
	peakTimes, l2Times times
	rows               []times
}

func (x *references) race(p pacing, sides ...side) (r race, err error) {
	all, err := alternate(p, append([]side{x.peak, x.l2}, sides...)...)
	if err != nil {
		return r, err
	}
	return race{x, all[0], all[1], all[2:]}, nil
}

// raceOf times functions that cannot fail, in turns of a fifth of a millisecond.
func (x *references) raceOf(rounds int, span time.Duration, fs ...func()) race {
	sides := make([]side, len(fs))
	for i, f := range fs {
		sides[i] = alone(f)
	}
	r, _ := x.race(pacing{rounds: rounds, span: span, turn: 2e-4, most: 1000}, sides...)
	return r
}

func (r race) around() Around {
	return Around{peak: r.peakFlops / r.peakTimes.median() / 1e9, l2: r.l2Flops / r.l2Times.median() / 1e9}
}

// ofPeak returns which share of the peak row i reaches in flops operations: the median over turns, and the best decile by the peak's.
func (r race) ofPeak(i int, flops float64) (share, fast float64) {
	work := flops / r.peakFlops
	return work * ratio(r.peakTimes, r.rows[i]), work * r.peakTimes.fast() / r.rows[i].fast()
}

// ofL2 returns the same of the product in the L2 cache, without the best decile.
func (r race) ofL2(i int, flops float64) float64 {
	return flops / r.l2Flops * ratio(r.l2Times, r.rows[i])
}

// mark writes into the rows the pace of the machine around each, and returns the best of the two references.
func mark(rows []*Around) (peak, l2 float64) {
	for _, a := range rows {
		peak, l2 = max(peak, a.peak), max(l2, a.l2)
	}
	for _, a := range rows {
		a.Pace = min(a.peak/peak, a.l2/l2)
		a.Slow = a.Pace < slowBelow
	}
	return peak, l2
}
