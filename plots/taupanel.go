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

// radii are the measured ρ, ascending.
func (facts powerFacts) radii() []float64 {
	all := map[float64]bool{}
	for _, p := range facts.ps {
		all[p.Rho] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// tauAxes is an empty panel over an ordinal axis of m, and these m.
func (facts powerFacts) tauAxes(label string, low, high float64) (pan Panel, ms []float64) {
	all := map[float64]bool{}
	for _, p := range facts.ps {
		all[p.M] = true
	}
	ms = slices.Sorted(maps.Keys(all))
	pan = Panel{X: OrdinalAxis(measureLabel(ms), mTexts(ms), .4), Y: LinearAxis(label, low, high, 6)}
	pan.X.High += facts.levels().room() * (pan.X.High - pan.X.Low) / 170
	pan.Add(Rule{Y: exactly(0), Look: lookZero})
	return pan, ms
}

// line is powers over the m of an axis.
func (facts powerFacts) line(name string, l Look, ps []power, ms []float64, of func(power) stats.Interval) Curve {
	s := Curve{Name: name, Look: l}
	for _, q := range ps {
		s.X, s.Y = append(s.X, float64(slices.Index(ms, q.M))), append(s.Y, of(q))
	}
	return s
}

func within(q power) stats.Interval { return q.within }

// atRho is the panel of the sharpness measured at one ρ, with its band, the lines of the other ρ behind it, and the other numbers, which have their
// names where named is set. With given, the panel of the bold ρ has τ given what the models were trained with.
func (facts powerFacts) atRho(rho float64, named, given bool, low, high float64) Panel {
	pan, ms := facts.tauAxes("", low, high)
	pan.Y.Ticks = LinearTicks(low, high, 4)
	radii, ls := facts.radii(), facts.levels()
	pan.Add(othersAt{ls, named})
	for _, r := range radii {
		if r != rho {
			pan.Add(facts.line("", Look{color: lookOfRho(r, facts.rho, radii).color, width: .6}, measuredAt(facts.ps, r), ms, within))
		}
	}
	look := lookOfRho(rho, facts.rho, radii)
	look.dashes, look.width = nil, max(1.2, look.width)
	own := facts.line("ρ = "+stats.Short(rho), look, measuredAt(facts.ps, rho), ms, within)
	own.Band = true
	if shown := facts.givens(); given && rho == facts.rho && len(shown) > 0 {
		s := facts.line(facts.givenText, Look{neutral[1], .8, dotted, glyph{sides: 3, open: true}}, shown, ms, func(q power) stats.Interval { return q.given })
		s.Bars, s.Shift = true, barStep
		pan.Add(s)
	}
	pan.Add(own)
	return pan
}

// tauPanel is the panel of the bold ρ alone.
func (facts powerFacts) tauPanel(gap study.Field, low, high float64) (pan Panel, ms []float64) {
	pan, ms = facts.tauAxes("Kendall τ-b with "+gap.Label, low, high)
	own := facts.line(gap.Label+", at ρ = "+stats.Short(facts.rho), lookOfRho(facts.rho, facts.rho, facts.radii()), measuredAt(facts.ps, facts.rho), ms, within)
	own.Band = true
	pan.Add(othersAt{facts.levels(), true}, own)
	return pan, ms
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
