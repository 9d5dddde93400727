package plots

import (
	"fmt"
)

// AgainstTuned is the paired differences in test error to the base optimizer tuned over every setting it was trained at: of each m at
// its tuned ρ at each setting, and of each m with the setting tuned too.
type AgainstTuned struct {
	File  string // empty is "against_tuned"
	Title string
}

func (f AgainstTuned) Name() string { return orText(f.File, "against_tuned") }

func (f AgainstTuned) Draw(t *Trials) (Drawing, error) {
	rs := t.runs
	by, y := Value("val_error"), Value("test_error")
	best := tuneBase(rs, by, y)
	d := Drawing{Name: f.Name(), Title: orText(f.Title, "m-SAM against tuned "+best.name), width: twoColumn}
	of := settingsApart(rs)
	if d.Skipped = noFinished(rs); d.Skipped == "" && len(of) == 0 {
		d.Skipped = "no run has ρ > 0"
	}
	if d.Skipped = orText(d.Skipped, best.missing(len(distinct(rs, seedOf)))); d.Skipped != "" {
		return d, nil
	}
	against := "tuned " + best.name
	var rows forestTable
	for _, s := range of {
		base, ascent := split(s.runs)
		rows = append(rows, forestRow{heading: true, setting: s.name, against: against})
		if zero := tune(base, by, y); len(zero.values) > 0 {
			rows = append(rows, zero.minus(best.tuned, forestRow{setting: s.name, against: against}))
		}
		byM := tuneM(s.runs, by, y)
		for _, m := range distinct(ascent, mOf) {
			rows = append(rows, byM[m].minus(best.tuned, forestRow{setting: s.name, against: against, m: m}))
		}
	}
	if len(of) > 1 {
		row := forestRow{heading: true, setting: fmt.Sprintf("SAM tuned over these %d settings too", len(of)), against: against}
		rows = append(rows, row)
		byM := tuneM(rs, by, y)
		_, ascent := split(rs)
		for _, m := range distinct(ascent, mOf) {
			row.heading, row.m = false, m
			rows = append(rows, byM[m].minus(best.tuned, row))
		}
	}
	picked := fmt.Sprintf("%s: %s %%. ρ is picked in the same way.", upper(best.text()), plusMinus(cell{seeds: best.values}.mean().Scale(100), 1))
	rows.on(&d, "test error", picked, " Picked for "+best.name+": "+best.pickedText()+"."+alsoSweptText(rs, "each by itself"))
	return d, nil
}
