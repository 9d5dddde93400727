package plots

import (
	"fmt"
	"slices"
	"strings"

	"msharp/harness/record"
)

// Forest is the paired differences in test error: each m at its tuned ρ against ρ = 0, and against the largest m, which is SAM as it is
// usually run where that is the batch. ρ is picked by the validation error of the other seeds.
type Forest struct {
	// BySetting asks for the differences at each setting of what else was swept. Without it, that is picked with ρ, but for the data.
	BySetting bool
}

func (f Forest) Name() string { return "paired_differences" }

// rows returns the differences, or says what is missing.
func (f Forest) rows(rs []run) (rows []difference, why string) {
	of := []atSetting{{runs: rs}}
	keys, _ := alsoSwept(rs)
	if !f.BySetting {
		keys = slices.DeleteFunc(keys, func(k string) bool { return !ofData(k) })
	}
	if len(keys) > 0 {
		of = apartBy(keys, rs)
	}
	for _, s := range of {
		rows = append(rows, f.setting(s)...)
	}
	if _, ascent := split(rs); len(ascent) == 0 {
		return nil, "no run has ρ > 0"
	}
	if !slices.ContainsFunc(rows, func(r difference) bool { return r.est.N > 0 }) {
		why = "no seed has the test error of both sides of a difference, at a ρ that other seeds' validation error picks"
		if n := len(distinct(rs, seedOf)); n < 2 {
			why = fmt.Sprintf("ρ is picked by the other seeds: that needs 2 or more, and there is %d", n)
		} else if len(rows) == 0 {
			why = "there is neither ρ = 0 nor a second m to compare with"
		}
	}
	return rows, why
}

// setting returns the differences at one setting.
func (f Forest) setting(s atSetting) (rows []difference) {
	by, y := Value("val_error"), Value("test_error")
	base, ascent := split(s.runs)
	byM := tuneM(s.runs, by, y)
	ms := distinct(ascent, mOf)
	group := func(against string, other tuned, ms []float64) {
		rows = append(rows, difference{heading: true, setting: s.name, against: against})
		for _, m := range ms {
			rows = append(rows, byM[m].minus(other, difference{setting: s.name, against: against, m: m}))
		}
	}
	if zero := tune(base, by, y); len(zero.values) > 0 {
		name := "ρ = 0, " + baseName(base)
		if keys, _ := alsoSwept(base); len(keys) > 0 {
			name += ", tuned over " + strings.Join(keys, " and ")
		}
		group(name, zero, ms)
	}
	if largest := slices.Max(append(ms, 0)); len(ms) > 1 {
		name := fmt.Sprintf("m = %s, tuned", mText(largest))
		if len(distinct(s.runs, batchOf)) == 1 && batchOf(s.runs[0]) == largest {
			name = fmt.Sprintf("SAM as it is usually run (m = %s, the batch), tuned", mText(largest))
		}
		group(name, byM[largest], ms[:len(ms)-1])
	}
	return rows
}

func batchOf(r run) float64 { v, _ := record.Float(r.config["batch_size"]); return v }

func (f Forest) Draw(t *Trials) (Drawing, error) {
	s := Sheet{Name: f.Name(), Title: "What small m saves at its tuned ρ"}
	if f.BySetting {
		s.Title += ", by setting"
	}
	rs := t.runs
	if s.Skipped = noFinished(rs); s.Skipped != "" {
		return s.Draw(), nil
	}
	rows, why := f.rows(rs)
	if s.Skipped = why; why != "" {
		return s.Draw(), nil
	}
	differenceSheet(&s, rows)
	s.Notes = []string{"ρ of each seed is picked by the validation error of the others."}
	if slices.ContainsFunc(rows, func(r difference) bool { return r.setting != "" }) {
		s.End = alsoSweptText(rs, "what a heading does not name is picked with ρ")
	} else {
		s.More += " The verdicts' p values allow for it."
		s.End = alsoSweptText(rs, "picked with ρ")
	}
	return s.Draw(), nil
}
