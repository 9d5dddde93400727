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
// seeds, beside the τ-b of other numbers. The first row of panels is over the models that pass the gate; the second one, the caution, is
// over all models. The columns are the error gap and the loss gap.
type Power struct {
	File string // empty is "predictive_power"
	// BySetting draws a row of panels for each setting of what was swept beside ρ and m. Without it, models of all settings are ranked
	// together.
	BySetting bool
	Gate      study.Gate // of the models that are compared; zero is study.Fitted
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

// cautionFrom is the share of models that a gate has to keep out for the figure to show all of them too.
const cautionFrom = .05

// views returns a row of panels for the models that pass the gate and, where it keeps many out, one for all. A row without any τ is left
// out; said says so, or how little the gate matters.
func (f Power) views(t *study.Trials) (rows [][]view, said string) {
	gated, all := []view{}, []view{}
	for _, c := range f.gaps() {
		gated = append(gated, view{c, c.facts(t), ""})
		all = append(all, view{c.ungated(), c.ungated().facts(t), ""})
	}
	drawable := func(vs []view) bool { return slices.ContainsFunc(vs, func(v view) bool { return v.skipped == "" }) }
	if drawable(gated) {
		rows = append(rows, gated)
	} else {
		said = gated[0].skipped
	}
	out := all[0].finite - gated[0].passing
	switch {
	case !drawable(all) || out <= 0:
	case len(rows) == 0 || float64(out) > cautionFrom*float64(all[0].finite):
		rows = append(rows, all)
	default:
		said = fmt.Sprintf(" Over every finite model (%s more) no τ differs by more than %s.",
			record.Plural(out, "model"), stats.Decimals(furthest(gated, all), 3))
	}
	return rows, said
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
func (f Power) viewsBySetting(t *study.Trials) (rows [][]view, why string) {
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
		return nil, why
	}
	return rows, ""
}

func (f Power) Draw(t *study.Trials) (Drawing, error) {
	s := Sheet{Name: f.Name(), Title: "How well m-sharpness ranks models by their generalization gap", Height: 2.5 * vg.Inch}
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
	rows, said := views(t)
	if len(rows) == 0 {
		s.Skipped = said
		return s.Draw(), nil
	}
	s.Columns = len(rows[0])
	s.Legend, s.Interval = []Entry{{Text: "sharpness at"}}, tauIntervals
	p := powerDraft{Sheet: &s, rivals: map[string]bool{}}
	for _, row := range rows {
		shared := row
		if f.BySetting {
			shared = slices.Concat(rows...)
		}
		p.add(row, shared, len(rows) > 1)
	}
	s.Header = []string{"gap", "models_compared", "series", "rho_measured", "m", "tau", "low", "high", "seeds", "models"}
	if f.BySetting {
		s.Header = append([]string{"setting"}, s.Header...)
	}
	s.Caption = "Kendall's τ-b between m-sharpness and the generalization gap, within seed."
	s.More = p.words(rows)
	if rows[0][0].caution() {
		s.Notes = []string{"Nothing passes the gate: " + said + "."}
	} else {
		s.More += said
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
	rivals  map[string]bool // names of those that are drawn
}

// add draws a row of panels, on an axis that holds the shared ones; among says that there are other rows.
func (p *powerDraft) add(row, shared []view, among bool) {
	low, high := 0., 0.
	for _, v := range shared {
		low, high = v.extent(low, high, !v.caution())
	}
	low, high = tauAxis(low, high)
	for _, v := range row {
		letter := p.Letter()
		title := upper(v.gap.Label)
		if v.setting != "" {
			title = v.setting + ": " + v.gap.Label
		} else if v.caution() {
			title += ", all models: the caution"
		} else if among {
			title += ", models that fit"
		}
		if v.skipped != "" {
			p.Add(Panel{Title: title, Blank: "no τ: " + v.skipped})
			continue
		}
		pan := tauPanel(v.powerFacts, v.gap, !v.caution(), low, high)
		pan.Title, pan.Notes = title, []string{upper(v.sample()) + "."}
		p.samples = append(p.samples, letter+": "+v.sample())
		p.Seeds.join(v.seeds)
		for _, b := range v.levels() {
			p.rivals[strings.TrimPrefix(b.name, "−")] = true
		}
		var points [][]string
		for _, r := range v.shown(!v.caution()) {
			cells := []string{v.gap.Label, v.gate.Text}
			if v.setting != "" {
				cells = append([]string{v.setting}, cells...)
			}
			points = append(points, append(cells, r...))
		}
		p.Add(pan, points...)
	}
}

func (p *powerDraft) words(rows [][]view) string {
	first, last := rows[0][0], rows[len(rows)-1][0]
	s := strings.Join(p.samples, ". ") + "."
	s += fmt.Sprintf(" Bold: sharpness measured at ρ = %s; the dashed lines are the other measured radii.", stats.Short(first.rho))
	if !first.caution() {
		given := func(v view) bool { return slices.ContainsFunc(v.ps, func(p power) bool { return p.partial.N > 0 }) }
		if slices.ContainsFunc(rows[0], given) {
			s += " Open triangles: partial τ within seed with the ρ and m of the training held fixed, of the models with ρ > 0."
		}
		s += " Open diamonds: τ-b over all models at once, which also reflects differences between seeds; " +
			"its interval is a delete-one-seed jackknife."
	}
	if last.caution() {
		s += " Over all models the gap is confounded with how well a model fits: that row is the caution, not the result."
	}
	return s + rivalText(slices.Sorted(maps.Keys(p.rivals)))
}
