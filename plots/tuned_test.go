package plots

import (
	"fmt"
	"math"
	"testing"

	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/plots/plotstest"
)

// Differences by hand, against ρ = 0 and against the whole batch.
func TestForestRows(t *testing.T) {
	var recs []record.Record
	for seed := 1; seed <= 3; seed++ {
		s := .01 * float64(seed)
		recs = append(recs, plotstest.Erring(seed, 0, 0, .10+s, .1), plotstest.Erring(seed, .1, 2, .08+s, .1), plotstest.Erring(seed, .1, 8, .09+s, .1))
	}
	rows, why := Forest{}.rows(study.Of(recs))
	if why != "" || len(rows) != 5 || rows[0].headingText() != "minus ρ = 0, the base optimizer" ||
		rows[3].headingText() != "minus SAM as it is usually run (m = 8, the batch), tuned" {
		t.Fatal(why, rows)
	}
	for i, want := range map[int]float64{1: -2, 2: -1, 4: -1} {
		if e := rows[i].est; math.Abs(e.Mean-want) > 1e-9 || e.Half() > 1e-9 || e.N != 3 {
			t.Errorf("row %d: %+v, want %v without an interval", i, e, want)
		}
	}
}

// The lines over noise end at their epoch.
func TestNoiseLines(t *testing.T) {
	var recs []record.Record
	for seed := 1; seed <= 2; seed++ {
		for _, noise := range []float64{0, .4} {
			r := plotstest.Trial(seed, .1, 4, map[string]float64{
				"test_error": .1 + noise, "val_error": .2, "test_error_at_best_val": .1 + noise/2, "best_val_error": .1,
			})
			r.ID += fmt.Sprint(noise)
			r.Config["data"] = map[string]any{"label_noise": noise}
			recs = append(recs, r)
		}
	}
	for want, e := range map[float64]study.Errors{50: study.LastEpoch, 30: study.BestEpoch} {
		lines := tunedLines(study.Of(recs), study.Noise, e)
		if len(lines) != 1 || len(lines[0].x) != 2 || lines[0].x[1] != 40 ||
			math.Abs(lines[0].est[1].Mean-want) > 1e-9 || lines[0].rhos[0] != ".1" {
			t.Errorf("%s: %+v", e.Name, lines)
		}
	}
}
