package claims

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"msharp/experiments/claims/claimstest"
	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

var trainingM = TrainingM(Overall)

// A diverged run counts as the worst there can be. A ρ at which all seeds diverged no longer trains, and is no arm of the U; one at which a
// seed did is, and has it.
func TestDivergedRanksWorst(t *testing.T) {
	for name, c := range map[string]struct {
		diverges func(r *record.Record) bool
		worst    int
	}{
		"all at the largest ρ": {func(r *record.Record) bool { return claimstest.SettingOf(r, "optimizer.rho") == 1 }, 0},
		"a seed at the arm's end": {func(r *record.Record) bool {
			return claimstest.SettingOf(r, "seed") == 3 && claimstest.SettingOf(r, "optimizer.rho") == 1 && claimstest.SettingOf(r, "optimizer.m") == 128
		}, 1},
	} {
		recs := claimstest.Change(claimstest.Flagship.Records(4, claimstest.AsPublished), func(r *record.Record) bool {
			return !c.diverges(r) || claimstest.Diverge(r)
		})
		parts, missing := Overall(study.LastEpoch, uShape)(study.Of(recs))
		if len(parts) != 10 || missing != "" {
			t.Fatal(len(parts), missing)
		}
		worst := 0
		for i, p := range parts {
			for seed, x := range p.BySeed {
				if x > 70 {
					if worst++; i != 9 || seed != 3 {
						t.Errorf("%s: %s: seed %d has %v points", name, p.Name, seed, x)
					}
				}
			}
		}
		if worst != c.worst {
			t.Errorf("%s: %d values of a run that diverged, want %d", name, worst, c.worst)
		}
	}
}

// What the grid does not show is undecided for that reason, whatever else the errors say.
func TestUShapeNeedsABottom(t *testing.T) {
	for _, c := range []struct {
		rhos []float64
		why  string
	}{
		{[]float64{0, .05, .1}, "the grid ends too early: at m = 1 the validation error is lowest at the largest ρ tried, .1"},
		{[]float64{0, .1, 1}, "the grid is too coarse: at m = 1 the validation error is lowest at ρ = .1, and the next radius no longer trains"},
	} {
		s := claimstest.Flagship
		s.Rhos = c.rhos
		for _, v := range verdict.Judge(trainingM, study.Of(s.Records(7, claimstest.AsPublished))) {
			if v.Claim == "u-shape" && (v.Verdict != verdict.Undecided || v.Why != c.why) {
				t.Errorf("%v: %s: %s", c.rhos, v.Verdict, v.Why)
			}
		}
	}
}

// Curves of other settings are curves of their own, and a seed's value their mean; base runs serve the settings they agree with.
func TestOtherSettings(t *testing.T) {
	one := claimstest.Flagship.Records(1, claimstest.AsPublished)
	two := claimstest.Change(one, func(r *record.Record) bool {
		config := map[string]any{"lr": .1}
		for k, v := range r.Config {
			config[k] = v
		}
		r.Config = config
		r.ID += "lr"
		return true
	})
	for i := range one {
		config := map[string]any{"lr": .05}
		for k, v := range one[i].Config {
			config[k] = v
		}
		one[i].Config = config
	}
	single, both := verdict.Judge(trainingM, study.Of(one)), verdict.Judge(trainingM, study.Of(append(one, two...)))
	for i, v := range single {
		w := both[i]
		if !(math.Abs(float64(v.Estimate-w.Estimate)) <= 1e-9) || v.Verdict != w.Verdict || v.P != w.P {
			t.Errorf("%+v, of one setting %+v", w, v)
		}
	}
}

// SGD at settings that SAM lacks belongs to no curves, and one setting of SAM takes its own of them.
func TestBaseRunsOfOtherSettings(t *testing.T) {
	one := claimstest.Sweep{Seeds: 8, Ms: []float64{4, 16, 128}, Rhos: []float64{0, .01, .02, .05, .1, .2, .3, .5, 1}, Noise: []float64{0},
		LRs: []float64{.05}, SGD: []float64{.0125, .025, .2, .4}}
	recs := one.Records(5, claimstest.AsPublished)
	alone := claimstest.Change(recs, func(r *record.Record) bool { return claimstest.SettingOf(r, "lr") == .05 })
	many, few := verdict.Judge(trainingM, study.Of(recs)), verdict.Judge(trainingM, study.Of(alone))
	for i, v := range many {
		if w := few[i]; !reflect.DeepEqual(v, w) {
			t.Errorf("%+v, without the other runs %+v", v, w)
		}
	}
}

// Claims on training m, its labels permuted independently within each (seed, ρ). Nothing but the order of five far errors varies at large ρ:
// the t of ten values of such a law, which has no tails, is a little wrong, and curves-cross reproduces in 5.6 % of 6000 sweeps.
func TestNullOfTrainingM(t *testing.T) {
	blank := claimstest.Flagship.Blank()
	ps := claimstest.Pick(trainingM, "error-rises-with-m", "best-rho-moves-right", "tuned-small-m-wins")
	dealt := func(i int) *study.Trials { return claimstest.Dealt(blank, i, claimstest.Errors, claimstest.OfM) }
	claimstest.Null(t, "m permuted", ps, dealt)
	claimstest.NullUpTo(t, .075, "m permuted", claimstest.Pick(trainingM, "curves-cross"), dealt)
}

// The U is a claim on ρ: its labels permuted within each seed. Once all of them, and once all but the largest, so that
// one arm is real.
func TestNullOfRho(t *testing.T) {
	one := claimstest.Flagship
	one.Ms = one.Ms[2:3]
	blank := one.Blank()
	for name, keep := range map[string]float64{"ρ permuted": math.Inf(1), "ρ permuted but the largest": 1} {
		claimstest.Null(t, name, claimstest.Pick(trainingM, "u-shape"), func(i int) *study.Trials {
			return claimstest.Dealt(blank, i, claimstest.Errors, func(r study.Trial) ([3]float64, bool) {
				return [3]float64{float64(r.Seed)}, r.Rho < keep
			})
		})
	}
}

// Arms that differ in nothing but luck, which test and validation images share.
func TestNullOfLuck(t *testing.T) {
	s := claimstest.Flagship
	s.Seeds, s.Ms, s.Rhos = 8, []float64{4, 16, 128}, []float64{0, .02, .05, .1, .2, .5}
	blank := s.Blank()
	claimstest.Null(t, "luck alone", trainingM, func(i int) *study.Trials {
		return claimstest.With(blank, uint64(i), func(r *rand.Rand, x study.Trial) map[string]record.Number { return claimstest.Around(r, .1, .004) })
	})
}

// Tuned errors that are equal in truth: each m has its best ρ at another place, and one as low.
func TestNullOfTuning(t *testing.T) {
	s := claimstest.Flagship
	s.Seeds, s.Ms = 8, []float64{4, 16, 128}
	blank := s.Blank()
	equal := func(r *rand.Rand, x study.Trial) map[string]record.Number {
		best := map[float64]float64{4: .1, 16: .2, 128: .3}[x.M]
		level := .1 + .002*math.Abs(math.Log2(max(x.Rho, .005)/best))
		z, w := r.NormFloat64(), r.NormFloat64()
		return map[string]record.Number{
			"test_error": record.Number(level + .0025*z),
			"val_error":  record.Number(level + .0043*(.3*z+.95*w)),
		}
	}
	simulate := func(i int) *study.Trials { return claimstest.With(blank, uint64(i), equal) }
	claimstest.Null(t, "equal at the best ρ", claimstest.Pick(trainingM, "tuned-small-m-wins"), simulate)
	part := verdict.Claim{ID: "tuned m = 4", Direction: +1, Smallest: .2, Of: verdict.Single(func(t *study.Trials) (study.PerSeed, string) {
		curves, _ := t.Curves(study.LastEpoch)
		d, _, _ := curves[0].Lead(4)
		return d.PerSeed(), ""
	})}
	claimstest.Null(t, "equal at the best ρ", []verdict.Claim{part}, simulate)
}

// The m of the measure, all columns one latent value plus equal independent noise.
func TestNullOfMeasuredM(t *testing.T) {
	s := claimstest.Sweep{Seeds: 8, Ms: []float64{1, 16, 128}, Rhos: []float64{.01, .02, .05, .1, .2}, Noise: []float64{0}}
	blank := s.Blank()
	cs := []verdict.Claim{PowerFalls("error", study.ErrorGap, study.Fitted), PowerFalls("loss", study.LossGap, study.Fitted)}
	claimstest.Null(t, "one latent value", cs, func(i int) *study.Trials { return claimstest.With(blank, uint64(i), claimstest.Latent(1)) })
}

// fine cuts each block into five, as many as data sets have.
func fine(b record.Blocks) (out record.Blocks) {
	for g, n := range b.Examples {
		for range 5 {
			out.Examples, out.Errors = append(out.Examples, n/5), append(out.Errors, b.Errors[g]/5)
			out.Loss, out.ErrorsAtBestVal = append(out.Loss, b.Loss[g]/5), append(out.ErrorsAtBestVal, b.ErrorsAtBestVal[g]/5)
		}
	}
	return out
}

// BenchmarkJudge judges 100,040 records, or nearly: of many seeds, and of ten seeds at many settings.
//
//	go test ./experiments/claims -run '^$' -bench Judge/seeds -benchtime 3x
func BenchmarkJudge(b *testing.B) {
	for _, shape := range []struct {
		name string
		claimstest.Sweep
	}{{"seeds", claimstest.Flagship.OfSeeds(2440)}, {"settings", claimstest.Flagship.OfSettings(244)}} {
		b.Run(shape.name, func(b *testing.B) {
			recs := shape.Records(1, claimstest.AsPublished)
			for i := range recs {
				recs[i].Values.Blocks = fine(recs[i].Values.Blocks)
			}
			b.ReportAllocs()
			for b.Loop() {
				verdict.Judge(trainingM, study.Of(recs))
			}
		})
	}
}
