package study

import (
	"math"
	"testing"

	"msharp/harness/record"
)

// The slope over the index of m, by hand: errors of 1, 2 and 4 % have slope 1.5 points. A seed that lacks an m has none. A run that
// diverged counts as an error of 100 %.
func TestLineSlope(t *testing.T) {
	var recs []record.Record
	for i, m := range []float64{1, 4, 16} {
		recs = append(recs, trialOf(1, m, .05, nil, tested([]float64{.01, .02, .04}[i])), trialOf(3, m, .05, nil, tested(.1)))
	}
	recs = append(recs, trialOf(2, 1, .05, nil, tested(.1)))
	recs[len(recs)-2].Status = record.Diverged // seed 3, m = 16
	curves, missing := Of(recs).Curves(LastEpoch)
	if missing != "" || len(curves) != 1 {
		t.Fatal(missing, curves)
	}
	line := curves[0].Across(.05)
	for seed, want := range map[uint64]float64{1: 1.5, 3: 45} {
		if got, ok := LineSlope(line, seed); !ok || math.Abs(got-want) > 1e-9 {
			t.Errorf("seed %d: %v, want %v", seed, got, want)
		}
	}
	if got, ok := LineSlope(line, 2); ok {
		t.Errorf("without two of its m a seed has slope %v", got)
	}
}

// A ρ at which the run diverged is not the best one of its seed, and is not missing either.
func TestBestRhoOfDivergedRuns(t *testing.T) {
	recs := []record.Record{trialOf(1, 4, .1, nil, tested(.3)), trialOf(1, 4, .2, nil, tested(.1)), trialOf(2, 4, .1, nil, tested(.3))}
	recs[1].Status = record.Diverged
	curves, _ := Of(recs).Curves(LastEpoch)
	if rho, least, ok := BestRho(curves[0].At[4], 1, TestOf); !ok || math.Abs(rho-.1) > 1e-12 || least != .3 {
		t.Errorf("%v of error %v, %v", rho, least, ok)
	}
	if _, _, ok := BestRho(curves[0].At[4], 2, TestOf); ok {
		t.Error("a seed that lacks a ρ has a best one")
	}
}
