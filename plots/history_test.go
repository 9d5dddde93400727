package plots

import (
	"math"
	"testing"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
	"msharp/plots/plotstest"
)

// The last validation error of an m is drawn against ρ = 0, paired by seed: seeds far apart do not widen its interval.
func TestEndsArePaired(t *testing.T) {
	zero := map[uint64]float64{1: 10, 2: 20, 3: 30}
	hs := []history{{last: zero}, {m: 4, last: map[uint64]float64{1: 9, 2: 19, 3: 29}}}
	ends(hs)
	if hs[0].end.Mean != 20 || !math.IsNaN(hs[0].end.Low) || hs[1].end != (stats.Interval{Mean: 19, Low: 19, High: 19, N: 3}) {
		t.Errorf("%+v", hs)
	}
	alone := []history{{m: 4, last: zero}}
	ends(alone)
	if e := alone[0].end; e.Mean != 20 || e.Half() < 10 {
		t.Errorf("without ρ = 0: %+v", e)
	}
}

// A curve of training is of the runs that reached its end: one that diverged has no loss there, and the figure says so.
func TestHistoriesAreOfFinishedRuns(t *testing.T) {
	var recs []record.Record
	for seed := 1; seed <= 3; seed++ {
		r := plotstest.Erring(seed, .1, 4, .2, .2)
		for e := 1; e <= 2; e++ {
			r.Epochs = append(r.Epochs, record.Epoch{Epoch: e, TrainLoss: record.Number(seed), PerturbedLoss: record.Number(seed), ValError: .2})
		}
		recs = append(recs, r)
	}
	plotstest.Diverge(&recs[2])
	hs, rho, _, why := histories(study.Of(recs))
	if why != "" || rho != .1 || len(hs) != 1 || hs[0].seeds != 2 || hs[0].diverged != 1 || hs[0].clean[1].Mean != 1.5 {
		t.Errorf("%q, ρ = %v, %+v", why, rho, hs)
	}
}

// Validation errors are averaged at the epochs at which every seed has one, and the last of these is the end.
func TestHistoriesOverGaps(t *testing.T) {
	var recs []record.Record
	for seed := 1; seed <= 2; seed++ {
		r := plotstest.Erring(seed, .1, 4, .2, .2)
		for e := 1; e <= 4+seed; e++ { // the first stops at epoch 5
			val := math.NaN()
			if e%2 == 0 || e == 4+seed {
				val = .1 * float64(seed*e)
			}
			r.Epochs = append(r.Epochs, record.Epoch{Epoch: e, TrainLoss: 1, PerturbedLoss: 1, ValError: record.Number(val)})
		}
		recs = append(recs, r)
	}
	hs, _, _, _ := histories(study.Of(recs))
	for e, want := range []float64{math.NaN(), 30, math.NaN(), 60, math.NaN()} {
		if got := hs[0].val[e].Mean; math.Abs(got-want) > 1e-9 || math.IsNaN(got) != math.IsNaN(want) {
			t.Errorf("epoch %d: %v %%, want %v", e+1, got, want)
		}
	}
	if last := hs[0].last; math.Abs(last[1]-40) > 1e-9 || math.Abs(last[2]-80) > 1e-9 {
		t.Errorf("the last errors are %v", last)
	}
	if _, val, _ := curvePanels(hs); val.Blank != "" {
		t.Errorf("the panel is blank: %s", val.Blank)
	}
}
