package plots

import (
	"cmp"
	"fmt"
	"slices"

	"gonum.org/v1/plot/vg"

	"msharp/harness/stats"
	"msharp/harness/study"
)

// Overview draws the test error against ρ beside the predictive power of m-sharpness, and panels of another source below them.
type Overview struct {
	File, Title string // empty are "overview" and what is drawn
	Below       []Extra
}

func (f Overview) Name() string { return cmp.Or(f.File, "overview") }

func (f Overview) Draw(t *study.Trials) (Drawing, error) {
	s := Sheet{Name: f.Name(), Title: cmp.Or(f.Title, "Test error, and the predictive power of m-sharpness"), Columns: 2, Height: 2.95 * vg.Inch}
	if s.Skipped = t.Unfinished(); s.Skipped != "" {
		return s.Draw(), nil
	}
	over, by := errorOverRho(), comparedBy(study.Gate{})
	lines := over.of(t)
	if s.Skipped = lines.skipped; s.Skipped != "" {
		return s.Draw(), nil
	}
	s.Header = []string{"panel", "source", "series", "x", "y", "low", "high", "seeds"}
	s.Lead = "Top: " + t.Trained() + ", drawn from the records."

	a, points := lines.panel(s.axis(s.Columns))
	a.Title, a.Apart = "Ours: test error", true
	bands := bandText(t, over.y.Field)
	if lines.base.est.N > 0 {
		bands = pairedBands(t, over.y.Field, "ρ = 0 ("+lines.base.est.PlusMinus(2)+" %)")
	}
	what := seedsText("", lines.seeds(), bands) + "."
	a.Notes = []string{what}
	s.Add(a)
	for _, r := range points {
		s.Rows = append(s.Rows, append([]string{"a", "records", seriesName(r[0])}, r[1:6]...))
	}

	facts, second := by.facts(t), by.withLoss().facts(t)
	b, missing := f.power(facts, second, by)
	s.Caption = "a: test error (%) against ρ. " + what
	if lines.base.est.N > 0 {
		s.Caption += " Dashed: ρ = 0, which is the same for every m."
	} else {
		s.Caption += " There is no ρ = 0 run to compare with."
	}
	if missing == "" {
		s.Caption += " b: Kendall's τ-b between m-sharpness and the " + by.gap.Label + ". " + facts.interval(facts.tauIntervals()) +
			lossText(second) + rivalText(facts.rivalNames()) + " The figure predictive_power has the other measured ρ, the same " + facts.givenText + ", and other models."
		s.Rows = append(s.Rows, powerRows(facts, second)...)
	}
	s.Add(b)
	for _, e := range f.Below {
		s.beside(e, func(p Point) []string { return []string{p.Series, cellText(p.X), cellText(p.Y), "", "", ""} })
	}
	s.End = t.SweptBesideText("averaged within each seed")
	return s.Draw(), nil
}

// power is the panel of the predictive power, of the loss gap too where that is known, or why there is none.
func (f Overview) power(facts, second powerFacts, by compared) (pan Panel, missing string) {
	const title = "Ours: predictive power of m-sharpness"
	if facts.skipped != "" {
		return Panel{Title: title, Blank: facts.skipped}, facts.skipped
	}
	if second.skipped == "" {
		facts.baselines = append(slices.Clone(facts.baselines), second.ofRho()...)
	}
	low, high := 0., 0.
	for _, q := range measuredAt(facts.ps, facts.rho) {
		low, high = spread(low, high, q.within.Mean, q.within.Low, q.within.High)
	}
	for _, l := range facts.levels() {
		low, high = spread(low, high, l.y.Mean, l.y.Low, l.y.High)
	}
	if second.skipped == "" {
		for _, q := range measuredAt(second.ps, second.rho) {
			low, high = spread(low, high, q.within.Mean, q.within.Low, q.within.High)
		}
	}
	low, high = tauAxis(low, high)
	pan, ms := facts.tauPanel(by.gap, low, high)
	pan.Title, pan.Notes, pan.Apart = title, []string{facts.interval(facts.tauIntervals())}, true
	if second.skipped == "" {
		pan.Y.Label = "Kendall τ-b with the gap"
		s := second.line(by.withLoss().gap.Label+", at ρ = "+stats.Short(second.rho), Look{neutral[1], .9, dotted, glyph{sides: 4, turn: .125, open: true}},
			measuredAt(second.ps, second.rho), ms, within)
		s.Bars, s.Shift = true, barStep
		pan.Add(s)
	}
	return pan, ""
}

// powerRows are the points of that panel.
func powerRows(facts, second powerFacts) (rows [][]string) {
	for _, r := range facts.shown() { // series, rho, m, tau, low, high, seeds
		series := r[0]
		if series == facts.givenText || r[1] != "" && r[1] != cellText(facts.rho) {
			continue
		}
		if r[1] != "" {
			series = "rho=" + r[1]
		}
		rows = append(rows, append([]string{"b", "records", series}, r[2:7]...))
	}
	if second.skipped != "" {
		return rows
	}
	for _, b := range second.ofRho() {
		rows = append(rows, slices.Concat([]string{"b", "records", b.column, ""}, intervalCells(b.within)))
	}
	for _, p := range measuredAt(second.ps, second.rho) {
		start := []string{"b", "records", "loss_gap rho=" + cellText(p.Rho), study.GroupText(p.M)}
		rows = append(rows, slices.Concat(start, intervalCells(p.within)))
	}
	return rows
}

// lossText is a sentence for a caption, empty where there is no second gap.
func lossText(second powerFacts) string {
	ps := measuredAt(second.ps, second.rho)
	if second.skipped != "" {
		return ""
	}
	s := fmt.Sprintf(" Open squares: the same with the loss gap, at ρ = %s: %s at m = %s, %s at m = %s", stats.Short(second.rho),
		ps[0].within.PlusMinus(2), study.GroupText(ps[0].M), ps[len(ps)-1].within.PlusMinus(2), study.GroupText(ps[len(ps)-1].M))
	for _, b := range second.ofRho() {
		s += fmt.Sprintf("; of −ρ alone it is %s", b.within.PlusMinus(2))
	}
	return s + "."
}

// ofRho is −ρ as a baseline of the loss gap, beside those of the error gap; empty where ρ was not swept.
func (second powerFacts) ofRho() (out []baseline) {
	for _, b := range second.baselines {
		if b.minusRho() {
			b.name, b.column = b.name+", loss gap", "loss_gap "+b.column
			out = append(out, b)
		}
	}
	return out
}

// seriesName names an m, or ρ = 0 without one, in a CSV.
func seriesName(m string) string {
	if m == "" {
		return "rho=0"
	}
	return "m=" + m
}
