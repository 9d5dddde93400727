package plots

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// cohort is models to be ranked by their gap, seed by seed, with the hyperparameters they differ in.
type cohort struct {
	compared
	seeds    []seedModels
	hyper    []named // that vary
	passing  int     // models that pass the gate and have the gap
	all      int
	perSeed  Span
	distinct int // values of the gap
	tests    int // test examples behind every gap; 0 where the records do not say, or differ
	nulls    map[nullKey][]float64
}

// seedModels are the models of one seed.
type seedModels struct {
	seed uint64
	runs []run
}

// cohortOf takes the models that pass the gate and have the gap.
func cohortOf(rs []run, c compared) *cohort {
	p := &cohort{compared: c, hyper: gridHyper(rs), all: len(rs), nulls: map[nullKey][]float64{}}
	gaps := map[float64]bool{}
	for _, seed := range distinct(rs, seedOf) {
		s := seedModels{seed: seed}
		for _, r := range rs {
			gap, ok := c.gap.finite(r)
			if r.seed == seed && ok && passes(r, c.gate) {
				s.runs = append(s.runs, r)
				gaps[gap] = true
			}
		}
		if len(s.runs) > 0 {
			p.seeds = append(p.seeds, s)
			p.passing += len(s.runs)
			p.perSeed.Add(len(s.runs))
		}
	}
	p.distinct = len(gaps)
	p.tests = testsOf(p.seeds)
	return p
}

// testsOf is the number of test examples, from the confusion counts, where all models have the same.
func testsOf(seeds []seedModels) (n int) {
	for _, s := range seeds {
		for _, r := range s.runs {
			of := 0
			for _, row := range r.Values.Confusion {
				for _, count := range row {
					of += count
				}
			}
			if of == 0 || n > 0 && of != n {
				return 0
			}
			n = of
		}
	}
	return n
}

// missing says why the cohort cannot be ranked; empty where it can.
func (p *cohort) missing() string {
	switch {
	case p.passing == 0:
		return fmt.Sprintf("none of %s passes the gate (%s) and has the %s", record.Plural(p.all, "model"), p.gate.label(), p.gap.label())
	case p.distinct == 1:
		return fmt.Sprintf("all of %s have the same %s", record.Plural(p.passing, "model"), p.gap.label())
	}
	return ""
}

// gridHyper are the hyperparameters of a grid: every swept key, ρ and m. What is no number, and a list that width and depth do not tell
// from others, is numbered in order of its text.
func gridHyper(rs []run) (out []named) {
	keys, values := alsoSwept(rs)
	numbers := hyperparameters(rs)
	for _, key := range keys {
		of := slices.DeleteFunc(slices.Clone(numbers), func(n named) bool {
			return n.column != key && n.column != key+".width" && n.column != key+".depth"
		})
		seen := map[string]bool{}
		for _, r := range rs {
			text := ""
			for _, n := range of {
				v, _ := n.x.at(r)
				text += fmt.Sprint(v, " ")
			}
			seen[text] = true
		}
		if len(seen) < len(values[key]) {
			texts := values[key]
			of = []named{{name: key, column: key, x: Field{
				Name: "place of " + key,
				Of: func(r record.Record) (float64, bool) {
					v, _ := r.Setting(key)
					return float64(slices.Index(texts, record.Text(v))), true
				},
			}}}
		}
		out = append(out, of...)
	}
	for _, n := range []named{{name: "ρ", column: "rho", x: Rho}, {name: "m", column: "m", x: M}} {
		if varies(rs, n.x) {
			out = append(out, n)
		}
	}
	return out
}

// score is a statistic of how well a measure ranks models.
type score struct {
	column, name string
	of           func(g *stats.Grid, mu, gap []float64) float64
}

var (
	scoreTau  = score{"tau", "Kendall τ-b", func(_ *stats.Grid, mu, gap []float64) float64 { return stats.TauB(mu, gap) }}
	scorePsi  = score{"psi", "granulated Ψ", func(g *stats.Grid, mu, gap []float64) float64 { _, psi := g.Granulated(mu, gap); return psi }}
	scoreK    = score{"k", "Jiang's K", (*stats.Grid).Jiang}
	scorePGDL = score{"pgdl", "PGDL score", (*stats.Grid).PGDL}
	scoreSign = score{"sign_error", "sign error, mean", signError(nil, func(e stats.SignErrors) float64 { return e.Mean })}
	scoreP90  = score{"sign_error_p90", "90th pct.", signError(nil, func(e stats.SignErrors) float64 { return e.P90 })}
	scoreMax  = score{"sign_error_max", "max.", signError(nil, func(e stats.SignErrors) float64 { return e.Max })}
)

// scoreHoeffding is the mean sign error with pairs weighted by how sure their order is at n test examples.
func scoreHoeffding(n int) score {
	return score{"sign_error_hoeffding", "mean, weighted", signError(stats.Hoeffding(n), func(e stats.SignErrors) float64 { return e.Mean })}
}

// signError is over the environments that are large enough; a nil weight is 1 for every pair.
func signError(weight func(float64) float64, of func(stats.SignErrors) float64) func(*stats.Grid, []float64, []float64) float64 {
	return func(g *stats.Grid, mu, gap []float64) float64 {
		return of(g.SignError(mu, gap, weight, stats.LeastEffective))
	}
}

// scored is a statistic of a measure, over seeds.
type scored struct {
	est       stats.Interval // mean over seeds
	corrected stats.Interval // of the values less the mean of their null
	null      null           // of est
	models    Span           // of a seed
	lacking   int            // models without the measure
}

// null is a statistic where the measure is dealt to the models of a seed at random, the mean over seeds: its mean, and the central nine
// tenths.
type null struct{ mean, low, high float64 }

// nullDraws is how often a measure is dealt.
const nullDraws = 200

// nullKey tells nulls apart: they depend on the models, their gaps and which values of the measure are equal, on nothing else of it.
type nullKey struct {
	seed         uint64
	score, equal string
	models       string
}

// score returns the statistic of x. A seed where it is undefined has none.
func (p *cohort) score(s score, x Field) (out scored) {
	values, corrected := map[uint64]float64{}, map[uint64]float64{}
	var draws [][]float64
	for _, of := range p.seeds {
		var mu, gap []float64
		var rows [][]float64
		models := ""
		for i, r := range of.runs {
			v, ok := x.finite(r)
			if !ok {
				out.lacking++
				continue
			}
			g, _ := p.gap.at(r)
			mu, gap = append(mu, v), append(gap, g)
			row := make([]float64, len(p.hyper))
			for k, h := range p.hyper {
				row[k], ok = h.x.at(r)
				if !ok {
					row[k] = nan
				}
			}
			rows = append(rows, row)
			models += fmt.Sprint(i, " ")
		}
		if len(mu) < 2 {
			continue
		}
		grid := stats.NewGrid(rows)
		v := s.of(grid, mu, gap)
		if math.IsNaN(v) {
			continue
		}
		key := nullKey{of.seed, s.column, equalText(mu), models}
		if p.nulls[key] == nil {
			p.nulls[key] = deal(of.seed, mu, func(mu []float64) float64 { return s.of(grid, mu, gap) })
		}
		draws = append(draws, p.nulls[key])
		values[of.seed], corrected[of.seed] = v, v-mean(p.nulls[key])
		out.models.Add(len(mu))
	}
	out.est, out.corrected = stats.MeanT(bySeed(values), level), stats.MeanT(bySeed(corrected), level)
	out.null = nullOf(draws)
	return out
}

// deal returns the statistic of so many random orders of mu. The orders hang on the seed alone.
func deal(seed uint64, mu []float64, of func([]float64) float64) []float64 {
	r := rand.New(rand.NewPCG(seed, nullDraws))
	mu = slices.Clone(mu)
	slices.Sort(mu) // so that the null is that of the values, not of their order
	out := make([]float64, nullDraws)
	for i := range out {
		r.Shuffle(len(mu), func(a, b int) { mu[a], mu[b] = mu[b], mu[a] })
		out[i] = of(mu)
	}
	return out
}

// equalText says which values are equal: how often each occurs, in ascending order.
func equalText(xs []float64) string {
	xs = slices.Sorted(slices.Values(xs))
	text := ""
	for low := 0; low < len(xs); {
		high := low + 1
		for high < len(xs) && xs[high] == xs[low] {
			high++
		}
		text += fmt.Sprint(high-low, " ")
		low = high
	}
	return text
}

// nullOf averages the draws of the seeds.
func nullOf(draws [][]float64) null {
	if len(draws) == 0 {
		return null{nan, nan, nan}
	}
	means := make([]float64, nullDraws)
	for i := range means {
		for _, d := range draws {
			means[i] += d[i] / float64(len(draws))
		}
	}
	m := mean(means)
	slices.SortFunc(means, func(a, b float64) int { return cmp.Compare(a, b) })
	return null{m, means[nullDraws/20], means[nullDraws-1-nullDraws/20]}
}

// cells are value, low, high, seeds, corrected with low and high, and null of a CSV.
func (s scored) cells() []string {
	return []string{cellText(s.est.Mean), cellText(s.est.Low), cellText(s.est.High), fmt.Sprint(s.est.N),
		cellText(s.corrected.Mean), cellText(s.corrected.Low), cellText(s.corrected.High),
		cellText(s.null.mean), cellText(s.null.low), cellText(s.null.high)}
}
