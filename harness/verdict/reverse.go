package verdict

import (
	"math"
	"math/rand/v2"
	"slices"

	"msharp/harness/stats"
	"msharp/harness/study"
)

const (
	exactReversals = 12     // seeds up to which all patterns are looked at
	reversalDraws  = 10_000 // patterns of a fixed stream beyond, the observed one counted with them
	reversedOnce   = 512    // patterns at a time
)

// Reverse is the contests' p that their mean value is positive: how often its sum over seeds would be as large, were the
// sides of each seed as likely to stand in reverse order, with all choices made anew. With one option a side, and two
// sides of opposite weights, it is the exact sign-flip test of the values. It is exact where the sides are exchangeable;
// where they have their best option at different places and are equal there, simulated rates at .05 are .01 to .065.
func Reverse(contests ...study.Contest) float64 {
	var seeds []uint64
	for _, c := range contests {
		seeds = append(seeds, c.Seeds...)
	}
	several := map[uint64]float64{} // contests of a seed
	for _, s := range seeds {
		several[s]++
	}
	slices.Sort(seeds)
	if seeds = slices.Compact(seeds); len(seeds) == 0 {
		return math.NaN()
	}
	observed := 0.
	rs := make([]*reversal, len(contests))
	for i, c := range contests {
		rs[i] = newReversal(c, seeds, several)
		observed = rs[i].addTo(observed, rs[i].ahead)
	}
	observed -= 1e-9 * math.Abs(observed)
	reach, all := 1., 1.
	var free rows
	eachReversal(len(seeds), func(reversed [][]uint8, signs *stats.Signs) {
		totals := make([]float64, len(reversed))
		for _, r := range rs {
			r.add(totals, reversed, signs, &free)
		}
		for _, v := range totals {
			if all++; v >= observed || math.IsNaN(v) {
				reach++
			}
		}
	})
	return reach / all
}

// eachReversal calls see with patterns of n seeds, some at a time, in two forms: 1 for the seeds in reverse order, and − for
// them. Where it sees all patterns, that is without the one in which no seed is.
func eachReversal(n int, see func(reversed [][]uint8, signs *stats.Signs)) {
	patterns, next := reversalDraws, drawReversal(n)
	if n <= exactReversals {
		patterns, next = 1<<n-1, countReversal()
	}
	signs := stats.NewSigns(n, min(patterns, reversedOnce))
	block := make([][]uint8, min(patterns, reversedOnce))
	for i := range block {
		block[i] = make([]uint8, n)
	}
	for ; patterns > 0; patterns -= reversedOnce {
		some := block[:min(patterns, reversedOnce)]
		for i, reversed := range some {
			next(reversed)
			signs.Set(i, reversed)
		}
		see(some, signs)
	}
}

// countReversal returns a function that writes the bits of 1, 2, ….
func countReversal() func(reversed []uint8) {
	pattern := 0
	return func(reversed []uint8) {
		pattern++
		for i := range reversed {
			reversed[i] = uint8(pattern >> i & 1)
		}
	}
}

// drawReversal returns a function that writes random patterns of n seeds.
func drawReversal(n int) func(reversed []uint8) {
	r := rand.NewPCG(22, uint64(n))
	return func(reversed []uint8) {
		for i := range reversed {
			reversed[i] = uint8(r.Uint64() & 1)
		}
	}
}

// reversal is a contest whose sides stand in reverse order for some seeds.
type reversal struct {
	study.Contest
	place   []int     // of its seeds, among those of all contests
	several []float64 // by which its seeds' values are divided
	ahead   []float64 // values with no seed in reverse order
	back    []float64 // values with every seed so
	sides   []*turning

	turned []uint8 // 1 for the seeds in reverse order in the pattern under way
	sum    []float64
}

func newReversal(c study.Contest, seeds []uint64, several map[uint64]float64) *reversal {
	n := len(c.Seeds)
	r := &reversal{Contest: c, turned: make([]uint8, n), sum: make([]float64, n)}
	for _, s := range c.Seeds {
		at, _ := slices.BinarySearch(seeds, s)
		r.place, r.several = append(r.place, at), append(r.several, several[s])
	}
	back := c
	back.Points = slices.Clone(c.Points)
	slices.Reverse(back.Points)
	r.ahead, r.back = c.Values(), back.Values()
	for i := range c.Weight {
		r.sides = append(r.sides, newTurning(c.Points[i], back.Points[i], r.place, len(seeds)))
	}
	return r
}

// add adds the sums of the contest's values, in every pattern, to totals.
func (r *reversal) add(totals []float64, reversed [][]uint8, signs *stats.Signs, free *rows) {
	used := 0
	for _, t := range r.sides {
		for k, half := range t.half {
			t.swings[k] = free.at(used)
			signs.Sums(t.swings[k], half)
			used++
		}
	}
	for pattern, seeds := range reversed {
		totals[pattern] = r.addTo(totals[pattern], r.valuesOf(pattern, seeds))
	}
}

// addTo adds the values to a total, each over the contests that its seed has.
func (r *reversal) addTo(total float64, values []float64) float64 {
	for seed, v := range values {
		total += v / r.several[seed]
	}
	return total
}

// valuesOf returns each seed's value in a pattern, reversed being 1 for the seeds in reverse order. An option that one side
// has and the one in its place lacks can be chosen in no pattern but the two in which all seeds stand alike.
func (r *reversal) valuesOf(pattern int, reversed []uint8) []float64 {
	count := 0
	for seed, at := range r.place {
		r.turned[seed] = reversed[at]
		count += int(reversed[at])
	}
	switch count {
	case 0:
		return r.ahead
	case len(r.Seeds):
		return r.back
	}
	clear(r.sum)
	for i, t := range r.sides {
		t.choose(r.sum, r.Weight[i], pattern, r.turned)
	}
	return r.sum
}

// rows hold a number for each of some patterns.
type rows [][]float64

func (r *rows) at(i int) []float64 {
	for i >= len(*r) {
		*r = append(*r, make([]float64, reversedOnce))
	}
	return (*r)[i]
}

// turning is a side that has another's errors for the seeds in reverse order, with the options that both have.
type turning struct {
	points    [][][2]study.Point // [option][seed], of the side and of the other
	middle    []float64          // of an option, Σ val over seeds, half of it the other's
	half      [][]float64        // [option][seed of any contest]: half of val less the other's
	low, high []float64          // of an option, the smallest and the largest val

	swings [][]float64 // [option][pattern]: what the pattern adds to middle, of some patterns
	sums   []float64   // of an option, Σ val over seeds in the pattern under way
	close  []int       // options that some seed may choose in it
}

func newTurning(own, other [][]study.Point, place []int, seeds int) *turning {
	t := &turning{}
	for k := range own {
		if own[k] == nil || other[k] == nil {
			continue
		}
		points, middle, half := make([][2]study.Point, len(place)), 0., make([]float64, seeds)
		low, high := math.Inf(1), math.Inf(-1)
		for seed, at := range place {
			a, b := own[k][seed], other[k][seed]
			points[seed] = [2]study.Point{a, b}
			middle += (a.Val + b.Val) / 2
			half[at] = (a.Val - b.Val) / 2
			low, high = min(low, a.Val, b.Val), max(high, a.Val, b.Val)
		}
		t.points, t.middle, t.half = append(t.points, points), append(t.middle, middle), append(t.half, half)
		t.low, t.high = append(t.low, low), append(t.high, high)
	}
	t.sums, t.swings = make([]float64, len(t.points)), make([][]float64, len(t.points))
	return t
}

// choose adds weight times the test error of each seed's choice in a pattern to sum, turned being 1 for the seeds in reverse
// order; NaN without an option. It is study.Contest.Choose, less the options whose sum no seed's val brings below another's.
func (t *turning) choose(sum []float64, weight float64, pattern int, turned []uint8) {
	t.narrow(pattern)
	if len(t.close) == 1 {
		points := t.points[t.close[0]]
		for seed, other := range turned {
			sum[seed] += weight * points[seed][other&1].Test
		}
		return
	}
	for seed, other := range turned {
		least, test := math.Inf(1), math.NaN()
		for _, k := range t.close {
			p := &t.points[k][seed][other&1]
			if v := t.sums[k] - p.Val; v < least-1e-12 {
				least, test = v, p.Test
			}
		}
		sum[seed] += weight * test
	}
}

// narrow finds the options that some seed may choose in a pattern.
func (t *turning) narrow(pattern int) {
	least := math.Inf(1)
	for k := range t.sums {
		t.sums[k] = t.middle[k] + t.swings[k][pattern]
		least = min(least, t.sums[k]-t.low[k])
	}
	t.close = t.close[:0]
	for k, sum := range t.sums {
		if sum-t.high[k] <= least+1e-9 {
			t.close = append(t.close, k)
		}
	}
}
