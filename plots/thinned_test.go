package plots

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// crowd is a sweep of more models, seeds and choices than any figure shows one by one.
var crowd = func() *Trials {
	p := small
	p.seeds = 700
	return Read(p.records())
}()

// A sample is the same whatever the order of the runs, in which it stays, and of few runs all.
func TestThinned(t *testing.T) {
	rs := crowd.all
	got := thinned(rs, 100)
	if len(got) != 100 || len(thinned(rs, len(rs))) != len(rs) {
		t.Fatalf("%d runs of 100", len(got))
	}
	ids := func(rs []run) (ids []string) {
		for _, r := range rs {
			ids = append(ids, r.ID)
		}
		return ids
	}
	back := slices.Clone(rs)
	slices.Reverse(back)
	turned := ids(thinned(back, 100))
	slices.Reverse(turned)
	if !slices.Equal(ids(got), turned) {
		t.Error("another order, other runs, or not in their order")
	}
}

// Where not everything is shown, the figure says so, and its CSV holds what is.
func TestCrowdedFigures(t *testing.T) {
	draw := func(f Figure) Drawing {
		d, err := f.Draw(crowd)
		if err != nil || d.Skipped != "" {
			t.Fatal(err, d.Skipped)
		}
		return d
	}
	panels := len(small.measure)
	scatter := draw(Scatter{})
	if n := len(scatter.Rows); n > panels*mostDots || n < panels*mostDots*9/10 || !strings.Contains(scatter.Caption, "Shown: 5000 of 6300 models, drawn at random.") {
		t.Errorf("scatter: %d dots in %d panels: %s", n, panels, scatter.Caption)
	}
	forest := draw(Forest{})
	seeds := map[string]bool{}
	for _, row := range forest.Rows {
		seeds[row[slices.Index(forest.Header, "seed")]] = true
	}
	if len(seeds) != mostSeeds+1 || !strings.Contains(forest.Caption, "n = 700; bars: 95 % t interval; faint: a dot a seed, of the first 200.") {
		t.Errorf("forest: dots of %d seeds: %s", len(seeds)-1, forest.Caption)
	}
	if best := draw(BestRho{}); !strings.Contains(best.Caption, "A marker's area is the number of seeds.") {
		t.Errorf("best ρ: %s", best.Caption)
	}
	var page strings.Builder
	if err := Report(&page, crowd, manifest, "", nil); err != nil || !strings.Contains(page.String(), "Shown: 5000 of 6300 trials, drawn at random.") {
		t.Error("the page does not say of how many records its table is", err)
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
				recs = append(recs, trial(seed, rho, m, map[string]float64{"test_error": err}))
			}
		}
	}
	rs := Read(recs).runs
	curves, _, _ := errorOverRho().lines(rs)
	c := collapseOf(rs, Value("test_error"), curves, 100)
	if c.blocks() != mostBlocks || len(c.parts) != mostBlocks || len(c.seeds) != 10*mostBlocks {
		t.Fatalf("%d blocks of %d seeds", c.blocks(), len(c.seeds))
	}
	got := c.relative(.5)
	want := stats.Jackknife(len(c.seeds), level, func(i int) float64 {
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
