package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/plots/plotstest"
)

// atRates is by hand, in percent: SGD has 20 at lr .1, 12 at .2 and 10 at .4, SAM 15 at .1 and 11 at .2; every seed adds as many.
func atRates(seeds int) (recs []record.Record) {
	add := func(seed int, lr, rho, m, percent float64) {
		err := (percent + float64(seed)) / 100
		r := plotstest.Erring(seed, rho, m, err, err)
		r.ID = fmt.Sprintf("%s-%g", r.ID, lr)
		r.Config["lr"] = lr
		recs = append(recs, r)
	}
	for seed := 1; seed <= seeds; seed++ {
		add(seed, .1, 0, 0, 20)
		add(seed, .2, 0, 0, 12)
		add(seed, .4, 0, 0, 10)
		add(seed, .1, .05, 4, 15)
		add(seed, .2, .05, 4, 11)
		add(seed, .1, .05, 8, 16)
		add(seed, .2, .05, 8, 11.5)
	}
	return recs
}

// Every setting has its own base and its own rows; a base without an ascent at its setting is in none.
func TestForestBySetting(t *testing.T) {
	rows, why := Forest{BySetting: true}.rows(study.Of(atRates(3)))
	if why != "" || len(rows) != 10 {
		t.Fatal(why, rows)
	}
	for i, want := range map[int]float64{1: -5, 2: -4, 4: -1, 6: -1, 7: -.5, 9: -.5} {
		if e := rows[i].est; math.Abs(e.Mean-want) > 1e-9 || e.N != 3 {
			t.Errorf("row %d: %+v, want %v", i, e, want)
		}
	}
	if got := rows[5].headingText(); got != "lr .2: minus ρ = 0, the base optimizer" {
		t.Errorf("%q", got)
	}
}

// The base is tuned over all it was trained at, 10 % at lr .4, and drawn against the base of a panel.
func TestTunedBase(t *testing.T) {
	of := study.Of(atRates(3))
	b := tuneBase(of)
	if len(b.side) != 3 || len(b.values) != 3 || math.Abs(b.values[2]-.12) > 1e-12 || b.missing() != "" || b.pickedText() != "lr = 0.4 (3 seeds)" {
		t.Fatalf("%+v, %q", b, b.pickedText())
	}
	y := b.against(of, func(t *study.Trials) []*study.Trials { return []*study.Trials{t.Settings()[0].Trials} })[0]
	if math.Abs(y.Mean-12) > 1e-9 || y.N != 3 || y.Half() > 1e-9 {
		t.Errorf("%+v: seeds differ alike at both", y)
	}
	alone := tuneBase(study.Of(plotstest.Only(atRates(3), func(r study.Trial) bool { return r.Key("lr") == .1 })))
	if why := alone.missing(); !strings.Contains(why, "at one setting") {
		t.Errorf("%q", why)
	}
	if why := tuneBase(study.Of(atRates(1))).missing(); !strings.Contains(why, "two seeds") {
		t.Errorf("one seed: %q", why)
	}
}

// A seed counts in a tuned comparison where it has every option of both sides. A run that diverged counts there as an error of 100 %.
func TestDifferencesNeedEveryOption(t *testing.T) {
	recs := atRates(4)
	recs = recs[:len(recs)-1] // seed 4 lacks m = 8 at lr .2
	diverged := slices.IndexFunc(recs, func(r record.Record) bool { return r.ID == "01-0.05-8-0.2" })
	plotstest.Diverge(&recs[diverged])
	d, err := AgainstTuned{}.Draw(study.Of(recs))
	if err != nil || d.Skipped != "" {
		t.Fatal(err, d.Skipped)
	}
	csv := string(written(t, d.WriteCSV))
	for _, want := range []string{
		"lr .2,tuned the base optimizer,4,,1,",   // of four seeds
		"lr .2,tuned the base optimizer,8,1,89,", // 100 − 11 points
		"lr .2,tuned the base optimizer,8,3,1.5,",
	} {
		if !strings.Contains(csv, want) {
			t.Errorf("no %q in\n%s", want, csv)
		}
	}
	if strings.Contains(csv, "lr .2,tuned the base optimizer,8,4,") {
		t.Errorf("seed 4 counts without a run:\n%s", csv)
	}
	for _, want := range []string{"Left out: 1 seed of m = 8 (lr .2), ", "In 2 cases the picked run diverged; it counts as an error of 100 %."} {
		if !strings.Contains(d.Caption, want) {
			t.Errorf("no %q in %s", want, d.Caption)
		}
	}
}
