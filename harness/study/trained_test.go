package study

import (
	"math"
	"slices"
	"strings"
	"testing"

	"msharp/harness/record"
)

// valued are curves of m = 4 whose validation errors at ρ are given, and of SGD, whose is base; test errors are all .3.
func valued(base float64, vals map[float64]float64) Curves {
	var recs []record.Record
	for seed := 1.; seed <= 2; seed++ {
		at := func(m, rho, val float64) {
			recs = append(recs, trialOf(seed, m, rho, nil, map[string]record.Number{"test_error": record.Number(.3 + rho), "val_error": record.Number(val + (seed-1.5)/50)}))
		}
		if base > 0 {
			at(0, 0, base)
		}
		for rho, val := range vals {
			at(4, rho, val)
		}
	}
	curves, _ := Of(recs).Curves(LastEpoch)
	return curves[0]
}

func TestTrainedAndBottom(t *testing.T) {
	for _, c := range []struct {
		name          string
		base          float64
		vals          map[float64]float64
		trains        float64
		end           float64 // 0 for none
		why, whyTrain string
	}{
		{"a U", .1, map[float64]float64{.05: .09, .1: .08, .2: .12}, .2, .2, "", ""},
		{"and its collapse", .1, map[float64]float64{.05: .09, .1: .08, .2: .12, .5: .5, 1: .9}, .2, .2, "", ""},
		{"thrice is no longer below thrice", .1, map[float64]float64{.05: .08, .1: .15, .2: .3}, .1, .1, "", ""},
		{"the bottom at the smallest ρ", .1, map[float64]float64{.05: .09, .1: .12, .2: .15}, .2, .2, "", ""},
		{"still falling", .1, map[float64]float64{.05: .09, .1: .08, .2: .07}, .2, 0, "the grid ends too early: at m = 4 the validation error is lowest at the largest ρ tried, .2", ""},
		{"one ρ", .1, map[float64]float64{.05: .09}, .05, 0, "the grid ends too early", ""},
		{"straight into the collapse", .1, map[float64]float64{.05: .09, .1: .08, .2: .6}, .1, 0,
			"the grid is too coarse: at m = 4 the validation error is lowest at ρ = .1, and the next radius no longer trains", ""},
		{"nothing trains", .1, map[float64]float64{.05: .35, .1: .4}, 0, 0, "m = 4 trains at no ρ: its validation error is nowhere below 3 times that at ρ = 0",
			"m = 4 trains at no ρ"},
		{"no base", 0, map[float64]float64{.05: .09, .1: .08, .2: .12}, 0, 0, "needs runs at ρ = 0 with a validation error", "needs runs at ρ = 0"},
	} {
		curves := valued(c.base, c.vals)
		trains, missing := curves.Trained(4)
		if trains != c.trains || !strings.HasPrefix(missing, c.whyTrain) || (missing == "") != (c.trains > 0) {
			t.Errorf("%s: trains to %v, %q", c.name, trains, missing)
		}
		end, missing := curves.Bottom(4)
		if end.Rho != c.end || !strings.HasPrefix(missing, c.why) || (missing == "") != (c.end > 0) {
			t.Errorf("%s: ends at %v, %q", c.name, end.Rho, missing)
		}
		if c.end > 0 && len(end.Runs.Seeds) != 2 {
			t.Errorf("%s: runs %+v", c.name, end.Runs)
		}
	}
}

// A run that diverged has a validation error of 1. A ρ where a run lacks a validation error does not train, and without one of the base nobody
// can tell.
func TestTrainedOfRunsWithoutValidation(t *testing.T) {
	recs := []record.Record{
		trialOf(1, 0, 0, nil, tested(.1)), trialOf(2, 0, 0, nil, tested(.1)),
		trialOf(1, 4, .05, nil, tested(.1)), trialOf(2, 4, .05, nil, tested(.1)),
		trialOf(1, 4, .1, nil, tested(.1)), trialOf(2, 4, .1, nil, map[string]record.Number{"test_error": .1}),
		trialOf(1, 4, .2, nil, tested(.1)), trialOf(2, 4, .2, nil, tested(.1)),
	}
	recs[7].Status = record.Diverged
	curves, _ := Of(recs).Curves(LastEpoch)
	if rho, missing := curves[0].Trained(4); rho != .05 || missing != "" {
		t.Errorf("trains to %v, %q", rho, missing)
	}
	delete(recs[0].Values.Numbers, "val_error")
	curves, _ = Of(recs).Curves(LastEpoch)
	if rho, missing := curves[0].Trained(4); rho != 0 || missing != "needs runs at ρ = 0 with a validation error, which tell what still trains" {
		t.Errorf("trains to %v, %q", rho, missing)
	}
}

// Where some m trains is the same whichever m that is, in any seed.
func TestSomeTrain(t *testing.T) {
	of := func(vals map[float64][2][2]float64) Curves { // by ρ: of two seeds at m = 4 and 16
		var recs []record.Record
		for seed := range 2 {
			recs = append(recs, trialOf(float64(seed), 0, 0, nil, tested(.1)))
			for rho, at := range vals {
				recs = append(recs, trialOf(float64(seed), 4, rho, nil, tested(at[seed][0])), trialOf(float64(seed), 16, rho, nil, tested(at[seed][1])))
			}
		}
		curves, _ := Of(recs).Curves(LastEpoch)
		return curves[0]
	}
	vals := map[float64][2][2]float64{
		.05: {{.1, .1}, {.1, .1}}, .1: {{.2, .9}, {.3, .9}}, .2: {{.9, .2}, {.3, .9}}, .5: {{.2, .9}, {.5, .9}}, // means of .25 and .35
	}
	if rhos, missing := of(vals).SomeTrain(); !slices.Equal(rhos, []float64{.05, .1, .2}) || missing != "" {
		t.Errorf("%v, %q", rhos, missing)
	}
	vals[.1] = [2][2]float64{{.2, math.NaN()}, {.3, .9}}
	if rhos, _ := of(vals).SomeTrain(); !slices.Equal(rhos, []float64{.05, .2}) {
		t.Errorf("without a validation error at .1: %v", rhos)
	}
	c := of(vals)
	c.Base = Runs{}
	if rhos, missing := c.SomeTrain(); rhos != nil || missing != "needs runs at ρ = 0 with a validation error, which tell what still trains" {
		t.Errorf("without a base: %v, %q", rhos, missing)
	}
}

// The gate by design keeps what fits at radii at which every m trains, ρ = 0 with them.
func TestByDesign(t *testing.T) {
	for _, c := range []struct {
		rho, trainError float64
		diverged, want  bool
	}{{.05, 0, false, true}, {.05, .001, false, true}, {.05, .0011, false, false}, {.1, 0, false, false}, {0, 0, false, true}, {.01, 0, true, false}} {
		rec := trialOf(1, 4, c.rho, nil, map[string]record.Number{"train_error": record.Number(c.trainError), "error_gap": .1})
		if c.diverged {
			rec.Status = record.Diverged
		}
		if k := Of([]record.Record{rec}).Ranking(ErrorGap, ByDesign); (k.Passing == 1) != c.want || k.Missing() != "" {
			t.Errorf("%+v: %d pass, %q", c, k.Passing, k.Missing())
		}
	}
	if k := Of([]record.Record{trialOf(1, 4, .05, nil, map[string]record.Number{"error_gap": .1})}).Ranking(ErrorGap, ByDesign); k.Passing != 0 {
		t.Error("a model without a train error passes")
	}
}
