package plots

import (
	"cmp"
	"fmt"
	"slices"

	"msharp/harness/parallel"
	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
)

// compared says which models are ranked, and against what.
type compared struct {
	gap  study.Field // a fraction
	gate study.Gate
}

// comparedBy ranks the models that pass a gate by their error gap; the zero Gate is study.Fitted.
func comparedBy(gate study.Gate) compared {
	if gate.Passes == nil {
		gate = study.Fitted
	}
	return compared{study.ErrorGap, gate}
}

// ungated ranks every finite model.
func (f compared) ungated() compared { return compared{f.gap, study.Ungated} }

// withLoss ranks by the loss gap instead.
func (f compared) withLoss() compared { return compared{study.LossGap, f.gate} }

// caution reports whether there is no gate: how models fit and how they generalize are confounded.
func (f compared) caution() bool { return f.gate.Text == study.Ungated.Text }

// power is how well a number ranks the models by their generalization gap.
type power struct {
	study.Measured               // zero where the number is none
	seeds          study.PerSeed // τ-b within the seed, where defined
	within         stats.Interval
	models         int  // that are compared
	perSeed        Span // of them, where τ-b is defined

	// Of the measures at the ρ that is shown, where models pass a gate; N = 0 elsewhere.
	pooled  stats.Interval // τ-b of all models at once, jackknifed over seeds
	partial stats.Interval // within, over the models with ρ > 0, with the ρ and m they were trained with held fixed
}

// correlate compares a number with the gap within each seed.
func correlate(s study.Sample) power {
	p := power{seeds: s.Taus(), models: s.Models()}
	for i, seed := range s.Seeds {
		if _, ok := p.seeds[seed]; ok {
			p.perSeed.Add(len(s.X[i]))
		}
	}
	p.within = p.seeds.Mean()
	return p
}

// measuredAt returns the powers measured at one ρ, by m.
func measuredAt(ps []power, rho float64) (out []power) {
	for _, p := range ps {
		if p.Rho == rho {
			out = append(out, p)
		}
	}
	return out
}

// powerFacts is how well the measures rank the models, in numbers.
type powerFacts struct {
	rho          float64    // in bold
	ps           []power    // by ρ and then m
	baselines    []baseline // of the same models
	seeds        Span       // behind the bold line's points
	models       Span       // of one seed, behind them
	passing, all int
	finite       int // have a gap
	lacking      int // of the models that pass and have a gap, those without a measure of the bold line
	gateText     string
	skipped      string
}

// baseline is what a number that is no sharpness predicts.
type baseline struct {
	name, column string // "−ρ alone", "-rho"
	power
}

// facts are computed once for each study.
func (f compared) facts(t *study.Trials) powerFacts {
	return study.Once(t, "power "+f.gap.Name+" "+f.gate.Text, func() powerFacts { return f.find(t) })
}

func (f compared) find(t *study.Trials) powerFacts {
	facts := powerFacts{gateText: f.gate.Text, all: len(t.Final())}
	ms := t.MSharpness()
	all, gated := t.Ranking(f.gap, study.Ungated), t.Ranking(f.gap, f.gate)
	facts.finite, facts.passing = all.Passing-all.Lack, gated.Passing
	if len(ms) == 0 {
		facts.skipped = "no record has a measure msharp(m=… rho=…)"
		return facts
	}
	facts.rho = study.ShownRho(ms)
	rankings := map[float64]study.Ranking{} // by ρ: of the models that have every m there
	for _, m := range ms {
		if _, known := rankings[m.Rho]; !known {
			rankings[m.Rho] = t.Ranking(f.gap, f.gate, study.Fields(study.MeasuredAt(ms, m.Rho))...)
		}
	}
	facts.ps = parallel.Map(len(ms), func(i int) power {
		models := rankings[ms[i].Rho]
		s := models.By(ms[i].Field)
		p := correlate(s)
		if p.Measured = ms[i]; ms[i].Rho == facts.rho && !f.caution() {
			p.pooled = stats.JackknifeTauB(s.X, s.Y, study.Level)
		}
		return p
	})
	bold := rankings[facts.rho]
	facts.lacking = bold.Lack - gated.Lack
	for _, p := range measuredAt(facts.ps, facts.rho) {
		if p.within.N > 0 {
			facts.seeds.Add(p.within.N)
			facts.models.join(p.perSeed)
		}
	}
	others := t.Rivals()
	for i, p := range parallel.Map(len(others), func(i int) power { return correlate(bold.By(others[i].Field)) }) {
		if p.within.N > 0 {
			facts.baselines = append(facts.baselines, helped(others[i], p))
		}
	}
	if facts.seeds.high == 0 {
		facts.skipped = facts.undefined(gated, f.gap.Label)
	}
	return facts
}

// trainedAxes are ρ and m of the training, as far as they vary.
func trainedAxes(t *study.Trials) (axes []study.Field) {
	for _, axis := range []study.Field{study.Rho, study.M} {
		if len(t.Ascent().Distinct(axis)) > 1 {
			axes = append(axes, axis)
		}
	}
	return axes
}

// helped is the power of a rival, turned round where that is better, its name with it: a number that is no sharpness makes no claim
// about its sign.
func helped(r study.Rival, p power) baseline {
	b := baseline{r.Label, r.Column, p}
	if !(p.within.Mean < -study.Rounding) {
		return b
	}
	b.name, b.column, b.seeds = "−"+b.name, "-"+b.column, p.seeds.Scale(-1)
	b.within = b.seeds.Mean()
	return b
}

// undefined says why no τ is defined.
func (facts powerFacts) undefined(gated study.Ranking, gap string) string {
	comparable, first, several := 0, nan, false
	for _, gaps := range gated.Gap {
		for _, g := range gaps {
			if comparable++; comparable == 1 {
				first = g
			}
			several = several || g != first
		}
	}
	switch {
	case facts.finite == 0:
		return "no finished model has the " + gap
	case facts.passing == 0:
		return fmt.Sprintf("none of %s passes the gate (%s)", record.Plural(facts.all, "model"), facts.gateText)
	case comparable > 1 && !several:
		return fmt.Sprintf("all of %s have the same %s", record.Plural(comparable, "model"), gap)
	}
	return fmt.Sprintf("no seed has two models that pass the gate (%d of %d: %s) and differ in both sharpness and %s",
		facts.passing, facts.all, facts.gateText, gap)
}

// sample is behind the bold line: "23–27 models a seed (259 of 410: at train error 0)".
func (facts powerFacts) sample() string {
	s := fmt.Sprintf("%s models a seed (%d of %d: %s)", facts.models, facts.passing, facts.all, facts.gateText)
	switch {
	case facts.lacking == 1:
		s += "; 1 more lacks a measure"
	case facts.lacking > 1:
		s += fmt.Sprintf("; %d more lack a measure", facts.lacking)
	}
	return s
}

// interval is what τ is, what is drawn of its seeds, and of how many models.
func (facts powerFacts) interval(drawn string) string {
	return "τ-b within seed. " + seedsText("", facts.seeds, drawn) + "; " + facts.sample() + "."
}

const tauIntervals = "band and bars: 95 % t interval"

// shown are the points of a panel as rows of a CSV; with all, also the τ pooled over seeds and the τ given the training.
func (facts powerFacts) shown(all bool) (rows [][]string) {
	row := func(series string, p power, y stats.Interval) {
		rho, m := cellText(p.Rho), study.GroupText(p.M)
		if p.Of == nil {
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
		for _, p := range measuredAt(facts.ps, facts.rho) {
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
