package study

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"msharp/harness/record"
)

// Tuning: every seed chooses the option whose validation error is the smallest on its own validation images, which are neither training nor
// test images, and what it chose counts by the runs of the other seeds. Its own run there was chosen for its luck too: the best of as many
// networks as there are options is better than one, though options be equal. Only seeds that have every option count.

// Side is a competitor that may choose among options, ascending.
type Side []Option

// Option is a setting with its runs: chosen by Point.Val, counted by Point.Test. A run without a validation error is left out.
type Option struct {
	Choice
	Runs
}

// Choice names an option, on every side alike.
type Choice struct {
	Setting string  // empty where it is not chosen
	M, Rho  float64 // M is 0 where it is not chosen
}

// Compare orders choices by setting, as text, m and then ρ: of equally good ones the first is taken.
func (a Choice) Compare(b Choice) int {
	return cmp.Or(cmp.Compare(a.Setting, b.Setting), cmp.Compare(a.M, b.M), cmp.Compare(a.Rho, b.Rho))
}

// Side is m, or several of them, ascending, each with the radii that keep accepts. A choice is (m, ρ), or ρ alone of a single m.
func (c Curves) Side(keep func(rho float64) bool, ms ...float64) (s Side) {
	for _, m := range ms {
		for _, r := range c.At[m] {
			if !keep(r.Rho) {
				continue
			}
			key := Choice{M: m, Rho: r.Rho}
			if len(ms) == 1 {
				key.M = 0
			}
			s = append(s, Option{key, r.tunable()})
		}
	}
	return s
}

// EveryRho keeps every radius.
func EveryRho(float64) bool { return true }

// tunable are the runs with a validation error.
func (r Runs) tunable() Runs {
	if !slices.ContainsFunc(r.Points, func(p Point) bool { return math.IsNaN(p.Val) }) {
		return r
	}
	return r.Pick(func(_ uint64, p Point) (Point, bool) { return p, !math.IsNaN(p.Val) })
}

// Options is the trials as one side: an option for each of their settings with a validation error, ρ and m included as far as they vary.
func (t *Trials) Options(e Errors) (s Side) {
	keys, several := t.Swept(), len(t.Ms()) > 1
	index, of := map[Choice]int{}, map[int]int{}
	for _, r := range t.final {
		test, ok := e.Test.Of(r)
		val, also := e.By.Of(r)
		if !ok || !also {
			continue
		}
		i, known := of[r.setting]
		if !known {
			c := Choice{Setting: r.Text(keys), Rho: r.Rho}
			if several {
				c.M = r.M
			}
			if i, known = index[c]; !known {
				i = len(s)
				index[c], s = i, append(s, Option{Choice: c})
			}
			of[r.setting] = i
		}
		s[i].add(r.Seed, Point{test, val})
	}
	slices.SortFunc(s, func(a, b Option) int { return a.Choice.Compare(b.Choice) })
	return s
}

// Text names a trial by its values of keys: "lr = 0.1, weight decay = 0".
func (r Trial) Text(keys []string) string {
	values := make([]any, len(keys))
	for i, k := range keys {
		values[i] = r.config[k]
	}
	return SettingText(keys, values, " = ", record.Text)
}

// Contest is sides that each choose for themselves. Its statistic θ is Σ weight · e over sides, e the mean test error of seed i's run at the
// choice of seed j over all i ≠ j. A seed's value is its pseudo-value in the jackknife, nθ − (n−1)θ₍₋ᵢ₎ of n seeds, with θ₍₋ᵢ₎ that of the
// other seeds alone (Tukey 1958): their mean is θ, and their spread is that of the runs and of the choices. Where all seeds choose alike it is
// what the seed has there. Two seeds each have their run at the other's choice.
//
// With Others each seed has its own run, at the choice of all other seeds together.
type Contest struct {
	Others  bool
	Seeds   []uint64
	Options []Choice
	Points  [][][]Point // [side][option][seed]; nil where the side lacks the option. Val is a count where all are shares of one size
	Weight  []float64   // of a side
}

// Meet makes a contest, by the errors asked for, of the seeds, ascending, that have every option of every side; the others are left out. So
// is one seed alone, for which no other chooses, but for sides of one option.
func Meet(e Errors, seeds []uint64, weight []float64, sides ...Side) (c Contest, n Tally) {
	c.Others = e.Others
	for _, s := range sides {
		for _, o := range s {
			c.Options = append(c.Options, o.Choice)
		}
	}
	slices.SortFunc(c.Options, Choice.Compare)
	c.Options, c.Weight = slices.Compact(c.Options), weight
	for _, seed := range seeds {
		if n.All++; len(c.Options) == 0 || !complete(seed, sides) {
			n.Left++
			continue
		}
		c.Seeds = append(c.Seeds, seed)
	}
	if len(c.Seeds) < 2 && slices.ContainsFunc(sides, func(s Side) bool { return len(s) > 1 }) {
		n.Left, c.Seeds = n.All, nil
	}
	for _, s := range sides {
		c.Points = append(c.Points, s.points(c.Options, c.Seeds))
	}
	c.count()
	return c, n
}

// count turns validation errors that are shares of examples into counts over their least common size, so that sums of them are exact and
// equal options tie. What is no share stays as it is.
func (c Contest) count() {
	size := int64(1)
	for _, side := range c.Points {
		for _, option := range side {
			for _, p := range option {
				_, den, ok := fraction(p.Val)
				if !ok {
					return
				}
				if size *= den / gcd(size, den); size > mostDenominator {
					return
				}
			}
		}
	}
	for _, side := range c.Points {
		for _, option := range side {
			for i := range option {
				option[i].Val = math.Round(option[i].Val * float64(size))
			}
		}
	}
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// Tuned is the test error of one side that is tuned by itself, a baseline say.
func Tuned(e Errors, side Side) (c Contest, n Tally) {
	var seeds []uint64
	for _, o := range side {
		seeds = append(seeds, o.Seeds...)
	}
	return Meet(e, ascending(seeds), []float64{1}, side)
}

// complete reports that the seed has every option of every side.
func complete(seed uint64, sides []Side) bool {
	for _, s := range sides {
		for _, o := range s {
			if _, ok := o.Of(seed); !ok {
				return false
			}
		}
	}
	return true
}

// points returns the errors of the side's options, at their places among all, of seeds that have them.
func (s Side) points(all []Choice, seeds []uint64) [][]Point {
	out := make([][]Point, len(all))
	for _, o := range s {
		at, _ := slices.BinarySearchFunc(all, o.Choice, Choice.Compare)
		out[at] = make([]Point, len(seeds))
		for i, seed := range seeds {
			out[at][i], _ = o.Of(seed)
		}
	}
	return out
}

// choices are the options that seeds choose on a side; −1 of a side without one.
func (c Contest) choices(side int) []int {
	sums := make([]float64, len(c.Options)) // of val over seeds
	for k, points := range c.Points[side] {
		for _, p := range points {
			sums[k] += p.Val
		}
	}
	out := make([]int, len(c.Seeds))
	for seed := range out {
		least := math.Inf(1)
		out[seed] = -1
		for k, points := range c.Points[side] {
			if points == nil {
				continue
			}
			by := points[seed].Val
			if c.Others {
				by = sums[k] - by
			}
			if by < least-Rounding {
				out[seed], least = k, by
			}
		}
	}
	return out
}

// values are those of a side alone, where that is what its seeds chose; NaN of a side without an option.
func (c Contest) values(side int, chosen []int) []float64 {
	n := len(chosen)
	test := func(seed, k int) float64 {
		if k < 0 {
			return nan
		}
		return c.Points[side][k][seed].Test
	}
	own, alike := make([]float64, n), true
	for i, k := range chosen {
		own[i], alike = test(i, k), alike && k == chosen[0]
	}
	if c.Others || alike {
		return own
	}
	count, total := make([]float64, len(c.Options)), make([]float64, len(c.Options)) // of the seeds that choose an option; of all tests there
	for _, k := range chosen {
		if count[k]++; count[k] == 1 {
			for _, p := range c.Points[side][k] {
				total[k] += p.Test
			}
		}
	}
	others := float64(n - 1)
	run, choice, theta := make([]float64, n), make([]float64, n), 0. // means over the choices of others, and over their runs
	for i, k := range chosen {
		run[i], choice[i] = -own[i]/others, (total[k]-own[i])/others
		for option, of := range count {
			if of > 0 {
				run[i] += of * test(i, option) / others
			}
		}
		theta += run[i] / float64(n)
	}
	if n == 2 {
		return run
	}
	for i := range run {
		run[i] = (others*(run[i]+choice[i]) - float64(n)*theta) / (others - 1)
	}
	return run
}

// Values returns each seed's value.
func (c Contest) Values() []float64 {
	out := make([]float64, len(c.Seeds))
	for i, w := range c.Weight {
		for seed, v := range c.values(i, c.choices(i)) {
			out[seed] += w * v
		}
	}
	size := 0. // of a term
	for _, w := range c.Weight {
		size = math.Max(size, math.Abs(w))
	}
	for i, v := range out {
		out[i] = cleared(v, size)
	}
	return out
}

// PerSeed returns the values by seed.
func (c Contest) PerSeed() PerSeed {
	out := make(PerSeed, len(c.Seeds))
	for i, v := range c.Values() {
		out[c.Seeds[i]] = v
	}
	return out
}

// Picked counts what the seeds choose on a side.
func (c Contest) Picked(side int) map[Choice]int {
	count := map[Choice]int{}
	for _, k := range c.choices(side) {
		if k < 0 {
			count[Choice{}]++
			continue
		}
		count[c.Options[k]]++
	}
	return count
}

// Favourite returns what most seeds choose on a side, the first option of equals, and how many do.
func (c Contest) Favourite(side int) (most Choice, n int) {
	for choice, k := range c.Picked(side) {
		if k > n || k == n && choice.Compare(most) < 0 {
			most, n = choice, k
		}
	}
	return most, n
}

// Diverged counts the seeds with a test error of 1 at what another seed, or with Others the others, chose on a side: of a run that diverged, or
// of one that is wrong everywhere.
func (c Contest) Diverged(side int) (n int) {
	chosen := c.choices(side)
	for i := range chosen {
		if slices.ContainsFunc(chosen, func(k int) bool { return k >= 0 && c.Points[side][k][i].Test == 1 }) {
			n++
		}
	}
	return n
}

// Tally counts what is compared and what is left out.
type Tally struct{ All, Left int }

// Text is what was left out, empty where all is there: "left out: 1 of 10 lines that lack an m".
func (n Tally) Text(what, why string) string {
	if n.Left == 0 {
		return ""
	}
	return fmt.Sprintf("left out: %d of %d %s that lack %s", n.Left, n.All, what, why)
}

// Add adds another tally.
func (n *Tally) Add(more Tally) { n.All, n.Left = n.All+more.All, n.Left+more.Left }

// Lead is how much lower the tuned test error of m is than that of m = batch, in points, each tuned over all the radii it was swept at; not ok
// unless m is smaller than the batch and both were swept, at some equal radius.
func (c Curves) Lead(m float64) (d Contest, n Tally, ok bool) {
	if m >= c.Batch || !MeetsAt(c.At[m], c.At[c.Batch]) {
		return d, n, false
	}
	d, n = Meet(c.Errors, c.Seeds, []float64{100, -100}, c.Side(EveryRho, c.Batch), c.Side(EveryRho, m))
	return d, n, true
}
