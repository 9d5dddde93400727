package plots

import (
	"fmt"
	"slices"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// compared says which models are ranked by which measure against what.
type compared struct {
	Family   string  // of the measures' columns, Family(m=… rho=…); empty is "msharp"
	Rho      float64 // the measured ρ that is shown, or in bold; 0 is .05, or the middle one
	Gap      Field   // a fraction; nil is error_gap
	GapLabel string  // empty is "error gap"
	Gate     Field   // models count where it is exactly 0; nil is train_error
	GateText string  // empty is "train error exactly 0"
}

func (f compared) defaults() compared {
	f.Family = orText(f.Family, "msharp")
	f.Gap, f.GapLabel = f.Gap.or(Value("error_gap")), orText(f.GapLabel, "error gap")
	f.Gate, f.GateText = f.Gate.or(Value("train_error")), orText(f.GateText, "train error exactly 0")
	return f
}

// powerFacts is how well the measures rank the models, in numbers.
type powerFacts struct {
	rho          float64    // in bold
	ps           []power    // of the models that pass the gate
	ungated      []power    // of all finite models, at ρ in bold; nil where the gate keeps nobody out
	baselines    []baseline // of the models that pass the gate
	seeds        span       // behind the bold line's points
	models       span       // of one seed, behind them
	passing, all int
	finite       int // have a gap
	gate         string
	skipped      string
}

// baseline is what a number that is no sharpness predicts.
type baseline struct {
	name, column string // "−ρ alone", "-rho"
	power
}

// minusRho ranks as flatness would: a larger radius should leave a smaller gap.
func minusRho(r record.Record) (float64, bool) {
	rho, ok := Rho(r)
	return -rho, ok
}

func (f compared) facts(rs []run) powerFacts {
	facts := powerFacts{rho: f.Rho, gate: f.GateText, all: len(rs)}
	finite := constant(0)
	for _, r := range rs {
		if passes(r, f.Gate) {
			facts.passing++
		}
		if _, ok := f.Gap.finite(r.Record); ok && !r.diverged {
			facts.finite++
		}
	}
	ms := measures(f.Family, rs)
	if len(ms) == 0 {
		facts.skipped = fmt.Sprintf("no record has a measure %s(m=… rho=…)", f.Family)
		return facts
	}
	if facts.rho == 0 {
		facts.rho = middle(ms)
	}
	if !slices.ContainsFunc(ms, func(m measure) bool { return m.rho == facts.rho }) {
		facts.skipped = fmt.Sprintf("no record has a measure %s(m=… rho=%s)", f.Family, short(facts.rho))
		return facts
	}
	for _, m := range ms {
		p := correlate(rs, Value(m.column), f.Gap, f.Gate)
		p.measure = m
		facts.ps = append(facts.ps, p)
		if m.rho != facts.rho {
			continue
		}
		if p.within.N > 0 {
			facts.seeds.add(p.within.N)
			facts.models.add(p.perSeed.low)
			facts.models.add(p.perSeed.high)
		}
		if facts.finite > facts.passing {
			p = correlate(rs, Value(m.column), f.Gap, finite)
			p.measure = m
			facts.ungated = append(facts.ungated, p)
		}
	}
	for _, b := range []struct {
		name, column string
		x            Field
	}{{"−ρ alone", "-rho", minusRho}, {"train loss", "train_loss", Value("train_loss")}} {
		if p := correlate(rs, b.x, f.Gap, f.Gate); p.within.N > 0 {
			facts.baselines = append(facts.baselines, baseline{b.name, b.column, p})
		}
	}
	if facts.seeds.high == 0 {
		facts.skipped = fmt.Sprintf("no seed has two models that differ in both and pass the gate, %s (%d of %d models do)", facts.gate, facts.passing, facts.all)
	}
	return facts
}

func (facts powerFacts) interval() string {
	n := fmt.Sprintf("%s models a seed (%d of %d: %s)", facts.models, facts.passing, facts.all, facts.gate)
	if facts.seeds.high == 1 {
		return "τ-b within the one seed (n = 1): no interval; " + n
	}
	return fmt.Sprintf("τ-b within seed, mean ± 95 %% t interval, n = %s, %s", facts.seeds.seeds(), n)
}

// shown are the points of a panel as rows of a CSV, those of the secondary series only with all.
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
		for _, p := range facts.ungated {
			row("within seed, not gated", p, p.within)
		}
		for _, p := range at(facts.ps, facts.rho) {
			row("pooled", p, p.pooled)
		}
	}
	return rows
}
