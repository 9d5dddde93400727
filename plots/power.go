package plots

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// Power is the predictive power of a measure over its m: Kendall's τ-b with the generalization gap, within each seed and averaged over
// seeds, beside that of numbers that are no sharpness. It stands where Foret et al. 2021, Figure 3 (right) has mutual information. A row
// of panels is of the models that fit, the next one, the caution, of all; the columns are the gaps.
type Power struct {
	File  string // empty is "predictive_power"
	Title string
	// BySetting asks for a row of panels for the models of each setting of what was swept beside ρ and m. Without it, models are ranked
	// across settings too.
	BySetting bool
	compared
}

func (f Power) defaults() Power {
	f.File = orText(f.File, "predictive_power")
	title := "How well m-sharpness ranks models by their generalization gap"
	if f.BySetting {
		title = "How well m-sharpness ranks models of one setting by their gap"
	}
	f.Title = orText(f.Title, title)
	return f
}

func (f Power) Name() string { return f.defaults().File }

// columns are the gaps: the one that is asked for, else that of the error and that of the loss.
func (f Power) columns() []compared {
	c := f.compared.defaults()
	if f.Gap.Of != nil {
		return []compared{c}
	}
	return []compared{c, c.withLoss()}
}

// view is one panel's share: models, a gap, and what came of it.
type view struct {
	compared
	powerFacts
	setting string // of the models; empty for all
}

// cautionFrom is the share of models that a gate has to keep out for the figure to show all of them too.
const cautionFrom = .05

// views returns a row of panels for the models that pass the gate and, where it keeps many out, one for all. A row without any τ is left
// out; said says so, or how little the gate matters.
func (f Power) views(t *Trials) (rows [][]view, said string) {
	gated, all := []view{}, []view{}
	for _, c := range f.columns() {
		gated = append(gated, view{c, t.facts(c), ""})
		all = append(all, view{c.ungated(), t.facts(c.ungated()), ""})
	}
	drawable := func(vs []view) bool { return slices.ContainsFunc(vs, func(v view) bool { return v.skipped == "" }) }
	if drawable(gated) {
		rows = append(rows, gated)
	} else {
		said = gated[0].skipped
	}
	out := all[0].finite - gated[0].passing
	switch {
	case !drawable(all) || out <= 0:
	case len(rows) == 0 || float64(out) > cautionFrom*float64(all[0].finite):
		rows = append(rows, all)
	default:
		said = fmt.Sprintf(" Over every finite model, %s more, no τ differs by more than %s.",
			record.Plural(out, "model"), decimals(furthest(gated, all), 3))
	}
	return rows, said
}

// furthest is the largest difference of a τ within seed between two rows of panels.
func furthest(a, b []view) (most float64) {
	for i := range a {
		for k, p := range a[i].ps {
			if d := math.Abs(p.within.Mean - b[i].ps[k].within.Mean); d > most {
				most = d
			}
		}
	}
	return most
}

// viewsBySetting returns a row of panels for the models of each setting that pass the gate; why says why there is none with a τ.
func (f Power) viewsBySetting(t *Trials) (rows [][]view, why string) {
	some := false
	for _, s := range settingsApart(t.runs) {
		var row []view
		for _, c := range f.columns() {
			v := view{c, c.facts(s.runs), s.name}
			row, some = append(row, v), some || v.skipped == ""
			why = orText(why, v.skipped)
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		why = "no run has ρ > 0"
	}
	if !some {
		return nil, why
	}
	return rows, ""
}

func (f Power) Draw(t *Trials) (Drawing, error) {
	f = f.defaults()
	d := Drawing{Name: f.File, Title: f.Title, width: twoColumn}
	rs := t.runs
	if d.Skipped = noFinished(rs); d.Skipped != "" {
		return d, nil
	}
	views := f.views
	if f.BySetting {
		views = f.viewsBySetting
	}
	rows, said := views(t)
	if len(rows) == 0 {
		d.Skipped = said
		return d, nil
	}
	cols := len(rows[0])
	if cols == 1 {
		d.width = oneColumn
	}
	p := powerDraft{rivals: map[string]bool{}}
	for _, row := range rows {
		shared := row
		if f.BySetting {
			shared = slices.Concat(rows...)
		}
		p.add(row, shared, len(rows) > 1)
	}
	d.header = []string{"gap", "models_compared", "series", "rho_measured", "m", "tau", "low", "high", "seeds", "models"}
	if f.BySetting {
		d.header = append([]string{"setting"}, d.header...)
	}
	d.rows = p.rows
	legend := slices.MaxFunc(p.panels, func(a, b panel) int { return len(a.legend) - len(b.legend) }).legend
	for i := range p.panels {
		p.panels[i].legend = nil
	}
	note := upper(p.method) + "."
	if rows[0][0].caution {
		note += " Nothing passes the gate: " + said + "."
	}
	head := heading(d.Title, []string{note}, d.width-2*margin)
	head.legend, head.gap = legendRows(append([]entry{{text: "sharpness at"}}, legend...), d.width-2*margin), 7
	d.height = 2*margin + head.height() + vg.Length(len(rows))*2.55*vg.Inch + 8*vg.Length(len(rows)-1)
	d.Caption = p.caption(rows, note)
	if !rows[0][0].caution {
		d.Caption += said
	}
	if f.BySetting {
		d.Caption += alsoSweptText(rs, "models of one setting are compared")
	} else {
		d.Caption += allSweptText(rs, "every model of a seed is compared with every other")
	}
	d.paint = func(c draw.Canvas) { tile(head.draw(c), p.panels, cols, 16, 8) }
	return d, nil
}

// powerDraft is the figure on its way.
type powerDraft struct {
	panels  []panel
	rows    [][]string
	samples []string // what is behind each panel
	method  string
	rivals  map[string]bool // names of those that are drawn
	cut     bool
}

// add draws a row of panels, on an axis that holds the shared ones; among says that there are other rows.
func (p *powerDraft) add(row, shared []view, among bool) {
	low, high := 0., 0.
	for _, v := range shared {
		low, high = v.extent(low, high, !v.caution)
	}
	low, high = tauAxis(low, high)
	for _, v := range row {
		letter := 'a' + rune(len(p.panels))
		title := fmt.Sprintf("(%c) %s", letter, upper(v.GapLabel))
		if v.setting != "" {
			title = fmt.Sprintf("(%c) %s: %s", letter, v.setting, v.GapLabel)
		} else if v.caution {
			title += ", all models: the caution"
		} else if among {
			title += ", models that fit"
		}
		if v.skipped != "" {
			p.panels = append(p.panels, blank(title, "No τ: "+v.skipped+"."))
			p.samples = append(p.samples, fmt.Sprintf("%c: none, for %s", letter, v.skipped))
			continue
		}
		pan := v.panel(v.powerFacts, !v.caution, low, high)
		pan.title, pan.notes = title, []string{upper(v.sample()) + "."}
		p.panels = append(p.panels, pan)
		p.samples = append(p.samples, fmt.Sprintf("%c: %s", letter, v.sample()))
		p.method, p.cut = v.method(), p.cut || pan.cut
		for _, b := range v.levels() {
			p.rivals[strings.TrimPrefix(b.name, "−")] = true
		}
		for _, r := range v.shown(!v.caution) {
			cells := []string{v.GapLabel, v.gate}
			if v.setting != "" {
				cells = append([]string{v.setting}, cells...)
			}
			p.rows = append(p.rows, append(cells, r...))
		}
	}
}

func (p *powerDraft) caption(rows [][]view, note string) string {
	first, last := rows[0][0], rows[len(rows)-1][0]
	s := "Kendall's τ-b between m-sharpness and the generalization gap. " + note + " " + strings.Join(p.samples, ". ") + "."
	s += fmt.Sprintf(" Bold: sharpness measured at ρ = %s; the dashed lines are the other measured radii.", short(first.rho))
	if !first.caution {
		given := func(v view) bool { return slices.ContainsFunc(v.ps, func(p power) bool { return p.partial.N > 0 }) }
		if slices.ContainsFunc(rows[0], given) {
			s += " Open triangles: partial τ within seed with the ρ and m of the training held fixed, of the models with ρ > 0."
		}
		s += " Open diamonds: τ-b over all models at once, which mixes differences between seeds in; " +
			"its interval is a delete-one-seed jackknife."
	}
	if last.caution {
		s += " Over all models the gap is confounded with how well a model fits: that row is the caution, not the result."
	}
	return s + rivalText(slices.Sorted(maps.Keys(p.rivals))) + cutText(p.cut)
}

// rivalText is a sentence for a caption, empty where there is no baseline.
func rivalText(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return " Grey horizontals, intervals at the right end: τ-b within seed of what else ranks them best (" + strings.Join(names, ", ") +
		") with the same gap of the same models, each with the sign that helps it."
}

// baselineText is rivalText of one panel.
func (facts powerFacts) baselineText() string {
	var names []string
	for _, b := range facts.levels() {
		names = append(names, b.name)
	}
	return rivalText(names)
}

// extent widens [low, high] to hold every estimate of a panel.
func (facts powerFacts) extent(low, high float64, pooled bool) (float64, float64) {
	add := func(i stats.Interval) { low, high = spread(low, high, i.Mean, i.Low, i.High) }
	for _, p := range facts.ps {
		add(p.within)
		if pooled && p.rho == facts.rho {
			add(p.pooled)
			add(p.partial)
		}
	}
	for _, b := range facts.baselines {
		add(b.within)
	}
	return low, high
}

// tauAxis is an axis of τ around an extent.
func tauAxis(low, high float64) (float64, float64) {
	pad := math.Max(.04*(high-low), .02)
	return math.Max(low-pad, -1.02), math.Min(high+pad, 1.02)
}

// panel draws one line for every measured ρ over an ordinal axis of m, and the baselines; with pooled, also the bold line pooled over
// seeds, and given what the models were trained with.
func (f compared) panel(facts powerFacts, pooled bool, low, high float64) panel {
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
	ls := facts.levels()
	p.X.Min, p.X.Max = -.4, float64(len(axis))-.6
	p.X.Max += ls.room() * (p.X.Max - p.X.Min) / 170
	p.Y.Min, p.Y.Max = low, high
	grid{x: ordinalTicks(names), y: linearTicks(low, high, 6)}.ticksOn(p)
	pan := panel{plot: p}
	within := func(q power) stats.Interval { return q.within }
	line := func(text string, s curve, ps []power, of func(power) stats.Interval) curve {
		s.top = nan
		for _, q := range ps {
			s.x, s.y = append(s.x, float64(slices.Index(axis, q.m))), append(s.y, of(q))
		}
		e := s.entry(text)
		e.band = s.band && facts.seeds.high > 1
		pan.legend = append(pan.legend, e)
		return s
	}
	var lines []curve
	left, right := 0, 0 // lines beside the bold one
	for _, rho := range radii {
		s := curve{color: rhoColor(rho, radii), width: .8, dashes: []vg.Length{2.5, 1.5}, glyph: rhoGlyph(rho, facts.rho), bars: true}
		switch {
		case rho == facts.rho:
			s.width, s.dashes, s.band, s.bars = 1.8, nil, true, false
		case rho > facts.rho:
			right++
			s.shift = 3.4 * vg.Length(right)
		default:
			left++
			s.shift = -3.4 * vg.Length(left)
		}
		lines = append(lines, line("ρ = "+short(rho), s, at(facts.ps, rho), within))
	}
	bold := slices.Index(radii, facts.rho)
	if pooled {
		s := curve{color: neutral[0], width: .8, dashes: dotted, glyph: glyph{sides: 4, open: true}, bars: true, shift: 3.4 * vg.Length(right+1)}
		lines = append(lines, line("pooled over seeds", s, at(facts.ps, facts.rho), func(q power) stats.Interval { return q.pooled }))
	}
	partial := func(q power) stats.Interval { return q.partial }
	if shown := slices.DeleteFunc(at(facts.ps, facts.rho), func(q power) bool { return q.partial.N == 0 }); pooled && len(shown) > 0 {
		s := curve{color: neutral[1], width: .8, dashes: dotted, glyph: glyph{sides: 3, open: true}, bars: true, shift: -3.4 * vg.Length(left+1)}
		lines = append(lines, line("given ρ and m of the training", s, shown, partial))
	}
	p.Add(rule{y: exactly(0), color: spine, width: .7}, ls)
	lines = append(slices.Delete(slices.Clone(lines), bold, bold+1), lines[bold])
	for _, s := range lines {
		pan.cut = pan.cut || s.cut(low, high)
		p.Add(s)
	}
	return pan
}
