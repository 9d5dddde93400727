package plots

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/stats"
)

// PredictRivals is m-sharpness beside everything else that could rank the models: a row a number, a column a statistic.
type PredictRivals struct {
	File  string // empty is "predict_baselines"
	Title string
	compared
}

func (f PredictRivals) Name() string { return orText(f.File, "predict_baselines") }

// rivalRow is one number of the models by every statistic.
type rivalRow struct {
	name, column string
	sharpness    bool
	scores       []scored // as rivalColumns
}

// drawn is the interval of a statistic as far as it can be: a share of information is no less than 0.
func (r rivalRow) drawn(column int) stats.Interval {
	e := r.scores[column].est
	if math.IsNaN(rivalColumns[column].chance) {
		e.Low = math.Max(e.Low, 0)
	}
	return e
}

// rivalColumns are the statistics, their axes' labels, and where a number without relation lies.
var rivalColumns = []struct {
	score
	label  string
	chance float64
}{
	{scoreTau, "Kendall τ-b", 0}, {scorePsi, "Ψ", 0}, {scoreSign, "sign error, mean", .5},
	{scoreK, "Jiang's K", nan}, {scorePGDL, "PGDL score / 100", nan},
}

func (f PredictRivals) rows(rs []run, p *cohort) (rows []rivalRow) {
	add := func(name, column string, x Field, sharpness bool) rivalRow {
		r := rivalRow{name: name, column: column, sharpness: sharpness}
		for _, c := range rivalColumns {
			r.scores = append(r.scores, p.score(c.score, x))
		}
		return r
	}
	ms := measures(f.Family, rs)
	if f.Rho == 0 && len(ms) > 0 {
		f.Rho = middle(ms)
	}
	for _, m := range ms {
		if m.rho == f.Rho {
			rows = append(rows, add("m-sharpness, m = "+mText(m.m), m.column, Value(m.column), true))
		}
	}
	var others []rivalRow
	for _, n := range rivals(rs) {
		x, name, column := n.x, n.name, n.column
		if p.score(scoreTau, x).est.Mean < 0 {
			x, name, column = minus(x), "−"+name, "-"+column
		}
		others = append(others, add(name, column, x, false))
	}
	slices.SortStableFunc(others, func(a, b rivalRow) int { return cmp.Compare(b.scores[0].est.Mean, a.scores[0].est.Mean) })
	return slices.DeleteFunc(append(rows, others...), func(r rivalRow) bool {
		return !slices.ContainsFunc(r.scores, func(s scored) bool { return s.est.N > 0 })
	})
}

func (f PredictRivals) Draw(t *Trials) (Drawing, error) {
	f.compared = f.compared.defaults()
	title := orText(f.Title, "m-sharpness beside what else could rank models by their "+f.GapLabel)
	d := Drawing{Name: f.Name(), Title: title, width: twoColumn}
	rs := t.runs
	if d.Skipped = noFinished(rs); d.Skipped != "" {
		return d, nil
	}
	p := cohortOf(rs, f.compared)
	if d.Skipped = p.missing(); d.Skipped != "" {
		return d, nil
	}
	rows := f.rows(rs, p)
	if len(rows) == 0 {
		d.Skipped = "no seed has two models that differ in a measure or a baseline, and in the " + f.GapLabel
		return d, nil
	}
	d.header = []string{"number", "statistic", "value", "low", "high", "seeds",
		"corrected", "corrected_low", "corrected_high", "null_mean", "null_low", "null_high"}
	var seeds, models span
	lacking := 0
	for _, r := range rows {
		for i, s := range r.scores {
			d.rows = append(d.rows, append([]string{r.column, rivalColumns[i].column}, s.cells()...))
			if s.est.N > 0 {
				seeds.add(s.est.N)
				models.add(s.models.low)
				models.add(s.models.high)
			}
			lacking = max(lacking, s.lacking)
		}
	}
	interval := fmt.Sprintf("Mean over seeds and 95 %% t interval, n = %s", seeds)
	if seeds.high == 1 {
		interval = "One seed (n = 1): no interval"
	}
	note := fmt.Sprintf("%s; %s models a seed (%d of %d: %s). Grey: dealt to the models at random, mean and central 90 %% of %d draws.",
		interval, models, p.passing, p.all, f.GateText, nullDraws)
	head := heading(d.Title, []string{note}, d.width-2*margin)
	head.legend = legendRows([]entry{
		{text: "m-sharpness at ρ = " + short(f.shownRho(rs)), color: sharpColor, glyph: glyph{}},
		{text: "baseline, with the sign that helps it", color: neutral[1], glyph: glyph{sides: 4}},
		{text: "dealt at random", color: neutral[0], width: .8, band: true, alpha: nullAlpha},
	}, d.width-2*margin)
	head.gap = 4
	d.height = 2*margin + head.height() + rivalStep*vg.Length(len(rows)) + 48
	d.Caption = fmt.Sprintf("How well each number ranks models by their %s. %s Statistics as in the figure over m. "+
		"A baseline has the sign of its mean τ, named with it. A sign error counts pairs ranked wrong: less is better; of all others more is. "+
		"K and the PGDL score are biased upwards: what counts is the distance from grey; their intervals end at 0, the least they can be.",
		f.GapLabel, note)
	if lacking > 0 {
		d.Caption += fmt.Sprintf(" Up to %d models lack a number and are not in its row.", lacking)
	}
	panels, cut := rivalPanels(rows)
	d.Caption += cutText(cut) + twiceText(rs)
	d.paint = func(c draw.Canvas) {
		c = head.draw(c)
		c.Min.X += rivalNames
		tile(c, panels, len(panels), 12, 0)
	}
	return d, nil
}

// shownRho is the measured ρ of the rows.
func (f PredictRivals) shownRho(rs []run) float64 {
	if ms := measures(f.Family, rs); f.Rho == 0 && len(ms) > 0 {
		return middle(ms)
	}
	return f.Rho
}

const (
	rivalStep  = vg.Length(12.5) // the height of a row
	rivalNames = vg.Length(98)   // the room for names
)

// sharpColor is m-sharpness where no ρ is told from another.
var sharpColor = rhoColor(.05, []float64{.01, .05, .2})

// rivalPanels are the columns; the first one carries the names.
func rivalPanels(rows []rivalRow) (panels []panel, cut bool) {
	for i, col := range rivalColumns {
		p := newPlot(col.label, "")
		low, high := math.Inf(1), math.Inf(-1)
		for _, r := range rows {
			s := r.scores[i]
			e := r.drawn(i)
			low, high = spread(low, high, e.Mean, e.Low, e.High, s.null.low, s.null.high)
		}
		low, high = spread(low, high, col.chance)
		if high < low {
			low, high = 0, 1
		}
		pad := math.Max(.05*(high-low), 1e-4)
		p.X.Min, p.X.Max = low-pad, high+pad
		p.Y.Min, p.Y.Max = .4-float64(len(rows)), .6
		p.Y.Color, p.Y.Tick.Length = color.Transparent, 0
		grid{x: linearTicks(p.X.Min, p.X.Max, 3)}.ticksOn(p)
		p.Add(rivalColumn{rows, i, i == 0, col.chance})
		cut = cut || slices.ContainsFunc(rows, func(r rivalRow) bool { e := r.drawn(i); return e.Low < p.X.Min || e.High > p.X.Max })
		panels = append(panels, panel{plot: p})
	}
	return panels, cut
}

// rivalColumn draws one statistic of all rows; row i stands at y = −i.
type rivalColumn struct {
	rows   []rivalRow
	column int
	names  bool
	chance float64
}

func (rc rivalColumn) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	if !math.IsNaN(rc.chance) {
		c.StrokeLine2(draw.LineStyle{Color: spine, Width: .7}, tx(rc.chance), c.Min.Y, tx(rc.chance), c.Max.Y)
	}
	for i, r := range rc.rows {
		y, s := ty(-float64(i)), r.scores[rc.column]
		if rc.names {
			sty := textStyle(tickSize, ink)
			sty.YAlign = draw.YCenter
			c.FillText(sty, vg.Point{X: c.Min.X - rivalNames + 2, Y: y + .5}, r.name)
		}
		if i > 0 && r.sharpness != rc.rows[i-1].sharpness {
			edge, left := y+rivalStep/2, c.Min.X
			if rc.names {
				left -= rivalNames
			}
			c.StrokeLine2(draw.LineStyle{Color: gridline, Width: .8}, left, edge, c.Max.X, edge)
		}
		if !math.IsNaN(s.null.low) {
			c.FillPolygon(faint(neutral[0], nullAlpha), box(tx(s.null.low), y-3.2, tx(s.null.high), y+3.2))
			c.StrokeLine2(draw.LineStyle{Color: neutral[0], Width: .9}, tx(s.null.mean), y-3.2, tx(s.null.mean), y+3.2)
		}
		if s.est.N == 0 {
			continue
		}
		col, g := neutral[1], glyph{sides: 4}
		if r.sharpness {
			col, g = sharpColor, glyph{}
		}
		if e := r.drawn(rc.column); !math.IsNaN(e.Half()) {
			c.StrokeLines(draw.LineStyle{Color: col, Width: 1.2}, c.ClipLinesX([]vg.Point{{X: tx(e.Low), Y: y}, {X: tx(e.High), Y: y}})...)
		}
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: col, Radius: markerRadius, Shape: g}, vg.Point{X: tx(s.est.Mean), Y: y})
	}
}
