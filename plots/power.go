package plots

import (
	"cmp"
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

// Power draws the predictive power of m-sharpness over its m: Kendall's τ-b with the generalization gap within each seed, averaged over
// seeds, beside the τ-b of other numbers. The first row of panels is over the models that pass the gate, those below over the models of
// other gates; that of all models is the caution. The columns are the error gap and the loss gap.
type Power struct {
	File string // empty is "predictive_power"
	// BySetting draws a row of panels for each setting of what was swept beside ρ and m. Without it, models of all settings are ranked
	// together.
	BySetting bool
	Gate      study.Gate // of the models that are compared; zero is study.ByDesign
}

func (f Power) Name() string { return cmp.Or(f.File, "predictive_power") }

// gaps are what models are compared by.
func (f Power) gaps() []compared {
	c := comparedBy(f.Gate)
	return []compared{c, c.withLoss()}
}

// view is one panel's share: models, a gap, and what came of it.
type view struct {
	compared
	powerFacts
	setting string // of the models; empty for all
}

// otherFrom is the share of models that two gates have to differ in for the figure to show both.
const otherFrom = .05

// besideGates are gates that models are shown at beside the figure's own.
var besideGates = []study.Gate{study.Fitted, study.Ungated}

// views returns a row of panels for the models that pass the gate, and one for each other gate that keeps other models. A row without any τ
// is left out: why says so of the figure's own gate, and said how little other gates matter.
func (f Power) views(t *study.Trials) (rows [][]view, why, said string) {
	row := func(g study.Gate) (vs []view) {
		for _, c := range f.gaps() {
			vs = append(vs, view{c.at(g), c.at(g).facts(t), ""})
		}
		return vs
	}
	first := row(f.gaps()[0].gate)
	drawable := func(vs []view) bool { return slices.ContainsFunc(vs, func(v view) bool { return v.skipped == "" }) }
	if drawable(first) {
		rows = append(rows, first)
	} else {
		why = first[0].skipped
	}
	for _, g := range besideGates {
		vs := row(g)
		if !drawable(vs) {
			continue
		}
		like, others, all := nearest(t, rows, vs[0])
		switch {
		case like == nil || float64(others) > otherFrom*float64(all):
			rows = append(rows, vs)
		case others > 0:
			said += fmt.Sprintf(" By another gate (%s: %s more or fewer) no τ differs by more than %s.", g.Text,
				record.Plural(others, "model"), stats.Decimals(furthest(like, vs), 3))
		}
	}
	return rows, why, said
}

// nearest returns the row whose gate differs from that of v in the fewest models, how many these are, and how many models there are.
func nearest(t *study.Trials, rows [][]view, v view) (like []view, others, all int) {
	for _, row := range rows {
		n := 0
		all = 0
		for _, r := range t.Final() {
			if _, ok := v.gap.Of(r); !ok || r.Diverged {
				continue
			}
			if all++; v.gate.Passes(r) != row[0].gate.Passes(r) {
				n++
			}
		}
		if like == nil || n < others {
			like, others = row, n
		}
	}
	return like, others, all
}

// furthest is the largest difference of a τ within seed between two rows of panels.
func furthest(a, b []view) (most float64) {
	for i := range a {
		for k, p := range a[i].ps {
			if d := math.Abs(p.within.Mean - b[i].ps[k].within.Mean); d > most {
				most = d
			}
		}
	}
	return most
}

// viewsBySetting returns a row of panels for the models of each setting that pass the gate; why says why there is none with a τ.
func (f Power) viewsBySetting(t *study.Trials) (rows [][]view, why, said string) {
	some := false
	for _, s := range t.Settings() {
		var row []view
		for _, c := range f.gaps() {
			v := view{c, c.facts(s.Trials), settingName(s)}
			row, some = append(row, v), some || v.skipped == ""
			why = cmp.Or(why, v.skipped)
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		why = "no run has ρ > 0"
	}
	if !some {
		return nil, why, ""
	}
	return rows, "", ""
}

func (f Power) Draw(t *study.Trials) (Drawing, error) {
	s := Sheet{Name: f.Name(), Title: "How well m-sharpness ranks models by their generalization gap", Height: 1.72 * vg.Inch}
	if f.BySetting {
		s.Title = "How well m-sharpness ranks models of one setting by their gap"
	}
	if s.Skipped = t.Unfinished(); s.Skipped != "" {
		return s.Draw(), nil
	}
	views := f.views
	if f.BySetting {
		views = f.viewsBySetting
	}
	rows, why, said := views(t)
	if len(rows) == 0 {
		s.Skipped = why
		return s.Draw(), nil
	}
	s.Columns = len(rows[0][0].radii())
	if s.Columns < 2 {
		s.Columns = len(rows[0])
	}
	s.Interval = "bands, and bars of single numbers: " + rows[0][0].over
	if i := slices.IndexFunc(rows[0], func(v view) bool { return v.skipped == "" }); i >= 0 {
		s.Legend = append([]Entry{{Text: "sharpness at"}}, legendOf(rows[0][i])...)
	}
	p := powerDraft{Sheet: &s, rivals: map[string]bool{}}
	for _, row := range rows {
		shared := row
		if f.BySetting {
			shared = slices.Concat(rows...)
		}
		p.add(row, shared, len(rows) > 1)
	}
	p.labelLast()
	s.Header = []string{"gap", "models_compared", "series", "rho_measured", "m", "tau", "low", "high", "seeds", "models", "p"}
	if f.BySetting {
		s.Header = append([]string{"setting"}, s.Header...)
	}
	s.Caption = "Kendall's τ-b between m-sharpness and the generalization gap, within seed."
	s.More = p.words(rows) + said
	if why != "" {
		s.Notes = []string{"Nothing passes the gate: " + why + "."}
	}
	if f.BySetting {
		s.End = t.SweptBesideText("models of one setting are compared")
	} else {
		s.End = t.SweptText("every model of a seed is compared with every other")
	}
	return s.Draw(), nil
}

// powerDraft is the figure while it is made.
type powerDraft struct {
	*Sheet
	samples []string        // what is behind each panel
	givens  []string        // p of τ given what models were trained with, of each panel that has one
	rivals  map[string]bool // names of those that are drawn
	// measured is the label of the x axes, which stands below the last row.
	measured string
}

// rowOfOne is the title of a row of which each gap has one panel, the k-th of them; empty for all but the first.
func rowOfOne(v view, k int) string {
	switch {
	case k > 0:
		return ""
	case v.setting != "":
		return v.setting
	case v.caution():
		return upper(v.gate.Text) + ": the caution"
	}
	return upper(v.gate.Text)
}

// labelLast puts the label of the x axes below the last row that is drawn.
func (p *powerDraft) labelLast() {
	for i := len(p.Panels) - 1; i >= 0; i-- {
		if pan := &p.Panels[i]; pan.Blank == "" {
			if pan.X.Label = p.measured; pan.Row != "" {
				return
			}
		}
	}
}

// legendOf are the lines in the order of the panels.
func legendOf(v view) (es []Entry) {
	for _, rho := range v.radii() {
		look := lookOfRho(rho, v.rho, v.radii())
		look.dashes = nil
		es = append(es, Entry{Text: "ρ = " + stats.Short(rho), Look: look, Band: v.seeds.high > 1})
	}
	return es
}

// add draws a row of panels for each gap, one for each measured ρ, or where that is one ρ, one row of a panel for each gap; on an axis that holds the shared views; among says that there are other rows.
func (p *powerDraft) add(row, shared []view, among bool) {
	low, high := 0., 0.
	for _, v := range shared {
		low, high = v.extent(low, high, !v.caution())
	}
	low, high = tauAxis(low, high)
	one := len(row[0].radii()) < 2
	for k, v := range row {
		first := len(p.Panels)
		title := upper(v.gap.Label)
		if v.setting != "" {
			title = v.setting + ": " + v.gap.Label
		} else if among {
			title += ", " + v.gate.Text
		}
		if v.setting == "" && v.caution() {
			title += ": the caution"
		}
		if one {
			title = rowOfOne(v, k)
		}
		if v.skipped != "" {
			pan := Panel{Row: title, Blank: "no τ: " + v.skipped}
			if one {
				pan.Title = upper(v.gap.Label)
			}
			p.Add(pan)
			continue
		}
		radii := v.radii()
		for i, rho := range radii {
			pan := v.atRho(rho, i == len(radii)-1, !v.caution(), low, high)
			pan.Title = "ρ = " + stats.Short(rho)
			if i == 0 {
				pan.Row, pan.Y.Label = title, "Kendall τ-b"
				pan.RowNote, pan.told = fmt.Sprintf("%s models a seed, %d of %d.", v.models, v.passing, v.all), true
			}
			if one {
				pan.Title = upper(v.gap.Label) + ", ρ = " + stats.Short(rho)
			}
			if title == "" {
				pan.RowNote, pan.Y.Label = "", ""
			}
			p.measured, pan.X.means, pan.X.Label = pan.X.Label, pan.X.Label, ""
			pan.Y.means = "Kendall τ-b with " + v.gap.Label
			p.Add(pan)
		}
		letters := letter(first)
		if n := len(p.Panels) - 1; n > first {
			letters += "–" + letter(n)
		}
		p.samples = append(p.samples, letters+": "+v.sample())
		if g := v.givens(); len(g) > 0 {
			p.givens = append(p.givens, fmt.Sprintf("%s, %s and %s", letter(first+slices.Index(radii, v.rho)), pText(g[0].p), pText(g[len(g)-1].p)))
		}
		p.Seeds.join(v.seeds)
		for _, b := range v.levels() {
			p.rivals[strings.TrimPrefix(b.name, "−")] = true
		}
		for _, r := range v.shown() {
			cells := []string{v.gap.Label, v.gate.Text}
			if v.setting != "" {
				cells = append([]string{v.setting}, cells...)
			}
			p.Rows = append(p.Rows, append(cells, r...))
		}
	}
}

func (p *powerDraft) words(rows [][]view) string {
	first, last := rows[0][0], rows[len(rows)-1][0]
	s := strings.Join(p.samples, ". ") + "."
	s += fmt.Sprintf(" A panel for each ρ at which sharpness is measured, in colour, with the others as faint lines; bold is ρ = %s.", stats.Short(first.rho))
	if len(p.givens) > 0 {
		s += " Open triangles, " + first.givenText + ": τ-b over all models of the residuals of sharpness and gap, each less the mean over seeds " +
			"of its setting and then the seed's mean, of the settings with a model in every seed. One-sided p, by permuting seeds, at the " +
			"smallest and the largest m: " + strings.Join(p.givens, "; ") + "."
	}
	if first.seeds.high > mostGiven {
		s += fmt.Sprintf(" τ %s is not drawn of more than %d seeds.", first.givenText, mostGiven)
	}
	if last.caution() {
		s += " Over all models the gap is confounded with how well a model fits: that row is the caution, not the result."
	}
	return s + rivalText(slices.Sorted(maps.Keys(p.rivals)))
}
