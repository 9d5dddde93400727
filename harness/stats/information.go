package stats

import (
	"math"
)

// condition is a set S of hyperparameters, which U_S holds fixed.
type condition struct {
	groups []int      // of each model: models of one group agree in S
	n      int        // groups
	wider  *condition // its counts sum up to those of this one; or nil
	within []int      // the group of each group of wider
}

// conditions makes the sets of up to two varying hyperparameters. The counts of a set are sums of those of a wider set, so only the pairs of
// hyperparameters need all pairs of models.
func (g *Grid) conditions() {
	var vary []int
	for i, v := range g.values {
		if len(v) > 1 {
			vary = append(vary, i)
		}
	}
	g.none = condition{groups: make([]int, g.models), n: 1}
	g.single = make([]condition, len(vary))
	for x, i := range vary {
		g.single[x] = condition{groups: g.level[i], n: len(g.values[i])}
		for _, j := range vary[:x] {
			groups, n := cross(g.level[i], g.level[j])
			g.pairs = append(g.pairs, condition{groups: groups, n: n})
		}
	}
	// The pair (x, y), y < x, is at x(x−1)/2 + y.
	for x := range g.single {
		if len(g.pairs) > 0 {
			g.single[x].narrow(&g.pairs[max(x*(x-1)/2, 0)])
		}
	}
	if len(g.single) > 0 {
		g.none.narrow(&g.single[0])
	}
}

func (c *condition) narrow(wider *condition) {
	c.wider, c.within = wider, make([]int, wider.n)
	for k, w := range wider.groups {
		c.within[w] = c.groups[k]
	}
}

// A pair of models compares in one of nine ways: 3 (sgn Δμ + 1) + sgn Δgap + 1. Its reverse is 8 minus that.
const ways = 9

// table counts how pairs of models compare, in each cell of U_S, which is an ordered pair of groups (u, v). The count of a way is at
// (u·n + v)·ways + way. Each pair of models is counted once, in one of its two orders.
type table struct {
	n      int
	counts []uint32
}

// pair returns the counts of the cell (u, v) over ordered pairs of different models.
func (t table) pair(u, v int) (c [ways]float64) {
	a, b := t.counts[(u*t.n+v)*ways:][:ways], t.counts[(v*t.n+u)*ways:][:ways]
	for w := range c {
		c[w] = float64(a[w] + b[ways-1-w])
	}
	return c
}

// compare returns, for models i > j in order, how they compare.
func compare(mu, gap []float64) []uint8 {
	out := make([]uint8, len(mu)*(len(mu)-1)/2)
	m, g := places(mu), places(gap)
	rest := out
	for i := range m {
		mi, gi := m[i], g[i]
		for j, mj := range m[:i] {
			rest[j] = uint8(3*signum(mi-mj) + signum(gi-g[j]) + 4)
		}
		rest = rest[i:]
	}
	return out
}

// places returns integers that compare as xs do.
func places(xs []float64) []int32 {
	out := make([]int32, len(xs))
	for i, r := range ranks(xs) {
		out[i] = int32(2 * r) // a mean of two ranks may be a half
	}
	return out
}

// signum has no branches: in random order they would be mispredicted.
func signum(d int32) int32 { return d>>31 | int32(uint32(-d)>>31) }

// count returns the table of c, summed from the table of the wider condition if there is one.
func (c *condition) count(compared []uint8, wider *table) table {
	t := table{c.n, make([]uint32, c.n*c.n*ways)}
	if wider != nil {
		for u := range wider.n {
			for v := range wider.n {
				to := t.counts[(c.within[u]*c.n+c.within[v])*ways:][:ways]
				for w, k := range wider.counts[(u*wider.n+v)*ways:][:ways] {
					to[w] += k
				}
			}
		}
		return t
	}
	column := make([]int, len(c.groups))
	for k, v := range c.groups {
		column[k] = v * ways
	}
	for i, u := range c.groups {
		row := t.counts[u*c.n*ways:][:c.n*ways]
		ways := compared[:i]
		compared = compared[i:]
		for j, v := range column[:i] {
			row[v+int(ways[j])]++
		}
	}
	return t
}

// Jiang is K(μ) of Jiang et al. 2020 (arXiv:1912.02178, section 2.2.3). V_μ and V_g are the signs of the differences in mu and gap
// between two models. K is their mutual information given both models' hyperparameters in S, over the entropy of V_g given the same, at the
// set S of at most two hyperparameters where that is smallest:
//
//	K(μ) = min_{|S| ≤ 2} I(V_μ; V_g | U_S) / H(V_g | U_S)
//
// K is from 0 to 1. It is over ordered pairs of different models, without pairs tied in mu or gap; a cell of U_S weighs as many pairs as it
// has. Hyperparameters that do not vary are left out, and so is an S that fixes V_g, where the ratio is 0/0. K is biased upwards: that of an
// unrelated measure is above 0. Near 0 it is skewed too, and an interval over seeds covers less than it says (.85 to .90 of .95 in
// simulations). K is NaN if mu or gap is constant or holds a NaN. Jiang panics if the lengths differ.
func (g *Grid) Jiang(mu, gap []float64) float64 {
	k := math.NaN()
	for _, r := range g.jiang(mu, gap) {
		if !(r >= k) && !math.IsNaN(r) {
			k = r
		}
	}
	return k
}

// jiang returns I/H of every S: the empty set, each varying hyperparameter, each pair of them, in the order of conditions.
func (g *Grid) jiang(mu, gap []float64) []float64 {
	if !g.check(mu, gap) {
		return nil
	}
	compared := compare(mu, gap)
	pairs := make([]table, len(g.pairs))
	singles := make([]table, len(g.single))
	for x := range g.pairs {
		pairs[x] = g.pairs[x].count(compared, nil)
	}
	for x := range g.single {
		singles[x] = g.single[x].count(compared, at(pairs, g.single[x].wider, g.pairs))
	}
	none := g.none.count(compared, at(singles, g.none.wider, g.single))
	out := []float64{none.jiang()}
	for _, t := range singles {
		out = append(out, t.jiang())
	}
	for _, t := range pairs {
		out = append(out, t.jiang())
	}
	return out
}

// at returns the table of a condition, nil for a nil condition.
func at(tables []table, c *condition, of []condition) *table {
	for x := range of {
		if &of[x] == c {
			return &tables[x]
		}
	}
	return nil
}

func (t table) jiang() float64 {
	var i, h float64
	for u := range t.n {
		for v := range u + 1 {
			c := t.pair(u, v)
			ci, ch := entropies(c[8], c[6], c[2], c[0])
			if u != v { // (v, u) is its reverse
				ci, ch = 2*ci, 2*ch
			}
			i, h = i+ci, h+ch
		}
	}
	return ratio(i, h)
}

// PGDL is the score of the competition "Predicting Generalization in Deep Learning" (Jiang et al. 2020,
// arXiv:2012.07976), without its factor 100. It differs from Jiang: S has exactly two hyperparameters, every cell of U_S
// that occurs weighs the same, pairs of a model with itself count, ties count as "−", and the unit is bits. It is NaN also if fewer than two
// hyperparameters vary.
func (g *Grid) PGDL(mu, gap []float64) float64 {
	if !g.check(mu, gap) {
		return math.NaN()
	}
	compared := compare(mu, gap)
	least := math.NaN()
	for x := range g.pairs {
		t := g.pairs[x].count(compared, nil)
		self := make([]float64, t.n)
		for _, u := range g.pairs[x].groups {
			self[u]++
		}
		var i, h float64
		for u := range t.n {
			for v := range t.n {
				c := t.pair(u, v)
				if u == v {
					c[4] += self[u]
				}
				n := 0.
				for _, k := range c {
					n += k
				}
				ci, ch := entropies(c[8], c[6]+c[7], c[2]+c[5], c[0]+c[1]+c[3]+c[4])
				i, h = i+ci/n, h+ch/n // n ≥ 1: each group holds a model
			}
		}
		if r := ratio(i, h); !(r >= least) && !math.IsNaN(r) {
			least = r
		}
	}
	return least
}

// entropies returns n·I(X; Y) and n·H(Y), in nats, of n = pp + pm + mp + mm draws of the signs X and Y; pm of them have
// X = + and Y = −.
func entropies(pp, pm, mp, mm float64) (information, entropy float64) {
	n := xlogx(pp + pm + mp + mm)
	y := xlogx(pp+mp) + xlogx(pm+mm)
	x := xlogx(pp+pm) + xlogx(mp+mm)
	return xlogx(pp) + xlogx(pm) + xlogx(mp) + xlogx(mm) - x - y + n, n - y
}

func xlogx(x float64) float64 {
	if x == 0 {
		return 0
	}
	return x * math.Log(x)
}

// ratio returns i/h, at least 0 whatever the rounding, and NaN if h is 0.
func ratio(i, h float64) float64 {
	if !(h > 0) {
		return math.NaN()
	}
	return math.Max(0, i/h)
}
