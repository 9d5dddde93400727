package plots

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"msharp/harness/stats"
	"msharp/harness/study"
)

// Scores draws how well m-sharpness ranks models, over the m of the measure, a panel for each statistic in use: Kendall's τ, the granulated
// Ψ, the sign error, Jiang's K and the score of the PGDL competition, each with its permutation null.
type Scores struct {
	File, Title string     // empty are "scores" and what is drawn
	Gate        study.Gate // of the models that are compared; zero is study.ByDesign
	Beside      []Extra
}

func (f Scores) Name() string { return cmp.Or(f.File, "scores") }

// scoredLine is a statistic over the measures of one ρ.
type scoredLine struct {
	score
	rho    float64
	ms     []study.Measured
	points []scored
}

func (p *cohort) line(s score, ms []study.Measured) scoredLine {
	l := scoredLine{score: s, ms: ms}
	for _, m := range ms {
		l.rho = m.Rho
		l.points = append(l.points, p.score(s, m.Field))
	}
	return l
}

// some reports whether the statistic is defined somewhere.
func (l scoredLine) some() bool {
	return slices.ContainsFunc(l.points, func(pt scored) bool { return pt.est.N > 0 })
}

// scoresDraft is the figure while it is made.
type scoresDraft struct {
	*cohort
	*Sheet
	bold    float64
	radii   map[float64][]study.Measured
	models  Span // of a seed, behind the points
	without int  // models that lack the measure, at most
}

// measured are the measured ρ, ascending.
func (p *scoresDraft) measured() []float64 { return slices.Sorted(maps.Keys(p.radii)) }

// add draws the next panel: one statistic at every measured ρ, or several at the one in bold.
func (p *scoresDraft) add(title string, axis scoreAxis, scores ...score) {
	var lines []scoredLine
	var rows [][]string
	some := false
	for _, s := range scores {
		for _, rho := range p.measured() {
			if rho != p.bold && len(scores) > 1 {
				continue
			}
			l := p.line(s, p.radii[rho])
			for i, pt := range l.points {
				some = p.count(pt) || some
				rows = append(rows, append([]string{p.Letter(), "records", l.column, cellText(rho), study.GroupText(l.ms[i].M)}, pt.cells()...))
			}
			if len(scores) == 1 || l.some() {
				lines = append(lines, l)
			}
		}
	}
	pan := Panel{Blank: "undefined: " + p.why(scores[0])}
	if some {
		pan = axis.panel(lines, p.bold)
	}
	pan.Title, pan.Apart = title, true
	p.Add(pan, rows...)
}

// count takes note of what is behind a point, and says whether there is one.
func (p *scoresDraft) count(pt scored) bool {
	p.without = max(p.without, pt.lacking)
	if pt.est.N == 0 {
		return false
	}
	p.Seeds.Add(pt.est.N)
	p.models.join(pt.models)
	return true
}

func (p *scoresDraft) sample() string {
	s := fmt.Sprintf("%s models a seed (%d of %d: %s)", p.models, p.cohort.ranked, p.All, p.gate.Text)
	if p.without > 0 {
		s += fmt.Sprintf("; up to %d lack the measure", p.without)
	}
	return s + "."
}

func (p *scoresDraft) legend() []Entry {
	legend := []Entry{{Text: "sharpness at"}}
	for _, rho := range p.measured() {
		legend = append(legend, Entry{Text: "ρ = " + stats.Short(rho), Look: lookOfRho(rho, p.bold, p.measured()), Band: rho == p.bold && p.Seeds.high > 1})
	}
	return append(legend, nullEntry())
}

func (f Scores) Draw(t *study.Trials) (Drawing, error) {
	s := Sheet{Name: f.Name(), Columns: 3,
		Title: cmp.Or(f.Title, "How well m-sharpness ranks models by their error gap, over the m of the measure")}
	p := &scoresDraft{cohort: cohortOf(t, comparedBy(f.Gate)), Sheet: &s, radii: map[float64][]study.Measured{}}
	ms := t.MSharpness()
	for _, m := range ms {
		p.radii[m.Rho] = append(p.radii[m.Rho], m)
	}
	if s.Skipped = cmp.Or(t.Unfinished(), p.missing()); s.Skipped == "" && len(ms) == 0 {
		s.Skipped = "no record has a measure msharp(m=… rho=…)"
	}
	if s.Skipped != "" {
		return s.Draw(), nil
	}
	p.bold = study.ShownRho(ms)
	gap := p.gap.Label
	p.add("Kendall's τ within seed", scoreAxis{label: "Kendall τ-b with " + gap, low: -1, high: 1}, scoreTau)
	p.add("Granulated: Ψ", scoreAxis{label: "Ψ with " + gap, low: -1, high: 1}, scorePsi)
	signs := []score{scoreSign, scoreP90, scoreMax}
	if p.tests > 0 {
		signs = append(signs, scoreHoeffding(p.tests))
	}
	p.add("Sign error", scoreAxis{label: "share ranked wrong (less is better)", low: 0, high: 1, chance: .5}, signs...)
	p.add("Jiang's K", scoreAxis{label: "K, information share", high: 1, chance: nan, from0: true}, scoreK)
	p.add("The PGDL score", scoreAxis{label: "PGDL score / 100", high: 1, chance: nan, from0: true}, scorePGDL)
	if p.Seeds.high == 0 {
		s.Skipped = "no statistic is defined: " + p.why(scoreTau)
		return s.Draw(), nil
	}
	s.Header = []string{"panel", "source", "statistic", "rho_measured", "m", "value", "low", "high", "seeds",
		"corrected", "corrected_low", "corrected_high", "null_mean", "null_low", "null_high"}
	s.Lead, s.Interval, s.Legend = t.Trained()+".", "band and bars: "+t.IntervalText(p.gap), p.legend()
	s.Notes = []string{p.sample(), fmt.Sprintf("Grey: the measure dealt to the models at random, mean and central 90 %% of %d draws.", nullDraws)}
	s.Caption = fmt.Sprintf("How well m-sharpness ranks models by their %s.", gap)
	s.More = p.words() + p.weightedText()
	for _, e := range f.Beside {
		s.beside(e, func(p Point) []string {
			return append([]string{p.Series, "", cellText(p.X), cellText(p.Y)}, make([]string, 9)...)
		})
	}
	s.End = t.TwiceText()
	return s.Draw(), nil
}

// weightedText says what becomes of the sign error with Hoeffding's weights.
func (p *scoresDraft) weightedText() string {
	if p.tests == 0 {
		return " The sign error weighted by Hoeffding's inequality is left out: the records do not say how many test examples there are."
	}
	least := 100 * math.Sqrt(2/float64(p.tests)*math.Log(2/(1-math.Sqrt(.5))))
	s := fmt.Sprintf(" Weighted by Hoeffding's inequality at %d test examples, where only pairs count whose gaps differ by more than "+
		"%s points, the sign error is ", p.tests, stats.Decimals(least, 1))
	if p.line(scoreHoeffding(p.tests), p.radii[p.bold]).some() {
		return s + "drawn as open hexagons in c."
	}
	return s + fmt.Sprintf("undefined: no environment has an effective sample of %d such pairs.", stats.LeastEffective)
}

// words explain the statistics.
func (p *scoresDraft) words() string {
	return fmt.Sprintf("Statistics are within the seed, among models that differ in %s: ", hyperText(p.hyper)) +
		"a, τ-b; b, granulated: one hyperparameter differs at a time; " +
		"c, unweighted sign error at ρ = " + stats.Short(p.bold) + " over environments (a hyperparameter and two of its values), " +
		"their mean, 90th percentile and maximum; " +
		"d, Jiang et al.'s K, an information share, at its least over the sets of two hyperparameters or fewer; " +
		"e, the score of the PGDL competition, over the sets of two. " +
		"K and the PGDL score are biased upwards: read their height above the grey band. No interval of theirs goes below 0." +
		p.correctedText(p.radii[p.bold])
}

// correctedText gives K and the PGDL score without their bias, at the first and last m.
func (p *cohort) correctedText(ms []study.Measured) string {
	var parts []string
	for _, s := range []score{scoreK, scorePGDL} {
		first, last := p.score(s, ms[0].Field), p.score(s, ms[len(ms)-1].Field)
		if first.est.N > 0 && last.est.N > 0 {
			parts = append(parts, fmt.Sprintf("%s %s at m = %s, %s at m = %s", s.name,
				first.corrected.PlusMinus(3), study.GroupText(ms[0].M), last.corrected.PlusMinus(3), study.GroupText(ms[len(ms)-1].M)))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " Corrected by the mean of the null: " + strings.Join(parts, "; ") + "."
}

// scoreAxis is the axis of a statistic: its label, and the values that the statistic can have.
type scoreAxis struct {
	label     string
	low, high float64
	chance    float64 // where a measure without relation lies; NaN where that is the null's
	from0     bool    // the axis begins at 0
}

// panel draws one statistic at several ρ, or several statistics at one, over an ordinal axis of m.
func (a scoreAxis) panel(lines []scoredLine, bold float64) (pan Panel) {
	ms, rhos := map[float64]bool{}, map[float64]bool{}
	low, high := math.Inf(1), math.Inf(-1)
	for _, l := range lines {
		rhos[l.rho] = true
		for i, pt := range l.points {
			ms[l.ms[i].M] = true
			low, high = spread(low, high, pt.est.Mean, pt.est.Low, pt.est.High, pt.null.low, pt.null.high)
		}
	}
	low, high = spread(low, high, a.chance)
	if a.from0 {
		low = 0
	}
	axis, radii := slices.Sorted(maps.Keys(ms)), slices.Sorted(maps.Keys(rhos))
	low, high = padded(low, high, .05, 1e-4)
	if low, high = math.Max(low, a.low-.02), math.Min(high, a.high+.02); a.from0 {
		low = 0
	}
	pan.X, pan.Y = OrdinalAxis(measureLabel(axis), mTexts(axis), .6), LinearAxis(a.label, low, high, 5)
	several := slices.ContainsFunc(lines, func(l scoredLine) bool { return l.column != lines[0].column })
	var drawn []Curve
	var sides besides
	first := slices.IndexFunc(lines, func(l scoredLine) bool { return l.rho == bold })
	pan.Legend = []Entry{}
	for i, l := range lines {
		s := Curve{Look: lookOfRho(l.rho, bold, radii), Band: l.rho == bold, Bars: l.rho != bold}
		if several {
			s = Curve{Look: Look{sharpColor, 1.2, nil, glyph{}}, Bars: true, Shift: barStep * vg.Length(i)}
			if i > 0 {
				s.Look = Look{sharpColor, .8, []vg.Length{2.5, 1.5}, glyph{sides: 3 + i, open: true}}
			}
			pan.Legend = append(pan.Legend, Entry{Text: strings.TrimPrefix(l.name, "sign error, "), Look: s.Look})
		} else {
			s.Shift = sides.shift(l.rho, bold)
		}
		var null nullBand
		for k, pt := range l.points {
			if a.from0 && pt.est.Low < 0 {
				pt.est.Low = 0
			}
			s.X, s.Y = append(s.X, float64(slices.Index(axis, l.ms[k].M))), append(s.Y, pt.est)
			null.mean, null.low, null.high = append(null.mean, pt.null.mean), append(null.low, pt.null.low), append(null.high, pt.null.high)
		}
		if null.x = s.X; i == first {
			pan.Add(null)
		}
		drawn = append(drawn, s)
	}
	if !math.IsNaN(a.chance) {
		pan.Add(Rule{Y: exactly(a.chance), Look: lookZero})
	}
	slices.SortStableFunc(drawn, func(a, b Curve) int { return cmp.Compare(a.width, b.width) })
	for _, s := range drawn {
		pan.Add(s)
	}
	return pan
}
