package plots

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
	"msharp/plots/plotstest"
)

// crossedByHand is the interval of the mean over seeds of a difference, in points: of the errors of each seed's two records by block.
func crossedByHand(pairs [][2]record.Record) stats.Interval {
	bySeed := make([]float64, len(pairs))
	var blocks []float64
	for i, p := range pairs {
		a, b := p[0].Values.Blocks, p[1].Values.Blocks
		if blocks == nil {
			blocks = make([]float64, len(a.Errors))
		}
		all := 0
		for g, n := range a.Examples {
			all += n
			bySeed[i] += float64(a.Errors[g] - b.Errors[g])
			blocks[g] += 100 * float64(a.Errors[g]-b.Errors[g]) / float64(n) / float64(len(pairs))
		}
		bySeed[i] *= 100 / float64(all)
	}
	of := func(xs []float64) float64 { return stat.Variance(xs, nil) / float64(len(xs)) }
	a, b := of(bySeed), of(blocks)
	nu := (a + b) * (a + b) / (a*a/float64(len(bySeed)-1) + b*b/float64(len(blocks)-1))
	return stats.Crossed{Value: stat.Mean(bySeed, nil), N: len(bySeed), Seeds: a, Images: b, Nu: nu}.Interval(.95)
}

// byCount makes the errors of records those of their blocks.
func byCount(recs []record.Record) []record.Record {
	return plotstest.With(plotstest.ByBlock(recs), func(r *record.Record) {
		wrong, all := 0, 0
		for g, n := range r.Values.Blocks.Examples {
			wrong, all = wrong+r.Values.Blocks.Errors[g], all+n
		}
		if all > 0 {
			r.Values.Numbers["test_error"] = record.Number(float64(wrong) / float64(all))
		}
	})
}

// The intervals of a line and of a row of differences are those of the paired difference to ρ = 0 over seeds and test images.
func TestIntervalsAreOverTestImages(t *testing.T) {
	var recs []record.Record
	for seed := 1; seed <= 4; seed++ {
		s := .004 * math.Sin(float64(seed))
		for _, rho := range []float64{0, .1} {
			recs = append(recs, plotstest.Erring(seed, rho, 4, .12+s-.1*rho+.003*math.Cos(float64(seed)*(1+rho)), .1))
		}
	}
	recs = byCount(recs)
	var pairs [][2]record.Record
	for i := 0; i < len(recs); i += 2 {
		pairs = append(pairs, [2]record.Record{recs[i+1], recs[i]})
	}
	want := crossedByHand(pairs)
	of := study.Of(recs)
	p := errorOverRho().of(of)
	if got := p.lines[0].pts[0].est; math.Abs(got.Half()-want.Half()) > 1e-9 || math.Abs(got.Mean-p.base.est.Mean-want.Mean) > 1e-9 || got.N != 4 {
		t.Errorf("the line has %+v beside %+v, want the difference %+v", got, p.base.est, want)
	}
	rows, why := Forest{}.rows(of)
	if why != "" || len(rows) != 2 {
		t.Fatal(why, rows)
	}
	if got := rows[1].est; math.Abs(got.Low-want.Low) > 1e-9 || math.Abs(got.High-want.High) > 1e-9 {
		t.Errorf("the row has %+v, want %+v", got, want)
	}
	d, err := Forest{}.Draw(of)
	if err != nil || !strings.Contains(d.Caption, "n = 4; bars: 95 % interval over seeds and test images; ") {
		t.Errorf("%v: %s", err, d.Caption)
	}
}

// τ within the seed has the jackknife over blocks; what is τ given ρ and m is that of study.Given. −ρ stands beside both gaps.
func TestPowersAreOverTestImages(t *testing.T) {
	p := plotstest.Small
	p.Seeds, p.Ms = 4, []float64{1, 16, 128}
	of := study.Of(plotstest.ByBlock(p.Records()))
	for _, by := range []compared{comparedBy(study.Gate{}), comparedBy(study.Gate{}).withLoss()} {
		facts := by.facts(of)
		at := measuredAt(facts.ps, facts.rho)
		needed := []study.Field{at[0].Field, at[1].Field, at[2].Field}
		taus := func(t *study.Trials) study.PerSeed {
			return t.Ranking(by.gap, study.ByDesign, needed...).By(needed[0]).Taus()
		}
		without := make([]float64, of.Blocks())
		for g := range without {
			without[g] = stat.Mean(taus(of.WithoutBlock(g)).Values(), nil)
		}
		want := stats.CrossedT(taus(of).Values(), without).Interval(.95)
		if got := at[0].within; got != want || got.Half() <= 0 {
			t.Errorf("%s: %+v, want %+v", by.gap.Name, got, want)
		}
		given, _ := of.Ranking(by.gap, study.ByDesign, needed...).Given(needed[0])
		if tau := given.Tau().Value; at[0].given.Mean != tau || at[0].p != given.P(+1) || at[0].given.N != 4 || !(at[0].given.Low < tau) {
			t.Errorf("%s given ρ and m: %+v, p = %v, want %v, p = %v", by.gap.Name, at[0].given, at[0].p, tau, given.P(+1))
		}
		for i := range mostLevels {
			facts.baselines = append(facts.baselines, baseline{name: "better", power: power{within: stats.Interval{Mean: .99 - .001*float64(i), N: 4}}})
		}
		found := 0
		for _, l := range facts.levels() {
			if l.name == "−ρ alone" {
				found++
			}
		}
		if n := len(facts.levels()); found != 1 || n != mostLevels {
			t.Errorf("%s: −ρ stands %d times among %d levels", by.gap.Name, found, n)
		}
	}
}

// Models of other gates have rows of their own where they are others, and a sentence where they hardly are.
func TestGatesStandBeside(t *testing.T) {
	rows, why, _ := Power{}.views(study.Of(plotstest.Small.Records()))
	var gates []string
	for _, r := range rows {
		gates = append(gates, r[0].gate.Text)
	}
	if got := strings.Join(gates, "; "); why != "" || got != "at ρ ≤ .05 and train error ≤ .001; at train error 0; every finite model" {
		t.Errorf("%q, %s", gates, why)
	}
	rows, why, said := Power{Gate: study.Stopped}.views(study.Of(plotstest.Zoo(3)))
	if len(rows) != 1 || why != "" || !strings.Contains(said, "By another gate (every finite model: 3 models more or fewer) no τ differs by more than ") {
		t.Errorf("%d rows, %s: %s", len(rows), why, said)
	}
}
