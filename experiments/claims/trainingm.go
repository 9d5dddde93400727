package claims

import (
	"fmt"
	"math"
	"slices"

	"msharp/harness/study"
	"msharp/harness/verdict"
)

// TrainingM is the claims about the m of the training, in either reading of several settings: what the middle panel of Figure 3 of Foret et
// al. 2021 (arXiv:2010.01412) shows. A run that diverged counts as one of error 1.
func TrainingM(read Reading) []verdict.Claim {
	of := func(s Statistic) func(t *study.Trials) ([]verdict.Part, string) { return read(study.LastEpoch, s) }
	return []verdict.Claim{
		{
			ID:        "error-rises-with-m",
			Text:      "At small ρ (ρ ≤ .05) the test error rises with m.",
			Unit:      "points of test error a step of m",
			Direction: +1,
			Smallest:  .05, // five values of m then differ by .2 points, 7 images of 3452
			Clause:    "at small ρ (ρ ≤ .05) the test error changes by %s points a step of m",
			Of:        of(errorRises),
		},
		{
			ID:        "u-shape",
			Text:      "At every m the test error is a U over ρ: at its best ρ it is below both ρ = 0 and the largest ρ.",
			Unit:      "points of test error",
			Direction: +1,
			Smallest:  .2, // a fiftieth of an error of ten percent: 7 images of 3452
			Of:        of(uShape),
		},
		{
			ID:        "best-rho-moves-right",
			Text:      "The best ρ grows with m.",
			Unit:      "doublings of ρ a step of m",
			Direction: +1,
			Smallest:  .25, // one step of a grid that doubles ρ, over five values of m
			Of:        of(bestRhoMoves),
		},
		{
			ID:        "tuned-small-m-wins",
			Text:      "With ρ tuned for each m, m = 4 and m = 16 have a lower test error than m = batch.",
			Unit:      "points of test error",
			Direction: -1,
			Smallest:  .2, // as in u-shape
			Clause:    "with ρ tuned, the test error at small m differs from that at m = batch by %s points",
			Of:        of(tunedSmallM),
		},
		{
			ID:        "curves-cross",
			Text:      "The curves cross: at small ρ (ρ ≤ .05) the test error rises with m, at the largest ρ it falls.",
			Unit:      "points of test error a step of m, the fall counted as positive",
			Direction: +1,
			Smallest:  .05, // as in error-rises-with-m
			Of:        of(curvesCross),
		},
	}
}

// errorRises is the slope of the test error over the index of m, mean over ρ ≤ .05. A line over m that lacks one is
// left out; a run that diverged has error 1.
func errorRises(c study.Curves) ([]Draft, string) {
	small := slices.DeleteFunc(slices.Clone(c.Rhos), func(rho float64) bool { return rho > study.SmallRho })
	return slopes(c, +1, small, "no trial with 0 < ρ ≤ .05")
}

// errorFalls is minus the slope at the largest ρ > .05 at which every m was swept.
func errorFalls(c study.Curves) ([]Draft, string) {
	large := slices.DeleteFunc(c.Everywhere(), func(rho float64) bool { return rho <= study.SmallRho })
	return slopes(c, -1, large[max(len(large)-1, 0):], "no ρ > .05 at which every m was swept")
}

// slopes is the mean slope of the test error over the index of m at the given radii, times sign.
func slopes(c study.Curves, sign float64, rhos []float64, none string) ([]Draft, string) {
	switch {
	case len(c.Ms) < 2:
		return nil, fewM(c)
	case len(rhos) == 0:
		return nil, none
	}
	out := study.Means{}
	var lines study.Tally
	for _, rho := range rhos {
		line := c.Across(rho)
		for _, seed := range c.Seeds {
			b, ok := study.LineSlope(line, seed)
			if lines.All++; !ok {
				lines.Left++
				continue
			}
			out.Add(seed, sign*b)
		}
	}
	return []Draft{{Values: out}}, lines.Text("lines (seed, ρ)", "an m")
}

// curvesCross has the two ends as parts: a difference of the differences would be large where the curves only part.
func curvesCross(c study.Curves) ([]Draft, string) {
	rises, said := errorRises(c)
	if len(rises) == 0 {
		return nil, said
	}
	falls, more := errorFalls(c)
	if len(falls) == 0 {
		return nil, more
	}
	if more == said {
		more = ""
	}
	rises[0].Name, falls[0].Name = "at small ρ", "at the largest ρ"
	return append(rises, falls...), Join(said, more)
}

// uShape has two parts for every m: how much higher the error is at ρ = 0, and at the largest ρ, than at the best ρ
// between them, that of the other seeds' smallest mean validation error. p is for some ρ between having the lower
// error: see verdict.Search.
func uShape(c study.Curves) (drafts []Draft, said string) {
	if lone := Lone(c.Seeds); lone != "" {
		return nil, lone
	}
	var seeds study.Tally
	for _, m := range c.Ms {
		arm := func(where, end string) Draft {
			return Draft{
				Name:   fmt.Sprintf("m = %s, the arm %s of the best ρ", verdict.Num(m), where),
				Needs:  "needs, in two seeds, every ρ with a validation error and a run at " + end,
				Search: verdict.Search{},
			}
		}
		left, right := arm("left", "ρ = 0"), arm("right", "the largest ρ")
		if line := c.At[m]; len(line) < 2 {
			said = fmt.Sprintf("m = %s has no ρ between 0 and the largest", verdict.Num(m))
		} else {
			last := line[len(line)-1]
			inner := c.Side(func(rho float64) bool { return rho < last.Rho }, m)
			best, n := study.Meet(c.Seeds, []float64{1}, inner)
			seeds.Add(n)
			left.above(best, c.Base, inner)
			right.above(best, last.Runs, inner)
		}
		drafts = append(drafts, left, right)
	}
	return drafts, Join(said, seeds.Text("curves (seed, m)", "a ρ or its validation error"))
}

// above adds how much higher the test error of runs is than the best of options, as the contest chose it.
func (d *Draft) above(best study.Contest, end study.Runs, options study.Side) {
	for i, b := range best.Values() {
		seed := best.Seeds[i]
		if p, ok := end.Of(seed); ok {
			d.Values.Add(seed, 100*(p.Test-b))
			d.Search.Add(seed, p, options)
		}
	}
}

// bestRhoMoves is the slope of log₂ ρ* over the index of m, ρ* > 0 the radius of the seed's smallest test error at that
// m, the geometric mean of equal ones. It is where the minimum lies, not how low: the test error is fair, is what the
// paper shows, and has the most images. Only seeds with every ρ at every m count.
func bestRhoMoves(c study.Curves) ([]Draft, string) {
	switch {
	case len(c.Ms) < 2:
		return nil, fewM(c)
	case len(c.Rhos) < 2:
		return nil, fmt.Sprintf("one ρ > 0 (%s), needs two", List(c.Rhos))
	}
	out := study.Means{}
	var seeds study.Tally
	for _, seed := range c.Seeds {
		var logs []float64
		for _, m := range c.Ms {
			if best, _, ok := study.BestRho(c.At[m], seed, study.TestOf); ok {
				logs = append(logs, math.Log2(best))
			}
		}
		if seeds.All++; len(logs) < len(c.Ms) {
			seeds.Left++
			continue
		}
		out.Add(seed, study.Slope(logs))
	}
	return []Draft{{Values: out}}, seeds.Text("seeds", "a (ρ, m)")
}

// tunedSmallM is the test error at m = 4, and at m = 16, minus that at m = batch, each at the ρ of the other seeds'
// smallest mean validation error.
func tunedSmallM(c study.Curves) (drafts []Draft, said string) {
	if lone := Lone(c.Seeds); lone != "" {
		return nil, lone
	}
	var seeds study.Tally
	for _, m := range []float64{4, 16} {
		lead, n, ok := c.Lead(m)
		if !ok || len(lead.Seeds) == 0 {
			said = Join(said, "m = "+verdict.Num(m)+" is not compared: it and m = batch need, in two seeds, every ρ with a validation error")
			continue
		}
		seeds.Add(n)
		d := Draft{
			Name:     fmt.Sprintf("m = %s against m = batch", verdict.Num(m)),
			Contests: map[float64][]study.Contest{m: {lead}},
		}
		for i, x := range lead.Values() {
			d.Values.Add(lead.Seeds[i], -x)
		}
		drafts = append(drafts, d)
	}
	return drafts, Join(said, seeds.Text("seeds", "a ρ or its validation error"))
}
