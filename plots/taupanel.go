package plots

import (
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"msharp/harness/stats"
	"msharp/harness/study"
)

// levels are −ρ, and the baselines that rank best.
func (facts powerFacts) levels() (ls levels) {
	room := mostLevels
	for _, b := range facts.baselines {
		if b.minusRho() {
			room--
		}
	}
	for _, b := range facts.ranked() {
		if !b.minusRho() {
			room--
		}
		if b.minusRho() || room >= 0 {
			ls = append(ls, namedLevel{b.name, b.within})
		}
	}
	return ls
}

// minusRho reports whether the baseline is the ρ of the training.
func (b baseline) minusRho() bool { return b.Is(study.Minus(study.Rho)) }

// rivalText is a sentence for a caption, empty where there is no baseline.
func rivalText(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return " Grey horizontal lines, with their intervals at the right end: τ-b within seed of the other numbers that rank the same models best (" +
		strings.Join(names, ", ") + "), each with the sign that helps it."
}

// rivalNames are those of the baselines that are drawn.
func (facts powerFacts) rivalNames() (names []string) {
	for _, l := range facts.levels() {
		names = append(names, l.name)
	}
	return names
}

// extent widens [low, high] to hold every estimate of a panel.
func (facts powerFacts) extent(low, high float64, given bool) (float64, float64) {
	add := func(i stats.Interval) { low, high = spread(low, high, i.Mean, i.Low, i.High) }
	for _, p := range facts.ps {
		add(p.within)
		if given && p.given.N > 0 {
			add(p.given)
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

// tauPanel draws one line for every measured ρ over an ordinal axis of m, and the baselines; with given, also the bold line given what the
// models were trained with.
func tauPanel(facts powerFacts, gap study.Field, given bool, low, high float64) Panel {
	ms, rhos := map[float64]bool{}, map[float64]bool{}
	for _, p := range facts.ps {
		ms[p.M], rhos[p.Rho] = true, true
	}
	axis, radii := slices.Sorted(maps.Keys(ms)), slices.Sorted(maps.Keys(rhos))
	pan := Panel{X: OrdinalAxis(measureLabel(axis), mTexts(axis), .4), Y: LinearAxis("Kendall τ-b with "+gap.Label, low, high, 6)}
	ls := facts.levels()
	pan.X.High += ls.room() * (pan.X.High - pan.X.Low) / 170
	within := func(q power) stats.Interval { return q.within }
	line := func(text string, s Curve, ps []power, of func(power) stats.Interval) Curve {
		for _, q := range ps {
			s.X, s.Y = append(s.X, float64(slices.Index(axis, q.M))), append(s.Y, of(q))
		}
		pan.Legend = append(pan.Legend, Entry{Text: text, Look: s.Look, Band: s.Band && facts.seeds.high > 1})
		return s
	}
	var lines []Curve
	var sides besides
	for _, rho := range radii {
		s := Curve{Look: lookOfRho(rho, facts.rho, radii), Band: rho == facts.rho, Bars: rho != facts.rho, Shift: sides.shift(rho, facts.rho)}
		lines = append(lines, line("ρ = "+stats.Short(rho), s, measuredAt(facts.ps, rho), within))
	}
	bold := slices.Index(radii, facts.rho)
	if shown := facts.givens(); given && len(shown) > 0 {
		s := Curve{Look: Look{neutral[1], .8, dotted, glyph{sides: 3, open: true}}, Bars: true, Shift: barStep * vg.Length(sides.right+1)}
		lines = append(lines, line(facts.givenText, s, shown, func(q power) stats.Interval { return q.given }))
	}
	pan.Add(Rule{Y: exactly(0), Look: lookZero}, ls)
	for _, s := range append(slices.Delete(slices.Clone(lines), bold, bold+1), lines[bold]) {
		pan.Add(s)
	}
	return pan
}

// barStep is how far bars beside each other at one m stand apart.
const barStep = 3.4

// besides counts the lines left and right of the bold one.
type besides struct{ left, right int }

// shift is that of the next line: of smaller ρ than the bold one to the left, of larger to the right.
func (b *besides) shift(rho, bold float64) vg.Length {
	switch {
	case rho < bold:
		b.left++
		return -barStep * vg.Length(b.left)
	case rho > bold:
		b.right++
		return barStep * vg.Length(b.right)
	}
	return 0
}

// measureLabel is of an axis over the m of a measure.
func measureLabel(ms []float64) string {
	if math.IsInf(ms[len(ms)-1], 1) {
		return "m of the measure (n: all)"
	}
	return "m of the measure"
}

func mTexts(ms []float64) (texts []string) {
	for _, m := range ms {
		texts = append(texts, study.GroupText(m))
	}
	return texts
}
