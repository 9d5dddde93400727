package main

import (
	"math"
	"math/rand/v2"
	"testing"

	"msharp/experiments/claims/claimstest"
	"msharp/harness/record"
	"msharp/harness/study"
)

func TestClaims(t *testing.T) {
	claimstest.Whole(t, figure3)
	claimstest.True(t, figure3, claimstest.Flagship.Records(2, claimstest.AsPublished), "predictive-power-falls-loss")
}

func TestClaimsOnBadInput(t *testing.T) {
	claimstest.BadInput(t, figure3, "error-rises-with-m", "u-shape", "best-rho-moves-right", "tuned-small-m-wins", "curves-cross",
		"predictive-power-falls")
}

// driven are sharpness and gaps that ρ, m and the seed drive alike, each network with luck of its own in both: every m of the measure tells
// the gap as well as another, and given ρ and m none tells anything. At ρ = .2 only large m fits.
func driven() claimstest.Draw {
	seed, sharp, error := uint64(0), 0., 0.
	return func(r *rand.Rand, x study.Trial) map[string]record.Number {
		if x.Seed != seed {
			seed, sharp, error = x.Seed, r.NormFloat64(), r.NormFloat64()
		}
		setting := 20*x.Rho + math.Log2(x.M)/4
		v := map[string]record.Number{"train_error": 0, "train_loss": .001}
		if x.Rho > .1 && x.M < 100 {
			v["train_error"] = .05
		}
		for _, m := range claimstest.MeasuredM {
			v[claimstest.MSharpAt(m)] = record.Number(setting + sharp + r.NormFloat64())
		}
		v["test_error"] = record.Number(.1 + .002*(setting+error+r.NormFloat64()))
		v["test_loss"] = record.Number(.3 + .002*(setting+error+r.NormFloat64()))
		return v
	}
}

// The claims on the measure, under their gates. Those on the training's m have their nulls where they are stated.
func TestNullOfMeasures(t *testing.T) {
	blank := claimstest.Sweep{Seeds: 7, Ms: []float64{1, 16, 128}, Rhos: []float64{.01, .02, .05, .2}, Noise: []float64{0}}.Blank()
	measures := claimstest.Pick(figure3, "predictive-power-falls", "predictive-power-falls-loss", "given-rho-and-m")
	claimstest.Null(t, "driven by ρ and m", measures, func(i int) *study.Trials { return claimstest.With(blank, uint64(i), driven()) })
}

func TestFindingIsMadeOfVerdicts(t *testing.T) {
	claimstest.Finding(t, "msweep", figure3, claimstest.Flagship)
}
