package verdict

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// turn is the contest with the sides of some seeds in reverse order; a side then has the options that all seeds bring.
func (c contest) turn(reversed []uint8) contest {
	sides := len(c.points)
	out := c
	out.points = make([][][]point, sides)
	for i := range sides {
		out.points[i] = make([][]point, len(c.options))
		for k := range c.options {
			var all []point
			for seed := range c.seeds {
				from := i
				if reversed[seed] == 1 {
					from = sides - 1 - i
				}
				if points := c.points[from][k]; points != nil {
					all = append(all, points[seed])
				}
			}
			if len(all) == len(c.seeds) {
				out.points[i][k] = all
			}
		}
	}
	return out
}

// reverseByDefinition makes every choice of every pattern anew.
func reverseByDefinition(contests ...contest) float64 {
	several := map[uint64]float64{}
	var seeds []uint64
	for _, c := range contests {
		for _, s := range c.seeds {
			several[s]++
			seeds = append(seeds, s)
		}
	}
	seeds = ascending(seeds)
	total := func(reversed []uint8) (sum float64) {
		for _, c := range contests {
			own := make([]uint8, len(c.seeds))
			for i, s := range c.seeds {
				own[i] = reversed[slices.Index(seeds, s)]
			}
			for i, v := range c.turn(own).values() {
				sum += v / several[c.seeds[i]]
			}
		}
		return sum
	}
	reversed := make([]uint8, len(seeds))
	observed := total(reversed)
	observed -= 1e-9 * math.Abs(observed)
	patterns, next := reversalDraws, drawReversal(len(seeds))
	if len(seeds) <= exactReversals {
		patterns, next = 1<<len(seeds)-1, countReversal()
	}
	reach := 1.
	for range patterns {
		next(reversed)
		if v := total(reversed); v >= observed || math.IsNaN(v) {
			reach++
		}
	}
	return reach / float64(1+patterns)
}

// arena draws contests of seeds, not all in each, with options that some sides lack, and errors that often tie.
func arena(r *rand.Rand, seeds int) (out []contest) {
	weights := [][]float64{{1}, {100, -100}, {-1, 0, 1}, {-2, -1, 0, 1, 2}}[r.IntN(4)]
	unit := []float64{.1, .001}[r.IntN(2)]
	for range 1 + r.IntN(3) {
		var sides []side
		options := 1 + r.IntN(6)
		for range weights {
			var s side
			for k := range options {
				if k > 0 && r.IntN(6) == 0 {
					continue
				}
				o := option{choice: choice{rho: float64(k)}}
				for seed := range uint64(seeds) {
					o.add(seed, point{unit * float64(r.IntN(9)), unit * float64(r.IntN(9))})
				}
				s = append(s, o)
			}
			sides = append(sides, s)
		}
		var some []uint64
		for seed := range uint64(seeds) {
			if r.IntN(8) > 0 {
				some = append(some, seed)
			}
		}
		c, _ := meet(some, weights, sides...)
		out = append(out, c)
	}
	return out
}

func TestReverseIsItsDefinition(t *testing.T) {
	for trial := range 300 {
		r := rand.New(rand.NewPCG(30, uint64(trial)))
		seeds := 3 + r.IntN(7)
		if trial%100 == 0 {
			seeds = 20 // drawn
		}
		cs := arena(r, seeds)
		got, want := reverse(cs...), reverseByDefinition(cs...)
		if got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("trial %d: %v, want %v of %d contests of %d sides", trial, got, want, len(cs), len(cs[0].weight))
		}
	}
}
