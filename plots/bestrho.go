package plots

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
)

// BestRho draws the best ρ of every seed against m, by validation, their geometric mean, and a power law through it.
type BestRho struct {
	// BySetting draws a row of panels for each setting of what else was swept. Without it, settings are averaged.
	BySetting bool
}

func (f BestRho) Name() string { return "best_rho" }

func (f BestRho) Draw(t *study.Trials) (Drawing, error) {
	s := Sheet{Name: f.Name(), Title: "The best ρ by validation against m"}
	if s.Skipped = t.Unfinished(); s.Skipped != "" {
		return s.Draw(), nil
	}
	switch ms, radii := t.Ms(), t.Rhos(); {
	case len(ms) == 0:
		s.Skipped = "no run has ρ > 0"
	case len(ms) == 1:
		s.Skipped = fmt.Sprintf("the records have one m (%s): nothing to compare the best ρ over", study.GroupText(ms[0]))
	case len(radii) == 1:
		s.Skipped = fmt.Sprintf("the records have one ρ > 0 (%s): there is no best one", stats.Short(radii[0]))
	}
	if s.Skipped != "" {
		return s.Draw(), nil
	}
	of := []study.Setting{{Trials: t}}
	how := "averaged within each seed"
	if f.BySetting {
		of, how = t.Settings(), "each by itself"
		s.Title += ", by setting"
	}
	p := bestDraft{Sheet: &s, several: len(of) > 1}
	for _, at := range of {
		p.add(at)
	}
	if len(p.texts) == 0 {
		s.Skipped = "no seed has a test and a validation error at every ρ of an m"
		return s.Draw(), nil
	}
	s.Columns = min(2, len(s.Panels))
	s.Header = []string{"m", "seed", "best_rho", "mean", "low", "high", "seeds"}
	if p.several {
		s.Header = append([]string{"setting"}, s.Header...)
	}
	s.Mean, s.Interval = "Geometric mean", "diamonds, to the right of their m: "+t.IntervalText(study.ValError)
	s.Notes = []string{p.markers() + "."}
	s.Caption = "The ρ > 0 of lowest error on the seed's own validation images, by m, in every seed that has a run at every ρ of that m; of equal ones the geometric mean."
	if n := t.Ascent().Diverged(); n > 0 {
		s.Caption += fmt.Sprintf(" %s diverged; %s.", record.Plural(n, "run"), asError)
	}
	s.More = "Line: the power law ρ ∝ mˢ with the mean of the slopes of the seeds, each by least squares over log m. " + strings.Join(p.texts, " ")
	s.End = t.SweptBesideText(how)
	return s.Draw(), nil
}

// bestDraft is the figure while it is made.
type bestDraft struct {
	*Sheet
	several bool     // settings
	texts   []string // what each panel shows
	counted bool     // a marker stands for several seeds somewhere
}

// markers says what a marker is.
func (p *bestDraft) markers() string {
	if p.counted {
		return "A marker's area is the number of seeds"
	}
	return "Each dot is a seed"
}

// add draws the next panel.
func (p *bestDraft) add(s study.Setting) {
	title := ""
	if p.several {
		title = settingName(s)
	}
	b := bestRhos(s.Trials)
	if !b.some() {
		p.Add(Panel{Title: title, Blank: "no seed has a validation error at every ρ of an m"})
		return
	}
	for _, m := range b.means {
		p.Seeds.Add(m.N)
	}
	pan := b.panel()
	if pan.Title = title; b.slope.N > 0 {
		pan.Notes, pan.told = []string{"slope " + b.slope.PlusMinus(2)}, true
	}
	text := upper(b.text())
	if p.several {
		text = p.Letter() + ": " + b.text()
	}
	p.texts = append(p.texts, text)
	p.counted = p.counted || b.most() > mostBunched
	rows := b.rows()
	for i := range rows {
		if p.several {
			rows[i] = append([]string{settingName(s)}, rows[i]...)
		}
	}
	p.Add(pan, rows...)
}

// text is what one panel shows in words.
func (b bests) text() string {
	s := fmt.Sprintf("slope s = %s, n = %s.", b.slope.PlusMinus(2), b.slopeSeeds())
	if b.slope.N == 0 {
		s = "no slope, for no seed has every m."
	}
	if b.ends > 0 {
		s += fmt.Sprintf(" %d of %d choices lie at an end of the values tried (%s, %s): the best may be beyond.",
			b.ends, b.all, stats.Short(b.radii[0]), stats.Short(b.radii[len(b.radii)-1]))
	}
	if b.zero > 0 {
		s += fmt.Sprintf(" In %d of %d cases ρ = 0 is better still.", b.zero, b.all)
	}
	return s
}

func (b bests) slopeSeeds() string { return Span{b.slope.N, b.slope.N, true}.seeds() }

func (b bests) rows() (rows [][]string) {
	for i, m := range b.ms {
		for _, seed := range b.chosen[i].Seeds() {
			rows = append(rows, []string{study.GroupText(m), fmt.Sprint(seed), cellText(math.Pow(10, b.chosen[i][seed])), "", "", "", ""})
		}
		rows = append(rows, append([]string{study.GroupText(m), "", ""}, intervalCells(power10Of(b.means[i]))...))
	}
	return rows
}

func (b bests) panel() (pan Panel) {
	pan.X = SweptAxis("m, examples per ascent group (log scale)", b.ms, 180)
	pan.Y = SweptAxis("best ρ (log scale)", b.radii, 150)
	pan.X.Low, pan.X.High = math.Log10(b.ms[0])-.22, math.Log10(b.ms[len(b.ms)-1])+.22
	pan.Y.Low, pan.Y.High = math.Log10(b.radii[0])-.12, math.Log10(b.radii[len(b.radii)-1])+.12
	if b.slope.N > 0 {
		var middle float64
		for _, m := range b.ms {
			middle += math.Log10(m) / float64(len(b.ms))
		}
		law := func(name string, slope float64, look Look) {
			pan.Add(powerLaw{name, middle, b.center.Mean, slope, look})
		}
		law("ρ ∝ m", 1, Look{color: neutral[0], width: .9, dashes: dotted})
		law("ρ ∝ √m", .5, Look{color: neutral[0], width: .9, dashes: dashed})
		law("mean slope", b.slope.Mean, Look{color: baseColor, width: 1.1})
	}
	most := b.most()
	for i, m := range b.ms {
		counts, look := b.counts(i), LookOfM(m)
		for _, log := range slices.Sorted(maps.Keys(counts)) {
			if most > mostBunched {
				share := math.Sqrt(float64(counts[log]) / float64(most))
				pan.Add(roundel{math.Log10(m), log, counts[log], vg.Length(share) * mostRadius, look})
				continue
			}
			pan.Add(bunch{math.Log10(m), log, counts[log], look})
		}
		mean := Look{color: baseColor, width: 1.2, glyph: glyph{sides: 4}}
		pan.Add(Dots{Name: "m = " + study.GroupText(m), Look: look})
		pan.Add(Curve{X: []float64{math.Log10(m)}, Y: b.means[i : i+1], Look: mean, Bars: true, Shift: meanShift})
	}
	return pan
}

// meanShift is to the right of a bunch.
const meanShift = vg.Length(11.5)
