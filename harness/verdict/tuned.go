package verdict

import (
	"cmp"
	"math"
	"slices"
)

var nan = math.NaN()

// side is a competitor that may choose among options, ascending.
type side []option

// option is the errors by which it is chosen, by val, and counted, by test. A run without a validation error is left out.
type option struct {
	choice
	runs
}

// choice names an option, on every side alike.
type choice struct {
	setting string  // empty where it is not chosen
	m, rho  float64 // m is 0 where it is not chosen
}

func (a choice) compare(b choice) int {
	return cmp.Or(cmp.Compare(a.setting, b.setting), cmp.Compare(a.m, b.m), cmp.Compare(a.rho, b.rho))
}

// side is m, or several of them, ascending, each with the radii that it keeps. A choice is (m, ρ), or ρ alone of a single m.
func (c curves) side(keep func(rho float64) bool, ms ...float64) (s side) {
	for _, m := range ms {
		for _, r := range c.at[m] {
			if !keep(r.rho) {
				continue
			}
			key := choice{m: m, rho: r.rho}
			if len(ms) == 1 {
				key.m = 0
			}
			s = append(s, option{key, r.tunable()})
		}
	}
	return s
}

// tunable are the runs with a validation error.
func (r runs) tunable() runs {
	if !slices.ContainsFunc(r.points, func(p point) bool { return math.IsNaN(p.val) }) {
		return r
	}
	return r.pick(func(_ uint64, p point) (point, bool) { return p, !math.IsNaN(p.val) })
}

func every(float64) bool { return true }

// lone says that there is one seed only, which has no others to choose by; empty otherwise.
func (t *table) lone() string { return lone(t.seeds()) }

func (c curves) lone() string { return lone(c.seeds) }

func lone(seeds []uint64) string {
	if len(seeds) > 1 {
		return ""
	}
	return fewSeeds(len(seeds))
}

// contest is sides that each choose, for every seed, the option whose validation error is the smallest on average over
// the other seeds: test errors then have none of the optimism of a minimum. Of equal options the first is taken, by
// setting, m and then ρ. A seed's value is Σ weight · test over sides.
//
// The values are not independent: what one seed favours, the choices of all others follow, and sign flips of them find an
// effect where there is none up to three times as often as they say: see reverse. Their t interval is narrow in the same
// measure where choices are close, and right where all seeds choose alike.
type contest struct {
	seeds   []uint64
	options []choice
	points  [][][]point // [side][option][seed]; nil where the side lacks the option
	weight  []float64   // of a side
}

// meet makes a contest of the seeds, ascending, that have every option of every side; the others are left out.
func meet(seeds []uint64, weight []float64, sides ...side) (c contest, n tally) {
	for _, s := range sides {
		for _, o := range s {
			c.options = append(c.options, o.choice)
		}
	}
	slices.SortFunc(c.options, choice.compare)
	c.options, c.weight = slices.Compact(c.options), weight
	for _, seed := range seeds {
		if n.all++; len(c.options) == 0 || !complete(seed, sides) {
			n.left++
			continue
		}
		c.seeds = append(c.seeds, seed)
	}
	if len(c.seeds) < 2 {
		c.seeds = nil // no other seed to choose by
	}
	for _, s := range sides {
		c.points = append(c.points, s.points(c.options, c.seeds))
	}
	return c, n
}

// complete reports that the seed has every option of every side.
func complete(seed uint64, sides []side) bool {
	for _, s := range sides {
		for _, o := range s {
			if _, ok := o.of(seed); !ok {
				return false
			}
		}
	}
	return true
}

// points returns the errors of the side's options, at their places among all, of seeds that have them.
func (s side) points(all []choice, seeds []uint64) [][]point {
	out := make([][]point, len(all))
	for _, o := range s {
		at, _ := slices.BinarySearchFunc(all, o.choice, choice.compare)
		out[at] = make([]point, len(seeds))
		for i, seed := range seeds {
			out[at][i], _ = o.of(seed)
		}
	}
	return out
}

// present are the options that a side has.
func present(options [][]point) [][]point {
	return slices.DeleteFunc(slices.Clone(options), func(o []point) bool { return o == nil })
}

// choose gives to see each seed's choice on a side, and the test error there. It is NaN of a side without an option.
func (c contest) choose(side int, see func(seed int, k choice, test float64)) {
	sums := make([]float64, len(c.options)) // of val over seeds
	for k, points := range c.points[side] {
		for _, p := range points {
			sums[k] += p.val
		}
	}
	for seed := range c.seeds {
		chosen, test, least := choice{}, nan, math.Inf(1)
		for k, points := range c.points[side] {
			if points == nil {
				continue
			}
			if p := points[seed]; sums[k]-p.val < least-1e-12 {
				chosen, test, least = c.options[k], p.test, sums[k]-p.val
			}
		}
		see(seed, chosen, test)
	}
}

// values returns each seed's value.
func (c contest) values() []float64 {
	out := make([]float64, len(c.seeds))
	for i, w := range c.weight {
		c.choose(i, func(seed int, _ choice, test float64) { out[seed] += w * test })
	}
	return out
}

// favourite returns what most seeds choose on a side, and how many do.
func (c contest) favourite(side int) (most choice, n int) {
	count := map[choice]int{}
	c.choose(side, func(_ int, k choice, _ float64) {
		if count[k]++; count[k] > n {
			most, n = k, count[k]
		}
	})
	return most, n
}

// bySeed returns the values by seed.
func (c contest) bySeed() map[uint64]float64 {
	out := make(map[uint64]float64, len(c.seeds))
	for i, v := range c.values() {
		out[c.seeds[i]] = v
	}
	return out
}
