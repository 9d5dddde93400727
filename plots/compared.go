package plots

import (
	"fmt"
	"slices"

	"msharp/harness/parallel"
	"msharp/harness/record"
	"msharp/harness/stats"
)

// compared says which models are ranked by which measure against what.
type compared struct {
	Family   string  // of the measures' columns, Family(m=… rho=…); empty is "msharp"
	Rho      float64 // the measured ρ that is shown, or in bold; 0 is .05, or the middle one
	Gap      Field   // a fraction; zero is error_gap
	GapLabel string  // empty is "error gap"
	Gate     Field   // models count where it is exactly 0; zero is train_error
	GateText string  // empty is "train error exactly 0"
	caution  bool    // no gate: how models fit and how they generalize are confounded
}

func (f compared) defaults() compared {
	f.Family = orText(f.Family, "msharp")
	f.Gap, f.GapLabel = f.Gap.or(Value("error_gap")), orText(f.GapLabel, "error gap")
	f.Gate, f.GateText = f.Gate.or(Value("train_error")), orText(f.GateText, "train error exactly 0")
	return f
}

// ungated is f over every finite model.
func (f compared) ungated() compared {
	f.Gate, f.GateText, f.caution = constant(0), "every finite model", true
	return f
}

// withLoss is f against the loss gap.
func (f compared) withLoss() compared {
	f.Gap, f.GapLabel = Value("loss_gap"), "loss gap"
	return f
}

// powerFacts is how well the measures rank the models, in numbers.
type powerFacts struct {
	rho          float64    // in bold
	ps           []power    // by ρ and then m
	baselines    []baseline // of the same models
	seeds        span       // behind the bold line's points
	models       span       // of one seed, behind them
	passing, all int
	finite       int  // have a gap
	lacking      span // of the models that pass and have a gap, those without the measure, over the bold line's points
	gate         string
	skipped      string
}

// baseline is what a number that is no sharpness predicts.
type baseline struct {
	name, column string // "−ρ alone", "-rho"
	power
}

func (f compared) facts(rs []run) powerFacts {
	facts := powerFacts{rho: f.Rho, gate: f.GateText, all: len(rs)}
	comparable, values := 0, map[float64]bool{}
	for _, r := range rs {
		gap, ok := f.Gap.finite(r)
		ok = ok && !r.diverged
		if ok {
			facts.finite++
		}
		if passes(r, f.Gate) {
			facts.passing++
			if ok {
				comparable++
				values[gap] = true
			}
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
	models, axes := rankingOf(rs, f.Gap, f.Gate), trained(rs)
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
		facts.lacking.add(comparable - p.models)
		if p.within.N > 0 {
			facts.seeds.add(p.within.N)
			facts.models.add(p.perSeed.low)
			facts.models.add(p.perSeed.high)
		}
	}
	others := rivals(rs)
	for i, p := range parallel.Map(len(others), func(i int) power { return correlate(models.by(others[i].x)) }) {
		if p.within.N > 0 {
			facts.baselines = append(facts.baselines, others[i].helped(p))
		}
	}
	if facts.seeds.high == 0 {
		facts.skipped = facts.undefined(comparable, len(values), f.GapLabel)
	}
	return facts
}

// undefined says why no τ is defined: comparable models pass the gate and have a gap, of so many values.
func (facts powerFacts) undefined(comparable, values int, gap string) string {
	switch {
	case facts.finite == 0:
		return "no finished model has the " + gap
	case facts.passing == 0:
		return fmt.Sprintf("none of %s has %s", record.Plural(facts.all, "model"), facts.gate)
	case comparable > 1 && values == 1:
		return fmt.Sprintf("all of %s have the same %s", record.Plural(comparable, "model"), gap)
	}
	return fmt.Sprintf("no seed has two models that differ in both and pass the gate, %s (%d of %d models do)",
		facts.gate, facts.passing, facts.all)
}

// sample is behind the bold line: "23–27 models a seed (259 of 410: train error exactly 0)".
func (facts powerFacts) sample() string {
	s := fmt.Sprintf("%s models a seed (%d of %d: %s)", facts.models, facts.passing, facts.all, facts.gate)
	if facts.lacking.high > 0 {
		s += fmt.Sprintf("; %s more lack the measure", facts.lacking)
	}
	return s
}

// method is the statistic and its interval.
func (facts powerFacts) method() string {
	if facts.seeds.high == 1 {
		return "τ-b within the one seed (n = 1): no interval"
	}
	return fmt.Sprintf("τ-b within seed, mean ± 95 %% t interval, n = %s", facts.seeds.seeds())
}

func (facts powerFacts) interval() string {
	if facts.seeds.high == 1 {
		return facts.method() + "; " + facts.sample()
	}
	return facts.method() + ", " + facts.sample()
}

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
