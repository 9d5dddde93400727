package plots

import (
	"math"
	"slices"
	"strings"
	"testing"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
	"msharp/plots/plotstest"
)

// alongFigure draws two numbers of watching, a panel for each radius.
func alongFigure() Along {
	column := func(name string) func(study.Look) (float64, bool) {
		return func(l study.Look) (float64, bool) { return l.Value(name) }
	}
	return Along{
		File: "along", Title: "Numbers along training", Caption: "Two numbers.", Y: "curvature (log scale)",
		Groups: func(t *study.Trials) (gs []Group) {
			for _, level := range t.Levels(study.Rho) {
				gs = append(gs, Group{Name: "ρ = " + stats.Short(level.Value), Note: "a note", Trials: level.Trials})
			}
			return gs
		},
		Tracks: []Track{
			{Name: "λ", Of: column("hessian_max(steps=20)"), Look: LookBlue, Band: true},
			{Name: "g", Of: column("gradnorm"), Look: LookOurs, Far: true},
			{Name: "none", Of: column("trace"), Look: LookBase},
			{Name: "two", Of: func(study.Look) (float64, bool) { return 2, true }, Look: LookGrey},
		},
		Marked: func(l study.Look) bool { return l.At >= 20 && l.At <= 40 }, MarkedText: "looks that count",
	}
}

// Each row is the geometric mean over the seeds of a group, of the runs that did not diverge, with its interval.
func TestAlongIsTheGeometricMean(t *testing.T) {
	f := alongFigure()
	recs := watching(plotstest.Only(plotstest.Small.Records(), func(r study.Trial) bool { return r.M != 16 }), true)
	for _, r := range recs { // one seed has no number at one look
		if seed, _ := record.Float(r.Config["seed"]); seed == 2 && len(r.Watch.At) > 3 {
			r.Watch.Values["gradnorm"][3] = record.Number(math.NaN())
		}
	}
	d, err := f.Draw(study.Of(recs))
	if err != nil || d.Skipped != "" || !strings.Contains(d.Caption, "Geometric mean over seeds") {
		t.Fatal(err, d.Skipped, d.Caption)
	}
	panels := map[string]bool{}
	for _, row := range d.Rows { // panel, group, note, number, step, value, low, high, seeds, marked
		if panels[row[1]] = true; row[3] == "two" { // a number across the panel
			if row[4] != "" || row[5] != "2" || row[9] != "" {
				t.Errorf("%q", row)
			}
			continue
		}
		column := map[string]string{"λ": "hessian_max(steps=20)", "g": "gradnorm"}[row[3]]
		var logs []float64
		for _, r := range study.Of(recs).Final() {
			at := slices.Index(r.Watch.At, number(t, row[4]))
			if r.Diverged || "ρ = "+stats.Short(r.Rho) != row[1] || at < 0 {
				continue
			}
			if v := float64(r.Watch.Values[column][at]); v > 0 {
				logs = append(logs, math.Log10(v))
			} else {
				t.Errorf("%q: seed %d has no number there", row, r.Seed)
			}
		}
		want := stats.MeanT(logs, study.Level)
		for i, v := range []float64{want.Mean, want.Low, want.High} {
			if got := cellText(math.Pow(10, v)); got != row[5+i] {
				t.Errorf("%q: want %s in place %d", row, got, 5+i)
			}
		}
		if at := number(t, row[4]); (row[9] == "yes") != (at >= 20 && at <= 40) || number(t, row[8]) != len(logs) || at > 60 {
			t.Errorf("%q of %d seeds", row, len(logs))
		}
	}
	if len(panels) < 4 {
		t.Errorf("panels of %v", panels)
	}
}

// A line beside the others takes no more than a decade of the axis.
func TestAlongAxisHoldsTheLines(t *testing.T) {
	recs := plotstest.With(watching(plotstest.Small.Records(), false), func(r *record.Record) {
		for i := range r.Watch.Values["gradnorm"] {
			r.Watch.Values["gradnorm"][i] = record.Number(1e-9)
		}
	})
	f := alongFigure()
	var panels []alongPanel
	for _, g := range f.Groups(study.Of(recs)) {
		panels = append(panels, f.panel(g))
	}
	least, most := math.Inf(1), math.Inf(-1)
	for _, p := range panels {
		for _, y := range p.lines[0].Y {
			least, most = spread(least, most, y.Mean)
		}
	}
	y, ok := alongAxis(f, panels)
	if !ok || y.Low > least-1 || y.Low < least-1.3 || y.High < most || y.High > most+.3 {
		t.Errorf("the axis is [%v, %v] of lines in [%v, %v]: %v", y.Low, y.High, least, most, ok)
	}
}

func TestAlongSaysWhyNot(t *testing.T) {
	f := alongFigure()
	for name, recs := range map[string][]record.Record{
		"no finished trial has watched these numbers": plotstest.Small.Records(), "no trial has finished": nil,
	} {
		if d, err := f.Draw(study.Of(recs)); err != nil || d.Skipped != name {
			t.Errorf("skipped for %q, want %q: %v", d.Skipped, name, err)
		}
	}
}
