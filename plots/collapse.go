package plots

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
)

// Collapse draws the test error against ρ, ρ/√m and ρ/m, and against the ρ/mᵅ that brings the curves of all m closest together. By theory
// ρ/m orders the regulariser of unnormalised m-SAM, ρ/2‖∇f‖² + ρ/(2m) tr V, where the noise of the gradient dominates (Luo et al. 2025,
// arXiv:2509.18001), and so does ρ/√m for the normalised one, whose first-order term is ρ times the mean norm of a group's gradient.
type Collapse struct{}

func (f Collapse) Name() string { return "collapse" }

func (f Collapse) Draw(t *study.Trials) (Drawing, error) {
	s := Sheet{Name: f.Name(), Title: "Do the curves of all m collapse onto one?"}
	if s.Skipped = t.Unfinished(); s.Skipped != "" {
		return s.Draw(), nil
	}
	over := errorOverRho()
	p := over.of(t)
	onAxis := func(l line) bool {
		return slices.ContainsFunc(l.pts, func(pt linePoint) bool { return pt.est.Mean <= p.high })
	}
	switch some := slices.DeleteFunc(slices.Clone(p.lines), func(l line) bool { return !onAxis(l) }); {
	case len(p.lines) == 0:
		s.Skipped = "no run has ρ > 0"
	case len(p.lines) == 1:
		s.Skipped = fmt.Sprintf("the records have one m (%s): nothing to collapse", study.GroupText(p.lines[0].value))
	case p.skipped != "":
		s.Skipped = p.skipped
	case len(some) < 2:
		s.Skipped = fmt.Sprintf("%d of %d m have a point on the axis, which goes up to %s %%", len(some), len(p.lines), stats.Decimals(p.high, 1))
	}
	if s.Skipped != "" {
		return s.Draw(), nil
	}
	c := collapseOf(t, over.y.Field, p.lines, p.high)
	of := []abscissa{{0, "ρ", exactly(1)}, {.5, "ρ/√m", c.relative(.5)}, {1, "ρ/m", c.relative(1)}}
	best := c.best()
	if best.N > 0 {
		of = slices.Insert(of, 1, abscissa{best.Mean, "ρ/mᵅ, α = " + stats.Decimals(best.Mean, 2), c.relative(best.Mean)})
	}
	s.Columns = columns(len(of))
	s.Header = []string{"exponent", "m", "rho", "abscissa", "error_percent", "low", "high", "seeds", "runs", "diverged", "above_axis"}
	for i, a := range of {
		pan := a.panel(p, s.axis(s.Columns))
		if i > 0 {
			pan.Title += a.spreadText()
		}
		s.Add(pan, a.rows(p)...)
	}
	if n := p.offCounts(); n.above > 0 {
		s.legendEnd = offAxis{above: n.above, points: n.points}.entries()
	}
	s.Seeds, s.Interval = p.seeds(), pairedBands(t, over.y.Field, "ρ = 0")
	if p.base.est.N == 0 {
		s.Interval = bandText(t, over.y.Field)
	}
	s.Notes = []string{c.text(best, of)}
	s.Caption = "Test error (%) against ρ over a power of m."
	if p.base.est.N > 0 {
		s.More = "The dashed line is ρ = 0."
	}
	if c.defined() {
		s.More += " Spread: the root mean square difference between the curves of any two m at equal abscissa, interpolated linearly, where both " +
			"have points. It is relative to that of the same pairs of curves against ρ: 1 means no closer than against ρ. " + c.sample()
	}
	if n := p.offCounts(); n.above > 0 {
		s.More += fmt.Sprintf(" Above the axis: %d of %d points, of each curve the largest at its value, where the curve first leaves the axis; it counts up to there.", n.above, n.points)
	}
	if n := p.offCounts(); n.diverged > 0 {
		s.More += fmt.Sprintf(" %s diverged; %s.", record.Plural(n.diverged, "run"), asError)
	}
	s.End = t.SweptBesideText("averaged within each seed")
	return s.Draw(), nil
}

// at is ρ on the abscissa.
func (a abscissa) at(rho, m float64) float64 { return rho / math.Pow(m, a.exponent) }

// spreadText is the spread for a title, empty where it is not defined.
func (a abscissa) spreadText() string {
	if a.spread.N == 0 {
		return ""
	}
	return ": spread " + a.spread.PlusMinus(2) + " of (a)"
}

func (a abscissa) panel(p *linePanel, length vg.Length) Panel {
	left, right := math.Inf(1), math.Inf(-1)
	for _, l := range p.lines {
		first := firstAbove(p, l)
		for i, pt := range l.pts {
			if pt.est.Mean <= p.high || i == first {
				left, right = spread(left, right, math.Log10(a.at(pt.x, l.value)))
			}
		}
	}
	if right < left {
		left, right = -2, 0
	}
	left, right = padded(left, right, .045, .04)
	pan := Panel{Title: a.name, X: LogAxis(a.name+" (log scale)", left, right, length), Y: LinearAxis(p.y.Axis(), p.low, p.high, 5)}
	strip := a.strip(p)
	pan.Y.High = p.low + (p.high-p.low)/(1-strip.share())
	if p.base.est.N > 0 {
		pan.Add(Rule{Name: "ρ = 0", Y: exactly(p.base.est.Mean), Look: LookBase})
	}
	for _, l := range p.lines {
		s := Curve{Name: p.name(l), Look: p.look(l), Band: true, capped: true, top: p.high}
		for _, pt := range l.pts {
			s.X, s.Y = append(s.X, math.Log10(a.at(pt.x, l.value))), append(s.Y, pt.est)
		}
		pan.Add(s)
	}
	pan.Add(strip)
	return pan
}

// firstAbove is the first point of a line above the axis; −1 for none.
func firstAbove(p *linePanel, l line) int {
	return slices.IndexFunc(l.pts, func(pt linePoint) bool { return pt.est.N > 0 && pt.est.Mean > p.high })
}

// strip marks where each line first leaves the axis, with the largest of its values above it.
func (a abscissa) strip(p *linePanel) (s offScale) {
	s.top = p.high
	for _, l := range p.lines {
		var most stats.Interval
		n := 0
		for _, pt := range l.pts {
			if pt.est.N > 0 && pt.est.Mean > p.high {
				if n++; n == 1 || pt.est.Mean > most.Mean {
					most = pt.est
				}
			}
		}
		if n == 0 {
			continue
		}
		text := pastText(most.Mean, p.high)
		if n > 1 {
			text = "to " + text
		}
		s.rows = append(s.rows, offRow{p.look(l), []offPoint{{x: math.Log10(a.at(l.pts[firstAbove(p, l)].x, l.value)), above: true, label: text, est: most}}})
	}
	return s
}

func (a abscissa) rows(p *linePanel) (rows [][]string) {
	if p.base.runs > 0 {
		rows = append(rows, append([]string{cellText(a.exponent), "", "0", ""}, p.base.cells(false)...))
	}
	for _, l := range p.lines {
		for _, pt := range l.pts {
			start := []string{cellText(a.exponent), study.GroupText(l.value), cellText(pt.x), cellText(a.at(pt.x, l.value))}
			rows = append(rows, slices.Concat(start, pt.cells(pt.est.N > 0 && pt.est.Mean > p.high)))
		}
	}
	return rows
}
