package plots

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"msharp/harness/parallel"
	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
)

// cohort is models to be ranked by their gap, seed by seed, with the hyperparameters they differ in.
type cohort struct {
	compared
	study.Ranking
	hyper   []study.Rival // that vary
	ranked  int           // models that pass the gate and have the gap
	perSeed Span
	same    bool // all have one gap
	tests   int  // test examples behind every gap; 0 where the records do not say, or differ
	nulls   map[nullKey][]float64
	without [][][]float64 // the gaps without a block of test images, for every block: as Ranking.Gap
}

// cohortOf takes the models that pass the gate and have the gap.
func cohortOf(t *study.Trials, c compared) *cohort {
	p := &cohort{compared: c, Ranking: t.Ranking(c.gap, c.gate), hyper: t.Grid(), same: true, nulls: map[nullKey][]float64{}}
	for i, models := range p.Models {
		p.ranked += len(models)
		p.perSeed.Add(len(models))
		for _, gap := range p.Gap[i] {
			p.same = p.same && gap == p.Gap[0][0]
		}
	}
	p.tests = p.testExamples()
	p.without = parallel.Map(t.Blocks(), func(g int) [][]float64 { return t.WithoutBlock(g).Ranking(c.gap, c.gate).Gap })
	return p
}

// testExamples is the number of test examples, from the confusion counts, where all models have the same.
func (p *cohort) testExamples() (n int) {
	for _, models := range p.Models {
		for _, r := range models {
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
	case p.ranked == 0:
		return fmt.Sprintf("none of %s passes the gate (%s) and has the %s", record.Plural(p.All, "model"), p.gate.Text, p.gap.Label)
	case p.same:
		return fmt.Sprintf("all of %s have the same %s", record.Plural(p.ranked, "model"), p.gap.Label)
	}
	return ""
}

// score is a statistic of how well a measure ranks models.
type score struct {
	column, name string
	of           study.Score
}

var (
	scoreTau  = score{"tau", "Kendall τ-b", func(_ *stats.Grid, mu, gap []float64) float64 { return stats.TauB(mu, gap) }}
	scorePsi  = score{"psi", "granulated Ψ", study.Granulated}
	scoreK    = score{"k", "Jiang's K", (*stats.Grid).Jiang}
	scorePGDL = score{"pgdl", "PGDL score", (*stats.Grid).PGDL}
	scoreSign = score{"sign_error", "sign error, mean", signError(nil, func(e stats.SignErrors) float64 { return e.Mean })}
	scoreP90  = score{"sign_error_p90", "sign error, 90th pct.", signError(nil, func(e stats.SignErrors) float64 { return e.P90 })}
	scoreMax  = score{"sign_error_max", "sign error, max.", study.WorstSign}
)

// scoreHoeffding is the mean sign error with pairs weighted by how sure their order is at n test examples.
func scoreHoeffding(n int) score {
	return score{"sign_error_hoeffding", "sign error, mean, weighted", signError(stats.Hoeffding(n), func(e stats.SignErrors) float64 { return e.Mean })}
}

// signError is over the environments that are large enough; a nil weight is 1 for every pair.
func signError(weight func(float64) float64, of func(stats.SignErrors) float64) study.Score {
	return func(g *stats.Grid, mu, gap []float64) float64 {
		return of(g.SignError(mu, gap, weight, stats.LeastEffective))
	}
}

// why says why a statistic is undefined in every seed.
func (p *cohort) why(s score) string {
	switch {
	case p.perSeed.high < 2:
		return "no seed has two models"
	case len(p.hyper) == 0 && s.column != scoreTau.column:
		return "the models of a seed differ in no hyperparameter"
	case s.column == scorePGDL.column && len(p.hyper) < 2:
		return "it needs two hyperparameters, the models differ in " + hyperText(p.hyper)
	case strings.HasPrefix(s.column, scoreSign.column):
		return fmt.Sprintf("no hyperparameter has two values with %d pairs of models that differ in nothing else", stats.LeastEffective)
	}
	return "no seed has the measure in two models that differ in it and in the " + p.gap.Label
}

// hyperText lists hyperparameters.
func hyperText(hyper []study.Rival) string {
	var names []string
	for _, h := range hyper {
		names = append(names, h.Label)
	}
	if len(names) == 0 {
		return "no hyperparameter"
	}
	return strings.Join(names, ", ")
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
func (p *cohort) score(s score, x study.Field) (out scored) {
	values, corrected := study.PerSeed{}, study.PerSeed{}
	var draws [][]float64
	without := make([][]float64, len(p.without)) // by block: of each seed
	for k, seed := range p.Seeds {
		of := p.Graded(k, x, p.hyper)
		out.lacking += len(p.Models[k]) - len(of.At)
		if len(of.Mu) < 2 {
			continue
		}
		v := s.of(of.Grid, of.Mu, of.Gap)
		if math.IsNaN(v) {
			continue
		}
		key := nullKey{seed, s.column, equalText(of.Mu), fmt.Sprint(of.At)}
		if p.nulls[key] == nil {
			p.nulls[key] = deal(seed, of.Mu, func(mu []float64) float64 { return s.of(of.Grid, mu, of.Gap) })
		}
		draws = append(draws, p.nulls[key])
		values[seed], corrected[seed] = v, v-stat.Mean(p.nulls[key], nil)
		for g, v := range parallel.Map(len(p.without), func(g int) float64 {
			less := make([]float64, len(of.At))
			for i, at := range of.At {
				less[i] = p.without[g][k][at]
			}
			return s.of(of.Grid, of.Mu, less)
		}) {
			if !math.IsNaN(v) {
				without[g] = append(without[g], v)
			}
		}
		out.models.Add(len(of.Mu))
	}
	means := parallel.Map(len(without), func(g int) float64 { return stat.Mean(without[g], nil) })
	out.est, out.corrected = crossed(values, means), crossed(corrected, means)
	out.null = nullOf(draws)
	return out
}

// crossed is the interval of a mean over seeds. without are means without each block of test images; what is taken off values as known leaves
// their spread as it is.
func crossed(values study.PerSeed, without []float64) stats.Interval {
	return stats.CrossedT(values.Values(), without).Interval(study.Level)
}

// deal returns the statistic of so many random orders of mu. The orders depend on the seed alone.
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
	m := stat.Mean(means, nil)
	slices.SortFunc(means, func(a, b float64) int { return cmp.Compare(a, b) })
	return null{m, means[nullDraws/20], means[nullDraws-1-nullDraws/20]}
}

// cells are value, low, high, seeds, corrected with low and high, and null of a CSV.
func (s scored) cells() []string {
	return []string{cellText(s.est.Mean), cellText(s.est.Low), cellText(s.est.High), fmt.Sprint(s.est.N),
		cellText(s.corrected.Mean), cellText(s.corrected.Low), cellText(s.corrected.High),
		cellText(s.null.mean), cellText(s.null.low), cellText(s.null.high)}
}
