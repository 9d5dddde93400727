package plots

import (
	"fmt"
	"math"
	"slices"

	"msharp/harness/record"

	"gonum.org/v1/plot/vg"
)

// Robust is the figures of the m-sweep at several settings, learning rates and the like, and of the base optimizer tuned over more
// of them. Nothing is averaged over settings; the last figure ranks the models of all of them.
func Robust() []Figure {
	return []Figure{
		SettingsRho{}, Forest{BySetting: true}, AgainstTuned{}, BestRho{BySetting: true},
		Power{BySetting: true, File: "predictive_power_by_setting"}, Power{},
	}
}

// SettingsRho is the test error against ρ, a panel for each setting of what was swept beside ρ, m and the seed, on one axis, with the
// base optimizer of that setting, and the base optimizer tuned over every setting it was trained at.
type SettingsRho struct {
	File  string // empty is "robust"
	Title string
}

func (f SettingsRho) Name() string { return orText(f.File, "robust") }

// settingRho is what one panel shows.
type settingRho struct {
	atSetting
	curves []rhoCurve
	base   rhoPoint
	others []reference
}

func (f SettingsRho) Draw(t *Trials) (Drawing, error) {
	d := Drawing{Name: f.Name(), width: twoColumn}
	rs := t.runs
	lines := ErrorVsRho{}.defaults()
	keys, _ := alsoSwept(rs)
	d.Title = orText(f.Title, "Test error against ρ")
	if len(keys) > 0 {
		d.Title = orText(f.Title, "Test error against ρ at several settings of "+keyNames(keys))
	}
	of := apartBy(keys, rs)
	if d.Skipped = noFinished(rs); d.Skipped == "" && len(of) == 0 {
		d.Skipped = "no run has ρ > 0"
	}
	if d.Skipped != "" {
		return d, nil
	}
	best := tuneBase(rs, Value("val_error"), lines.Y)
	missing := best.missing(len(distinct(rs, seedOf)))
	var all []settingRho
	for _, s := range of {
		r := settingRho{atSetting: s}
		r.curves, r.base = lines.curves(s.runs)
		if missing == "" {
			r.others = append(r.others, best.reference(atZero(s.runs, lines.Y)))
		}
		all = append(all, r)
	}
	cols := min(3, columns(len(all)))
	if cols == 1 {
		d.width = oneColumn
	}
	axes := sharedAxes(all)
	axes.xlabel, axes.ylabel, axes.length = "ρ (log scale)", lines.YLabel, (d.width-2*margin)/vg.Length(cols)-40
	d.header = []string{"panel", "setting", "m", "rho", "error_percent", "low", "high", "seeds", "runs", "diverged", "above_axis"}
	var p rhoPanels
	for _, s := range all {
		pan, facts := rhoPanel(s.curves, s.base, axes, s.others...)
		facts.skipped = orText(noFinished(s.runs), facts.skipped)
		pan.notes = baseText("ρ = 0", facts.base)
		for _, o := range s.others {
			e := intervalCells(o.y)
			p.rows = append(p.rows, slices.Concat([]string{p.letter(), best.text(), "", "0"}, e, []string{"", fmt.Sprint(best.diverged), "false"}))
		}
		p.add(s.name, []string{s.name}, pan, facts)
	}
	if len(p.legend) == 0 {
		d.Skipped = "no setting has a finished run with the " + lines.YLabel
		return d, nil
	}
	d.rows = p.rows
	note := p.interval("ρ = 0")
	if len(all) > 1 {
		note = p.interval("ρ = 0 of the same setting")
	}
	d.Caption = f.caption(rs, p, best, missing, note)
	p.on(&d, cols, note+" "+f.tunedNote(best, missing))
	return d, nil
}

// sharedAxes hold what every panel would show by itself, the others, and of their intervals what does not squash it.
func sharedAxes(all []settingRho) rhoAxes {
	low, high := math.Inf(1), math.Inf(-1)
	for _, s := range all {
		if s.base.est.N > 0 || slices.ContainsFunc(s.curves, rhoCurve.some) {
			l, h := rhoRange(s.curves, s.base, true)
			low, high = math.Min(low, l), math.Max(high, h)
		}
	}
	pad := .03 * (high - low)
	for _, s := range all {
		for _, o := range s.others {
			low, high = spread(low, high, o.y.Mean-pad, o.y.Mean+pad)
		}
	}
	least, most, room := low, high, .3*(high-low)
	for _, s := range all {
		for _, o := range s.others {
			least, most = spread(least, most, o.y.Low-pad, o.y.High+pad)
		}
	}
	return rhoAxes{low: math.Max(math.Max(least, low-room), 0), high: math.Min(most, high+room)}
}

// tunedNote is what the reference line is, or why there is none.
func (f SettingsRho) tunedNote(t tunedBase, missing string) string {
	if missing != "" {
		return fmt.Sprintf("No line for tuned %s: %s.", t.name, missing)
	}
	return fmt.Sprintf("%s: %s %%.", upper(t.text()), plusMinus(cell{seeds: t.values}.mean().Scale(100), 1))
}

func (f SettingsRho) caption(rs []run, p rhoPanels, t tunedBase, missing, note string) string {
	s := "Test error (%) against ρ"
	if len(p.panels) > 1 {
		keys, _ := alsoSwept(rs)
		s += ", a panel for each setting of " + keyNames(keys) + ", on one axis"
	}
	s += ". " + note + fmt.Sprintf(" Dashed: ρ = 0, %s at the setting. ", t.name) + f.tunedNote(t, missing)
	if missing == "" {
		s += " Picked: " + t.pickedText() + ". Its band, as the others, is the interval of the difference to ρ = 0 of the panel."
	}
	if t.lost > 0 && missing == "" {
		s += fmt.Sprintf(" Without %s whose run at the setting picked is missing.", record.Plural(t.lost, "seed"))
	}
	if t.diverged > 0 && missing == "" {
		s += fmt.Sprintf(" A run of it that diverged counts as an error of 100 %%: %s.", record.Plural(t.diverged, "time"))
	}
	return s + p.text() + twiceText(rs)
}
