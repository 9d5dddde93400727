package plots

import (
	"math"
	"strings"
	"testing"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
	"msharp/plots/plotstest"
)

// A mean above the axis takes its interval with it: neither the axis nor a band knows of it.
func TestOffAxisInterval(t *testing.T) {
	base := linePoint{est: stats.Interval{Mean: 10, Low: 9.8, High: 10.2, N: 3}, runs: 3}
	near := linePoint{x: .1, est: stats.Interval{Mean: 9, Low: 8.9, High: 9.1, N: 3}}
	far := linePoint{x: 1, est: stats.Interval{Mean: 60, Low: -40, High: 160, N: 3}}
	low, high := lineRange([]line{{value: 1, pts: []linePoint{near, far}}}, base, true)
	if low < 8.5 || high > 12 {
		t.Errorf("axis from %v to %v", low, high)
	}
	c := Curve{Y: []stats.Interval{near.est, far.est}, Band: true, capped: true, top: high}
	if !c.shows(near.est) || c.shows(far.est) || c.cut(Axis{}, Axis{Low: low, High: high}) || !c.cut(Axis{}, Axis{Low: 9, High: high}) {
		t.Error("an interval above the axis counts")
	}
}

// A run that diverged counts as an error of 100 % in its mean, which the strip above the axis marks and counts.
func TestDivergedRunsCount(t *testing.T) {
	var recs []record.Record
	for seed := 1; seed <= 2; seed++ {
		for _, rho := range []float64{0, .1, .2} {
			recs = append(recs, plotstest.Erring(seed, rho, 4, .1-.1*rho, .1))
		}
	}
	plotstest.Diverge(&recs[len(recs)-1])
	p := errorOverRho().of(study.Of(recs))
	last := p.lines[0].pts[1]
	if math.Abs(last.est.Mean-54) > 1e-9 || last.est.N != 2 || last.diverged != 1 || last.est.Mean <= p.high {
		t.Errorf("%+v on an axis up to %v", last, p.high)
	}
	if n := p.offCounts(); n != (offAxis{2, 1, 1, asError}) {
		t.Errorf("%+v", n)
	}
}

// A number that a run that diverged does not have is a mean over the others, and the figure says so.
func TestDivergedRunsHaveNoLoss(t *testing.T) {
	var recs []record.Record
	for seed := 1; seed <= 2; seed++ {
		recs = append(recs, plotstest.Trial(seed, .1, 4, map[string]float64{"train_loss": .5}))
	}
	plotstest.Diverge(&recs[1])
	d, err := Lines{Y: study.TrainLoss}.Draw(study.Of(recs))
	if err != nil || len(d.Rows) != 1 || d.Rows[0][2] != "0.5" ||
		!strings.Contains(d.Caption, "1 run diverged: open markers with their number; they have no train loss, and means are over the others.") {
		t.Errorf("%v, %v: %s", err, d.Rows, d.Caption)
	}
}
