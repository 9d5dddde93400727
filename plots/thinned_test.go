package plots

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
	"msharp/plots/plotstest"
)

// crowd is a sweep of more models, seeds and choices than any figure shows one by one.
var crowd = func() *study.Trials {
	p := plotstest.Small
	p.Seeds = 700
	return study.Of(p.Records())
}()

// Where not everything is shown, the figure says so, and its CSV holds what is.
func TestCrowdedFigures(t *testing.T) {
	draw := func(f Figure) Drawing {
		d, err := f.Draw(crowd)
		if err != nil || d.Skipped != "" {
			t.Fatal(err, d.Skipped)
		}
		return d
	}
	panels := len(plotstest.Small.Measures)
	scatter := draw(Scatter{})
	if n := len(scatter.Rows); n > panels*mostDots || n < panels*mostDots*9/10 || !strings.Contains(scatter.Caption, "Shown: 5000 of 6300 models, drawn at random.") {
		t.Errorf("scatter: %d dots in %d panels: %s", n, panels, scatter.Caption)
	}
	forest := draw(Forest{})
	seeds := map[string]bool{}
	for _, row := range forest.Rows {
		seeds[row[slices.Index(forest.Header, "seed")]] = true
	}
	if len(seeds) != mostSeeds+1 || !strings.Contains(forest.Caption, "n = 700; bars: 95 % t interval over seeds, given these test images; small circles: the seeds, the first 200 of them.") {
		t.Errorf("forest: dots of %d seeds: %s", len(seeds)-1, forest.Caption)
	}
	if best := draw(BestRho{}); !strings.Contains(best.Caption, "A marker's area is the number of seeds.") {
		t.Errorf("best ρ: %s", best.Caption)
	}
}

// Over blocks of seeds the jackknife tells about as much as over single ones.
func TestJackknifeOverBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var recs []record.Record
	for seed := range 10 * mostBlocks {
		for _, m := range []float64{1, 16} {
			for i, rho := range []float64{.01, .05, .2} {
				err := .1 - .01*float64(i) + .02*math.Log10(m)*float64(i) + .01*r.NormFloat64()
				recs = append(recs, plotstest.Trial(seed, rho, m, map[string]float64{"test_error": err}))
			}
		}
	}
	rs := study.Of(recs)
	curves := errorOverRho().data(rs).lines
	c := collapseOf(rs, study.TestError, curves, 100)
	if c.blocks() != mostBlocks || len(c.parts) != mostBlocks || len(c.seeds) != 10*mostBlocks {
		t.Fatalf("%d blocks of %d seeds", c.blocks(), len(c.seeds))
	}
	got := c.relative(.5)
	want := stats.Jackknife(len(c.seeds), study.Level, func(i int) float64 {
		one := c
		if i >= 0 {
			one.seeds = slices.Delete(slices.Clone(c.seeds), i, i+1)
		}
		return relative(one.without(-1), .5)
	})
	if got.Mean != want.Mean || math.Abs(got.Half()/want.Half()-1) > .4 { // of 40 blocks, a half width has a standard error of 11 %
		t.Errorf("%v ± %v over blocks, %v ± %v over seeds", got.Mean, got.Half(), want.Mean, want.Half())
	}
}
