package verdict

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"msharp/harness/record"
	"msharp/harness/study"
)

// seeds numbers the values from 1.
func seeds(xs ...float64) study.PerSeed {
	out := study.PerSeed{}
	for i, x := range xs {
		out[uint64(i+1)] = x
	}
	return out
}

func fixed(id string, direction int, smallest float64, bySeed study.PerSeed, missing string) Claim {
	return Claim{ID: id, Text: id, Unit: "points", Direction: direction, Smallest: smallest,
		Of: Single(func(*study.Trials) (study.PerSeed, string) { return bySeed, missing })}
}

func TestJudge(t *testing.T) {
	nan := math.NaN()
	up := seeds(1, 2, 3, 4, 5, 6, 7, 8) // t = 4.5/√.75 = 5.196, 7 degrees of freedom
	around := seeds(.01, -.01, .02, -.02, .01, -.01, 0, 0)
	for _, c := range []struct {
		name string
		Claim
		outcome            string
		estimate, p, given float64
		n                  int
		interval           bool
		why                string // parts of it, between |
	}{
		{"as claimed", fixed("a", 1, .5, up, ""), Reproduces, 4.5, 6.291601e-4, 1. / 256, 8, true,
			"8 of 8 seeds as claimed, one-sided p = 0.000629|; the interval is given these test images, for the records do not hold their errors by block"},
		{"the other way", fixed("a", -1, .5, up, ""),
			DoesNotReproduce, 4.5, 1 - 6.291601e-4, 1, 8, true, "the 95 % interval excludes the smallest effect of interest, −0.5: it ends at 2.4"},
		{"downwards", fixed("a", -1, .5, seeds(-1, -2, -3, -2, -1), "of some models"),
			Reproduces, -1.8, 4.290459e-3, 1. / 32, 5, true, "5 of 5|; of some models"},
		{"nothing, surely", fixed("a", 1, .5, around, ""),
			DoesNotReproduce, 0, .5, 156. / 256, 8, true, "excludes the smallest effect of interest, 0.5: it ends at 0.0"},
		{"nothing, unsurely", fixed("a", 1, .005, around, ""),
			Undecided, 0, .5, 156. / 256, 8, true, "does not exclude the smallest effect of interest, 0.005"},
		{"small but sure", fixed("a", 1, 50, up, ""),
			Reproduces, 4.5, 6.291601e-4, 1. / 256, 8, true, "though by less than the smallest effect of interest, 50"},
		{"one seed", fixed("a", 1, .5, seeds(3), ""), Undecided, 3, nan, nan, 1, false, "needs ≥ 3 seeds, has 1"},
		{"two seeds", fixed("a", 1, .5, seeds(3, 4), ""), Undecided, 3.5, nan, nan, 2, false, "needs ≥ 3 seeds, has 2"},
		{"three seeds", fixed("a", 1, .5, seeds(1, 1.1, 1.2), ""), Reproduces, 1.1, 1.371745e-3, 1. / 8, 3, true, "3 of 3 seeds as claimed, one-sided p"},
		{"three seeds short of it", fixed("a", 1, 5, seeds(-.1, .2, .3), ""), DoesNotReproduce, .4 / 3, .1913933, 2. / 8, 3, true, "excludes"},
		{"sure, but not of a p", fixed("a", 1, .1, seeds(1, 1, 1, 1, 9), ""), Undecided, 2.6, .0897439, 1. / 32, 5, true, "does not exclude"},
		{"missing", fixed("a", 1, .5, nil, "no record has it"), Undecided, nan, nan, nan, 0, false, "no record has it"},
		{"missing without a word", fixed("a", 1, .5, nil, ""), Undecided, nan, nan, nan, 0, false, "no seed has a value"},
		{"a NaN", fixed("a", 1, .5, seeds(1, 2, nan, 4, 5, math.Inf(1), 3), ""),
			Reproduces, 3, 6.617800e-3, 1. / 32, 5, true, "5 of 5 seeds|; without 2 seeds whose value is no number"},
		{"all NaN", fixed("a", 1, .5, seeds(nan, nan), ""), Undecided, nan, nan, nan, 0, false, "needs ≥ 3 seeds, has 0; without 2 seeds"},
		{"all the same", fixed("a", 1, .5, seeds(2, 2, 2, 2, 2), ""), Reproduces, 2, 1. / 32, 1. / 32, 5, false,
			"5 of 5 seeds as claimed, one-sided sign-flip p = 0.0312"},
		{"all zero", fixed("a", 1, .5, seeds(0, 0, 0, 0, 0), ""),
			Undecided, 0, 1, 1, 5, false, "no interval, the value is the same in every seed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := Judge([]Claim{c.Claim}, someTrial)[0]
			same := func(a record.Number, b, tol float64) bool {
				return math.Abs(float64(a)-b) <= tol || math.IsNaN(float64(a)) && math.IsNaN(b)
			}
			if v.Verdict != c.outcome || !same(v.Estimate, c.estimate, 1e-12) || !same(v.P, c.p, 1e-6) || !same(v.Given, c.given, 1e-12) || v.N != c.n {
				t.Errorf("%+v", v)
			}
			if v.Claim != "a" || v.Unit != "points" || v.Text != "a" || v.Blocks != 0 || v.Parts > 1 || len(v.Sensitivity) > 0 {
				t.Errorf("%+v", v)
			}
			if c.interval != (v.Low < v.Estimate && v.Estimate < v.High) || c.interval == math.IsNaN(float64(v.Low)) {
				t.Errorf("interval %v to %v", v.Low, v.High)
			}
			if c.interval && !strings.Contains(v.Why, "given these test images") {
				t.Errorf("%q", v.Why)
			}
			for _, part := range strings.Split(c.why, "|") {
				if !strings.Contains(v.Why, part) {
					t.Errorf("%q lacks %q", v.Why, part)
				}
			}
			if _, err := json.Marshal(v); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestJudgeSeveral(t *testing.T) {
	up, half := seeds(1, 2, 3, 4, 5, 6), seeds(1, 2, 3, 4, 5, -6) // t = 4.583 and .8876, 5 degrees of freedom
	a, c, d := fixed("a", 1, 9, up, ""), fixed("c", 1, .1, half, ""), fixed("d", 1, 9, up, "")
	vs := Judge([]Claim{a, fixed("b", 1, 9, nil, "nothing there"), c, d}, someTrial)
	// Three have a p. Holm: three times the smallest, of both, and the last as it is.
	small, large := float64(Judge([]Claim{a}, someTrial)[0].P), float64(Judge([]Claim{c}, someTrial)[0].P)
	if math.Abs(small-.00296677) > 1e-8 || math.Abs(large-.1967635) > 1e-7 {
		t.Fatal(small, large)
	}
	for i, want := range []float64{3 * small, math.NaN(), large, 3 * small} {
		if p := float64(vs[i].P); !(math.Abs(p-want) <= 1e-12) && !(math.IsNaN(want) && math.IsNaN(p)) {
			t.Errorf("claim %d: p = %v, want %v", i, p, want)
		}
	}
	if vs[0].Verdict != Reproduces || vs[2].Verdict != Undecided || !strings.Contains(vs[0].Why, "0.0089 after Holm over 3 claims") ||
		math.Abs(float64(vs[0].Unadjusted)-small) > 1e-12 {
		t.Errorf("%+v", vs)
	}
}

func parts(ps ...Part) Claim {
	return Claim{ID: "a", Direction: 1, Smallest: .5, Of: func(*study.Trials) ([]Part, string) { return ps, "" }}
}

// of is a part with values by seed, and a p of its own where one is given.
func of(name string, bySeed study.PerSeed, p ...float64) Part {
	out := Part{Name: name, Statistic: study.Statistic{BySeed: bySeed}}
	if len(p) > 0 {
		out.P = func() float64 { return p[0] }
	}
	return out
}

func TestJudgeParts(t *testing.T) {
	up := seeds(1, 2, 3, 4, 5, 6)
	for _, c := range []struct {
		Claim
		outcome string
		p       float64
		n       int
		why     string
	}{
		{parts(of("x", up), of("y", seeds(2, 3, 4, 5, 9))), Reproduces, .0094946, 5, "of 2 parts the one with the largest p, y: 5 of 5 seeds"},
		{parts(of("x", up), of("y", seeds(1, -1, 2, -2, 3, 3.5))), Undecided, .1408866, 6, "of 2 parts the one with the largest p, y: "},
		{parts(of("x", up, .2), of("y", up)),
			Undecided, .2, 6, "of 2 parts the one with the largest p, x: 6 seeds, one-sided permutation p = 0.2"},
		{parts(of("x", up), of("y", seeds(.1, -.1, .1, -.1, .1, -.1))),
			DoesNotReproduce, .5, 6, "y: the 97.5 % interval excludes the smallest effect of interest, 0.5"},
		{parts(of("x", up), of("y", seeds(1, 2))), Undecided, math.NaN(), 2, "y: needs ≥ 3 seeds, has 2"},
		{parts(of("x", seeds(-1, -2, -3, -1, -2, -3), .9)), DoesNotReproduce, .9, 6, "x: the 95 % interval excludes"},
		{parts(of("x", up, .2), of("y", up, .1), of("z", up)), Undecided, .2, 6, "; p > 0.05 in 1 of the others too: y"},
		{parts(of("x", up, .2), of("z", up)), Undecided, .2, 6, "; in all others p ≤ 0.05"},
		{parts(), Undecided, math.NaN(), 0, "no seed has a value"},
	} {
		v := Judge([]Claim{c.Claim}, someTrial)[0]
		p := float64(v.P)
		same := math.Abs(p-c.p) <= 1e-5 || math.IsNaN(p) && math.IsNaN(c.p)
		if v.Verdict != c.outcome || !same || v.N != c.n || !strings.Contains(v.Why, c.why) {
			t.Errorf("%+v, want %s, p %v: %s", v, c.outcome, c.p, c.why)
		}
	}
}

func TestJudgeNothing(t *testing.T) {
	if vs := Judge(nil, study.Of(nil)); vs == nil || len(vs) != 0 {
		t.Errorf("%v: want an empty array, in JSON too", vs)
	}
}

// someTrial is a study that has a trial, which no claim of these tests looks at.
var someTrial = study.Of([]record.Record{{ID: "a", Status: record.Done}})

// Where nothing has finished, no claim is asked.
func TestJudgeNoTrial(t *testing.T) {
	if v := Judge([]Claim{fixed("a", 1, 1, seeds(1, 2, 3), "")}, study.Of(nil))[0]; v.Verdict != Undecided || v.Why != "no trial has finished" {
		t.Errorf("%+v", v)
	}
}

// What rounding makes of equal values, or of zeros, decides nothing.
func TestJudgeRounding(t *testing.T) {
	for name, values := range map[string]study.PerSeed{
		"zeros": seeds(8e-17, -3e-17, 5e-17, 1e-17, 0, 2e-17), "equal ones": seeds(.01, .01+2e-17, .01-3e-17, .01, .01+1e-16, .01),
	} {
		v := Judge([]Claim{fixed("a", 1, .05, values, "")}, someTrial)[0]
		if v.Verdict == DoesNotReproduce || !math.IsNaN(float64(v.Low)) {
			t.Errorf("%s: %+v", name, v)
		}
		if name == "zeros" && (v.Estimate != 0 || !strings.Contains(v.Why, "0 of 6 seeds as claimed")) {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

// A part whose test is not there has p = 1.
func TestJudgeNaNP(t *testing.T) {
	if v := Judge([]Claim{parts(of("x", seeds(1, 2, 3, 4, 5, 6), math.NaN()))}, someTrial)[0]; v.P != 1 || v.Verdict != Undecided {
		t.Errorf("%+v", v)
	}
}
