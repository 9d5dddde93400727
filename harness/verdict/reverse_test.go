package verdict

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"msharp/harness/stats"
	"msharp/harness/study"
)

// turn is the contest with the sides of some seeds in reverse order; a side then has the options that all seeds bring.
func turn(c study.Contest, reversed []uint8) study.Contest {
	sides := len(c.Points)
	out := c
	out.Points = make([][][]study.Point, sides)
	for i := range sides {
		out.Points[i] = make([][]study.Point, len(c.Options))
		for k := range c.Options {
			var all []study.Point
			for seed := range c.Seeds {
				from := i
				if reversed[seed] == 1 {
					from = sides - 1 - i
				}
				if points := c.Points[from][k]; points != nil {
					all = append(all, points[seed])
				}
			}
			if len(all) == len(c.Seeds) {
				out.Points[i][k] = all
			}
		}
	}
	return out
}

// reverseByDefinition makes every choice of every pattern anew.
func reverseByDefinition(contests ...study.Contest) float64 {
	several := map[uint64]float64{}
	var seeds []uint64
	for _, c := range contests {
		for _, s := range c.Seeds {
			several[s]++
			seeds = append(seeds, s)
		}
	}
	slices.Sort(seeds)
	seeds = slices.Compact(seeds)
	total := func(reversed []uint8) (sum float64) {
		for _, c := range contests {
			own := make([]uint8, len(c.Seeds))
			for i, s := range c.Seeds {
				own[i] = reversed[slices.Index(seeds, s)]
			}
			for i, v := range turn(c, own).Values() {
				sum += v / several[c.Seeds[i]]
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
func arena(r *rand.Rand, seeds int) (out []study.Contest) {
	weights := [][]float64{{1}, {100, -100}, {-1, 0, 1}, {-2, -1, 0, 1, 2}}[r.IntN(4)]
	unit := []float64{.1, .001}[r.IntN(2)]
	for range 1 + r.IntN(3) {
		var sides []study.Side
		options := 1 + r.IntN(6)
		for range weights {
			var s study.Side
			for k := range options {
				if k > 0 && r.IntN(6) == 0 {
					continue
				}
				o := study.Option{Choice: study.Choice{Rho: float64(k)}}
				for seed := range uint64(seeds) {
					o.Seeds = append(o.Seeds, seed)
					o.Points = append(o.Points, study.Point{Test: unit * float64(r.IntN(9)), Val: unit * float64(r.IntN(9))})
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
		c, _ := study.Meet(some, weights, sides...)
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
		got, want := Reverse(cs...), reverseByDefinition(cs...)
		if got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("trial %d: %v, want %v of %d contests of %d sides", trial, got, want, len(cs), len(cs[0].Weight))
		}
	}
}

// With one option a side there is nothing to choose, and reversing the sides flips signs.
func TestReverseIsSignFlips(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for range 20 {
		var small, batch study.Runs
		var seeds []uint64
		var xs []float64
		for seed := range uint64(3 + r.IntN(6)) {
			a, b := r.Float64(), r.Float64()+.2
			seeds = append(seeds, seed)
			small.Points = append(small.Points, study.Point{Test: a, Val: r.Float64()})
			batch.Points = append(batch.Points, study.Point{Test: b, Val: r.Float64()})
			xs = append(xs, b-a)
		}
		small.Seeds, batch.Seeds = seeds, seeds
		d, _ := study.Meet(seeds, []float64{100, -100}, study.Side{{Runs: batch}}, study.Side{{Runs: small}})
		if got, want := Reverse(d), stats.SignFlip(xs).Greater; !(math.Abs(got-want) <= 1e-12) {
			t.Fatalf("p = %v, sign flips %v", got, want)
		}
	}
	if !math.IsNaN(Reverse()) {
		t.Error("of nothing")
	}
}
