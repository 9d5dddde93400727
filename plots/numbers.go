package plots

import (
	"cmp"
	"fmt"

	"msharp/harness/study"
)

// Numbers draws several numbers of a trial against ρ, a panel for each and a line for each m, with ρ = 0. Each panel has a y axis of its own. What was
// swept beside ρ and m is averaged within each seed.
type Numbers struct {
	File, Title string // empty are "numbers" and what is drawn
	Of          []study.Field
}

func (f Numbers) Name() string { return cmp.Or(f.File, "numbers") }

func (f Numbers) Draw(t *study.Trials) (Drawing, error) {
	s := Sheet{Name: f.Name(), Columns: min(3, columns(len(f.Of)))}
	var names []string
	for _, y := range f.Of {
		names = append(names, y.Label)
	}
	s.Title = cmp.Or(f.Title, upper(andText(names))+" against ρ, by m")
	if s.Skipped = t.Unfinished(); s.Skipped != "" {
		return s.Draw(), nil
	}
	s.Header = []string{"panel", "number", "m", "rho", "value", "low", "high", "seeds", "runs", "diverged", "above_axis"}
	some, ofTest, why := false, false, ""
	var errors []string // of which a run that diverged has 1
	for _, y := range f.Of {
		p := axes{x: over(t, study.Rho), y: over(t, y), series: over(t, study.M), zero: true}.of(t)
		p.again = len(s.Panels) > 0
		switch p.counted {
		case "":
		case asError:
			errors, p.counted = append(errors, y.Label), ""
		default:
			p.counted = leftOut("such number")
		}
		pan, rows := p.panel(s.axis(s.Columns))
		if pan.Title = y.Label; pan.Blank != "" {
			rows, why = nil, cmp.Or(why, pan.Blank)
		} else {
			some = true
			s.Seeds.join(p.seeds())
		}
		for i := range rows {
			rows[i] = append([]string{s.Letter(), y.Name}, rows[i]...)
		}
		ofTest = ofTest || t.IntervalText(y) != study.OverSeeds
		s.Add(pan, rows...)
	}
	if !some {
		s.Skipped = why
		return s.Draw(), nil
	}
	s.Interval = pairedBands(t, f.Of[0], "ρ = 0")
	s.Caption = fmt.Sprintf("%s against ρ.", upper(andText(names)))
	s.More = fmt.Sprintf("Dashed: ρ = 0, %s, which is the same for every m.", t.Base().Optimizer())
	if ofTest {
		s.More += " Bands of what is of test images are over these too."
	}
	if len(errors) > 0 {
		s.More += fmt.Sprintf(" In the means of %s a run that diverged counts as an error of 100 %%.", andText(errors))
	}
	s.End = t.SweptBesideText("averaged within each seed")
	return s.Draw(), nil
}
