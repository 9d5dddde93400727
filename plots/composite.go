package plots

import (
	"fmt"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/record"
)

// Composite is Figure 3 of Foret et al. 2021 twice: from the records above, as published below.
type Composite struct {
	File  string // empty is "msweep"
	Title string
	Left  ErrorVsRho
	Right Power
}

func (f Composite) Name() string { return orText(f.File, "msweep") }

const citation = "Foret et al. 2021, Figure 3 (arXiv:2010.01412)"

func (f Composite) Draw(t *Trials) (Drawing, error) {
	d := Drawing{Name: f.Name(), Title: orText(f.Title, "m-sharpness: ours, and as published"), width: twoColumn, height: 6.5 * vg.Inch}
	left, right := f.Left.defaults(), f.Right.compared.defaults()
	left.XLabel = "ρ (log scale)"
	rs := t.runs
	if d.Skipped = noFinished(rs); d.Skipped != "" {
		return d, nil
	}
	curves, base := left.curves(rs)
	axis := (d.width-2*margin-16)/2 - 50
	a, ours := rhoPanel(curves, base, left.axes(left.XLabel, axis, curves, base))
	a.title, a.notes = "(a) Ours: test error", []string{ours.interval() + "."}
	if d.Skipped = ours.skipped; d.Skipped != "" {
		return d, nil
	}
	facts, second := t.facts(right), powerFacts{skipped: "another gap is asked for"}
	if f.Right.Gap.Of == nil {
		second = t.facts(right.withLoss())
	}
	top, cut := []panel{a}, false
	if facts.skipped == "" {
		low, high := facts.extent(0, 0, false)
		if second.skipped == "" {
			low, high = second.extent(low, high, false)
		}
		low, high = tauAxis(low, high)
		b := right.panel(facts, false, low, high)
		b.plot.X.Label.Text = strings.Replace(b.plot.X.Label.Text, "m, examples per group in the measure", "m of the measure", 1)
		if second.skipped == "" {
			b.plot.Y.Label.Text = "Kendall τ-b with the gap"
			b.legend = append(b.legend, second.beside(b.plot, right.withLoss().GapLabel))
		}
		b.legend = append([]entry{{text: right.GapLabel + ", at"}}, b.legend...)
		b.title, b.notes = "(b) Ours: predictive power of m-sharpness", []string{facts.interval() + "."}
		top, cut = append(top, b), b.cut
	}
	published, publishedBase := foretCurves()
	all := rhoAxes{xlabel: "ρ (log scale)", ylabel: "test error (%)", length: axis}
	all.low, all.high = rhoRange(published, publishedBase, false)
	c, theirs := rhoPanel(published, publishedBase, all)
	c.title = "(c) Published: test error"
	e, information := foretPower()
	e.plot.X.Label.Text = "m of the measure"
	e.title = "(d) Published: mutual information, not τ"
	bottom := []panel{c, e}

	d.header = []string{"panel", "source", "series", "x", "y", "low", "high", "seeds"}
	for _, r := range ours.rows {
		d.rows = append(d.rows, []string{"a", "records", seriesName(r[0]), r[1], r[2], r[3], r[4], r[5]})
	}
	if facts.skipped == "" {
		for _, r := range facts.shown(false) { // series, rho, m, tau, low, high, seeds
			series := r[0]
			if r[1] != "" {
				series = "rho=" + r[1]
			}
			d.rows = append(d.rows, append([]string{"b", "records", series}, r[2:7]...))
		}
		if second.skipped == "" {
			for _, p := range at(second.ps, second.rho) {
				d.rows = append(d.rows, []string{"b", "records", "loss_gap rho=" + cellText(p.rho), mText(p.m), cellText(p.within.Mean),
					cellText(p.within.Low), cellText(p.within.High), fmt.Sprint(p.within.N)})
			}
		}
	}
	for _, r := range theirs.rows {
		d.rows = append(d.rows, []string{"c", citation, seriesName(r[0]), r[1], r[2], "", "", ""})
	}
	for _, r := range information {
		d.rows = append(d.rows, []string{"d", citation, r[0], r[1], r[2], "", "", ""})
	}

	what := models(rs)
	d.Caption = "a: " + left.caption(rs, ours)
	if facts.skipped == "" {
		d.Caption += " b: Kendall's τ-b between m-sharpness and the " + right.GapLabel + "; " + facts.interval() + "." +
			lossText(second) + facts.baselineText() + cutText(cut) +
			" Over all models, and pooled over seeds: predictive_power."
	} else {
		d.Caption += " b is missing: " + facts.skipped + "."
	}
	d.Caption += " c, d: " + citation + ", read off the picture (c ±.03 points, d ±.0005 and ±.002): a small ResNet on CIFAR-10, " +
		"and the two public tasks of the PGDL competition, whose right panel is mutual information, not τ. Compare shapes, not heights."

	width := d.width - 2*margin
	above := heading(d.Title, []string{"Top: " + what + ", drawn from the records." + missing(facts.skipped)}, width)
	above.gap = 7
	source := "Bottom: the published figure, on another model and another data set: " + citation +
		", small ResNet on CIFAR-10, read off the picture; its right panel is mutual information on the PGDL tasks, not τ."
	below := strips{gap: 6, lines: wrap(source, textStyle(noteSize, muted), width)}
	d.paint = func(c draw.Canvas) {
		rest := above.draw(c)
		half := (rest.Max.Y - rest.Min.Y) * .545
		upper, lower := rest, rest
		upper.Min.Y = rest.Max.Y - half + 6
		lower.Max.Y = rest.Max.Y - half - 4
		tile(upper, top, len(top), 16, 0)
		lower.StrokeLine2(draw.LineStyle{Color: gridline, Width: .8}, lower.Min.X, lower.Max.Y+2, lower.Max.X, lower.Max.Y+2)
		tile(below.draw(lower), bottom, 2, 16, 0)
	}
	return d, nil
}

// beside draws the bold line of another gap as open squares, and returns its legend.
func (facts powerFacts) beside(p *plot.Plot, label string) entry {
	s := curve{color: neutral[1], width: .9, dashes: []vg.Length{1, 1.8}, glyph: glyph{sides: 4, turn: .125, open: true}, bars: true, top: nan}
	for i, q := range at(facts.ps, facts.rho) {
		s.x, s.y = append(s.x, float64(i)), append(s.y, q.within)
	}
	p.Add(s)
	return s.entry(label + ", at ρ = " + short(facts.rho))
}

// lossText is a sentence for a caption, empty where there is no second gap.
func lossText(second powerFacts) string {
	ps := at(second.ps, second.rho)
	if second.skipped != "" {
		return ""
	}
	return fmt.Sprintf(" Open squares: the same with the loss gap, at ρ = %s: %s at m = %s, %s at m = %s.", short(second.rho),
		plusMinus(ps[0].within, 2), mText(ps[0].m), plusMinus(ps[len(ps)-1].within, 2), mText(ps[len(ps)-1].m))
}

func missing(why string) string {
	if why == "" {
		return ""
	}
	return " No panel b: " + why + "."
}

func seriesName(m string) string {
	if m == "" {
		return "rho=0"
	}
	return "m=" + m
}

// models says in words what was trained, where all runs agree: "MLP on MNIST, 1024 training examples".
func models(rs []run) string {
	one := func(key string) (string, bool) {
		vs := distinct(rs, func(r run) string { return record.Text(r.config[key]) })
		return vs[0], len(vs) == 1 && vs[0] != ""
	}
	s := "the models"
	if kind, ok := one("model.kind"); ok {
		s = strings.ToUpper(kind)
	}
	if kind, ok := one("data.kind"); ok {
		s += " on " + strings.ToUpper(kind)
	}
	if n, ok := one("data.train"); ok {
		if v, err := fmt.Sscan(n, new(float64)); v == 1 && err == nil {
			s += ", " + n + " training examples"
		}
	}
	if levels := distinct(rs, noiseOf); len(levels) == 1 && levels[0] > 0 {
		s += ", " + short(100*levels[0]) + " % of their labels wrong"
	}
	return s
}
