package verdict

import (
	"cmp"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"msharp/harness/stats"
)

var nan = math.NaN()

// side is a competitor that may choose among options: the errors of each by seed, chosen by val and counted by test. A run
// without a validation error is left out.
type side map[choice]map[uint64]point

// choice names an option, on every side alike.
type choice struct {
	setting string  // empty where it is not chosen
	m, rho  float64 // m is 0 where it is not chosen
}

func (a choice) compare(b choice) int {
	return cmp.Or(cmp.Compare(a.setting, b.setting), cmp.Compare(a.m, b.m), cmp.Compare(a.rho, b.rho))
}

// side is m, or several of them, each with the radii that it keeps. A choice is (m, ρ), or ρ alone of a single m.
func (c curves) side(keep func(rho float64) bool, ms ...float64) side {
	s := side{}
	for _, m := range ms {
		for _, rho := range c.sweptAt(m) {
			if !keep(rho) {
				continue
			}
			runs := map[uint64]point{}
			for _, seed := range c.seeds {
				if p, ok := c.at[cell{seed, m, rho}]; ok && !math.IsNaN(p.val) {
					runs[seed] = p
				}
			}
			key := choice{m: m, rho: rho}
			if len(ms) == 1 {
				key.m = 0
			}
			s[key] = runs
		}
	}
	return s
}

func every(float64) bool { return true }

// lone says that there is one seed only, which has no others to choose by; empty otherwise.
func (t table) lone() string { return lone(t.seeds()) }

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
	points  [][][]point // [seed][side][option]; an option that a side lacks has val NaN
	weight  []float64
}

// meet makes a contest of the seeds that have every option of every side; the others are left out.
func meet(seeds []uint64, weight []float64, sides ...side) (c contest, n tally) {
	union := map[choice]bool{}
	for _, s := range sides {
		for k := range s {
			union[k] = true
		}
	}
	c.options, c.weight = slices.SortedFunc(maps.Keys(union), choice.compare), weight
	for _, seed := range seeds {
		rows, complete := make([][]point, len(sides)), true
		for i, s := range sides {
			for _, k := range c.options {
				p := point{nan, nan}
				if runs, has := s[k]; has {
					var ok bool
					p, ok = runs[seed]
					complete = complete && ok
				}
				rows[i] = append(rows[i], p)
			}
		}
		if n.all++; !complete || len(c.options) == 0 {
			n.left++
			continue
		}
		c.seeds, c.points = append(c.seeds, seed), append(c.points, rows)
	}
	if len(c.seeds) < 2 {
		c.seeds, c.points = nil, nil // no other seed to choose by
	}
	return c, n
}

// choose gives to see each seed's choice on the i-th side, where the sides of some seeds stand in reverse order, and the
// test error there. It is NaN of a side without an option that all seeds share in that order.
func (c contest) choose(i int, reversed []bool, see func(seed int, k choice, test float64)) {
	row := func(seed int) []point {
		if reversed[seed] {
			return c.points[seed][len(c.weight)-1-i]
		}
		return c.points[seed][i]
	}
	sums := make([]float64, len(c.options))
	for seed := range c.seeds {
		for k, p := range row(seed) {
			sums[k] += p.val
		}
	}
	for seed := range c.seeds {
		chosen, test, least := choice{}, nan, math.Inf(1)
		for k, p := range row(seed) {
			if v := sums[k] - p.val; v < least-1e-12 {
				chosen, test, least = c.options[k], p.test, v
			}
		}
		see(seed, chosen, test)
	}
}

// values returns each seed's value, the sides of some in reverse order.
func (c contest) values(reversed []bool) []float64 {
	out := make([]float64, len(c.seeds))
	for i, w := range c.weight {
		c.choose(i, reversed, func(seed int, _ choice, test float64) { out[seed] += w * test })
	}
	return out
}

// favourite returns what most seeds choose on the i-th side, and how many do.
func (c contest) favourite(i int) (most choice, n int) {
	count := map[choice]int{}
	c.choose(i, make([]bool, len(c.seeds)), func(_ int, k choice, _ float64) {
		if count[k]++; count[k] > n {
			most, n = k, count[k]
		}
	})
	return most, n
}

// bySeed returns the values as they are.
func (c contest) bySeed() map[uint64]float64 {
	out := map[uint64]float64{}
	for s, v := range c.values(make([]bool, len(c.seeds))) {
		out[c.seeds[s]] = v
	}
	return out
}

const (
	exactReversals = 12     // seeds up to which all patterns are looked at
	reversalDraws  = 10_000 // patterns of a fixed stream beyond, the observed one counted with them
)

// reverse is the contests' p that their mean value is positive: how often its sum over seeds would be as large, were the
// sides of each seed as likely to stand in reverse order, with all choices made anew. With one option a side, and two
// sides of opposite weights, it is the exact sign-flip test of the values. It is exact where the sides are exchangeable;
// where they have their best option at different places and are equal there, simulated rates at .05 are .01 to .065.
func reverse(contests ...contest) float64 {
	several := map[uint64]float64{} // contests of a seed
	for _, c := range contests {
		for _, s := range c.seeds {
			several[s]++
		}
	}
	seeds := slices.Sorted(maps.Keys(several))
	if len(seeds) == 0 {
		return nan
	}
	place := make([][]int, len(contests)) // of a contest's seeds among all
	own := make([][]bool, len(contests))
	for i, c := range contests {
		for _, s := range c.seeds {
			at, _ := slices.BinarySearch(seeds, s)
			place[i] = append(place[i], at)
		}
		own[i] = make([]bool, len(c.seeds))
	}
	reversed := make([]bool, len(seeds))
	total := func() (sum float64) {
		for i, c := range contests {
			for k, at := range place[i] {
				own[i][k] = reversed[at]
			}
			for k, v := range c.values(own[i]) {
				sum += v / several[c.seeds[k]]
			}
		}
		return sum
	}
	observed := total()
	observed -= 1e-9 * math.Abs(observed)
	reach, all := 1., 1.
	see := func() {
		all++
		if v := total(); v >= observed || math.IsNaN(v) {
			reach++
		}
	}
	if len(seeds) <= exactReversals {
		for pattern := 1; pattern < 1<<len(seeds); pattern++ {
			for i := range reversed {
				reversed[i] = pattern>>i&1 == 1
			}
			see()
		}
		return reach / all
	}
	r := rand.New(rand.NewPCG(22, uint64(len(seeds))))
	for range reversalDraws {
		for i := range reversed {
			reversed[i] = r.Uint64()&1 == 1
		}
		see()
	}
	return reach / all
}

// search is how much lower the test error of each of several options is than that of one run, in points by seed. The best
// of them is looked for on the test errors themselves: p pays for the search.
type search map[choice]means

// add is of one seed and one family.
func (s search) add(seed uint64, run point, options side) {
	for k, runs := range options {
		if p, ok := runs[seed]; ok {
			if s[k] == nil {
				s[k] = means{}
			}
			s[k].add(seed, 100*(run.test-p.test))
		}
	}
}

// p is for some option having the lower error (stats.MaxT), over the seeds that have all; 1 without one.
func (s search) p() float64 {
	options := slices.SortedFunc(maps.Keys(s), choice.compare)
	has := map[uint64]int{}
	for _, k := range options {
		for seed := range s[k] {
			has[seed]++
		}
	}
	maps.DeleteFunc(has, func(_ uint64, n int) bool { return n < len(options) })
	if len(has) == 0 {
		return 1
	}
	seeds := slices.Sorted(maps.Keys(has))
	columns := make([][]float64, len(options))
	for i, k := range options {
		bySeed := s[k].bySeed()
		for _, seed := range seeds {
			columns[i] = append(columns[i], bySeed[seed])
		}
	}
	return stats.MaxT(columns)
}
