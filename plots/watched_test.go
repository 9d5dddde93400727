package plots

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
	"msharp/plots/plotstest"
)

// watching gives every run a watch, a look every ten steps until its end, and a last one at its own step where ends is set.
func watching(recs []record.Record, ends bool) []record.Record {
	return plotstest.With(recs, func(r *record.Record) {
		seed, _ := record.Float(r.Config["seed"])
		rho, _ := record.Float(r.Config["optimizer"].(map[string]any)["rho"])
		w := record.Watch{Every: 10, Unit: "step", Values: map[string][]record.Number{}}
		for at := 0; at <= 60; at += 10 {
			w.At = append(w.At, at)
		}
		if ends {
			w.At = append(w.At, 60+int(seed))
		}
		if r.Status == record.Diverged {
			w.At = w.At[:2]
		}
		for _, at := range w.At {
			x := float64(at)
			for name, v := range map[string]float64{
				"hessian_max(steps=20)": (1 + rho*x) * math.Exp(.1*x+.2*seed), "hessian_max_residual(steps=20)": .1 * seed,
				"gradnorm": 1 + .01*x*seed - rho, "trace": math.NaN(),
			} {
				w.Values[name] = append(w.Values[name], record.Number(v))
			}
		}
		r.Watch = w
	})
}

func drawWatched(t *testing.T, recs []record.Record) Drawing {
	t.Helper()
	ds, err := DrawAll([]Figure{Watched{}}, study.Of(recs))
	if err != nil {
		t.Fatal(err)
	}
	written(t, ds[0].WriteCSV)
	return ds[0]
}

// Each row is the mean over the seeds of a setting, of the runs that did not diverge, with its interval.
func TestWatchedIsTheMean(t *testing.T) {
	few := plotstest.Only(plotstest.Small.Records(), func(r study.Trial) bool { return r.Rho <= .05 })
	for _, c := range []struct {
		name  string
		recs  []record.Record
		lines int
		more  string
	}{
		{"a line a setting", watching(few, false), 5, ""},
		{"too many settings", watching(plotstest.Small.Records(), false), 3, "has the lowest mean validation error over m"},
		{"the ends differ", watching(few, true), 5, "A line has the looks that all its runs have."},
		{"one seed", watching(plotstest.Only(few, func(r study.Trial) bool { return r.Seed == 2 }), false), 5, "no interval"},
	} {
		d := drawWatched(t, c.recs)
		if d.Skipped != "" || !strings.Contains(d.Caption, c.more) {
			t.Errorf("%s: skipped for %q; %s", c.name, d.Skipped, d.Caption)
		}
		lines := map[string]int{}
		for _, row := range d.Rows { // panel, measure, rho, m, setting, step, value, low, high, seeds
			lines[strings.Join(row[2:5], " ")]++
			var values []float64
			for _, r := range study.Of(c.recs).Final() {
				m := ""
				if r.Rho > 0 {
					m = study.GroupText(r.M)
				}
				if at := slices.Index(r.Watch.At, number(t, row[5])); !r.Diverged && r.Rho == real(t, row[2]) && m == row[3] && at >= 0 {
					values = append(values, float64(r.Watch.Values[row[1]][at]))
				}
			}
			want := stats.MeanT(values, study.Level)
			if got := []string{cellText(want.Mean), cellText(want.Low), cellText(want.High), strconv.Itoa(len(values))}; !slices.Equal(got, row[6:]) {
				t.Errorf("%s: %q, want %q", c.name, row, got)
			}
			if strings.Contains(row[1], "residual") || row[1] == "trace" || number(t, row[5]) > 60 {
				t.Errorf("%s: %q is drawn", c.name, row)
			}
		}
		if len(lines) != c.lines || len(d.Rows) != 7*2*c.lines {
			t.Errorf("%s: %d points, of lines %v", c.name, len(d.Rows), lines)
		}
	}
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func real(t *testing.T, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// There is a figure only where something was watched, and it says why there is none.
func TestNothingWatched(t *testing.T) {
	recs := plotstest.Small.Records()
	if Watches(study.Of(recs)) || !Watches(study.Of(watching(recs, false))) {
		t.Error("what watches is not known")
	}
	for why, recs := range map[string][]record.Record{
		"no finished trial has watched a measure": recs, "no trial has finished": nil, "all 27 trials diverged": watching(plotstest.With(recs, plotstest.Diverge), false),
	} {
		if d := drawWatched(t, recs); d.Skipped != why {
			t.Errorf("skipped for %q, want %q", d.Skipped, why)
		}
	}
}

// Runs that looked by epochs are not drawn over steps; a sweep without an ascent has a line for all that it swept.
func TestWatchedUnits(t *testing.T) {
	recs := watching(plotstest.Small.Records(), false)
	for i := range recs {
		if s, _ := record.Float(recs[i].Config["seed"]); s == 3 {
			recs[i].Watch.Unit = "epoch"
		}
	}
	if d := drawWatched(t, recs); !strings.Contains(d.Caption, "9 runs of looks by another unit than the step have no part in it") || slices.ContainsFunc(d.Rows, func(row []string) bool { return row[9] != "2" }) {
		t.Error(d.Caption, d.Rows)
	}
	zoo := plotstest.With(plotstest.Zoo(2), func(r *record.Record) {
		r.Watch = record.Watch{Every: 1, Unit: "epoch", At: []int{0, 1}, Values: map[string][]record.Number{"norm": {1, 2}}}
	})
	if d := drawWatched(t, zoo); len(d.Rows) != 2 || d.Rows[1][5] != "1" || d.Rows[1][6] != "2" || d.Header[5] != "epoch" {
		t.Error(d.Rows)
	}
}
