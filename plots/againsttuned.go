package plots

import (
	"cmp"
	"fmt"

	"msharp/harness/study"
)

// AgainstTuned draws paired differences in test error to the base optimizer, which is tuned over every setting it was trained at: for each m
// at its tuned ρ, first at each setting and then with the setting tuned too.
type AgainstTuned struct{}

func (f AgainstTuned) Name() string { return "against_tuned" }

func (f AgainstTuned) Draw(t *study.Trials) (Drawing, error) {
	best := tuneBase(t)
	s := Sheet{Name: f.Name(), Title: "m-SAM against tuned " + best.name}
	of := t.Settings()
	if s.Skipped = t.Unfinished(); s.Skipped == "" && len(of) == 0 {
		s.Skipped = "no run has ρ > 0"
	}
	if s.Skipped = cmp.Or(s.Skipped, best.missing()); s.Skipped != "" {
		return s.Draw(), nil
	}
	differenceSheet(&s, t, estimated(t, againstTuned))
	s.Notes = []string{best.noteText() + " ρ is tuned in the same way."}
	s.More += " Picked for " + best.name + ": " + best.pickedText() + "."
	s.End = t.SweptBesideText("each by itself")
	return s.Draw(), nil
}

// againstTuned are the rows.
func againstTuned(t *study.Trials) (rows []difference) {
	best, of := tuneValues(t), t.Settings()
	for _, at := range of {
		row := difference{heading: true, setting: settingName(at), against: "tuned " + best.name}
		rows = append(rows, row)
		row.heading = false
		if zero := at.Base().Options(study.LastEpoch); len(zero) > 0 {
			rows = append(rows, row.between(t, zero, best.side))
		}
		for _, m := range at.Ms() {
			row.m = m
			rows = append(rows, row.between(t, sideOf(at.Trials, m), best.side))
		}
	}
	if len(of) > 1 {
		row := difference{heading: true, setting: fmt.Sprintf("SAM tuned over these %d settings too", len(of)), against: "tuned " + best.name}
		rows = append(rows, row)
		for _, m := range t.Ms() {
			row.heading, row.m = false, m
			rows = append(rows, row.between(t, sideOf(t, m), best.side))
		}
	}
	return rows
}
