package claimstest

import (
	"math"
	"slices"
	"strings"
	"testing"

	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

// Change applies f to copies of the records, and leaves out those for which it is false.
func Change(recs []record.Record, f func(r *record.Record) bool) (out []record.Record) {
	for _, r := range recs {
		numbers := map[string]record.Number{}
		for k, v := range r.Values.Numbers {
			numbers[k] = v
		}
		r.Values.Numbers = numbers
		if f(&r) {
			out = append(out, r)
		}
	}
	return out
}

// SettingOf is a number of the configuration.
func SettingOf(r *record.Record, key string) float64 {
	v, _ := r.Setting(key)
	f, _ := v.(float64)
	return f
}

// Set gives a column a value.
func Set(column string, v float64) func(r *record.Record) bool {
	return func(r *record.Record) bool { r.Values.Numbers[column] = record.Number(v); return true }
}

// Diverge makes the trial one that diverged.
func Diverge(r *record.Record) bool {
	r.Status, r.Values.Blocks = record.Diverged, record.Blocks{}
	for k := range r.Values.Numbers {
		r.Values.Numbers[k] = record.Number(math.NaN())
	}
	return true
}

// BadInput tests that whatever the records, every claim has a verdict and a reason in words, and that the reason names what is missing, of
// the claims named.
func BadInput(t *testing.T, claims []verdict.Claim, ids ...string) {
	type records = []record.Record
	seed := func(r *record.Record) float64 { return SettingOf(r, "seed") }
	half := func(f func(r *record.Record) bool) func(r *record.Record) bool {
		return func(r *record.Record) bool { return len(r.ID)%2 == 0 || f(r) }
	}
	drop := func(prefix string) func(r *record.Record) bool {
		return func(r *record.Record) bool {
			for k := range r.Values.Numbers {
				if strings.HasPrefix(k, prefix) {
					delete(r.Values.Numbers, k)
				}
			}
			return true
		}
	}
	small := Flagship
	small.Seeds, small.Ms, small.Rhos = 5, []float64{1, 4, 16, 128}, []float64{0, .02, .05, .2, .3, .5, 1}
	type want map[string]string // a part of the reason, by claim
	for _, c := range []struct {
		name string
		of   func(recs records) records
		want want
	}{
		{"none", func(records) records { return nil }, want{
			"error-rises-with-m": "no trial has finished",
			"small-m-predicts":   "no trial has finished",
			"sam-beats-sgd":      "no trial has finished",
		}},
		{"all failed", func(recs records) records {
			return Change(recs, func(r *record.Record) bool { r.Status = record.Failed; return true })
		}, want{"u-shape": "no trial has finished"}},
		{"measurements without trials", func(recs records) records {
			return Change(recs, func(r *record.Record) bool { r.Status, r.Config = "", nil; return true })
		}, want{"u-shape": "no trial has finished"}},
		{"one trial", func(recs records) records { return recs[1:2] }, want{"error-rises-with-m": "every trial has the same test error"}},
		{"one seed", func(recs records) records {
			return Change(recs, func(r *record.Record) bool { return seed(r) == 2 })
		}, want{
			"error-rises-with-m":     "needs ≥ 3 seeds, has 1",
			"best-rho-moves-right":   "needs ≥ 3 seeds, has 1",
			"u-shape":                "m = 1, the arm left of the best ρ needs, in two seeds, every ρ with a validation error",
			"tuned-small-m-wins":     "m = 4 is not compared: it and m = batch need, in two seeds, every ρ",
			"predictive-power-falls": "needs ≥ 3 seeds, has 1",
			"sam-beats-sgd":          "needs, in two seeds, a run at ρ = 0",
			"small-m-beats-batch":    "needs, in two seeds, m = 1 or 16",
		}},
		{"two seeds", func(recs records) records {
			return Change(recs, func(r *record.Record) bool { return seed(r) < 3 })
		}, want{
			"error-rises-with-m":     "needs ≥ 3 seeds, has 2",
			"u-shape":                "needs ≥ 3 seeds, has 2",
			"tuned-small-m-wins":     "needs ≥ 3 seeds, has 2",
			"sam-beats-sgd-best-val": "needs ≥ 3 seeds, has 2",
		}},
		{"five seeds", func(recs records) records { return recs }, want{
			"error-rises-with-m": "5 of 5 seeds as claimed",
		}},
		{"one m", func(recs records) records {
			return Change(recs, func(r *record.Record) bool { return SettingOf(r, "optimizer.m") < 2 })
		}, want{
			"error-rises-with-m":   "one training m (1), needs two",
			"best-rho-moves-right": "one training m (1), needs two",
			"curves-cross":         "one training m (1)",
			"tuned-small-m-wins":   "m = 4 was not swept; m = 16 was not swept",
			"small-m-beats-batch":  "needs, in two seeds, m = 1 or 16, and m = batch",
		}},
		{"no batch m", func(recs records) records {
			return Change(recs, func(r *record.Record) bool { return SettingOf(r, "optimizer.m") < 100 })
		}, want{"tuned-small-m-wins": "m = 16 is not compared: it and m = batch need"}},
		{"without m = 16", func(recs records) records {
			return Change(recs, func(r *record.Record) bool { return SettingOf(r, "optimizer.m") != 16 })
		}, want{"tuned-small-m-wins": "m = 16 was not swept"}},
		{"one ρ", func(recs records) records {
			return Change(recs, func(r *record.Record) bool {
				return SettingOf(r, "optimizer.rho") == .05 || SettingOf(r, "optimizer.rho") == 0
			})
		}, want{
			"best-rho-moves-right": "one ρ > 0 (0.05), needs two",
			"u-shape":              "the grid ends too early: at m = 1 the validation error is lowest at the largest ρ tried, .05",
			"curves-cross":         "no ρ > .05 at which every m was swept",
		}},
		{"large ρ only", func(recs records) records {
			return Change(recs, func(r *record.Record) bool { return SettingOf(r, "optimizer.rho") > .1 })
		}, want{
			"error-rises-with-m": "no trial with 0 < ρ ≤ .05",
			"curves-cross":       "needs runs at ρ = 0",
			"u-shape":            "needs runs at ρ = 0 with a validation error",
		}},
		{"no base", func(recs records) records {
			return Change(recs, func(r *record.Record) bool { return SettingOf(r, "optimizer.rho") > 0 })
		}, want{
			"u-shape":               "needs runs at ρ = 0 with a validation error",
			"sam-beats-sgd":         "a run at ρ = 0",
			"gain-grows-with-noise": "one level of label noise (0), needs two",
			"sam-beats-tuned-sgd":   "SGD (ρ = 0) has 0 settings with a validation error, needs two to be tuned",
		}},
		{"only the base", func(recs records) records {
			return Change(recs, func(r *record.Record) bool { return SettingOf(r, "optimizer.rho") == 0 })
		}, want{"error-rises-with-m": "no trial with ρ > 0", "sam-beats-sgd": "no trial with ρ > 0"}},
		{"holes", func(recs records) records {
			return Change(recs, func(r *record.Record) bool {
				return !(SettingOf(r, "optimizer.m") == 4 && SettingOf(r, "optimizer.rho") == .02 && seed(r) == 1)
			})
		}, want{
			"error-rises-with-m":   "left out: 1 of 10 lines (seed, ρ) that lack an m",
			"best-rho-moves-right": "left out: 1 of 5 seeds that lack a (ρ, m)",
			"u-shape":              "left out: 1 of 20 curves (seed, m) that lack a ρ",
		}},
		{"no validation", func(recs records) records { return Change(recs, drop("val_error")) }, want{
			"u-shape":            "a validation error",
			"tuned-small-m-wins": "a validation error",
			"sam-beats-sgd":      "a validation error",
		}},
		{"no test error", func(recs records) records { return Change(recs, drop("test_error")) }, want{
			"u-shape":                "no trial has a test error",
			"sam-beats-sgd":          "no trial has a test error",
			"sam-beats-sgd-best-val": "needs test_at: best_val",
		}},
		{"last epoch only", func(recs records) records { return Change(recs, drop(study.TestErrorBestVal.Name)) }, want{
			"sam-beats-sgd":                "Holm over 2 claims",
			"sam-beats-sgd-best-val":       "epoch of best validation (test_error_at_best_val): needs test_at: best_val",
			"small-m-beats-batch-best-val": "needs test_at: best_val",
		}},
		{"last epoch only, some of a seed", func(recs records) records {
			return Change(recs, func(r *record.Record) bool {
				return seed(r) > 1 || SettingOf(r, "optimizer.rho") > .1 || drop(study.TestErrorBestVal.Name)(r)
			})
		}, want{"sam-beats-sgd-best-val": "left out: 1 of 5 seeds that lack a run or its validation error"}},
		{"no best validation", func(recs records) records { return Change(recs, drop(study.BestValError.Name)) }, want{
			"sam-beats-sgd-best-val":       "a validation error",
			"small-m-beats-batch-best-val": "a validation error",
		}},
		{"no measure", func(recs records) records { return Change(recs, drop("msharp")) }, want{
			"predictive-power-falls": "no record has a measure msharp(m=… rho=…)",
			"small-m-predicts":       "no record has a measure",
		}},
		{"one measure", func(recs records) records {
			return Change(recs, func(r *record.Record) bool {
				for _, m := range MeasuredM[1:] {
					drop("msharp(m=" + m + " ")(r)
				}
				return true
			})
		}, want{"predictive-power-falls": "one m of the measure (msharp(m=1 rho=0.05)), needs two"}},
		{"half without a measure", func(recs records) records { return Change(recs, half(drop(MSharpAt("4")))) }, want{
			"predictive-power-falls": "of them lack a measure or the gap (" + MSharpAt("4") + ": ",
		}},
		{"half without m = 1", func(recs records) records { return Change(recs, half(drop(MSharpAt("1")))) }, want{
			"small-m-predicts": "of them lack a measure or the gap",
		}},
		{"no baseline", func(recs records) records { return Change(recs, drop("norm")) }, want{
			"small-m-beats-baselines": "not compared, no record has it: ‖w‖ (norm)",
		}},
		{"one gap", func(recs records) records { return Change(recs, Set("error_gap", .1)) }, want{
			"predictive-power-falls": "left out: 5 seeds with fewer than two models, or with one gap",
			"small-m-predicts":       "with one gap",
		}},
		{"one test error", func(recs records) records { return Change(recs, Set("test_error", .1)) }, want{
			"error-rises-with-m": "every trial has the same test error",
		}},
		{"nobody fits", func(recs records) records { return Change(recs, Set("train_error", .1)) }, want{
			"predictive-power-falls": "0 of 125 models at ρ ≤ .05 and train error ≤ .001",
		}},
		{"all diverged", func(recs records) records { return Change(recs, Diverge) }, want{
			"error-rises-with-m": "all 125 trials diverged",
			"small-m-predicts":   "all 125 trials diverged",
			"sam-beats-sgd":      "all 125 trials diverged",
		}},
		{"half diverged", func(recs records) records { return Change(recs, half(Diverge)) }, nil},
		{"two versions", func(recs records) records {
			return append(recs, Change(recs[:40], func(r *record.Record) bool { r.ID += "'"; return true })...)
		}, want{
			"u-shape":                "records of two results versions or data sets: 40 settings with several ids, of 165 trials",
			"predictive-power-falls": "two results versions",
			"sam-beats-sgd":          "two results versions",
		}},
		{"the same twice", func(recs records) records { return append(recs, recs...) }, want{
			"error-rises-with-m": "5 of 5 seeds as claimed",
		}},
		{"no config", func(recs records) records {
			return Change(recs, func(r *record.Record) bool { r.Config = nil; return true })
		}, want{"u-shape": "two results versions or data sets"}},
		{"nulls", func(recs records) records {
			return Change(recs, func(r *record.Record) bool { Diverge(r); r.Status = record.Done; return true })
		}, want{"u-shape": "no trial has a test error", "predictive-power-falls": "0 of 125 models at ρ ≤ .05 and train error ≤ .001"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			sweep := small
			if slices.ContainsFunc(claims, func(c verdict.Claim) bool { return c.ID == "small-m-predicts" }) {
				sweep.TrainLoss = .004
			}
			for _, v := range verdict.Judge(claims, study.Of(c.of(sweep.Records(3, AsPublished)))) {
				if v.Why == "" || strings.Contains(v.Why, "NaN") || math.IsNaN(float64(v.Estimate)) && v.Verdict != verdict.Undecided {
					t.Errorf("%+v", v)
				}
				if part := c.want[v.Claim]; slices.Contains(ids, v.Claim) && !strings.Contains(v.Why, part) {
					t.Errorf("%s: %q lacks %q", v.Claim, v.Why, part)
				}
			}
		})
	}
}
