package plots

import (
	"fmt"
	"slices"
	"strings"

	"msharp/harness/study"
)

// Forest draws paired differences in test error, a row for each m: m at its tuned ρ minus ρ = 0, and minus the largest m at its tuned ρ (where
// that is the batch, it is SAM as it is usually run).
type Forest struct {
	// BySetting draws the differences at each setting of what else was swept. Without it, a setting is tuned together with ρ, but never the
	// data.
	BySetting bool
}

func (f Forest) Name() string { return "paired_differences" }

// rows returns the differences, or says what is missing.
func (f Forest) rows(t *study.Trials) (rows []difference, why string) {
	keys := t.SweptBeside()
	if !f.BySetting {
		keys = slices.DeleteFunc(keys, func(k string) bool { return !study.OfData(k) })
	}
	rows = estimated(t, func(t *study.Trials) (rows []difference) {
		for _, s := range t.Apart(keys...) {
			rows = append(rows, differencesAt(s)...)
		}
		return rows
	})
	switch {
	case len(t.Ms()) == 0:
		return nil, "no run has ρ > 0"
	case slices.ContainsFunc(rows, func(r difference) bool { return r.est.N > 0 }):
		return rows, ""
	case len(rows) == 0:
		return nil, "there is neither ρ = 0 nor a second m to compare with"
	}
	return nil, "no two seeds have every option of both sides of a difference, with a validation error"
}

// differencesAt returns the differences at one setting.
func differencesAt(s study.Setting) (rows []difference) {
	ms := s.Ms()
	group := func(against string, other study.Side, ms []float64) {
		row := difference{heading: true, setting: settingName(s), against: against}
		rows = append(rows, row)
		for _, m := range ms {
			row.heading, row.m = false, m
			rows = append(rows, row.between(s.Trials, sideOf(s.Trials, m), other))
		}
	}
	if zero := s.Base().Options(study.LastEpoch); len(zero) > 0 {
		name := "ρ = 0, " + s.Base().Optimizer()
		if keys := s.Base().Swept(); len(keys) > 0 {
			name += ", tuned over " + strings.Join(keys, " and ")
		}
		group(name, zero, ms)
	}
	if len(ms) > 1 {
		largest := ms[len(ms)-1]
		name := fmt.Sprintf("m = %s, tuned", study.GroupText(largest))
		if batches := s.Distinct(study.Key("batch_size")); len(batches) == 1 && batches[0] == largest {
			name = fmt.Sprintf("SAM as it is usually run (m = %s, the batch), tuned", study.GroupText(largest))
		}
		group(name, sideOf(s.Trials, largest), ms[:len(ms)-1])
	}
	return rows
}

func (f Forest) Draw(t *study.Trials) (Drawing, error) {
	s := Sheet{Name: f.Name(), Title: "What small m saves at its tuned ρ"}
	if f.BySetting {
		s.Title += ", by setting"
	}
	if s.Skipped = t.Unfinished(); s.Skipped != "" {
		return s.Draw(), nil
	}
	rows, why := f.rows(t)
	if s.Skipped = why; why != "" {
		return s.Draw(), nil
	}
	differenceSheet(&s, t, rows)
	s.Notes = []string{"ρ of each seed is " + ownText + "."}
	if slices.ContainsFunc(rows, func(r difference) bool { return r.setting != "" }) {
		s.End = t.SweptBesideText("what a heading does not name is tuned with ρ")
	} else {
		s.End = t.SweptBesideText("tuned with ρ")
	}
	return s.Draw(), nil
}
