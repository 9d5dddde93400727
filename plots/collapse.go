package plots

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/stats"
)

// Collapse is the test error against ρ, ρ/√m and ρ/m, and against the ρ/mᵅ that brings the curves of all m closest together. By theory
// ρ/m orders the regulariser of unnormalised m-SAM, ρ/2‖∇f‖² + ρ/(2m) tr V, where the noise of the gradient dominates (Luo et al. 2025,
// arXiv:2509.18001), and so does ρ/√m for the normalised one, whose first-order term is ρ times the mean norm of a group's gradient.
type Collapse struct {
	File   string // empty is "collapse"
	Title  string
	Y      Field // a fraction, drawn as a percentage; zero is test_error
	YLabel string
}

func (f Collapse) defaults() Collapse {
	f.File = orText(f.File, "collapse")
	f.Title = orText(f.Title, "Do the curves of all m collapse onto one?")
	f.Y, f.YLabel = f.Y.or(Value("test_error")), orText(f.YLabel, "test error (%)")
	return f
}

func (f Collapse) Name() string { return f.defaults().File }

// abscissa is one panel: ρ over a power of m.
type abscissa struct {
	exponent float64
	name     string
	spread   stats.Interval // relative to that against ρ; N = 0 where it is not defined
}

func (f Collapse) Draw(t *Trials) (Drawing, error) {
	f = f.defaults()
	d := Drawing{Name: f.File, Title: f.Title, width: twoColumn}
	rs := t.runs
	if d.Skipped = noFinished(rs); d.Skipped != "" {
		return d, nil
	}
	lines := ErrorVsRho{Y: f.Y, YLabel: f.YLabel}.defaults()
	curves, base := lines.curves(rs)
	switch {
	case len(curves) == 0:
		d.Skipped = "no run has ρ > 0"
		return d, nil
	case len(curves) == 1:
		d.Skipped = fmt.Sprintf("the records have one m (%s): nothing to collapse", mText(curves[0].m))
		return d, nil
	}
	if n := len(slices.DeleteFunc(slices.Clone(curves), func(c rhoCurve) bool { return !c.some() })); n < 2 {
		d.Skipped = fmt.Sprintf("%d of %d m have a finished run with ρ > 0 and the %s", n, len(curves), f.YLabel)
		return d, nil
	}
	low, high := rhoRange(curves, base, true)
	c := collapseOf(rs, f.Y, curves, high)
	panels := []abscissa{{0, "ρ", exactly(1)}, {.5, "ρ/√m", c.relative(.5)}, {1, "ρ/m", c.relative(1)}}
	cols := len(panels)
	best := c.best()
	if best.N > 0 {
		panels = []abscissa{panels[0], {best.Mean, "ρ/mᵅ, α = " + decimals(best.Mean, 2), c.relative(best.Mean)}, panels[1], panels[2]}
		cols = 2
	}
	length := (d.width-2*margin)/vg.Length(cols) - 40
	d.header = []string{"exponent", "m", "rho", "abscissa", "error_percent", "low", "high", "seeds", "runs", "diverged", "above_axis"}
	var drawn []panel
	_, facts := rhoPanel(curves, base, rhoAxes{"", f.YLabel, length, low, high})
	if d.Skipped = facts.skipped; d.Skipped != "" {
		return d, nil
	}
	cut := false
	for i, a := range panels {
		p := a.panel(curves, base, f.YLabel, low, high, length)
		p.title = fmt.Sprintf("(%c) %s", 'a'+i, a.name)
		if i > 0 {
			p.title += a.spreadText()
		}
		drawn, cut = append(drawn, p), cut || p.cut
		d.rows = append(d.rows, a.rows(curves, base, high)...)
	}
	note := facts.interval() + "."
	head := heading(f.Title, []string{note, c.text(best, panels)}, d.width-2*margin)
	head.legend, head.gap = legendRows(drawn[0].legend, d.width-2*margin), 7
	for i := range drawn {
		drawn[i].legend = nil
	}
	rows := (len(drawn) + cols - 1) / cols
	d.height = 2*margin + head.height() + vg.Length(rows)*2.25*vg.Inch + 8*vg.Length(rows-1)
	d.Caption = fmt.Sprintf("%s against ρ over a power of m. %s The dashed line is ρ = 0.", upper(f.YLabel), note)
	d.Caption += " Spread: root mean square difference between the curves of any two m at equal abscissa, linear between the points, " +
		"where both have some; relative to the same pairs of curves against ρ, so 1 is no closer than against ρ. " +
		c.text(best, panels) + " " + c.sample()
	if facts.above > 0 {
		d.Caption += fmt.Sprintf(" Above the axis: %d of %d points; a curve counts up to its first one, or its first diverged run.",
			facts.above, facts.points)
	}
	d.Caption += cutText(cut) + alsoSweptText(rs, "averaged within each seed")
	d.paint = func(c draw.Canvas) { tile(head.draw(c), drawn, cols, 16, 8) }
	return d, nil
}

// at is ρ on the abscissa.
func (a abscissa) at(rho, m float64) float64 { return rho / math.Pow(m, a.exponent) }

// spreadText is the spread for a title, empty where it is not defined.
func (a abscissa) spreadText() string {
	if a.spread.N == 0 {
		return ""
	}
	return ": spread " + plusMinus(a.spread, 2) + " of (a)"
}

func (a abscissa) panel(curves []rhoCurve, base rhoPoint, ylabel string, low, high float64, length vg.Length) panel {
	left, right := math.Inf(1), math.Inf(-1)
	for _, c := range curves {
		for _, p := range c.pts {
			if p.est.Mean <= high {
				left, right = spread(left, right, math.Log10(a.at(p.x, c.m)))
			}
		}
	}
	if right < left {
		left, right = -2, 0
	}
	pad := math.Max(.045*(right-left), .04)
	p := newPlot(a.name+" (log scale)", ylabel)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = left-pad, right+pad, low, high
	grid{logTicks(p.X.Min, p.X.Max, length), linearTicks(low, high, 5)}.ticksOn(p)
	pan := panel{plot: p}
	if base.est.N > 0 {
		p.Add(rule{y: exactly(base.est.Mean), color: baseColor, width: 1, dashes: dashed})
		pan.legend = append(pan.legend, entry{text: "ρ = 0", color: baseColor, width: 1, dashes: dashed})
	}
	var lines []plot.Plotter
	for _, c := range curves {
		s := curve{color: mColor(c.m), width: 1.2, glyph: mGlyph(c.m), band: true, top: high}
		for _, pt := range c.pts {
			s.x, s.y = append(s.x, math.Log10(a.at(pt.x, c.m))), append(s.y, pt.est)
		}
		pan.cut = pan.cut || s.cut(low, high)
		lines = append(lines, s)
		pan.legend = append(pan.legend, s.entry("m = "+mText(c.m)))
	}
	p.Add(lines...)
	return pan
}

func (a abscissa) rows(curves []rhoCurve, base rhoPoint, high float64) (rows [][]string) {
	add := func(m string, p rhoPoint, x float64) {
		row := p.csv(m, p.est.N > 0 && p.est.Mean > high)
		rows = append(rows, append([]string{cellText(a.exponent), row[0], row[1], cellText(x)}, row[2:]...))
	}
	if base.runs > 0 {
		add("", base, nan)
	}
	for _, c := range curves {
		for _, p := range c.pts {
			add(mText(c.m), p, a.at(p.x, c.m))
		}
	}
	return rows
}
