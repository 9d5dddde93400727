package plots

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"

	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/plots/plotstest"
)

// A measure that is the gap ranks every pair right, one that is its negative every pair wrong, and dealt at random it ranks half.
func TestCohortScores(t *testing.T) {
	recs := plotstest.With(plotstest.Zoo(3), func(r *record.Record) {
		r.Values.Numbers["right"], r.Values.Numbers["wrong"] = r.Values.Numbers["error_gap"], -r.Values.Numbers["error_gap"]
	})
	p := cohortOf(study.Of(recs), comparedBy(study.Stopped))
	if p.ranked != 93 || p.All != 96 || p.perSeed.String() != "31" || p.missing() != "" {
		t.Fatalf("%d of %d, %v a seed, %q", p.ranked, p.All, p.perSeed, p.missing())
	}
	var names []string
	for _, h := range p.hyper {
		names = append(names, h.Label)
	}
	if !slices.Equal(names, []string{"batch size", "lr", "width", "depth"}) {
		t.Errorf("hyperparameters %q", names)
	}
	// The gaps of a seed may tie, where no measure can say which is larger.
	for _, c := range []struct {
		score
		right, wrong, chance float64
	}{{scoreTau, 1, -1, 0}, {scorePsi, 1, -1, 0}, {scoreSign, 0, 1, .5}} {
		right, wrong := p.score(c.score, study.Value("right")), p.score(c.score, study.Value("wrong"))
		if math.Abs(right.est.Mean-c.right) > .05 || math.Abs(wrong.est.Mean-c.wrong) > .05 || right.est.N != 3 {
			t.Errorf("%s: %v and %v", c.name, right.est, wrong.est)
		}
		if n := right.null; math.Abs(n.mean-c.chance) > .05 || !(n.low < n.mean && n.mean < n.high) {
			t.Errorf("%s dealt at random: %+v", c.name, n)
		}
	}
	for _, s := range []score{scoreK, scorePGDL} {
		right, gradient := p.score(s, study.Value("right")), p.score(s, study.Value("gradnorm"))
		biased := math.Abs(right.corrected.Mean-(right.est.Mean-right.null.mean)) > 1e-9
		if right.est.Mean < .5 || right.null.mean <= 0 || gradient.est.Mean > right.est.Mean/2 || biased {
			t.Errorf("%s: %+v, of noise %+v", s.name, right, gradient)
		}
	}
}

// Weighted by how sure the order of a pair is, what ranks every pair right or wrong still does; where no pair is sure enough, or nobody
// says how many examples were tested, there is no such sign error, and the caption says so.
func TestHoeffding(t *testing.T) {
	recs := plotstest.With(plotstest.Zoo(2), func(r *record.Record) {
		r.Values.Numbers["right"], r.Values.Numbers["wrong"] = r.Values.Numbers["error_gap"], -r.Values.Numbers["error_gap"]
	})
	for _, c := range []struct {
		tests int
		sure  bool
		says  string
	}{{10_000_000, true, "drawn as open hexagons in c"}, {4476, false, "undefined: no environment has an effective sample of 12"}} {
		recs := plotstest.Counted(recs, c.tests)
		p := cohortOf(study.Of(recs), comparedBy(study.Stopped))
		if p.tests != c.tests {
			t.Fatalf("%d test examples, want %d", p.tests, c.tests)
		}
		right, wrong := p.score(scoreHoeffding(p.tests), study.Value("right")), p.score(scoreHoeffding(p.tests), study.Value("wrong"))
		if c.sure && (right.est.Mean != 0 || wrong.est.Mean != 1 || right.est.N != 2) || !c.sure && right.est.N != 0 {
			t.Errorf("%d test examples: %+v and %+v", c.tests, right.est, wrong.est)
		}
		d, err := Scores{Gate: study.Stopped}.Draw(study.Of(recs))
		if err != nil || !strings.Contains(d.Caption, c.says) || !strings.Contains(string(written(t, d.WriteCSV)), "sign_error_hoeffding") {
			t.Errorf("%d test examples, %v: %s", c.tests, err, d.Caption)
		}
	}
	recs = plotstest.Counted(recs, 4476)
	recs[0].Values.Confusion = nil
	d, err := Scores{Gate: study.Stopped}.Draw(study.Of(recs))
	if err != nil || !strings.Contains(d.Caption, "do not say how many test examples") {
		t.Error(err, d.Caption)
	}
}

// Measures without ties share a null, a measure with ties has its own, and none hangs on the order of the models.
func TestNulls(t *testing.T) {
	rs := study.Of(plotstest.Zoo(1))
	p := cohortOf(rs, comparedBy(study.Stopped))
	p.score(scoreTau, study.Value("gradnorm"))
	p.score(scoreTau, study.Value("norm"))
	if len(p.nulls) != 1 {
		t.Errorf("%d nulls of two measures without ties", len(p.nulls))
	}
	p.score(scoreTau, study.Key("batch_size"))
	if len(p.nulls) != 2 {
		t.Errorf("%d nulls with one that ties", len(p.nulls))
	}
	if got := equalText([]float64{3, 1, 3, 2, 1, 3}); got != "2 1 3 " {
		t.Errorf("%q", got)
	}
}

// Names stand a row apart, as near to their lines as it goes, inside the panel.
func TestApart(t *testing.T) {
	for _, c := range []struct{ in, want []vg.Length }{
		{[]vg.Length{10, 30}, []vg.Length{10, 30}},
		{[]vg.Length{10, 10}, []vg.Length{5, 15}},
		{[]vg.Length{0, 1, 2}, []vg.Length{0, 10, 20}},
		{[]vg.Length{20, 28, 36}, []vg.Length{18, 28, 38}},
		{[]vg.Length{99, 100}, []vg.Length{90, 100}},
		{nil, nil},
	} {
		got := apart(c.in, 10, 0, 100)
		if !slices.EqualFunc(got, c.want, func(a, b vg.Length) bool { return math.Abs(float64(a-b)) < 1e-9 }) {
			t.Errorf("%v: %v, want %v", c.in, got, c.want)
		}
	}
}
