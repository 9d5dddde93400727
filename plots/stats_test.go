package plots

import (
	"math"
	"slices"
	"testing"

	"msharp/harness/record"
)

// trial is a bare record.
func trial(seed int, rho, m float64, values map[string]float64) record.Record {
	optimizer := map[string]any{"rho": rho}
	if rho > 0 {
		optimizer["m"] = m
	}
	numbers := map[string]record.Number{}
	for k, v := range values {
		numbers[k] = record.Number(v)
	}
	return record.Record{ID: string(rune('a'+seed)) + short(rho) + short(m), Status: record.Done,
		Config: map[string]any{"optimizer": optimizer, "batch_size": 8., "seed": float64(seed)}, Values: record.Values{Numbers: numbers}}
}

func TestM(t *testing.T) {
	for _, c := range []struct {
		rho, m, want float64
		ok           bool
	}{{0, 4, 0, false}, {.1, 4, 4, true}, {.1, 0, 8, true}} {
		if got, ok := M(trial(1, c.rho, c.m, nil)); ok != c.ok || ok && got != c.want {
			t.Errorf("ρ = %v, m = %v: %v, %v", c.rho, c.m, got, ok)
		}
	}
}

func TestPowersAreWithinSeed(t *testing.T) {
	var recs []record.Record
	for seed := range 3 {
		for k := range 4 {
			recs = append(recs, trial(seed, .1, float64(k+1), map[string]float64{
				"train_error": 0, "error_gap": float64(k) - 10*float64(seed), "msharp(m=1 rho=0.05)": float64(k) + 10*float64(seed),
			}))
		}
	}
	recs[0].Values.Numbers["train_error"] = .5 // fails the gate
	rs := runs(recs)
	ps := powers(rs, measures("msharp", rs), errorGap, fitted)
	if len(ps) != 1 || ps[0].within.Mean != 1 || ps[0].models != 11 || ps[0].within.N != 3 {
		t.Fatalf("%+v", ps)
	}
	if ps[0].pooled.Mean >= 0 {
		t.Errorf("pooled τ %v: seeds were made to reverse it", ps[0].pooled.Mean)
	}
}

func TestMeasures(t *testing.T) {
	rs := runs([]record.Record{trial(1, 0, 0, map[string]float64{
		"msharp(m=n rho=0.05)": 1, "msharp(m=16 rho=0.05)": 1, "msharp(m=4 rho=0.05)": 1, "msharp(m=4 rho=1e-05)": 1,
		"msharp_se(m=4 rho=0.05)": 1, "msharp_zero(m=4)": 1, "msharp(m=4 rho=0.05 steps=5)": 1, "test_error": 1,
	})})
	var got []string
	for _, m := range measures("msharp", rs) {
		got = append(got, mText(m.m)+"@"+short(m.rho))
	}
	if want := []string{"4@1e-05", "4@.05", "16@.05", "n@.05"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// The slope over the index of m, by hand: errors 1, 2, 4 % have slope 1.5 points.
func TestSlopeOverM(t *testing.T) {
	var recs []record.Record
	for i, m := range []float64{1, 4, 16} {
		recs = append(recs, trial(1, .05, m, map[string]float64{"test_error": []float64{.01, .02, .04}[i]}),
			trial(1, .5, m, map[string]float64{"test_error": .9}))
	}
	recs = append(recs, trial(2, .05, 1, map[string]float64{"test_error": .1})) // an incomplete seed has no slope
	slopes, ms, rhos := slopeOverM(runs(recs), Value("test_error"))
	if len(slopes) != 1 || math.Abs(slopes[1]-1.5) > 1e-12 || len(ms) != 3 || len(rhos) != 1 {
		t.Error(slopes, ms, rhos)
	}
}

// A difference to ρ = 0 pairs runs of the same seed and the same other settings.
func TestBestIsPaired(t *testing.T) {
	var recs []record.Record
	for seed := range 4 {
		for _, lr := range []float64{.1, .2} {
			for _, rho := range []float64{0, .1} {
				r := trial(seed, rho, 4, map[string]float64{"test_error": .1*float64(seed) + lr - rho/10})
				r.ID += short(lr)
				r.Config["lr"] = lr
				recs = append(recs, r)
			}
		}
	}
	recs = recs[:len(recs)-1] // the last run is missing, its partner must not count
	rows := best(runs(recs))
	if len(rows) != 1 || rows[0].test.rho != .1 || math.Abs(rows[0].test.diff.Mean+1) > 1e-9 || rows[0].test.diff.N != 4 {
		t.Fatalf("%+v", rows)
	}
	if rows[0].val.ok {
		t.Error("a choice by validation error without one")
	}
}

// Digitised numbers keep the claims of the paper's figure.
func TestPublished(t *testing.T) {
	curves, base := foretCurves()
	if len(curves) != 5 || math.Abs(base.est.Mean-5.35) > 1e-9 || curves[1].m != 4 {
		t.Fatal(curves, base)
	}
	bottom := func(c rhoCurve) float64 {
		low := math.Inf(1)
		for _, p := range c.pts {
			low = math.Min(low, p.est.Mean)
		}
		return low
	}
	if !(bottom(curves[1]) < bottom(curves[0]) && bottom(curves[0]) < bottom(curves[2]) && bottom(curves[2]) < bottom(curves[4])) {
		t.Error("best over ρ: not m = 4 < 1 < 16 < 256")
	}
	if _, rows := foretPower(); len(rows) != 10 {
		t.Error(rows)
	}
}

func TestFormat(t *testing.T) {
	for got, want := range map[string]string{
		decimals(-.714, 2): "−.71", decimals(.001, 2): ".00", decimals(-.001, 2): ".00", decimals(10.5, 1): "10.5", decimals(nan, 1): "–",
		short(.05): ".05", short(10.5): "10.5", short(128): "128", short(0): "0", power10(-12): "10⁻¹²", mText(math.Inf(1)): "n",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
