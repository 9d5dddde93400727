package plots

import (
	"math"
	"slices"
	"strings"
	"testing"

	"msharp/harness/record"
	"msharp/harness/stats"
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
		if got, ok := M.Of(trial(1, c.rho, c.m, nil)); ok != c.ok || ok && got != c.want {
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
	rs := Read(recs).runs
	facts := comparedBy(Field{}).facts(rs)
	if p := facts.ps[0]; len(facts.ps) != 1 || p.within.Mean != 1 || p.models != 11 || p.within.N != 3 || facts.models.String() != "3–4" {
		t.Fatalf("%+v", facts)
	}
	if p := facts.ps[0].pooled; p.Mean >= 0 {
		t.Errorf("pooled τ %v: seeds were made to reverse it", p)
	}
	if len(facts.baselines) != 0 {
		t.Errorf("%+v", facts) // ρ is the same everywhere, and there is no train loss
	}
	if all := comparedBy(Field{}).ungated().facts(rs).ps; len(all) != 1 || all[0].models != 12 {
		t.Errorf("without the gate: %+v", all)
	}
}

func TestMeasures(t *testing.T) {
	rs := Read([]record.Record{trial(1, 0, 0, map[string]float64{
		"msharp(m=n rho=0.05)": 1, "msharp(m=16 rho=0.05)": 1, "msharp(m=4 rho=0.05)": 1, "msharp(m=4 rho=1e-05)": 1,
		"msharp_se(m=4 rho=0.05)": 1, "msharp_zero(m=4)": 1, "msharp(m=4 rho=0.05 steps=5)": 1, "msharp(m=4 rho=0.05 p=inf)": 1, "test_error": 1,
		"msharp(m=1024 rho=0.05)": 1, "msharp(m=1024 rho=0.2)": 1,
	})}).runs
	rs[0].config["data.train"] = 1024. // so that m=1024 is m=n, where both are there
	var got []string
	for _, m := range measures("msharp", rs) {
		got = append(got, mText(m.m)+"@"+short(m.rho))
	}
	if want := []string{"4@1e-05", "4@.05", "16@.05", "n@.05", "1024@.2"}; !slices.Equal(got, want) {
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
	s := slopeOverM(Read(recs).runs, Value("test_error"))
	if len(s.seeds) != 1 || math.Abs(s.seeds[1]-1.5) > 1e-12 || len(s.ms) != 3 || len(s.rhos) != 1 ||
		s.lines != 2 || s.left != 1 || s.diverged != 0 {
		t.Errorf("%+v", s)
	}
}

// A diverged run takes its seed's line out of the slope and into the sentence, even where a twin with another learning
// rate finished.
func TestDivergedAtSmallRho(t *testing.T) {
	var recs []record.Record
	for seed := range 3 {
		for _, lr := range []float64{.1, .2} {
			for i, m := range []float64{1, 4} {
				r := trial(seed, .05, m, map[string]float64{"test_error": .1 + lr*float64(i)})
				r.ID += short(lr)
				r.Config["lr"] = lr
				recs = append(recs, r)
			}
		}
	}
	diverge(&recs[0])
	s := slopeOverM(Read(recs).runs, Value("test_error"))
	if len(s.seeds) != 3 || math.Abs(s.seeds[0]-20) > 1e-9 || math.Abs(s.seeds[1]-15) > 1e-9 ||
		s.lines != 6 || s.left != 1 || s.diverged != 1 {
		t.Errorf("%+v", s)
	}
	want := "Over 3 seeds (95 % intervals), test error changes per step of m (1, 4) at ρ = .05 by +10.000 ± .000 points at lr .1 " +
		"(left out: 1 of 3 (seed, ρ), 1 with a diverged run); +20.000 ± .000 at lr .2."
	if got := Finding(Read(recs)); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for i := range recs {
		if i%2 == 0 {
			diverge(&recs[i])
		}
	}
	if got := Finding(Read(recs)); got != "No finding: no setting has two values of m to compare, or all diverged there." {
		t.Error(got)
	}
	one := only(recs, func(r run) bool { return r.config["lr"] == .1 })
	if got := Finding(Read(one)); !strings.HasPrefix(got, "Test error is not compared over m at ρ = .05 (left out: 3 of 3 (seed, ρ), 3 with") {
		t.Error(got)
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
	rows := best(Read(recs).runs)
	if len(rows) != 1 || rows[0].test.rho != .1 || math.Abs(rows[0].test.diff.Mean+1) > 1e-9 || rows[0].test.diff.N != 4 {
		t.Fatalf("%+v", rows)
	}
	if rows[0].val.ok {
		t.Error("a choice by validation error without one")
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

// The last validation error of an m is drawn against ρ = 0, paired by seed: seeds far apart do not widen its interval.
func TestEndsArePaired(t *testing.T) {
	zero := map[uint64]float64{1: 10, 2: 20, 3: 30}
	hs := []history{{last: zero}, {m: 4, last: map[uint64]float64{1: 9, 2: 19, 3: 29}}}
	ends(hs)
	if hs[0].end.Mean != 20 || !math.IsNaN(hs[0].end.Low) || hs[1].end != (stats.Interval{Mean: 19, Low: 19, High: 19, N: 3}) {
		t.Errorf("%+v", hs)
	}
	alone := []history{{m: 4, last: zero}}
	ends(alone)
	if e := alone[0].end; e.Mean != 20 || e.Half() < 10 {
		t.Errorf("without ρ = 0: %+v", e)
	}
}

// A mean above the axis takes its interval with it: neither the axis nor a band knows of it.
func TestOffAxisInterval(t *testing.T) {
	base := linePoint{est: stats.Interval{Mean: 10, Low: 9.8, High: 10.2, N: 3}, runs: 3}
	near := linePoint{x: .1, est: stats.Interval{Mean: 9, Low: 8.9, High: 9.1, N: 3}}
	far := linePoint{x: 1, est: stats.Interval{Mean: 60, Low: -40, High: 160, N: 3}}
	low, high := lineRange([]line{{value: 1, pts: []linePoint{near, far}}}, base, true)
	if low < 8.5 || high > 12 {
		t.Errorf("axis from %v to %v", low, high)
	}
	c := Curve{Y: []stats.Interval{near.est, far.est}, Band: true, capped: true, top: high}
	if !c.shows(near.est) || c.shows(far.est) || c.cut(Axis{}, Axis{Low: low, High: high}) || !c.cut(Axis{}, Axis{Low: 9, High: high}) {
		t.Error("an interval above the axis counts")
	}
}

// An axis holds dots that are not compared as long as they are near.
func TestBounds(t *testing.T) {
	low, high := bounds([]float64{0, 10}, []float64{-1, 11.5, 90})
	if low > -1 || high < 11.5 || high > 13 {
		t.Error(low, high)
	}
}
