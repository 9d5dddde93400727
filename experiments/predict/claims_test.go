package main

import (
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

// stopped has pairs enough that differ in m alone, and in the learning rate alone.
var stopped = claimstest.Sweep{
	Seeds:     8,
	Ms:        []float64{1, 16, 128},
	Rhos:      []float64{0, .01, .02, .05, .1, .2},
	Noise:     []float64{0},
	LRs:       []float64{.05, .1, .2},
	TrainLoss: .004,
}

// columns are those of measures that claims compare.
func columns() (names []string) {
	for _, m := range measures {
		names = append(names, m.column)
	}
	return names
}

// asPublished has the measures too, each as good as a baseline.
func asPublished(r *rand.Rand, x study.Trial) map[string]record.Number {
	v := claimstest.AsPublished(r, x)
	for _, name := range columns() {
		v[name] = v["test_error"] + record.Number(.01*r.NormFloat64())
	}
	return v
}

func TestClaims(t *testing.T) {
	claimstest.Whole(t, predicts)
	claimstest.True(t, predicts, stopped.Records(1, asPublished))
}

// The columns that claims name are those that predict.yaml asks for.
func TestMeasuresAreAskedFor(t *testing.T) {
	sweep, err := harnessconfig.Plan("predict.yaml", config, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	asked := sweep.Trials[0].Config.Columns()
	for _, r := range append(slices.Clone(measures), baselines[:3]...) {
		if !slices.Contains(asked, r.column) {
			t.Errorf("%s: nobody asks for %s", r.name, r.column)
		}
	}
}

// A measure that is the wrong way round where one hyperparameter changes has an environment in which it ranks most pairs wrong.
func TestOneHyperparameterTheWrongWayRound(t *testing.T) {
	recs := stopped.Records(2, func(r *rand.Rand, x study.Trial) map[string]record.Number {
		v := asPublished(r, x)
		v["test_error"] += record.Number(.004 * claimstest.Octaves(x, .05))
		for _, m := range claimstest.MeasuredM {
			v[claimstest.MSharpAt(m)] -= record.Number(.004 * claimstest.Octaves(x, .05))
		}
		return v
	})
	for _, v := range verdict.Judge(predicts, study.Of(recs)) {
		if v.Claim == "small-m-right-everywhere" && (v.Verdict != verdict.DoesNotReproduce || v.Estimate > -.2) {
			t.Errorf("most pairs are ranked wrong where the learning rate changes, but: %+v", v)
		}
	}
}

func TestClaimsOnBadInput(t *testing.T) {
	claimstest.BadInput(t, predicts, "small-m-predicts", "small-m-beats-baselines")
}

func TestPredictNeedsAStop(t *testing.T) {
	for _, v := range verdict.Judge(predicts, study.Of(claimstest.Flagship.Records(1, claimstest.AsPublished))) {
		if v.Verdict != verdict.Undecided || !strings.HasPrefix(v.Why, "no trial was to stop at a train loss (stop.train_loss)") {
			t.Errorf("%+v", v)
		}
	}
}

// Claims on the measures, all columns one latent value plus equal independent noise.
func TestNullOfMeasures(t *testing.T) {
	sweep := claimstest.Sweep{Seeds: 8, Ms: []float64{1, 16, 128}, Rhos: []float64{.01, .02, .05, .1, .2}, Noise: []float64{0}, TrainLoss: .01}
	blank := sweep.Blank()
	sweep.Rhos, sweep.LRs = sweep.Rhos[:4], []float64{.05, .1, .2} // pairs enough that differ in one key
	grid := sweep.Blank()
	onGrid := claimstest.Pick(predicts, "small-m-granulated", "small-m-right-everywhere")
	others := claimstest.Pick(predicts, "small-m-predicts", "predictive-power-falls", "small-m-beats-baselines", "small-m-beats-measures")
	null := func(name string, values claimstest.Draw) {
		claimstest.Null(t, name, others, func(i int) *study.Trials { return claimstest.With(blank, uint64(i), values) })
		claimstest.Null(t, name, onGrid, func(i int) *study.Trials { return claimstest.With(grid, uint64(i), values) })
	}
	claimstest.Null(t, "one latent value", others[1:],
		func(i int) *study.Trials {
			return claimstest.With(blank, uint64(i), claimstest.Latent(1, columns()...))
		})
	null("no relation", claimstest.Latent(0, columns()...))
	// Measures that know the setting, and a gap that is luck: which settings these test images favour is nothing to know.
	null("measures of the setting", func(r *rand.Rand, x study.Trial) map[string]record.Number {
		v := claimstest.Latent(0, columns()...)(r, x)
		for _, m := range claimstest.MeasuredM {
			v[claimstest.MSharpAt(m)] += record.Number(100*x.Rho + x.M)
		}
		return v
	})
}

func TestFindingIsMadeOfVerdicts(t *testing.T) {
	claimstest.Finding(t, "predict", predicts, stopped)
}
