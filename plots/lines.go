package plots

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
)

// Lines draws a number of a trial (Y) against another (X), a line for each value of a third (Series). Each point is a mean over seeds. Without
// fields it is the test error against ρ, by m. The x axis is logarithmic where all its values are positive and X is ρ or m, or
// the largest value is more than 8 times the least; else it is linear, as the y axis is.
type Lines struct {
	File, Title string // empty are "error_vs_rho" and what is drawn
	// Without them X is ρ, Y the test error, and Series m. X and Series may be any key, also one whose values are words: study.Key("lr").
	X, Y, Series study.Field
	// Panel has a panel for each of its values; what else was swept is averaged. Without it there is a panel for each setting of what was
	// swept beside X and Series.
	Panel study.Field
	OwnY  bool // each panel has a y axis of its own
	Whole bool // the y axis holds every mean; without it one of a percentage is cut where a method is much worse than ρ = 0
	Base  bool // ρ = 0 as a dashed line; intervals are then of the paired difference to it
	// Tuned adds a line at the test error of the base optimizer, tuned over every setting it was trained at. Best adds a last panel: the ρ
	// of lowest validation error over Panel.
	Tuned, Best bool
}

func (f Lines) Name() string { return cmp.Or(f.File, "error_vs_rho") }

// mostPanels is how many settings have panels; more are averaged.
const mostPanels = 24

func (f Lines) Draw(t *study.Trials) (Drawing, error) {
	x, y, series := f.X.Or(study.Rho), f.Y.Or(study.TestError), f.Series.Or(study.M)
	s := Sheet{Name: f.Name(), Title: cmp.Or(f.Title, upper(y.Label)+" against "+x.Label+", by "+series.Label)}
	if s.Skipped = t.Unfinished(); s.Skipped != "" {
		return s.Draw(), nil
	}
	a := axes{x: over(t, x), y: over(t, y), series: over(t, series), zero: f.Base, whole: f.Whole}
	parts := f.parts(t, a)
	if f.Panel.Of != nil && len(parts) < 2 {
		s.Skipped = fmt.Sprintf("the records have one %s %s (%s): there is nothing to draw it over", shareOf(f.Panel), f.Panel.Label, onlyValue(parts))
		return s.Draw(), nil
	}
	best, missing := tunedBase{}, "nobody asks"
	if f.Tuned {
		best = tuneBase(t)
		missing = best.missing()
	}
	var panels []*linePanel
	var tuned []stats.Interval
	if missing == "" {
		tuned = best.against(t, func(t *study.Trials) (of []*study.Trials) {
			for _, p := range f.parts(t, a) {
				of = append(of, p.Trials)
			}
			return of
		})
	}
	for i, part := range parts {
		p := a.of(part.Trials)
		if missing == "" {
			p.rules = append(p.rules, Rule{Name: best.name + ", tuned", Y: tuned[i], Look: lookTuned})
		}
		panels = append(panels, p)
	}
	if slices.IndexFunc(panels, func(p *linePanel) bool { return p.skipped == "" }) < 0 {
		s.Skipped = panels[0].skipped
		return s.Draw(), nil
	}
	if !f.OwnY {
		shareAxis(panels)
	}
	n := len(panels)
	if f.Best {
		n++
	}
	s.Columns = min(3, columns(n))
	several := n > 1
	s.Header = slices.Concat(f.heads(a, parts), []string{a.series.Name, a.x.Name, yColumn(a.y.Field), "low", "high", "seeds", "runs", "diverged", "above_axis"})
	for i, p := range panels {
		pan, rows := p.panel(s.axis(s.Columns))
		for _, r := range p.rules {
			rows = slices.Insert(rows, 0, append(append([]string{"", "0"}, intervalCells(r.Y)...), "", fmt.Sprint(best.diverged), "false"))
		}
		for k := range rows {
			cells := parts[i].cells
			if k == 0 && len(p.rules) > 0 && several {
				cells = []string{best.text()}
			}
			if k == 0 && len(p.rules) > 0 && !several {
				rows[k][0] = best.text()
			}
			if several {
				rows[k] = slices.Concat([]string{s.Letter()}, cells, rows[k])
			}
		}
		pan.Title = parts[i].name
		if pan.Blank != "" {
			rows = nil
		} else {
			s.Seeds.join(p.seeds())
		}
		s.Add(pan, rows...)
	}
	if f.Best {
		pan, rows := bestOver(t, parts, f.Panel)
		for i := range rows {
			rows[i] = append([]string{s.Letter()}, rows[i]...)
		}
		s.Add(pan, rows...)
	}
	f.words(&s, t, a, parts, panels)
	if f.Tuned {
		f.tunedWords(&s, best, missing)
	}
	return s.Draw(), nil
}

// part is the trials of one panel.
type part struct {
	name  string
	cells []string // that tell it apart in a CSV
	value float64  // of Panel
	*study.Trials
}

// parts are one a panel.
func (f Lines) parts(t *study.Trials, a axes) (out []part) {
	if f.Panel.Of != nil {
		by := over(t, f.Panel)
		for _, p := range t.Levels(by.Field) {
			out = append(out, part{by.name(p.Value), []string{by.cell(p.Value)}, p.Value, p.Trials})
		}
		return out
	}
	keys := besideKeys(t, a)
	names := map[string]bool{}
	for _, r := range study.OneOfEach(t.Ascent().Final()) {
		if names[r.Text(keys)] = true; len(names) > mostPanels {
			break
		}
	}
	if len(names) == 0 || len(names) > mostPanels {
		return []part{{Trials: t}}
	}
	for _, s := range t.Apart(keys...) {
		out = append(out, part{name: settingName(s), cells: []string{settingName(s)}, Trials: s.Trials})
	}
	return out
}

// besideKeys are the keys with a panel for each of their settings.
func besideKeys(t *study.Trials, a axes) []string {
	return slices.DeleteFunc(t.SweptBeside(), func(k string) bool { return k == a.x.Key || k == a.series.Key })
}

func onlyValue(parts []part) string {
	if len(parts) == 0 {
		return "none"
	}
	return stats.Short(parts[0].value)
}

// heads are the first columns of the CSV.
func (f Lines) heads(a axes, parts []part) []string {
	switch {
	case f.Panel.Of != nil:
		return []string{"panel", column(f.Panel)}
	case len(parts) > 1:
		return []string{"panel", "setting"}
	}
	return nil
}

// yColumn names y in the CSV; a test error is the error.
func yColumn(y study.Field) string { return strings.TrimPrefix(column(y), "test_") }

func (f Lines) words(s *Sheet, t *study.Trials, a axes, parts []part, panels []*linePanel) {
	s.Caption = upper(a.y.Axis()) + " against " + a.x.Label
	how := "averaged within each seed"
	switch keys := besideKeys(t, a); {
	case f.Panel.Of != nil:
		s.Caption += ", a panel for each " + shareOf(f.Panel) + " " + f.Panel.Label
		t = parts[0].Trials
	case len(parts) > 1:
		s.Caption += ", a panel for each setting of " + keyNames(keys)
		if !f.OwnY {
			s.Caption += ", on one axis"
		}
		how = "each by itself"
		if f.Title == "" {
			s.Title = upper(a.y.Label) + " against " + a.x.Label + " at several settings of " + keyNames(keys)
		}
	}
	s.Caption += "."
	hasBase := func(p *linePanel) bool { return p.base.est.N > 0 || len(p.over.pts) > 0 }
	switch {
	case !f.Base:
		s.Interval = bandText(t, a.y.Field)
	case !slices.ContainsFunc(panels, hasBase):
		s.Interval = bandText(t, a.y.Field)
		s.More = "There is no ρ = 0 run to compare with."
	default:
		base := "ρ = 0"
		if len(parts) > 1 {
			base += " of the same panel"
		}
		s.Interval = pairedBands(t, a.y.Field, base)
		s.More = fmt.Sprintf("Dashed: ρ = 0, %s, which is the same for every m.", t.Base().Optimizer())
	}
	if f.Best {
		s.More += fmt.Sprintf(" %c: the ρ > 0 of lowest validation error, geometric mean and %s.", 'a'+len(panels), t.IntervalText(study.ValError))
	}
	if !a.x.Is(study.Rho) && !a.series.Is(study.Rho) && len(t.Rhos()) > 1 {
		s.More += " Averaged over ρ too."
	}
	s.End = t.SweptBesideText(how, a.x.Key, a.series.Key)
}

// tunedWords say what the line of the tuned base is, or why there is none.
func (f Lines) tunedWords(s *Sheet, best tunedBase, missing string) {
	if missing != "" {
		s.Notes = append(s.Notes, fmt.Sprintf("No line for tuned %s: %s.", best.name, missing))
		return
	}
	s.Notes = append(s.Notes, best.noteText())
	s.More += fmt.Sprintf(" The line of tuned %s is at %s; its band is of the difference to ρ = 0 of the panel too.", best.name, best.pickedText())
	if best.lost > 0 {
		s.More += lostText(record.Plural(best.lost, "seed"))
	}
	s.More += pickedDivergedText(best.diverged)
}

// bestOver draws the best ρ of every m over the values of a field, and returns its points.
func bestOver(t *study.Trials, parts []part, by study.Field) (Panel, [][]string) {
	pan := Panel{Title: "Best ρ by validation"}
	ms, radii := t.Ms(), t.Rhos()
	if len(radii) < 2 {
		pan.Blank = "there are not two ρ > 0 to choose from"
		return pan, nil
	}
	low, high := padded(by.In(parts[0].value), by.In(parts[len(parts)-1].value), .06, 0)
	pan.X = LinearAxis(by.Axis(), low, high, 5)
	pan.Y = SweptAxis("best ρ (log scale)", radii, 110)
	byM := map[float64]*Curve{}
	for _, p := range parts {
		if len(p.Ms()) == 0 {
			continue
		}
		b := bestRhos(p.Trials)
		for i, m := range b.ms {
			if b.means[i].N == 0 {
				continue
			}
			if byM[m] == nil {
				byM[m] = &Curve{Name: "m = " + study.GroupText(m), Look: LookOfM(m), Bars: true}
			}
			byM[m].X, byM[m].Y = append(byM[m].X, by.In(p.value)), append(byM[m].Y, b.means[i])
		}
	}
	var rows [][]string
	for i, m := range ms {
		s := byM[m]
		if s == nil {
			continue
		}
		s.Shift = sideBySide(i, len(ms))
		pan.Add(*s)
		for k, y := range s.Y {
			rho := intervalCells(power10Of(y))
			rows = append(rows, []string{cellText(s.X[k]), study.GroupText(m), rho[0], "", rho[1], rho[2], rho[3], "", "", ""})
		}
	}
	if len(rows) == 0 {
		pan.Blank = "no seed has a validation error at every ρ of an m"
	}
	return pan, rows
}
