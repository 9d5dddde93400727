package plots

import "fmt"

// AgainstTuned is the paired differences in test error to the base optimizer tuned over every setting it was trained at: of each m at
// its tuned ρ at each setting, and of each m with the setting tuned too.
type AgainstTuned struct{}

func (f AgainstTuned) Name() string { return "against_tuned" }

func (f AgainstTuned) Draw(t *Trials) (Drawing, error) {
	rs := t.runs
	by, y := Value("val_error"), Value("test_error")
	best := tuneBase(rs, by, y)
	s := Sheet{Name: f.Name(), Title: "m-SAM against tuned " + best.name}
	of := settingsApart(rs)
	if s.Skipped = noFinished(rs); s.Skipped == "" && len(of) == 0 {
		s.Skipped = "no run has ρ > 0"
	}
	if s.Skipped = orText(s.Skipped, best.missing(len(distinct(rs, seedOf)))); s.Skipped != "" {
		return s.Draw(), nil
	}
	against := "tuned " + best.name
	var rows []difference
	for _, s := range of {
		base, ascent := split(s.runs)
		rows = append(rows, difference{heading: true, setting: s.name, against: against})
		if zero := tune(base, by, y); len(zero.values) > 0 {
			rows = append(rows, zero.minus(best.tuned, difference{setting: s.name, against: against}))
		}
		byM := tuneM(s.runs, by, y)
		for _, m := range distinct(ascent, mOf) {
			rows = append(rows, byM[m].minus(best.tuned, difference{setting: s.name, against: against, m: m}))
		}
	}
	if len(of) > 1 {
		row := difference{heading: true, setting: fmt.Sprintf("SAM tuned over these %d settings too", len(of)), against: against}
		rows = append(rows, row)
		byM := tuneM(rs, by, y)
		_, ascent := split(rs)
		for _, m := range distinct(ascent, mOf) {
			row.heading, row.m = false, m
			rows = append(rows, byM[m].minus(best.tuned, row))
		}
	}
	differenceSheet(&s, rows)
	s.Notes = []string{best.noteText() + " ρ is picked in the same way."}
	s.More += " Picked for " + best.name + ": " + best.pickedText() + "."
	s.End = alsoSweptText(rs, "each by itself")
	return s.Draw(), nil
}
