package plots

import (
	"math"
	"testing"

	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/plots/plotstest"
)

// scaling is a sweep whose error is a function of ρ/m^exponent alone, plus what a seed adds to all of its runs.
func scaling(exponent float64) (recs []record.Record) {
	for seed := range 4 {
		for _, rho := range []float64{0, .01, .02, .05, .1, .2, .5, 1} {
			for _, m := range []float64{1, 4, 16, 64} {
				u := math.Log10(rho / math.Pow(m, exponent))
				err := .1 - .02*math.Exp(-(u+1.2)*(u+1.2)) + .003*float64(seed)
				if rho == 0 {
					m, err = 1, .1+.003*float64(seed)
				}
				recs = append(recs, plotstest.Trial(seed, rho, m, map[string]float64{"test_error": err}))
				if rho == 0 {
					break
				}
			}
		}
	}
	return recs
}

// Curves that are one function of ρ/m^α have their least spread there, near 0 but for the lines between the points; what seeds share
// is no spread.
func TestCollapseFindsItsExponent(t *testing.T) {
	for _, exponent := range []float64{.25, .5} {
		rs := study.Of(scaling(exponent))
		c := collapseOf(rs, study.TestError, errorOverRho().data(rs).lines, 100)
		best := c.best()
		if len(c.seeds) != 4 || c.points != 28 || math.Abs(best.Mean-exponent) > .02 || best.N != 4 {
			t.Fatalf("α = %+v, want %v; %d seeds, %d points", best, exponent, len(c.seeds), c.points)
		}
		if best.Half() > 1e-6 {
			t.Errorf("equal seeds give α an interval of %v", best.Half())
		}
		if r := c.relative(exponent).Mean; r > .15 {
			t.Errorf("spread %v at the exponent of the curves", r)
		}
		if r := c.relative(1).Mean; r < 1.2*c.relative(exponent).Mean {
			t.Errorf("spread %v at ρ/m", r)
		}
		if math.Abs(relative(c.without(-1), 0)-1) > 1e-12 {
			t.Error("the spread at ρ is not 1 of itself")
		}
	}
}

// By hand: two lines a point apart where both have some.
func TestBetween(t *testing.T) {
	a := seedCurve{m: 1, x: []float64{-2, -1, 0}, mean: []float64{4, 3, 2}}
	b := seedCurve{m: 10, x: []float64{-2, -1, 0}, mean: []float64{5, 4, 3}}
	for _, c := range []struct{ exponent, square, length float64 }{{0, 1, 2}, {1, 0, 1}, {2, 0, 0}, {.5, .25, 1.5}} {
		if square, length := between(a, b, c.exponent); math.Abs(square-c.square) > 1e-12 || math.Abs(length-c.length) > 1e-12 {
			t.Errorf("ρ/m^%v: %v over %v decades, want %v over %v", c.exponent, square, length, c.square, c.length)
		}
	}
}

// A curve ends where its mean leaves the axis, as it does where a run diverged; a seed without all of its points has no say.
func TestCollapseLeavesOut(t *testing.T) {
	recs := scaling(.25)
	for i := range recs {
		r := study.Of(recs[i : i+1]).Final()[0]
		m, rho, seed := r.M, r.Rho, r.Seed
		switch {
		case m == 4 && rho == .5 && seed == 1:
			plotstest.Diverge(&recs[i])
		case m == 16 && rho == .02 && seed == 2:
			recs[i].Status = record.Failed
		case m == 1 && rho >= .2:
			recs[i].Values.Numbers["test_error"] = .9
		}
	}
	rs := study.Of(recs)
	c := collapseOf(rs, study.TestError, errorOverRho().data(rs).lines, 20)
	var points []int
	for _, s := range c.curves {
		points = append(points, len(s.x))
	}
	if len(points) != 4 || points[0] != 4 || points[1] != 5 || points[2] != 7 || points[3] != 7 || len(c.seeds) != 3 || c.all != 4 {
		t.Errorf("%v points, seeds %v of %d", points, c.seeds, c.all)
	}
}

// The best ρ by hand, of the validation error: ties meet at their geometric mean, a diverged run has error 1, a seed that lacks a ρ of an m has no choice there, ends
// and ρ = 0 are counted.
func TestBestRhos(t *testing.T) {
	var recs []record.Record
	add := func(seed int, rho, m, err float64) {
		recs = append(recs, plotstest.Erring(seed, rho, m, .2, err))
	}
	for seed := 1; seed <= 2; seed++ {
		add(seed, 0, 0, .15)
		for i, rho := range []float64{.01, .1, 1} {
			add(seed, rho, 1, []float64{.1, .1, .3}[i]) // a tie of .01 and .1
			add(seed, rho, 100, []float64{.3, .2, .1}[i])
		}
	}
	plotstest.Diverge(&recs[len(recs)-1]) // seed 2, ρ = 1, m = 100: .1 is left, where ρ = 0 is better
	add(3, .01, 1, .1)
	add(3, 1, 1, .3) // without ρ = .1
	b := bestRhos(study.Of(recs))
	near := func(got, want float64) bool { return math.Abs(got-want) < 1e-12 }
	if !near(b.chosen[0][1], -1.5) || !near(b.chosen[1][1], 0) || !near(b.chosen[1][2], -1) || len(b.chosen[0]) != 2 || b.all != 4 || b.ends != 1 || b.zero != 1 {
		t.Errorf("%+v", b)
	}
	if !near(b.slope.Mean, (.75+.25)/2) || b.slope.N != 2 || !near(b.means[1].Mean, -.5) {
		t.Errorf("slope %+v, means %+v", b.slope, b.means)
	}
}
