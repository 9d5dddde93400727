package plots

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// Power is the predictive power of a measure over its m: Kendall's τ-b with the generalization gap, within each seed
// and averaged over seeds. It stands where Foret et al. 2021, Figure 3 (right) has mutual information.
type Power struct {
	File  string // empty is "predictive_power"
	Title string
	compared
}

func (f Power) defaults() Power {
	f.compared = f.compared.defaults()
	f.File = orText(f.File, "predictive_power")
	f.Title = orText(f.Title, "How well m-sharpness ranks models by "+f.GapLabel)
	return f
}

func (f Power) Name() string { return f.defaults().File }

func (f Power) Draw(recs []record.Record) (Drawing, error) {
	f = f.defaults()
	d := Drawing{Name: f.File, Title: f.Title, width: oneColumn, height: 3.9 * vg.Inch}
	rs := runs(recs)
	facts := f.facts(rs)
	if d.Skipped = facts.skipped; d.Skipped != "" {
		return d, nil
	}
	d.header = []string{"series", "rho_measured", "m", "tau", "low", "high", "seeds", "models"}
	d.rows = facts.shown(true)
	p := f.panel(facts, true)
	d.Caption = fmt.Sprintf("Kendall's τ-b between m-sharpness and %s. %s. Bold: sharpness measured at ρ = %s; the filled dots are the other measured radii.",
		f.GapLabel, facts.interval(), short(facts.rho))
	if len(facts.ungated) > 0 {
		d.Caption += fmt.Sprintf(" Open dots: the bold line without the gate, over all %d finite models.", facts.finite)
	}
	d.Caption += " Open diamonds: τ-b over all models at once, which mixes differences between seeds in; its interval is a delete-one-seed jackknife." +
		facts.baselineText() + cutText(p.cut) + alsoSweptText(rs, "every model of a seed is compared with every other")
	head := heading(f.Title, []string{facts.interval() + "."}, d.width-2*margin)
	d.paint = func(c draw.Canvas) { tile(head.draw(c), []panel{p}, 1, 0, 0) }
	return d, nil
}

// baselineText is a sentence for a caption, empty where there is no baseline.
func (facts powerFacts) baselineText() string {
	if len(facts.baselines) == 0 {
		return ""
	}
	var names []string
	for _, b := range facts.baselines {
		names = append(names, b.name)
	}
	return " Grey horizontals: τ-b within seed of " + strings.Join(names, " and of ") + " with the same gap of the same models, intervals at the right end."
}

// panel draws one line for every measured ρ over an ordinal axis of m, and the baselines; with all, also the bold line
// without the gate and pooled over seeds.
func (f Power) panel(facts powerFacts, all bool) panel {
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
	within := func(q power) stats.Interval { return q.within }
	var below []curve
	left, right := 0, 0 // curves beside the bold one
	add := func(text string, s curve, ps []power, of func(power) stats.Interval) curve {
		s.top = nan
		for _, q := range ps {
			y := of(q)
			s.x, s.y = append(s.x, float64(slices.Index(axis, q.m))), append(s.y, y)
			low, high = spread(low, high, y.Mean, y.Low, y.High)
		}
		pan.legend = append(pan.legend, entry{text: text, color: s.color, width: s.width, dashes: s.dashes, glyph: s.glyph, band: s.band && facts.seeds.high > 1})
		return s
	}
	beside := func(text string, s curve, ps []power, of func(power) stats.Interval, toRight bool) {
		if s.bars = true; toRight {
			right++
			s.shift = 3.4 * vg.Length(right)
		} else {
			left++
			s.shift = -3.4 * vg.Length(left)
		}
		below = append(below, add(text, s, ps, of))
	}
	var bold curve
	for _, rho := range radii {
		s := curve{color: rhoColor(rho, radii), width: .8, dashes: []vg.Length{2.5, 1.5}, glyph: glyph{}}
		if rho == facts.rho {
			s.width, s.dashes, s.band = 1.8, nil, true
			bold = add("ρ = "+short(rho), s, at(facts.ps, rho), within)
		} else {
			beside("ρ = "+short(rho), s, at(facts.ps, rho), within, rho > facts.rho)
		}
	}
	if all {
		at := at(facts.ps, facts.rho)
		if len(facts.ungated) > 0 {
			beside("without the gate", curve{color: bold.color, width: .8, glyph: glyph{open: true}}, facts.ungated, within, false)
		}
		beside("pooled over seeds", curve{color: neutral[0], width: .8, dashes: []vg.Length{1, 1.8}, glyph: glyph{sides: 4, open: true}},
			at, func(q power) stats.Interval { return q.pooled }, true)
	}
	for _, b := range facts.baselines {
		low, high = spread(low, high, b.within.Mean, b.within.Low, b.within.High)
	}

	pad := math.Max(.04*(high-low), .02)
	p.Y.Min, p.Y.Max = math.Max(low-pad, -1.02), math.Min(high+pad, 1.02)
	grid{x: ordinalTicks(names), y: linearTicks(p.Y.Min, p.Y.Max, 6)}.ticksOn(p)
	p.Add(rule{y: exactly(0), color: spine, width: .7}, levels(facts.baselines))
	for _, s := range append(below, bold) {
		pan.cut = pan.cut || s.cut(p.Y.Min, p.Y.Max)
		p.Add(s)
	}
	return pan
}

// levels are baselines as horizontal lines, each with its interval inside and its name outside the right end.
type levels []baseline

const levelSize = vg.Length(6.4)

func (ls levels) Plot(c draw.Canvas, p *plot.Plot) {
	_, ty := p.Transforms(&c)
	sty := textStyle(levelSize, muted)
	sty.YAlign = draw.YCenter
	sorted := slices.SortedFunc(slices.Values(ls), func(a, b baseline) int { return cmp.Compare(a.within.Mean, b.within.Mean) })
	floor := vg.Length(math.Inf(-1)) // of the next name
	for i, l := range sorted {
		y, x := ty(l.within.Mean), c.Max.X-3-3*vg.Length(i)
		c.StrokeLine2(draw.LineStyle{Color: neutral[0], Width: .8}, c.Min.X, y, c.Max.X, y)
		if low, high := ty(l.within.Low), ty(l.within.High); !math.IsNaN(l.within.Half()) {
			c.StrokeLines(draw.LineStyle{Color: neutral[0], Width: .8}, c.ClipLinesY([]vg.Point{{X: x, Y: low}, {X: x, Y: high}})...)
			arrows(c, vg.Point{X: x, Y: low}, vg.Point{X: x, Y: high}, neutral[0])
		}
		y = max(y, floor)
		c.FillText(sty, vg.Point{X: c.Max.X + 3, Y: y}, l.name)
		floor = y + 7
	}
}

// GlyphBoxes keeps room for the names.
func (ls levels) GlyphBoxes(*plot.Plot) (boxes []plot.GlyphBox) {
	for _, l := range ls {
		boxes = append(boxes, plot.GlyphBox{X: 1, Y: .5, Rectangle: vg.Rectangle{Max: vg.Point{X: 3 + textStyle(levelSize, muted).Width(l.name)}}})
	}
	return boxes
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
