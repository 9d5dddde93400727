package claims

import (
	"math"
	"math/rand/v2"
	"testing"

	"msharp/experiments/claims/claimstest"
	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

var trainingM = TrainingM(Overall)

// A diverged run counts as the worst there can be: at the largest ρ it makes the U.
func TestDivergedRanksWorst(t *testing.T) {
	recs := claimstest.Change(claimstest.Flagship.Records(4, claimstest.AsPublished), func(r *record.Record) bool {
		return claimstest.SettingOf(r, "optimizer.rho") < 1 || claimstest.Diverge(r)
	})
	parts, missing := Overall(study.LastEpoch, uShape)(study.Of(recs))
	if len(parts) != 10 || missing != "" {
		t.Fatal(len(parts), missing)
	}
	for i, p := range parts {
		for _, x := range p.BySeed {
			if i%2 == 1 && !(x > 85) {
				t.Errorf("%s: %v points", p.Name, x)
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
		if w := few[i]; v != w {
			t.Errorf("%+v, without the other runs %+v", v, w)
		}
	}
}

// Claims on training m, its labels permuted independently within each (seed, ρ).
func TestNullOfTrainingM(t *testing.T) {
	blank := claimstest.Flagship.Blank()
	ps := claimstest.Pick(trainingM, "error-rises-with-m", "best-rho-moves-right", "tuned-small-m-wins", "curves-cross")
	claimstest.Null(t, "m permuted", ps, func(i int) *study.Trials {
		return claimstest.Permute(claimstest.With(blank, uint64(i), claimstest.Errors), i, claimstest.OfM)
	})
}

// The U is a claim on ρ: its labels permuted within each seed. Once all of them, and once all but the largest, so that
// one arm is real.
func TestNullOfRho(t *testing.T) {
	one := claimstest.Flagship
	one.Ms = one.Ms[2:3]
	blank := one.Blank()
	for name, keep := range map[string]float64{"ρ permuted": math.Inf(1), "ρ permuted but the largest": 1} {
		claimstest.Null(t, name, claimstest.Pick(trainingM, "u-shape"), func(i int) *study.Trials {
			return claimstest.Permute(claimstest.With(blank, uint64(i), claimstest.Errors), i, func(r study.Trial) ([3]float64, bool) {
				return [3]float64{float64(r.Seed)}, r.Rho < keep
			})
		})
	}
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
	part := verdict.Claim{ID: "tuned m = 4", Direction: +1, Smallest: .2, Of: func(t *study.Trials) ([]verdict.Part, string) {
		curves, _ := t.Curves(study.LastEpoch)
		d, _, _ := curves[0].Lead(4)
		return []verdict.Part{{BySeed: d.PerSeed(), P: verdict.Reverse(d)}}, ""
	}}
	claimstest.NullUpTo(t, .08, "equal at the best ρ", []verdict.Claim{part}, simulate) // near exact: see verdict.Reverse
}

// The m of the measure, all columns one latent value plus equal independent noise.
func TestNullOfMeasuredM(t *testing.T) {
	s := claimstest.Sweep{Seeds: 10, Ms: []float64{1, 16, 128}, Rhos: []float64{.01, .02, .05, .1, .2, .5}, Noise: []float64{0}}
	blank := s.Blank()
	cs := []verdict.Claim{PowerFalls("error", study.ErrorGap, study.Fitted), PowerFalls("loss", study.LossGap, study.Fitted)}
	claimstest.Null(t, "one latent value", cs, func(i int) *study.Trials { return claimstest.With(blank, uint64(i), claimstest.Latent(1)) })
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
			b.ReportAllocs()
			for b.Loop() {
				verdict.Judge(trainingM, study.Of(recs))
			}
		})
	}
}
