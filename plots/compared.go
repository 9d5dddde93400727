package plots

import (
	"cmp"
	"fmt"
	"slices"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
)

// compared says which models are ranked, and against what.
type compared struct {
	gap  study.Field // a fraction
	gate study.Gate
}

// comparedBy ranks the models that pass a gate by their error gap; the zero Gate is study.ByDesign.
func comparedBy(gate study.Gate) compared {
	if gate.Passes == nil {
		gate = study.ByDesign
	}
	return compared{study.ErrorGap, gate}
}

// at ranks the models that pass another gate.
func (f compared) at(g study.Gate) compared { return compared{f.gap, g} }

// withLoss ranks by the loss gap instead.
func (f compared) withLoss() compared { return compared{study.LossGap, f.gate} }

// caution reports whether there is no gate: how models fit and how they generalize are confounded.
func (f compared) caution() bool { return f.gate.Text == study.Ungated.Text }

// power is how well a number ranks the models by their generalization gap.
type power struct {
	study.Measured               // of M = 0 where the number is no m-sharpness
	seeds          study.PerSeed // τ-b within the seed, where defined
	within         stats.Interval
	models         int  // that are compared
	perSeed        Span // of them, where τ-b is defined

	// Of the measures at the ρ that is shown, where models pass a gate; N = 0 elsewhere: see study.Given.
	given       stats.Interval // τ-b of all models, given what they were trained with
	p           float64        // of it, one-sided
	givenModels int
}

// correlate compares a number with the gap within each seed. It gives no interval.
func correlate(s study.Sample) power {
	p := power{seeds: s.Taus(), models: s.Models()}
	for i, seed := range s.Seeds {
		if _, ok := p.seeds[seed]; ok {
			p.perSeed.Add(len(s.X[i]))
		}
	}
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
	givenText    string // what the τ of power.given is given
	over         string // what intervals are over
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
	facts.over, facts.givenText = t.IntervalText(f.gap), givenText(t)
	others := t.Rivals()
	of := ranks{f, ms, others, facts.rho}
	read := of.read(t)
	facts.ps = read.ps
	estimates := t.CrossedOf(read.statistics(), func(t *study.Trials) []study.Statistic { return of.read(t).statistics() })
	for i := range facts.ps {
		p, g := &facts.ps[i], read.given[i]
		p.within, p.given = estimates[2*i].Interval(study.Level), estimates[2*i+1].Interval(study.Level)
		if p.p = nan; p.given.N > 0 {
			p.p, p.givenModels = g.P(+1), len(g.Seeds)*len(g.X[0])
		}
	}
	facts.lacking = read.bold.Lack - gated.Lack
	for _, p := range measuredAt(facts.ps, facts.rho) {
		if p.within.N > 0 {
			facts.seeds.Add(p.within.N)
			facts.models.join(p.perSeed)
		}
	}
	for i, r := range others {
		if e := estimates[2*len(ms)+i]; e.N > 0 {
			facts.baselines = append(facts.baselines, helped(r, read.others[i], e))
		}
	}
	if facts.seeds.high == 0 {
		facts.skipped = facts.undefined(gated, f.gap.Label)
	}
	return facts
}

// givenText says what study.Given holds fixed.
func givenText(t *study.Trials) string {
	if len(t.Ms()) > 0 && len(t.SweptBeside()) == 0 {
		return "given ρ and m"
	}
	return "given the setting"
}

// helped is the power of a rival, turned round where that is better, its name with it: a number that is no sharpness makes no claim
// about its sign. ρ does, and is always −ρ: SAM is to leave a smaller gap.
func helped(r study.Rival, p power, e study.Estimate) baseline {
	b := baseline{r.Label, r.Column, p}
	b.Field = r.Field
	if turned(r, e.Value) {
		b.Field = study.Minus(r.Field)
		b.name, b.column, b.seeds = "−"+b.name, "-"+b.column, p.seeds.Scale(-1)
		e.Crossed = e.Scale(-1)
	}
	b.within = e.Interval(study.Level)
	return b
}

// turned reports whether a rival with that τ is turned round.
func turned(r study.Rival, tau float64) bool { return r.Is(study.Rho) || tau < -study.Rounding }

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

// tauIntervals are drawn of τ.
func (facts powerFacts) tauIntervals() string { return "band and bars: " + facts.over }

// shown are the points of a panel as rows of a CSV.
func (facts powerFacts) shown() (rows [][]string) {
	row := func(series string, p power, y stats.Interval, models int, of float64) {
		rho, m := cellText(p.Rho), study.GroupText(p.M)
		if p.M == 0 {
			rho, m = "", ""
		}
		rows = append(rows, slices.Concat([]string{series, rho, m}, intervalCells(y), []string{fmt.Sprint(models), cellText(of)}))
	}
	for _, p := range facts.ps {
		row("within seed", p, p.within, p.models, nan)
	}
	for _, b := range facts.baselines {
		row(b.column, b.power, b.within, b.models, nan)
	}
	for _, p := range facts.givens() {
		row(facts.givenText, p, p.given, p.givenModels, p.p)
	}
	return rows
}

// givens are the measures with a τ given what models were trained with.
func (facts powerFacts) givens() []power {
	return slices.DeleteFunc(measuredAt(facts.ps, facts.rho), func(p power) bool { return p.given.N == 0 })
}

// ranked are the baselines, the largest τ first.
func (facts powerFacts) ranked() []baseline {
	down := func(a, b baseline) int { return cmp.Compare(b.within.Mean, a.within.Mean) }
	return slices.SortedStableFunc(slices.Values(facts.baselines), down)
}
