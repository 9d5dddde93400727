package main

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"msharp/experiments/claims/claimstest"
	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/harness/verdict"
	"msharp/plots"
)

// Figure, finding and verdict give one estimate of how the test error rises with m at small ρ: of the reference records, and of these with a
// trial there that diverged, which counts as an error of 1 in all of them and is told.
func TestFigureFindingAndVerdictAgree(t *testing.T) {
	recs, warnings, err := record.Load("../../results/reference/msweep")
	if err != nil || len(warnings) > 0 {
		t.Fatal(warnings, err)
	}
	whole := agreed(t, recs)
	i := slices.IndexFunc(recs, func(r record.Record) bool {
		return claimstest.SettingOf(&r, "optimizer.rho") == .02 && claimstest.SettingOf(&r, "optimizer.m") == 4
	})
	recs[i] = claimstest.Change(recs[i:i+1], claimstest.Diverge)[0]
	v := agreed(t, recs)
	if math.Abs(float64(v.Estimate-whole.Estimate)) < .001 {
		t.Errorf("a diverged run changes nothing: %v, %v", whole.Estimate, v.Estimate)
	}
	if v.Verdict == whole.Verdict || !strings.Contains(v.Why, "1 diverged run as an error of 1") || !strings.Contains(v.Why, "without it") {
		t.Errorf("%s: %s", v.Verdict, v.Why)
	}
}

// agreed returns the verdict on error-rises-with-m, whose estimate is that of the points of the figure.
func agreed(t *testing.T, recs []record.Record) verdict.Verdict {
	t.Helper()
	trials := study.Of(recs)
	vs := verdict.Judge(figure3, trials)
	at := slices.IndexFunc(vs, func(v verdict.Verdict) bool { return v.Claim == "error-rises-with-m" })
	d, err := plots.Lines{Base: true}.Draw(trials)
	if err != nil || at < 0 {
		t.Fatal(vs, err)
	}
	v := vs[at]
	column := func(name string) int { return slices.Index(d.Header, name) }
	number := func(row []string, name string) float64 {
		x, err := strconv.ParseFloat(row[column(name)], 64)
		if err != nil {
			t.Fatal(row, err)
		}
		return x
	}
	byRho := map[float64][]float64{} // errors by m, ascending
	diverged := 0.
	for _, row := range d.Rows {
		diverged += number(row, "diverged")
		if row[column("m")] != "" && number(row, "rho") <= study.SmallRho {
			byRho[number(row, "rho")] = append(byRho[number(row, "rho")], number(row, "error_percent"))
		}
	}
	sum := 0.
	for _, ys := range byRho {
		sum += study.Slope(ys) / float64(len(byRho))
	}
	if math.Abs(sum-float64(v.Estimate)) > 1e-6 || int(diverged) != trials.Diverged() {
		t.Errorf("the figure's points rise by %v with %v diverged runs, the verdict says %v", sum, diverged, v.Estimate)
	}
	if diverged > 0 && !strings.Contains(d.Caption, "diverged") {
		t.Errorf("the caption does not tell of the diverged run: %s", d.Caption)
	}
	return v
}
