package plots

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/stats"
)

// PredictCurves is how well m-sharpness ranks models over the m of the measure, by every statistic in use: Kendall's τ, the granulated
// Ψ, the sign error, Jiang's K and the score of the PGDL competition, each with its permutation null, and as published.
type PredictCurves struct {
	File  string // empty is "predict"
	Title string
	compared
}

func (f PredictCurves) Name() string { return orText(f.File, "predict") }

// scoredLine is a statistic over the measures of one ρ.
type scoredLine struct {
	score
	rho    float64
	ms     []measure
	points []scored
}

func (p *cohort) line(s score, ms []measure) scoredLine {
	l := scoredLine{score: s, ms: ms}
	for _, m := range ms {
		l.rho = m.rho
		l.points = append(l.points, p.score(s, Value(m.column)))
	}
	return l
}

// some says that the statistic is defined somewhere.
func (l scoredLine) some() bool {
	return slices.ContainsFunc(l.points, func(pt scored) bool { return pt.est.N > 0 })
}

// predictDraft is the figure on its way.
type predictDraft struct {
	*cohort
	bold          float64
	radii         map[float64][]measure
	panels        []panel
	rows          [][]string
	notes         []string // what is not defined, and why
	seeds, ranked span
	lacking       int // models without the measure, at most
	cut           bool
}

// measured are the measured ρ, ascending.
func (p *predictDraft) measured() []float64 { return slices.Sorted(maps.Keys(p.radii)) }

// add draws the next panel: one statistic at every measured ρ, or several at the one in bold.
func (p *predictDraft) add(title string, axis scoreAxis, scores ...score) {
	letter := 'a' + rune(len(p.panels))
	title = fmt.Sprintf("(%c) %s", letter, title)
	var lines []scoredLine
	some := false
	for _, s := range scores {
		for _, rho := range p.measured() {
			if rho != p.bold && len(scores) > 1 {
				continue
			}
			l := p.line(s, p.radii[rho])
			for i, pt := range l.points {
				some = p.count(pt) || some
				p.rows = append(p.rows, append([]string{string(letter), "records", l.column, cellText(rho), mText(l.ms[i].m)}, pt.cells()...))
			}
			if len(scores) == 1 || l.some() {
				lines = append(lines, l)
			}
		}
	}
	if !some {
		why := p.why(scores[0])
		p.panels = append(p.panels, blank(title, "Undefined: "+why+"."))
		p.notes = append(p.notes, fmt.Sprintf(" %c is undefined: %s.", letter, why))
		return
	}
	pan := axis.panel(lines, p.bold)
	pan.title = title
	p.cut = p.cut || pan.cut
	p.panels = append(p.panels, pan)
}

// count takes note of what is behind a point, and says whether there is one.
func (p *predictDraft) count(pt scored) bool {
	p.lacking = max(p.lacking, pt.lacking)
	if pt.est.N == 0 {
		return false
	}
	p.seeds.add(pt.est.N)
	p.ranked.add(pt.models.low)
	p.ranked.add(pt.models.high)
	return true
}

// published adds the paper's panel.
func (p *predictDraft) published() {
	pan, rows := foretPower()
	pan.title, pan.plot.X.Label.Text = fmt.Sprintf("(%c) Published", 'a'+len(p.panels)), "m of the measure"
	for _, r := range rows {
		p.rows = append(p.rows, append([]string{string(rune('a' + len(p.panels))), citation, r[0], "", r[1], r[2]}, make([]string, 9)...))
	}
	p.panels = append(p.panels, pan)
}

func (p *predictDraft) interval() string {
	if p.seeds.high == 1 {
		return "One seed (n = 1): no interval"
	}
	return fmt.Sprintf("Mean over seeds and 95 %% t interval, n = %s", p.seeds)
}

func (p *predictDraft) sample() string {
	s := fmt.Sprintf("%s models a seed (%d of %d: %s)", p.ranked, p.passing, p.all, p.GateText)
	if p.lacking > 0 {
		s += fmt.Sprintf("; up to %d lack the measure", p.lacking)
	}
	return s
}

func (p *predictDraft) legend() []entry {
	legend := []entry{{text: "sharpness at"}}
	for _, rho := range p.measured() {
		s := scoreLook(rho, p.bold, p.measured())
		e := s.entry("ρ = " + short(rho))
		e.band = s.band && p.seeds.high > 1
		legend = append(legend, e)
	}
	return append(legend, entry{text: "dealt at random", color: neutral[0], width: .8, band: true, alpha: nullAlpha})
}

func (f PredictCurves) Draw(t *Trials) (Drawing, error) {
	title := orText(f.Title, "How well m-sharpness ranks models by their error gap, over the m of the measure")
	d := Drawing{Name: f.Name(), Title: title, width: twoColumn, height: 5.6 * vg.Inch}
	signs := []score{scoreSign, scoreP90, scoreMax}
	ofErrors := f.Gap.Of == nil
	f.compared = f.compared.defaults()
	rs := t.runs
	p := &predictDraft{cohort: cohortOf(rs, f.compared), bold: f.Rho, radii: map[float64][]measure{}}
	ms := measures(f.Family, rs)
	for _, m := range ms {
		p.radii[m.rho] = append(p.radii[m.rho], m)
	}
	if p.bold == 0 && len(ms) > 0 {
		p.bold = middle(ms)
	}
	switch why := orText(noFinished(rs), p.missing()); {
	case why != "":
		d.Skipped = why
	case len(ms) == 0:
		d.Skipped = fmt.Sprintf("no record has a measure %s(m=… rho=…)", f.Family)
	case len(p.radii[p.bold]) == 0:
		d.Skipped = fmt.Sprintf("no record has a measure %s(m=… rho=%s)", f.Family, short(p.bold))
	}
	if d.Skipped != "" {
		return d, nil
	}
	p.add("Kendall's τ within seed", scoreAxis{label: "Kendall τ-b with " + f.GapLabel, low: -1, high: 1}, scoreTau)
	p.add("Granulated: Ψ", scoreAxis{label: "Ψ with " + f.GapLabel, low: -1, high: 1}, scorePsi)
	if ofErrors && p.tests > 0 {
		signs = append(signs, scoreHoeffding(p.tests))
	}
	p.add("Sign error", scoreAxis{label: "share ranked wrong", low: 0, high: 1, chance: .5}, signs...)
	p.add("Jiang's K", scoreAxis{label: "K, information share", high: 1, chance: nan, from0: true}, scoreK)
	p.add("The PGDL score", scoreAxis{label: "PGDL score / 100", high: 1, chance: nan, from0: true}, scorePGDL)
	p.published()
	if p.seeds.high == 0 {
		d.Skipped = "no statistic is defined: " + p.why(scoreTau)
		return d, nil
	}
	d.header = []string{"panel", "source", "statistic", "rho_measured", "m", "value", "low", "high", "seeds",
		"corrected", "corrected_low", "corrected_high", "null_mean", "null_low", "null_high"}
	d.rows = p.rows
	note := fmt.Sprintf("%s. %s. %s. Grey: the measure dealt to the models at random, mean and central 90 %% of %d draws.",
		upper(models(rs)), p.interval(), p.sample(), nullDraws)
	head := heading(d.Title, []string{note}, d.width-2*margin)
	head.legend, head.gap = legendRows(p.legend(), d.width-2*margin), 7
	d.Caption = p.caption()
	if ofErrors {
		d.Caption += p.weightedText()
	}
	d.Caption += twiceText(rs)
	d.paint = func(c draw.Canvas) { tile(head.draw(c), p.panels, 3, 12, 8) }
	return d, nil
}

// weightedText says of what becomes of the sign error with Hoeffding's weights.
func (p *predictDraft) weightedText() string {
	if p.tests == 0 {
		return " Without the sign error weighted by Hoeffding's inequality, for the records do not say how many test examples there are."
	}
	least := 100 * math.Sqrt(2/float64(p.tests)*math.Log(2/(1-math.Sqrt(.5))))
	s := fmt.Sprintf(" Weighted by Hoeffding's inequality at %d test examples, where only pairs count whose gaps differ by more than "+
		"%s points, the sign error is ", p.tests, decimals(least, 1))
	if p.line(scoreHoeffding(p.tests), p.radii[p.bold]).some() {
		return s + "the open hexagons of c."
	}
	return s + fmt.Sprintf("undefined: no environment has an effective sample of %d such pairs.", stats.LeastEffective)
}

func (p *predictDraft) caption() string {
	s := fmt.Sprintf("How well m-sharpness ranks models by their %s. %s; %s. Statistics are within the seed, among models that differ in %s: ",
		p.GapLabel, p.interval(), p.sample(), hyperText(p.hyper))
	s += "a, τ-b; b, granulated: one hyperparameter differs at a time; "
	s += "c, unweighted sign error at ρ = " + short(p.bold) + " over environments (a hyperparameter and two of its values), " +
		"their mean, 90th percentile and maximum; "
	s += "d, Jiang et al.'s K, an information share, at its least over the sets of two hyperparameters or fewer; " +
		"e, the score of the PGDL competition, over the sets of two. " +
		"Both are biased upwards: what counts is the height above grey; their intervals end at 0, the least they can be."
	s += p.correctedText(p.radii[p.bold]) + " f: " + citation +
		", read off the picture (±.0005 and ±.002), on the two public PGDL tasks: compare shapes, not heights."
	return s + strings.Join(p.notes, "") + cutText(p.cut)
}

// hyperText lists hyperparameters.
func hyperText(hyper []named) string {
	var names []string
	for _, h := range hyper {
		names = append(names, h.name)
	}
	if len(names) == 0 {
		return "no hyperparameter"
	}
	return strings.Join(names, ", ")
}

// why says why a statistic is undefined in every seed.
func (p *cohort) why(s score) string {
	switch {
	case p.perSeed.high < 2:
		return "no seed has two models"
	case len(p.hyper) == 0 && s.column != scoreTau.column:
		return "the models of a seed differ in no hyperparameter"
	case s.column == scorePGDL.column && len(p.hyper) < 2:
		return "it needs two hyperparameters, the models differ in " + hyperText(p.hyper)
	case strings.HasPrefix(s.column, scoreSign.column):
		return fmt.Sprintf("no hyperparameter has two values with %d pairs of models that differ in nothing else", stats.LeastEffective)
	}
	return "no seed has the measure in two models that differ in it and in the " + p.GapLabel
}

// correctedText gives K and the PGDL score without their bias, at the first and last m.
func (p *cohort) correctedText(ms []measure) string {
	var parts []string
	for _, s := range []score{scoreK, scorePGDL} {
		first, last := p.score(s, Value(ms[0].column)), p.score(s, Value(ms[len(ms)-1].column))
		if first.est.N > 0 && last.est.N > 0 {
			parts = append(parts, fmt.Sprintf("%s %s at m = %s, %s at m = %s", s.name,
				plusMinus(first.corrected, 3), mText(ms[0].m), plusMinus(last.corrected, 3), mText(ms[len(ms)-1].m)))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " Corrected by the mean of the null: " + strings.Join(parts, "; ") + "."
}

// cells are value, low, high, seeds, corrected with low and high, and null of a CSV.
func (s scored) cells() []string {
	return []string{cellText(s.est.Mean), cellText(s.est.Low), cellText(s.est.High), fmt.Sprint(s.est.N),
		cellText(s.corrected.Mean), cellText(s.corrected.Low), cellText(s.corrected.High),
		cellText(s.null.mean), cellText(s.null.low), cellText(s.null.high)}
}
