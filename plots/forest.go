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
	File  string // empty is "paired_differences"
	Title string
	Y, By Field // what is compared, a fraction, and what picks ρ; zero are test_error and val_error
	Label string
	// BySetting asks for the differences at each setting of what else was swept. Without it, that is picked with ρ, but for the data.
	BySetting bool
}

func (f Forest) defaults() Forest {
	f.File = orText(f.File, "paired_differences")
	title := "What small m saves at its tuned ρ"
	if f.BySetting {
		title += ", by setting"
	}
	f.Title = orText(f.Title, title)
	f.Y, f.By = f.Y.or(Value("test_error")), f.By.or(Value("val_error"))
	f.Label = orText(f.Label, "test error")
	return f
}

func (f Forest) Name() string { return f.defaults().File }

// tuneM tunes every m by itself.
func tuneM(rs []run, by, y Field) map[float64]tuned {
	_, ascent := split(rs)
	byM := map[float64]tuned{}
	for _, m := range distinct(ascent, mOf) {
		byM[m] = tune(slices.DeleteFunc(slices.Clone(ascent), func(r run) bool { return r.m != m }), by, y)
	}
	return byM
}

// rows returns the differences, or says what is missing.
func (f Forest) rows(rs []run) (rows []forestRow, why string) {
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
	if !slices.ContainsFunc(rows, func(r forestRow) bool { return r.est.N > 0 }) {
		why = fmt.Sprintf("no seed has the %s of both sides of a difference, at a ρ that other seeds' validation error picks", f.Label)
		if n := len(distinct(rs, seedOf)); n < 2 {
			why = fmt.Sprintf("ρ is picked by the other seeds: that needs 2 or more, and there is %d", n)
		} else if len(rows) == 0 {
			why = "there is neither ρ = 0 nor a second m to compare with"
		}
	}
	return rows, why
}

// setting returns the differences at one setting.
func (f Forest) setting(s atSetting) (rows []forestRow) {
	base, ascent := split(s.runs)
	byM := tuneM(s.runs, f.By, f.Y)
	ms := distinct(ascent, mOf)
	group := func(against string, other tuned, ms []float64) {
		rows = append(rows, forestRow{heading: true, setting: s.name, against: against})
		for _, m := range ms {
			rows = append(rows, byM[m].minus(other, forestRow{setting: s.name, against: against, m: m}))
		}
	}
	if zero := tune(base, f.By, f.Y); len(zero.values) > 0 {
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

// baseName is the optimizer that SAM wraps, where all runs share one: "SGD".
func baseName(base []run) string {
	names := distinct(base, func(r run) string {
		if kind, ok := r.config["optimizer.base.kind"].(string); ok {
			return kind
		}
		kind, _ := r.config["optimizer.kind"].(string)
		return kind
	})
	switch {
	case len(names) != 1 || names[0] == "":
		return "the base optimizer"
	case names[0] == "sgd":
		return "SGD"
	}
	return upper(names[0])
}

func batchOf(r run) float64 { v, _ := record.Float(r.config["batch_size"]); return v }

func (f Forest) Draw(t *Trials) (Drawing, error) {
	f = f.defaults()
	d := Drawing{Name: f.File, Title: f.Title, width: twoColumn}
	rs := t.runs
	if d.Skipped = noFinished(rs); d.Skipped != "" {
		return d, nil
	}
	rows, why := f.rows(rs)
	if d.Skipped = why; why != "" {
		return d, nil
	}
	more := " The verdicts' p values allow for it." + alsoSweptText(rs, "picked with ρ")
	if slices.ContainsFunc(rows, func(r forestRow) bool { return r.setting != "" }) {
		more = alsoSweptText(rs, "what a heading does not name is picked with ρ")
	}
	forestTable(rows).on(&d, f.Label, "ρ of each seed is picked by the validation error of the others.", more)
	return d, nil
}
