package plots

import (
	"cmp"
	"fmt"
	"slices"

	"msharp/harness/parallel"
	"msharp/harness/record"
	"msharp/harness/stats"
)

// family is that of the measures' columns, msharp(m=… rho=…).
const family = "msharp"

// compared says which models are ranked, and against what.
type compared struct {
	gap     Field // a fraction
	gate    Field // models count where it is exactly 0
	caution bool  // no gate: how models fit and how they generalize are confounded
}

// comparedBy ranks the models that pass a gate by their error gap; the gate of the zero Field is a train error of 0.
func comparedBy(gate Field) compared {
	fit := Value("train_error")
	fit.Label = "train error exactly 0"
	return compared{gap: Value("error_gap"), gate: gate.or(fit)}
}

// ungated is f over every finite model.
func (f compared) ungated() compared {
	f.gate, f.caution = constant(0), true
	f.gate.Label = "every finite model"
	return f
}

// withLoss is f against the loss gap.
func (f compared) withLoss() compared {
	f.gap = Value("loss_gap")
	return f
}

// powerFacts is how well the measures rank the models, in numbers.
type powerFacts struct {
	rho          float64    // in bold
	ps           []power    // by ρ and then m
	baselines    []baseline // of the same models
	seeds        Span       // behind the bold line's points
	models       Span       // of one seed, behind them
	passing, all int
	finite       int  // have a gap
	lacking      Span // of the models that pass and have a gap, those without the measure, over the bold line's points
	gateText     string
	skipped      string
}

// baseline is what a number that is no sharpness predicts.
type baseline struct {
	name, column string // "−ρ alone", "-rho"
	power
}

func (f compared) facts(rs []run) powerFacts {
	facts := powerFacts{gateText: f.gate.label(), all: len(rs)}
	comparable, values := 0, map[float64]bool{}
	for _, r := range rs {
		gap, ok := f.gap.finite(r)
		ok = ok && !r.diverged
		if ok {
			facts.finite++
		}
		if passes(r, f.gate) {
			facts.passing++
			if ok {
				comparable++
				values[gap] = true
			}
		}
	}
	ms := measures(family, rs)
	if len(ms) == 0 {
		facts.skipped = fmt.Sprintf("no record has a measure %s(m=… rho=…)", family)
		return facts
	}
	facts.rho = middle(ms)
	models, axes := rankingOf(rs, f.gap, f.gate), trained(rs)
	facts.ps = parallel.Map(len(ms), func(i int) power {
		m, x := ms[i], Value(ms[i].column)
		s := models.by(x)
		p := correlate(s)
		if p.measure = m; m.rho == facts.rho && !f.caution {
			p.pooled = stats.JackknifeTauB(s.x, s.y, level)
			p.partial = models.beyond(axes, x)
		}
		return p
	})
	for _, p := range at(facts.ps, facts.rho) {
		facts.lacking.Add(comparable - p.models)
		if p.within.N > 0 {
			facts.seeds.Add(p.within.N)
			facts.models.Add(p.perSeed.low)
			facts.models.Add(p.perSeed.high)
		}
	}
	others := rivals(rs)
	for i, p := range parallel.Map(len(others), func(i int) power { return correlate(models.by(others[i].x)) }) {
		if p.within.N > 0 {
			facts.baselines = append(facts.baselines, others[i].helped(p))
		}
	}
	if facts.seeds.high == 0 {
		facts.skipped = facts.undefined(comparable, len(values), f.gap.label())
	}
	return facts
}

// undefined says why no τ is defined: comparable models pass the gate and have a gap, of so many values.
func (facts powerFacts) undefined(comparable, values int, gap string) string {
	switch {
	case facts.finite == 0:
		return "no finished model has the " + gap
	case facts.passing == 0:
		return fmt.Sprintf("none of %s has %s", record.Plural(facts.all, "model"), facts.gateText)
	case comparable > 1 && values == 1:
		return fmt.Sprintf("all of %s have the same %s", record.Plural(comparable, "model"), gap)
	}
	return fmt.Sprintf("no seed has two models that differ in both and pass the gate, %s (%d of %d models do)",
		facts.gateText, facts.passing, facts.all)
}

// sample is behind the bold line: "23–27 models a seed (259 of 410: train error exactly 0)".
func (facts powerFacts) sample() string {
	s := fmt.Sprintf("%s models a seed (%d of %d: %s)", facts.models, facts.passing, facts.all, facts.gateText)
	if facts.lacking.high > 0 {
		s += fmt.Sprintf("; %s more lack the measure", facts.lacking)
	}
	return s
}

// interval is what τ is, what is drawn of its seeds, and of how many models.
func (facts powerFacts) interval(drawn string) string {
	return "τ-b within seed. " + seedsText("", facts.seeds, drawn) + "; " + facts.sample() + "."
}

const tauIntervals = "band and bars: 95 % t interval"

// shown are the points of a panel as rows of a CSV, those pooled over seeds and given the training only with all.
func (facts powerFacts) shown(all bool) (rows [][]string) {
	row := func(series string, p power, y stats.Interval) {
		rho, m := cellText(p.rho), mText(p.m)
		if p.measure == (measure{}) {
			rho, m = "", ""
		}
		rows = append(rows, []string{series, rho, m, cellText(y.Mean), cellText(y.Low), cellText(y.High), fmt.Sprint(y.N), fmt.Sprint(p.models)})
	}
	for _, p := range facts.ps {
		row("within seed", p, p.within)
	}
	for _, b := range facts.baselines {
		row(b.column, b.power, b.within)
	}
	if all {
		for _, p := range at(facts.ps, facts.rho) {
			row("pooled", p, p.pooled)
			if p.partial.N > 0 {
				row("given rho and m", p, p.partial)
			}
		}
	}
	return rows
}

// ranked are the baselines, the largest τ first.
func (facts powerFacts) ranked() []baseline {
	down := func(a, b baseline) int { return cmp.Compare(b.within.Mean, a.within.Mean) }
	return slices.SortedStableFunc(slices.Values(facts.baselines), down)
}
