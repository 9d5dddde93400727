package plots

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"

	"msharp/harness/stats"
	"msharp/harness/study"
)

// linePanel is lines, ρ = 0 and whatever else they are compared with, in a panel. What lies above the y axis is marked in a strip of rows,
// one for each line concerned.
type linePanel struct {
	axes
	lineData
	rules     []Rule
	low, high float64 // of the y axis, without the strip above it
	counted   string  // how means count runs that diverged; empty where there is none
	again     bool    // another panel of the sheet counts these runs
	skipped   string  // why there is nothing to draw
}

func (a axes) of(t *study.Trials) *linePanel {
	p := &linePanel{axes: a, lineData: a.data(t)}
	p.skipped = t.Unfinished()
	switch {
	case p.seeds().high == 0:
		p.skipped = cmp.Or(p.skipped, "no final trial has the "+a.y.Label)
	case len(p.lines) == 0 && len(p.over.pts) == 0:
		p.skipped = cmp.Or(p.skipped, "no run has ρ > 0")
	}
	p.low, p.high = lineRange(p.lines, p.base, percent(a.y.Field) && !a.whole)
	for _, r := range t.Final() {
		if v, ok := a.y.Of(r); r.Diverged && !ok {
			p.counted = leftOut(a.y.Label)
		} else if r.Diverged && percent(a.y.Field) && v == 1 {
			p.counted = asError
		}
	}
	return p
}

// seeds are behind the points.
func (p *linePanel) seeds() (s Span) {
	for _, l := range append(p.lines, p.over) {
		for _, pt := range l.pts {
			if pt.est.N > 0 {
				s.Add(pt.est.N)
			}
		}
	}
	if p.base.est.N > 0 {
		s.Add(p.base.est.N)
	}
	return s
}

// offCounts is of all points.
func (p *linePanel) offCounts() offAxis {
	n := offAxis{counted: p.counted}
	if !p.again {
		n.diverged = p.base.diverged
	}
	for _, l := range p.lines {
		for _, pt := range l.pts {
			if !p.again {
				n.diverged += pt.diverged
			}
			if pt.est.N > 0 {
				n.points++
			}
			if pt.est.N > 0 && pt.est.Mean > p.high {
				n.above++
			}
		}
	}
	return n
}

// name is of a line in a legend.
func (p *linePanel) name(l line) string { return p.series.name(l.value) }

func (p *linePanel) look(l line) Look {
	if p.series.Is(study.M) {
		return LookOfM(l.value)
	}
	i := slices.IndexFunc(p.lines, func(o line) bool { return o.value == l.value })
	return Look{blend(rhoPalette, (float64(i)+.5)/float64(len(p.lines))), 1.2, nil, mGlyph(math.Pow(2, float64(i)))}
}

// panel draws on an x axis of about the given length, and returns the points: series and x, and what a point has.
func (p *linePanel) panel(length vg.Length) (pan Panel, rows [][]string) {
	var xs []float64
	for _, l := range append(p.lines, p.over) {
		for _, pt := range l.pts {
			xs = append(xs, pt.x)
		}
	}
	slices.Sort(xs)
	xs = slices.Compact(xs)
	at, log := func(x float64) float64 { return p.x.In(x) }, p.log(xs)
	if log {
		at = func(x float64) float64 { return math.Log10(p.x.In(x)) }
	}
	row := func(series, x string, pt linePoint, above bool) {
		rows = append(rows, append([]string{series, x}, pt.cells(above)...))
	}
	if p.base.runs > 0 {
		row("", "0", p.base, false)
	}
	for _, pt := range p.over.pts {
		row("", p.x.cell(pt.x), pt, false)
	}
	strip := offScale{top: p.high, offAxis: p.offCounts()}
	for _, l := range p.lines {
		marks := offRow{Look: p.look(l)}
		for _, pt := range l.pts {
			above := pt.est.N > 0 && pt.est.Mean > p.high
			if above || pt.diverged > 0 {
				text := edgeText(pt.est.Mean)
				if above {
					text = pastText(pt.est.Mean, p.high)
				}
				marks.pts = append(marks.pts, offPoint{at(pt.x), above, text, pt.diverged, pt.est})
			}
			row(p.series.cell(l.value), p.x.cell(pt.x), pt, above)
		}
		if len(marks.pts) > 0 {
			strip.rows = append(strip.rows, marks)
		}
	}
	pan.X = p.xAxis(xs, at, log, length)
	if room := strip.room(); room > 0 {
		pan.X.High += (pan.X.High - pan.X.Low) * math.Max(.04, float64(room/(length-room)))
	}
	pan.Y = LinearAxis(p.y.Axis(), p.low, p.high, 6)
	pan.Y.High = p.low + (p.high-p.low)/(1-strip.share())
	if p.base.est.N > 0 {
		pan.Add(Rule{Name: "ρ = 0", Y: exactly(p.base.est.Mean), Look: LookBase})
		pan.Notes = []string{"ρ = 0: " + p.base.est.PlusMinus(1) + unit(p.y.Field)}
	}
	for _, r := range p.rules {
		pan.Add(r)
	}
	curve := func(l line, name string, look Look) {
		s := Curve{Name: name, Look: look, Band: true, capped: true, top: p.high}
		for _, pt := range l.pts {
			s.X, s.Y = append(s.X, at(pt.x)), append(s.Y, pt.est)
		}
		pan.Add(s)
	}
	if len(p.over.pts) > 0 {
		bare := p.over
		bare.pts = slices.Clone(bare.pts)
		for i := range bare.pts {
			bare.pts[i].est.Low, bare.pts[i].est.High = nan, nan
		}
		curve(bare, "ρ = 0", LookBase)
	}
	for _, l := range p.lines {
		curve(l, p.name(l), p.look(l))
	}
	pan.Add(strip)
	if p.skipped != "" {
		pan.Blank = p.skipped
	}
	return pan, rows
}

func (p *linePanel) xAxis(xs []float64, at func(float64) float64, log bool, length vg.Length) Axis {
	if p.x.texts != nil {
		return OrdinalAxis(p.x.Axis(), p.x.texts, .4)
	}
	swept := make([]float64, len(xs))
	for i, x := range xs {
		swept[i] = p.x.In(x)
	}
	if log || p.x.Is(study.Rho) { // or ρ = 0 alone
		return SweptAxis(p.x.Axis()+" (log scale)", swept, length)
	}
	low, high := padded(at(slices.Min(xs)), at(slices.Max(xs)), .05, 0)
	if low == high {
		low, high = low-.5, high+.5
	}
	same := func(v float64) float64 { return v }
	return Axis{Label: p.x.Axis(), Low: low, High: high, Ticks: sweptTicks(swept, same, length)}
}

// shareAxis gives panels one y axis. It holds what each panel would show by itself, and the rules; of the rules' intervals it holds as much
// as does not squash the lines.
func shareAxis(ps []*linePanel) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range ps {
		if p.skipped == "" {
			low, high = math.Min(low, p.low), math.Max(high, p.high)
		}
	}
	pad := .03 * (high - low)
	each := func(add func(y stats.Interval)) {
		for _, p := range ps {
			for _, r := range p.rules {
				add(r.Y)
			}
		}
	}
	each(func(y stats.Interval) { low, high = spread(low, high, y.Mean-pad, y.Mean+pad) })
	least, most, room := low, high, .3*(high-low)
	each(func(y stats.Interval) { least, most = spread(least, most, y.Low-pad, y.High+pad) })
	floor := 0.
	if low < 0 {
		floor = math.Inf(-1)
	}
	low = math.Max(math.Max(least, low-room), floor)
	high = math.Min(most, high+room)
	for _, p := range ps {
		p.low, p.high = low, high
	}
}
