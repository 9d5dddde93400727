package plots

import (
	"fmt"
	"image/color"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/record"
)

// Power is the predictive power of a measure over its m: Kendall's τ-b with the generalization gap, within each seed
// and averaged over seeds. It stands where Foret et al. 2021, Figure 3 (right) has mutual information.
type Power struct {
	File     string // empty is "predictive_power"
	Title    string
	Family   string  // of the measures' columns, Family(m=… rho=…); empty is "msharp"
	Rho      float64 // the measured ρ in bold; 0 is .05, or the middle one
	Gap      Field   // nil is error_gap
	GapLabel string  // empty is "error gap"
	Gate     Field   // models count where it is exactly 0; nil is train_error
	GateText string  // empty is "train error exactly 0"
}

func (f Power) defaults() Power {
	f.File = orText(f.File, "predictive_power")
	f.Family = orText(f.Family, "msharp")
	f.GapLabel = orText(f.GapLabel, "error gap")
	f.Title = orText(f.Title, "How well m-sharpness ranks models by "+f.GapLabel)
	f.GateText = orText(f.GateText, "train error exactly 0")
	f.Gap, f.Gate = f.Gap.or(errorGap), f.Gate.or(fitted)
	return f
}

func (f Power) Name() string { return f.defaults().File }

// powerFacts is what the panel shows, in numbers.
type powerFacts struct {
	rho          float64 // in bold
	ps           []power
	seeds        span // behind the bold line's points
	models       span
	passing, all int
	gate         string
	skipped      string
}

func (f Power) facts(rs []run) powerFacts {
	facts := powerFacts{rho: f.Rho, gate: f.GateText, passing: countPassing(rs, f.Gate), all: len(rs)}
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
	facts.ps = powers(rs, ms, f.Gap, f.Gate)
	for _, p := range at(facts.ps, facts.rho) {
		if p.within.N > 0 {
			facts.seeds.add(p.within.N)
			facts.models.add(p.models)
		}
	}
	if facts.seeds.high == 0 {
		facts.skipped = fmt.Sprintf("no seed has two models that differ in both and pass the gate, %s (%d of %d models do)", facts.gate, facts.passing, facts.all)
	}
	return facts
}

func (facts powerFacts) interval() string {
	n := fmt.Sprintf("%d of %d models (%s)", facts.passing, facts.all, facts.gate)
	if facts.seeds.high == 1 {
		return "τ-b within the one seed (n = 1): no interval. " + n
	}
	return fmt.Sprintf("τ-b within seed, mean and 95 %% t interval over n = %s. %s", facts.seeds.seeds(), n)
}

func (f Power) Draw(recs []record.Record) (Drawing, error) {
	f = f.defaults()
	d := Drawing{Name: f.File, Title: f.Title, width: oneColumn, height: 3.5 * vg.Inch}
	rs := runs(recs)
	facts := f.facts(rs)
	if d.Skipped = facts.skipped; d.Skipped != "" {
		return d, nil
	}
	d.header = []string{"rho_measured", "m", "tau_within_seed", "low", "high", "seeds", "models", "tau_pooled", "pooled_low", "pooled_high"}
	d.rows = facts.csv()
	d.Caption = fmt.Sprintf("Kendall's τ-b between m-sharpness and %s. %s. Bold: sharpness measured at ρ = %s; the other lines are the other measured radii. "+
		"Dotted and grey: τ-b over all models at once, which mixes differences between seeds in; its interval is a delete-one-seed jackknife.",
		f.GapLabel, facts.interval(), short(facts.rho)) + alsoSweptText(rs, "every model of a seed is compared with every other")
	p := f.panel(facts)
	head := heading(f.Title, []string{facts.interval() + "."}, d.width-2*margin)
	d.paint = func(c draw.Canvas) { tile(head.draw(c), []panel{p}, 1, 0, 0) }
	return d, nil
}

func (facts powerFacts) csv() (rows [][]string) {
	for _, p := range facts.ps {
		rows = append(rows, []string{cellText(p.rho), mText(p.m), cellText(p.within.Mean), cellText(p.within.Low), cellText(p.within.High),
			fmt.Sprint(p.within.N), fmt.Sprint(p.models), cellText(p.pooled.Mean), cellText(p.pooled.Low), cellText(p.pooled.High)})
	}
	return rows
}

// panel draws one line for every measured ρ over an ordinal axis of m.
func (f Power) panel(facts powerFacts) panel {
	ms, rhos := map[float64]bool{}, map[float64]bool{}
	for _, p := range facts.ps {
		ms[p.m], rhos[p.rho] = true, true
	}
	axis, radii := slices.Sorted(maps.Keys(ms)), slices.Sorted(maps.Keys(rhos))
	var names []string
	for _, m := range axis {
		names = append(names, mText(m))
	}

	xlabel := "m, examples per group in the measure"
	if math.IsInf(axis[len(axis)-1], 1) {
		xlabel += " (n: all)"
	}
	p := newPlot(xlabel, "Kendall τ-b with "+f.GapLabel)
	p.X.Min, p.X.Max = -.4, float64(len(axis))-.6
	pan := panel{plot: p}
	low, high := 0., 0.
	var lines, above []curve
	position := func(m float64) float64 { return float64(slices.Index(axis, m)) }
	for i, rho := range radii {
		s := curve{color: rhoColor(rho, radii), width: .8, bars: true, glyph: glyph{}, top: nan, shift: vg.Length(i)*3.2 - vg.Length(len(radii)-1)*1.6}
		for _, q := range at(facts.ps, rho) {
			s.x, s.y = append(s.x, position(q.m)), append(s.y, q.within)
			low, high = spread(low, high, q.within.Mean, q.within.Low, q.within.High)
		}
		e := entry{text: "ρ = " + short(rho), color: s.color, width: .8, glyph: s.glyph}
		if rho != facts.rho {
			s.dashes, e.dashes = []vg.Length{2.5, 1.5}, []vg.Length{2.5, 1.5}
			lines = append(lines, s)
		} else {
			s.width, e.width = 1.8, 1.8
			s.bars, s.band, s.shift, e.band = false, true, 0, facts.seeds.high > 1
			above = append(above, s)
		}
		pan.legend = append(pan.legend, e)
	}
	pooled := curve{color: color.NRGBA{0x99, 0x99, 0x99, 0xff}, width: .9, dashes: []vg.Length{1, 1.8}, top: nan, bars: true, glyph: glyph{sides: 4, open: true}, shift: 1.6*vg.Length(len(radii)) + 2.4}
	for _, q := range at(facts.ps, facts.rho) {
		pooled.x, pooled.y = append(pooled.x, position(q.m)), append(pooled.y, q.pooled)
		low, high = spread(low, high, q.pooled.Mean, q.pooled.Low, q.pooled.High)
	}
	pan.legend = append(pan.legend, entry{text: "pooled over seeds, ρ = " + short(facts.rho), color: pooled.color, width: .9, dashes: pooled.dashes, glyph: pooled.glyph})

	pad := math.Max(.04*(high-low), .02)
	p.Y.Min, p.Y.Max = math.Max(low-pad, -1.02), math.Min(high+pad, 1.02)
	grid{x: ordinalTicks(names), y: linearTicks(p.Y.Min, p.Y.Max, 6)}.ticksOn(p)
	p.Add(rule{y: exactly(0), color: spine, width: .7}, pooled)
	for _, s := range append(lines, above...) {
		p.Add(s)
	}
	return pan
}

// spread widens [low, high] to hold the vs that are numbers.
func spread(low, high float64, vs ...float64) (float64, float64) {
	for _, v := range vs {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			low, high = math.Min(low, v), math.Max(high, v)
		}
	}
	return low, high
}
