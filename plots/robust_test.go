package plots

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"msharp/harness/record"
)

// atRates is by hand, in percent: SGD has 20 at lr .1, 12 at .2 and 10 at .4, SAM 15 at .1 and 11 at .2; every seed adds as many.
func atRates(seeds int) (recs []record.Record) {
	add := func(seed int, lr, rho, m, percent float64) {
		err := (percent + float64(seed)) / 100
		r := errors(seed, rho, m, err, err)
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
func TestSettingsApart(t *testing.T) {
	of := settingsApart(Read(atRates(3)).runs)
	if len(of) != 2 || of[0].name != "lr .1" || of[1].name != "lr .2" {
		t.Fatalf("%+v", of)
	}
	for i, want := range []float64{22, 14} {
		if zero := zeroOf(of[i].runs, Value("test_error")); math.Abs(100*zero.mean().Mean-want) > 1e-9 || zero.runs != 3 || len(of[i].runs) != 9 {
			t.Errorf("%s: ρ = 0 is %+v of %d runs, want %v", of[i].name, zero, len(of[i].runs), want)
		}
	}
	rows, why := Forest{BySetting: true}.rows(Read(atRates(3)).runs)
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
	rs := Read(atRates(3)).runs
	b := tuneBase(rs, Value("val_error"), Value("test_error"))
	if b.settings != 3 || len(b.values) != 3 || math.Abs(b.values[2]-.12) > 1e-12 || b.missing(3) != "" ||
		b.pickedText() != "lr .4 (3 seeds)" {
		t.Fatalf("%+v, %q", b, b.pickedText())
	}
	y := b.against(atZero(settingsApart(rs)[0].runs, Value("test_error")))
	if math.Abs(y.Mean-12) > 1e-9 || y.N != 3 || y.Half() > 1e-9 {
		t.Errorf("%+v: seeds differ alike at both", y)
	}
	alone := tuneBase(Read(only(atRates(3), func(r run) bool { return r.config["lr"] == .1 })).runs, Value("val_error"), Value("test_error"))
	if why := alone.missing(3); !strings.Contains(why, "at one setting") {
		t.Errorf("%q", why)
	}
	if why := tuneBase(Read(atRates(1)).runs, Value("val_error"), Value("test_error")).missing(1); !strings.Contains(why, "needs 2 or more") {
		t.Errorf("%q", why)
	}
}

func TestFindingOfSettings(t *testing.T) {
	want := "Over 3 seeds (95 % intervals), test error changes per step of m (4, 8) at ρ = .05 by +1.000 ± .000 points at lr .1; " +
		"+.500 ± .000 at lr .2. The base optimizer tuned over lr has a test error of 12.0 ± 2.5 % (n = 3); " +
		"SAM, tuned over ρ and its own settings, changes that by +1.00 ± .00 points with m = 4 and +1.50 ± .00 with m = 8."
	if got := Finding(Read(atRates(3))); got != want {
		t.Errorf("%q, want\n%q", got, want)
	}
	one := Finding(Read(atRates(1)))
	if !strings.HasPrefix(one, "In one seed, without intervals, test error changes") || strings.Contains(one, "±") ||
		strings.Contains(one, "tuned") {
		t.Error(one)
	}
}

// Over more settings than a sentence holds, it counts them.
func TestFindingOfManySettings(t *testing.T) {
	var recs []record.Record
	for i, slope := range []float64{1, 1, 1, -1, 0, 0} {
		for seed := 1; seed <= 3; seed++ {
			for k, m := range []float64{1, 4} {
				r := errors(seed, .05, m, .1+.01*slope*float64(k)+.001*float64(seed*k*(i%2))*(1-slope*slope), .1)
				r.ID += short(float64(i))
				r.Config["lr"] = float64(i + 1)
				recs = append(recs, r)
			}
		}
	}
	want := "Over 3 seeds (95 % intervals), test error rises with m at ρ ≤ .05 at 3 of 6 settings of lr, and falls at 1."
	if got := Finding(Read(recs)); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// At each share of noisy labels by hand: SAM on the batch saves 4 and 8 points, m = 1 four tenths of a point more; half
// of it all after the best epoch.
func TestFindingOfNoise(t *testing.T) {
	var recs []record.Record
	for seed := 1; seed <= 3; seed++ {
		for _, noise := range []float64{.2, .4} {
			for m, err := range map[float64]float64{0: .3, 8: .3 - .2*noise, 1: .296 - .2*noise} {
				rho := .1
				if m == 0 {
					rho = 0
				}
				r := errors(seed, rho, m, err+.01*float64(seed), err)
				r.Values.Numbers["test_error_at_best_val"] = record.Number((err + .01*float64(seed)) / 2)
				r.Values.Numbers["best_val_error"] = record.Number(err)
				r.ID += short(noise)
				r.Config["data"] = map[string]any{"label_noise": noise}
				recs = append(recs, r)
			}
		}
	}
	want := "Over 3 seeds (95 % intervals), at 20 and 40 % noisy labels SAM with m = 8 and tuned ρ changes the test error of the base " +
		"optimizer by −4.0 ± .0 and −8.0 ± .0 points after the last epoch, and by −2.0 ± .0 and −4.0 ± .0 points after the epoch of " +
		"best validation; m = 1 in its place changes it further by −.4 ± .0 and −.4 ± .0 points after the last epoch, and by " +
		"−.2 ± .0 and −.2 ± .0 points after the epoch of best validation."
	if got := Finding(Read(recs)); got != want {
		t.Errorf("%q, want\n%q", got, want)
	}
	if got := Finding(Read(only(recs, func(r run) bool { return r.rho > 0 }))); !strings.HasPrefix(got, "No finding: no seed has both ρ = 0") {
		t.Error(got)
	}
}

// Of the population that stops at a loss: a baseline that is the gap ranks better than sharpness, one that is noise does not.
func TestFindingOfPrediction(t *testing.T) {
	recs := with(zoo(3), func(r *record.Record) { r.Values.Numbers["norm"] = 100 * r.Values.Numbers["error_gap"] })
	got := Finding(Read(recs))
	for _, part := range []string{"Over 3 seeds (95 % intervals), τ of m-sharpness with the error gap", "at m = 1 to",
		"rank them as well as m = 1 or better: ‖w‖ (1.00 ± .00)", "by paired intervals m = 1 is above"} {
		if !strings.Contains(got, part) {
			t.Errorf("%q lacks %q", got, part)
		}
	}
	one := Finding(Read(zoo(1)))
	if !strings.HasPrefix(one, "In one seed, without intervals, τ") || strings.Contains(one, "±") || strings.Contains(one, "paired") {
		t.Error(one)
	}
}
