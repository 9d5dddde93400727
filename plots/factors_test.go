package plots

import (
	"math"
	"strings"
	"testing"

	"msharp/harness/stats"
	"msharp/harness/study"
	"msharp/plots/plotstest"
)

// factorsFigure has the test error of each radius over that of the next.
func factorsFigure() Factors {
	return Factors{File: "factors", Title: "Errors over errors", Caption: "A number over another.", X: "factor", Within: 1.5,
		Rows: func(t *study.Trials) (rows []Factor) {
			levels := t.Levels(study.Rho)
			for i := 1; i < len(levels); i++ {
				a, b := levels[i-1].All(study.TestError).PerSeed, levels[i].All(study.TestError).PerSeed
				logs := study.PerSeed{}
				for seed := range a {
					if b[seed] > 0 {
						logs[seed] = math.Log(b[seed] / a[seed])
					}
				}
				heading := "small ρ"
				if i > 2 {
					heading = "large ρ"
				}
				rows = append(rows, Factor{heading, "ρ = " + stats.Short(levels[i].Value), logs, LookBlue})
			}
			return append(rows, Factor{"nothing", "none", nil, LookBlue})
		}}
}

// A row is the geometric mean over seeds, and below it each seed's own number.
func TestFactorsAreGeometricMeans(t *testing.T) {
	f := factorsFigure()
	ts := study.Of(plotstest.Small.Records())
	d, err := f.Draw(ts)
	if err != nil || d.Skipped != "" || !strings.Contains(d.Caption, "Grey: within a factor of 1.5.") {
		t.Fatal(err, d.Skipped, d.Caption)
	}
	at := 0
	for _, r := range f.Rows(ts) {
		if len(r.Logs) == 0 {
			continue
		}
		want := r.Logs.Mean()
		row := d.Rows[at]
		for i, v := range []float64{want.Mean, want.Low, want.High} {
			if got := real(t, row[3+i]); !(math.Abs(got-math.Exp(v)) <= 1e-6*got) {
				t.Errorf("%q: want %v in place %d", row, math.Exp(v), 3+i)
			}
		}
		if row[0] != r.Heading || row[1] != r.Name || number(t, row[6]) != len(r.Logs) {
			t.Errorf("%q of %+v", row, r)
		}
		for i, seed := range r.Logs.Seeds() {
			if got := real(t, d.Rows[at+1+i][3]); !(math.Abs(got-math.Exp(r.Logs[seed])) <= 1e-6*got) {
				t.Errorf("%q: want %v", d.Rows[at+1+i], math.Exp(r.Logs[seed]))
			}
		}
		at += 1 + len(r.Logs)
	}
	if at != len(d.Rows) || at == 0 {
		t.Errorf("%d of %d rows are of a number", at, len(d.Rows))
	}
	f.Rows = func(*study.Trials) []Factor { return nil }
	if d, err := f.Draw(ts); err != nil || d.Skipped != "no seed has one of the numbers" {
		t.Errorf("skipped for %q: %v", d.Skipped, err)
	}
}
