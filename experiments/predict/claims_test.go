package main

import (
	"math/rand/v2"
	"testing"

	"msharp/experiments/claims/claimstest"
	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

var stopped = claimstest.Sweep{
	Seeds:     8,
	Ms:        []float64{1, 128},
	Rhos:      []float64{0, .01, .02, .05, .1, .2},
	Noise:     []float64{0},
	TrainLoss: .004,
}

func TestClaims(t *testing.T) {
	claimstest.Whole(t, predicts)
	claimstest.True(t, predicts, stopped.Records(1, claimstest.AsPublished))
}

func TestClaimsOnBadInput(t *testing.T) {
	claimstest.BadInput(t, predicts, "small-m-predicts", "small-m-beats-baselines")
}

func TestPredictNeedsAStop(t *testing.T) {
	for _, v := range verdict.Judge(predicts, study.Of(claimstest.Flagship.Records(1, claimstest.AsPublished))) {
		if v.Verdict != verdict.Undecided || v.Why != "no trial was to stop at a train loss (stop.train_loss)" {
			t.Errorf("%+v", v)
		}
	}
}

// Claims on the measures, all columns one latent value plus equal independent noise.
func TestNullOfMeasures(t *testing.T) {
	blank := claimstest.Sweep{Seeds: 8, Ms: []float64{1, 16, 128}, Rhos: []float64{.01, .02, .05, .1, .2}, Noise: []float64{0}, TrainLoss: .01}.Blank()
	claimstest.Null(t, "one latent value", claimstest.Pick(predicts, "predictive-power-falls", "small-m-beats-baselines"),
		func(i int) *study.Trials { return claimstest.With(blank, uint64(i), claimstest.Latent(1)) })
	claimstest.Null(t, "no relation", predicts,
		func(i int) *study.Trials { return claimstest.With(blank, uint64(i), claimstest.Latent(0)) })
	// Measures that know the setting, and a gap that is luck: which settings these test images favour is nothing to know.
	claimstest.Null(t, "measures of the setting", predicts, func(i int) *study.Trials {
		return claimstest.With(blank, uint64(i), func(r *rand.Rand, x study.Trial) map[string]record.Number {
			v := claimstest.Latent(0)(r, x)
			for _, m := range claimstest.MeasuredM {
				v[claimstest.MSharpAt(m)] += record.Number(100*x.Rho + x.M)
			}
			return v
		})
	})
}

func TestFindingIsMadeOfVerdicts(t *testing.T) {
	claimstest.Finding(t, "predict", predicts, stopped)
}
