package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/stats"
	"msharp/harness/study"
)

// Rivals draws how well m-sharpness ranks the models beside everything else that could: a row for each number, a column for each statistic.
type Rivals struct {
	File string     // empty is "rivals"
	Gate study.Gate // of the models that are compared; zero is study.ByDesign
}

func (f Rivals) Name() string { return cmp.Or(f.File, "rivals") }

// rivalRow is one number of the models by every statistic.
type rivalRow struct {
	name, column string
	sharpness    bool
	scores       []scored // as rivalColumns
}

// drawn is the interval of a statistic, cut at 0 for a share of information, which cannot be negative.
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
	{scoreTau, "Kendall τ-b", 0}, {scorePsi, "Ψ", 0}, {scoreSign, "sign error\n(less is better)", .5}, {scoreMax, "worst sign error\n(less is better)", nan},
	{scoreK, "Jiang's K", nan}, {scorePGDL, "PGDL / 100", nan},
}

func (f Rivals) rows(t *study.Trials, rho float64, p *cohort) (rows []rivalRow) {
	add := func(name, column string, x study.Field, sharpness bool) rivalRow {
		r := rivalRow{name: name, column: column, sharpness: sharpness}
		for _, c := range rivalColumns {
			r.scores = append(r.scores, p.score(c.score, x))
		}
		return r
	}
	for _, m := range study.MeasuredAt(t.MSharpness(), rho) {
		rows = append(rows, add("m-sharpness, m = "+study.GroupText(m.M), m.Name, m.Field, true))
	}
	var sharp, others []rivalRow
	for _, r := range t.Rivals() {
		x, name, column := r.Field, r.Label, r.Column
		if r.Sharp {
			sharp = append(sharp, add(name, column, x, true))
			continue
		}
		if turned(r, p.score(scoreTau, x).est.Mean) {
			x, name, column = study.Minus(x), "−"+name, "-"+column
		}
		others = append(others, add(name, column, x, false))
	}
	byTau := func(a, b rivalRow) int { return cmp.Compare(b.scores[0].est.Mean, a.scores[0].est.Mean) }
	slices.SortStableFunc(sharp, byTau)
	slices.SortStableFunc(others, byTau)
	return slices.DeleteFunc(slices.Concat(rows, sharp, others), func(r rivalRow) bool {
		return !slices.ContainsFunc(r.scores, func(s scored) bool { return s.est.N > 0 })
	})
}

func (f Rivals) Draw(t *study.Trials) (Drawing, error) {
	p := cohortOf(t, comparedBy(f.Gate))
	gap := p.gap.Label
	s := Sheet{Name: f.Name(), Title: "m-sharpness beside what else could rank models by their " + gap}
	if s.Skipped = cmp.Or(t.Unfinished(), p.missing()); s.Skipped != "" {
		return s.Draw(), nil
	}
	rho := nan // of the sharpness
	if ms := t.MSharpness(); len(ms) > 0 {
		rho = study.ShownRho(ms)
	}
	rows := f.rows(t, rho, p)
	if len(rows) == 0 {
		s.Skipped = "no seed has two models that differ in a measure or a baseline, and in the " + gap
		return s.Draw(), nil
	}
	s.Header = []string{"number", "statistic", "value", "low", "high", "seeds",
		"corrected", "corrected_low", "corrected_high", "null_mean", "null_low", "null_high"}
	var models Span
	lacking := 0
	for _, r := range rows {
		s.left = max(s.left, textStyle(tickSize, ink).Width(r.name)+8)
		for i, of := range r.scores {
			s.Rows = append(s.Rows, append([]string{r.column, rivalColumns[i].column}, of.cells()...))
			if of.est.N > 0 {
				s.Seeds.Add(of.est.N)
				models.join(of.models)
			}
			lacking = max(lacking, of.lacking)
		}
	}
	s.Notes = []string{fmt.Sprintf("%s models a seed (%d of %d: %s). Grey: dealt to the models at random, mean and central 90 %% of %d draws.",
		models, p.ranked, p.All, p.gate.Text, nullDraws)}
	if !math.IsNaN(rho) {
		s.Legend = []Entry{{Text: "sharpness, m-sharpness at ρ = " + stats.Short(rho), Look: Look{color: sharpColor, glyph: glyph{}}}}
	}
	s.Legend = append(s.Legend, Entry{Text: "baseline, with the sign that helps it", Look: Look{color: neutral[1], glyph: glyph{sides: 4}}}, nullEntry())
	s.Interval = barText(t, p.gap)
	s.Caption = fmt.Sprintf("How well each number ranks models by their %s.", gap)
	s.More = "The statistics are those of the figure over m. A baseline is turned round where its mean τ is negative; a minus in its name says so. " +
		"A sign error is the share of pairs ranked wrong, mean and largest over environments, so less is better; of the other statistics more is better. " +
		"K and the PGDL score are biased upwards: read their distance from the grey band. No interval of theirs goes below 0."
	if lacking > 0 {
		s.More += fmt.Sprintf(" Up to %d models lack a number and are not in its row.", lacking)
	}
	var undefined []string
	for i, c := range rivalColumns {
		if !slices.ContainsFunc(rows, func(r rivalRow) bool { return r.scores[i].est.N > 0 }) {
			undefined = append(undefined, c.name+" ("+p.why(c.score)+")")
			continue
		}
		s.Add(rivalPanel(rows, i, s.left, len(s.Panels) == 0))
	}
	if len(undefined) > 0 {
		s.More += " Left out, for it is undefined: " + strings.Join(undefined, "; ") + "."
	}
	s.Columns, s.Height, s.least = len(s.Panels), rivalStep*vg.Length(len(rows))+57, 6.5*vg.Inch
	s.End = t.TwiceText()
	return s.Draw(), nil
}

const rivalStep = vg.Length(12.5) // the height of a row

// rivalPanel is one column, with the names of the rows, which have so much room, or without.
func rivalPanel(rows []rivalRow, i int, room vg.Length, names bool) (pan Panel) {
	col := rivalColumns[i]
	low, high := math.Inf(1), math.Inf(-1)
	for _, r := range rows {
		e, s := r.drawn(i), r.scores[i]
		low, high = spread(low, high, e.Mean, e.Low, e.High, s.null.low, s.null.high)
	}
	low, high = spread(low, high, col.chance)
	low, high = padded(low, high, .05, 1e-4)
	pan.X, pan.Y = LinearAxis(col.label, low, high, 2), Axis{Low: .4 - float64(len(rows)), High: .6, Hidden: true}
	pan.Add(rivalColumn{rows, i, names, room, col.chance})
	return pan
}

// rivalColumn draws one statistic of all rows; row i stands at y = −i.
type rivalColumn struct {
	rows   []rivalRow
	column int
	names  bool
	room   vg.Length // of the names
	chance float64
}

func (rc rivalColumn) cut(x, _ Axis) bool {
	return slices.ContainsFunc(rc.rows, func(r rivalRow) bool { e := r.drawn(rc.column); return e.Low < x.Low || e.High > x.High })
}

func (rc rivalColumn) values(_, _ Axis) (all []Series) {
	for i, r := range rc.rows {
		s := r.scores[rc.column]
		of, null := Series{Name: r.name, Across: true}, Series{Name: r.name + ", " + nullEntry().Text, Across: true}
		if s.est.N > 0 {
			of.add(-float64(i), r.drawn(rc.column))
		}
		null.add(-float64(i), stats.Interval{Mean: s.null.mean, Low: s.null.low, High: s.null.high})
		all = append(all, null, of)
	}
	return all
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
			c.FillText(sty, vg.Point{X: c.Min.X - rc.room + 2, Y: y + .5}, r.name)
		}
		if i > 0 && r.sharpness != rc.rows[i-1].sharpness {
			edge, left := y+rivalStep/2, c.Min.X
			if rc.names {
				left -= rc.room
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
