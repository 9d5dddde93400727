package main

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"msharp/experiments/claims/claimstest"
	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

func TestClaims(t *testing.T) {
	claimstest.Whole(t, robust)
	claimstest.True(t, robust, rates.Records(1, claimstest.AsPublished))
}

func TestClaimsOnBadInput(t *testing.T) {
	claimstest.BadInput(t, robust, "sam-beats-tuned-sgd")
}

// rates is a sweep of m and ρ at two learning rates, and of SGD at more.
var rates = claimstest.Sweep{
	Seeds: 8,
	Ms:    []float64{4, 16, 128},
	Rhos:  []float64{0, .01, .02, .05, .1, .2, .3, .5, 1},
	Noise: []float64{0},
	LRs:   []float64{.05, .1},
	SGD:   []float64{.0125, .025, .2, .4},
}

// fewer is rates with fewer m and radii, for what is simulated often.
var fewer = claimstest.Sweep{
	Seeds: 8,
	Ms:    []float64{4, 128},
	Rhos:  []float64{0, .02, .05, .2, 1},
	Noise: []float64{0},
	LRs:   rates.LRs,
	SGD:   rates.SGD,
}

// Of each claim a sweep in which it is not so, and one that does not tell. What happens at one learning rate only decides.
func TestRobustIsOfEverySetting(t *testing.T) {
	at := func(lr float64, of claimstest.Draw) claimstest.Draw {
		return func(r *rand.Rand, x study.Trial) map[string]record.Number {
			if v, _ := x.Number("lr"); v == lr {
				return of(r, x)
			}
			return claimstest.AsPublished(r, x)
		}
	}
	reversed := func(r *rand.Rand, x study.Trial) map[string]record.Number {
		if x.Rho > 0 {
			return claimstest.AsPublishedAt(r, x, 512/x.M)
		}
		return claimstest.AsPublished(r, x)
	}
	add := func(of func(r *rand.Rand, x study.Trial) (level, sd float64)) claimstest.Draw {
		return func(r *rand.Rand, x study.Trial) map[string]record.Number {
			v := claimstest.AsPublished(r, x)
			level, sd := of(r, x)
			v["test_error"] += record.Number(level + sd*r.NormFloat64())
			v["val_error"] += record.Number(level + sd*r.NormFloat64())
			return v
		}
	}
	flat := func(r *rand.Rand, x study.Trial) map[string]record.Number {
		return map[string]record.Number{
			"test_error": record.Number(.1 + .0002*r.NormFloat64()),
			"val_error":  record.Number(.1 + .001*r.NormFloat64()),
		}
	}
	loud := add(func(*rand.Rand, study.Trial) (float64, float64) { return 0, .1 })
	tunedSGD := add(func(_ *rand.Rand, x study.Trial) (float64, float64) {
		if lr, _ := x.Number("lr"); lr == .2 {
			return -.1, 0
		}
		return 0, 0
	})
	for _, c := range []struct {
		name    string
		values  claimstest.Draw
		outcome string
		claims  []string
		why     string
	}{
		{"m the other way round at .05", at(.05, reversed), verdict.DoesNotReproduce,
			[]string{"error-rises-with-m", "best-rho-moves-right", "tuned-small-m-wins", "curves-cross"}, "lr = 0.05"},
		{"nothing matters at .1", at(.1, flat), verdict.DoesNotReproduce,
			[]string{"u-shape", "error-rises-with-m", "tuned-small-m-wins"}, "lr = 0.1: "},
		{"SGD is best at a rate without SAM", tunedSGD, verdict.DoesNotReproduce,
			[]string{"sam-beats-tuned-sgd"}, "SGD, of 6 options, at lr = 0.2 for 8 of 8 seeds; SAM, of 48 options, at "},
		{"loud at .1", at(.1, loud), verdict.Undecided,
			[]string{"error-rises-with-m", "u-shape", "best-rho-moves-right", "tuned-small-m-wins"}, "lr = 0.1"}, // the collapse at large ρ is louder
		{"loud", loud, verdict.Undecided, []string{"sam-beats-tuned-sgd"}, "SAM, of 48 options, at "},
	} {
		found := map[string]bool{}
		for _, v := range verdict.Judge(robust, study.Of(rates.Records(2, c.values))) {
			if t.Logf("%s, %s: %s: %s", c.name, v.Claim, v.Verdict, v.Why); !slices.Contains(c.claims, v.Claim) {
				continue
			}
			if found[v.Claim] = true; v.Verdict != c.outcome || !strings.Contains(v.Why, c.why) {
				t.Errorf("%s: want %s: %+v", c.name, c.outcome, v)
			}
		}
		if len(found) != len(c.claims) {
			t.Errorf("%s: judged %v", c.name, slices.Collect(maps.Keys(found)))
		}
	}
}

// Whatever the records, the reason says in words what is missing, and at which setting.
func TestRobustSaysWhatIsMissing(t *testing.T) {
	lr := func(r *record.Record) float64 { return claimstest.SettingOf(r, "lr") }
	rho := func(r *record.Record) float64 { return claimstest.SettingOf(r, "optimizer.rho") }
	type want map[string]string // a part of the reason, by claim
	for _, c := range []struct {
		name string
		keep func(r *record.Record) bool
		want want
	}{
		{"no small ρ at .05", func(r *record.Record) bool { return lr(r) != .05 || rho(r) == 0 || rho(r) > .1 }, want{
			"error-rises-with-m": "lr = 0.05: no trial with 0 < ρ ≤ .05",
		}},
		{"one ρ at .1", func(r *record.Record) bool { return lr(r) != .1 || rho(r) == 0 || rho(r) == .1 }, want{
			"u-shape":              "lr = 0.1: the grid ends too early: at m = 4 the validation error is lowest at the largest ρ tried, .1",
			"curves-cross":         "lr = 0.1",
			"best-rho-moves-right": "lr = 0.1: one ρ > 0 (0.1), needs two",
		}},
		{"one m at .1", func(r *record.Record) bool {
			return lr(r) != .1 || rho(r) == 0 || claimstest.SettingOf(r, "optimizer.m") == 4
		}, want{
			"error-rises-with-m": "lr = 0.1: one training m (4), needs two",
			"tuned-small-m-wins": "lr = 0.1: m = 4 is not compared",
		}},
		{"one seed at .1", func(r *record.Record) bool { return lr(r) != .1 || claimstest.SettingOf(r, "seed") == 1 }, want{
			"u-shape":             "lr = 0.1: m = 4, the arm left of the best ρ needs, in two seeds, every ρ",
			"tuned-small-m-wins":  "lr = 0.1: m = 4 is not compared: it and m = batch need, in two seeds, every ρ",
			"error-rises-with-m":  "lr = 0.1: needs ≥ 3 seeds, has 1",
			"sam-beats-tuned-sgd": "needs, in two seeds, every run of SGD and of SAM with a validation error",
		}},
		{"a hole", func(r *record.Record) bool { return r.ID != "0/0/4/0.05/0.1" }, want{
			"error-rises-with-m":  "lr = 0.1: left out: 1 of 24 lines (seed, ρ) that lack an m",
			"sam-beats-tuned-sgd": "left out: 1 of 8 seeds that lack a run or its validation error",
		}},
		{"SGD not tuned", func(r *record.Record) bool { return lr(r) == .1 }, want{
			"sam-beats-tuned-sgd": "SGD (ρ = 0) has 1 setting with a validation error, needs two to be tuned",
		}},
		{"no base", func(r *record.Record) bool { return rho(r) > 0 }, want{
			"u-shape":             "lr = 0.05: needs runs at ρ = 0 with a validation error, which tell what still trains",
			"sam-beats-tuned-sgd": "SGD (ρ = 0) has 0 settings",
		}},
		{"no SAM", func(r *record.Record) bool { return rho(r) == 0 }, want{
			"error-rises-with-m": "no trial with ρ > 0", "sam-beats-tuned-sgd": "no trial with ρ > 0",
		}},
		{"SAM diverged", func(r *record.Record) bool { return rho(r) == 0 || claimstest.Diverge(r) }, want{
			"sam-beats-tuned-sgd": "SGD tuned: the 97.5 % interval excludes",
			"error-rises-with-m":  "0 of 8 seeds as claimed",
		}},
		{"no validation at .2", func(r *record.Record) bool { return lr(r) != .2 || claimstest.Set("val_error", math.NaN())(r) }, want{
			"sam-beats-tuned-sgd": "SGD, of 5 options, at lr = 0.1",
		}},
	} {
		why := map[string]string{}
		for _, v := range verdict.Judge(robust, study.Of(claimstest.Change(rates.Records(6, claimstest.AsPublished), c.keep))) {
			if why[v.Claim] = v.Why; v.Why == "" || strings.Contains(v.Why, "NaN") {
				t.Errorf("%s: %+v", c.name, v)
			}
		}
		for id, part := range c.want {
			if !strings.Contains(why[id], part) {
				t.Errorf("%s: %s: %q lacks %q", c.name, id, why[id], part)
			}
		}
	}
	two := rates
	two.Noise = []float64{0, .2}
	if _, missing := samBeatsTunedSGD(study.LastEpoch)(claimstest.With(two.Blank(), 1, claimstest.AsPublished)); missing != "data.label_noise was swept, which is nothing to tune" {
		t.Error(missing)
	}
}

// A claim holds where it does at every setting: labels of m, or of ρ, permuted at one of two, and real at the other.
func TestNullAtOneSetting(t *testing.T) {
	at := func(s claimstest.Sweep, lr float64, key func(x study.Trial) ([3]float64, bool)) func(i int) *study.Trials {
		blank := s.Blank()
		return func(i int) *study.Trials {
			return claimstest.Dealt(blank, i, claimstest.Errors, func(x study.Trial) (k [3]float64, ok bool) {
				if v, _ := x.Number("lr"); v == lr {
					return key(x)
				}
				return k, false
			})
		}
	}
	ofRho := func(x study.Trial) ([3]float64, bool) { return [3]float64{float64(x.Seed)}, x.Rho < 1 }
	onM := claimstest.Pick(robust, "error-rises-with-m", "best-rho-moves-right", "tuned-small-m-wins", "curves-cross")
	claimstest.Null(t, "m permuted at lr .05", onM, at(rates, .05, claimstest.OfM))
	claimstest.Null(t, "ρ permuted at lr .1", claimstest.Pick(robust, "u-shape"), at(fewer, .1, ofRho))
}

// SAM is no better than SGD at its best rate, .1: where ρ and m do nothing, and the rate so much that nobody mistakes it; where they do
// nothing, and the rate is easily mistaken, so that tuned SAM, with more options at the best rate, is better than tuned SGD; where nothing
// does anything; and where ρ and m do, and at their best, another for each m and rate, are as good.
func TestNullOfTunedSGD(t *testing.T) {
	blank := fewer.Blank()
	for name, level := range map[string]func(x study.Trial) float64{
		"SAM does nothing":      func(x study.Trial) float64 { return .1 + .016*claimstest.Octaves(x, .1) },
		"the grid is flat":      func(x study.Trial) float64 { return .1 + .004*claimstest.Octaves(x, .1) },
		"nothing does anything": func(study.Trial) float64 { return .1 },
		"SAM at its best is as SGD": func(x study.Trial) float64 {
			if x.Rho == 0 {
				return .1 + .004*claimstest.Octaves(x, .1)
			}
			best := .05 * math.Pow(x.M, .25) * math.Pow(2, claimstest.Octaves(x, .1))
			return math.Min(.1+.002*math.Abs(math.Log2(x.Rho/best)), .2)
		},
	} {
		claimstest.Null(t, name, claimstest.Pick(robust, "sam-beats-tuned-sgd"), simulated(blank, level))
	}
}

// simulated has errors around a level.
func simulated(blank *study.Trials, level func(x study.Trial) float64) func(i int) *study.Trials {
	return func(i int) *study.Trials {
		return claimstest.With(blank, uint64(i), func(r *rand.Rand, x study.Trial) map[string]record.Number {
			return claimstest.Around(r, level(x), .002)
		})
	}
}

func TestFindingIsMadeOfVerdicts(t *testing.T) {
	claimstest.Finding(t, "robust", robust, rates)
}
