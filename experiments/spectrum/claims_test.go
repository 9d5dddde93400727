package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"msharp/experiments/claims/claimstest"
	harnessconfig "msharp/harness/config"
	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

var swept = claimstest.Sweep{Seeds: 10, Ms: []float64{1, 4, 16, 64, 128}, Rhos: []float64{0, .01, .02, .05}, Noise: []float64{0}}

// spectra are records in which SAM lowers everything, λ₁ more than λ₅ and tr H, and the more the smaller m; the error is driven by drives.
func spectra(drives func(r *rand.Rand, logs map[string]float64, m, rho float64) float64) claimstest.Draw {
	return func(r *rand.Rand, t study.Trial) map[string]record.Number {
		m := max(t.M, 1)
		fall := 40 * t.Rho * (11 - math.Log2(m)) / 8 // doublings
		logs := map[string]float64{
			"hessian_max": 1 - 2*fall, "hessian_top(k=5)": -1 - 1.2*fall, "trace": 4 - 1.4*fall, "gradcov_trace": -3 - 3*fall,
		}
		v := map[string]record.Number{"train_error": 0}
		for _, column := range []string{"hessian_max", "hessian_top(k=5)", "trace", "gradcov_trace"} {
			logs[column] += .15 * r.NormFloat64()
			v[column] = record.Number(math.Exp2(logs[column]))
		}
		v["test_error"] = record.Number(.1 + .01*drives(r, logs, m, t.Rho))
		return v
	}
}

// all measures drive the error alike, so that part of m's effect goes through each.
func all(r *rand.Rand, logs map[string]float64, _, _ float64) float64 {
	return .5*logs["hessian_max"] + .5*logs["trace"] + .4*logs["gradcov_trace"] + .05*r.NormFloat64()
}

func TestClaims(t *testing.T) {
	claimstest.Whole(t, curvature)
	claimstest.True(t, curvature, swept.Records(1, spectra(all)), "trace-rises-against-top")
}

// Small m lowers tr H more than λ₁ where it is as Wen et al. say.
func TestTraceFallsMoreThanTop(t *testing.T) {
	recs := swept.Records(2, func(r *rand.Rand, x study.Trial) map[string]record.Number {
		v := spectra(all)(r, x)
		v["trace"] *= record.Number(math.Exp2(.4 * math.Log2(max(x.M, 1))))
		return v
	})
	claimstest.True(t, claimstest.Pick(curvature, "trace-rises-against-top"), recs)
}

// What drives the error is m alone, a line over its index, or ρ alone: nothing goes through measures that only follow it.
func TestNothingGoesThrough(t *testing.T) {
	claims := claimstest.Pick(curvature, "through-top", "through-trace", "through-variance")
	for name, drives := range map[string]func(r *rand.Rand, logs map[string]float64, m, rho float64) float64{
		"m": func(r *rand.Rand, _ map[string]float64, m, _ float64) float64 {
			return .2*float64(slices.Index(swept.Ms, m)) + .02*r.NormFloat64()
		},
		"ρ": func(r *rand.Rand, _ map[string]float64, _, rho float64) float64 { return 10*rho + .02*r.NormFloat64() },
	} {
		claimstest.Null(t, name+" drives the error", claims, func(i int) *study.Trials {
			return claimstest.With(swept.Blank(), uint64(i), spectra(drives))
		})
	}
}

// SAM changes nothing, and m changes nothing.
func TestNullOfCurvature(t *testing.T) {
	blank := swept.Blank()
	claimstest.Null(t, "luck", curvature, func(i int) *study.Trials {
		return claimstest.With(blank, uint64(i), func(r *rand.Rand, x study.Trial) map[string]record.Number {
			v := map[string]record.Number{"train_error": 0, "test_error": record.Number(.1 + .002*r.NormFloat64())}
			for _, column := range []string{"hessian_max", "hessian_top(k=5)", "trace", "gradcov_trace"} {
				v[column] = record.Number(math.Exp(r.NormFloat64()))
			}
			return v
		})
	})
}

func TestClaimsOnBadInput(t *testing.T) {
	claimstest.BadInput(t, curvature)
	keep := func(f func(r *record.Record) bool) []record.Record {
		return claimstest.Change(swept.Records(3, spectra(all)), f)
	}
	for name, c := range map[string]struct {
		recs []record.Record
		want map[string]string // a part of the reason, by claim
	}{
		"no base": {keep(func(r *record.Record) bool { return claimstest.SettingOf(r, "optimizer.rho") > 0 }),
			map[string]string{"sam-lowers-top": "no run at ρ = 0 has a positive λ₁"}},
		"no ascent": {keep(func(r *record.Record) bool { return claimstest.SettingOf(r, "optimizer.rho") == 0 }),
			map[string]string{"sam-lowers-top": "no trial with ρ > 0", "through-top": "the training has 0 values of m, needs two"}},
		"one m": {keep(func(r *record.Record) bool { return claimstest.SettingOf(r, "optimizer.m") < 2 }),
			map[string]string{"variance-rises-with-m": "one training m (1), needs two", "through-top": "the training has 1 value of m, needs two"}},
		"a negative λ₁": {keep(func(r *record.Record) bool {
			return claimstest.SettingOf(r, "optimizer.m") != 4 || claimstest.Set("hessian_max", -1)(r)
		}), map[string]string{
			"trace-rises-against-top": "left out: 30 of 30 lines (seed, ρ) that lack an m with a positive tr H/λ₁",
			"through-top":             "left out: 30 of 150 that diverged or lack test error or λ₁",
		}},
		"two runs a seed": {keep(func(r *record.Record) bool {
			return claimstest.SettingOf(r, "optimizer.rho") == .05 && claimstest.SettingOf(r, "optimizer.m") < 16
		}), map[string]string{"through-variance": "10 seeds with too few runs"}},
	} {
		for _, v := range verdict.Judge(curvature, study.Of(c.recs)) {
			if part := c.want[v.Claim]; !strings.Contains(v.Why, part) {
				t.Errorf("%s: %s: %q lacks %q", name, v.Claim, v.Why, part)
			}
		}
	}
}

func TestFindingIsMadeOfVerdicts(t *testing.T) {
	claimstest.Finding(t, "spectrum", curvature, swept)
}

// The columns that claims name are those that spectrum.yaml asks for.
func TestMeasuresAreAskedFor(t *testing.T) {
	sweep, err := harnessconfig.Plan("spectrum.yaml", config, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	asked := strings.Join(sweep.Trials[0].Config.Columns(), "\n") + "\n"
	for _, x := range []study.Field{top, fifth, trace, variance} {
		if !strings.Contains(asked, x.Name+"\n") {
			t.Errorf("nobody asks for %s", x.Name)
		}
	}
}
