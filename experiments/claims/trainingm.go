package claims

import (
	"fmt"
	"math"
	"slices"

	"msharp/harness/study"
	"msharp/harness/verdict"
)

// TrainingM is the claims about the m of the training, in either reading of several settings: what the middle panel of Figure 3 of Foret et
// al. 2021 (arXiv:2010.01412) shows. A run that diverged counts as one of error 1. At one small ρ for all m the gradients of small groups
// are longer, so that small m is favoured by construction: the claim about tuned ρ is the fair one, and stands first.
func TrainingM(read Reading) []verdict.Claim {
	own := func(s Statistic) verdict.Reading { return read(study.LastEpoch, s) }
	byOthers := func(s Statistic) []verdict.Variant {
		return []verdict.Variant{{Name: "tuned on the other seeds' validation images", Of: read(study.LastEpoch.ByOthers(), s)}}
	}
	return []verdict.Claim{
		{
			ID:        "tuned-small-m-wins",
			Text:      "With ρ tuned for each m, m = 4 and m = 16 have a lower test error than m = batch.",
			Unit:      "points of test error",
			Direction: -1,
			Smallest:  .2, // a fiftieth of an error of ten percent: 20 images of 10,000
			Clause:    "with ρ tuned, the test error at small m differs from that at m = batch by %s points",
			Of:        own(tunedSmallM),
			Others:    byOthers(tunedSmallM),
		},
		{
			ID:        "error-rises-with-m",
			Text:      "At small ρ (ρ ≤ .05) the test error rises with m.",
			Unit:      "points of test error a step of m",
			Direction: +1,
			Smallest:  .05, // five values of m then differ by .2 points, as in tuned-small-m-wins
			Clause:    "at small ρ (ρ ≤ .05) the test error changes by %s points a step of m",
			Of:        own(errorRises),
		},
		{
			ID:        "u-shape",
			Text:      "At every m the test error is a U over ρ: at its best ρ it is below both ρ = 0 and the largest ρ that still trains.",
			Unit:      "points of test error",
			Direction: +1,
			Smallest:  .2, // as in tuned-small-m-wins
			Of:        own(uShape),
			Others:    byOthers(uShape),
		},
		{
			ID:        "best-rho-moves-right",
			Text:      "The best ρ grows with m.",
			Unit:      "doublings of ρ a step of m",
			Direction: +1,
			Smallest:  .25, // one step of a grid that doubles ρ, over five values of m
			Of:        own(bestRhoMoves(study.ValOf)),
			Others:    []verdict.Variant{{Name: "the best ρ of the test error itself", Of: own(bestRhoMoves(study.TestOf))}},
		},
		{
			ID:        "curves-cross",
			Text:      "The curves cross: at the largest ρ at which any m still trains, the test error falls with m.",
			Unit:      "points of test error a step of m, the fall counted as positive",
			Direction: +1,
			Smallest:  .05, // as in error-rises-with-m
			Of:        own(errorFalls),
		},
	}
}

// errorRises is the slope of the test error over the index of m, mean over ρ ≤ .05. A line over m that lacks one is
// left out; a run that diverged has error 1.
func errorRises(c study.Curves) ([]Draft, string) {
	small := slices.DeleteFunc(slices.Clone(c.Rhos), func(rho float64) bool { return rho > study.SmallRho })
	return slopes(c, +1, small, "no trial with 0 < ρ ≤ .05")
}

// errorFalls is minus the slope at the largest ρ > .05 at which every m was swept and some m still trains, see study.Curves.SomeTrain. Were it
// for one m to say where, it would be asked where that m had luck.
func errorFalls(c study.Curves) ([]Draft, string) {
	if len(c.Ms) < 2 {
		return nil, fewM(c)
	}
	train, missing := c.SomeTrain()
	if missing != "" {
		return nil, missing
	}
	large := slices.DeleteFunc(train, func(rho float64) bool { return rho <= study.SmallRho })
	return slopes(c, -1, large[max(len(large)-1, 0):], "no ρ > .05 at which every m was swept and any trains")
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

// uShape has two parts for every m: how much higher the test error is at ρ = 0, and at the largest ρ that still trains, than at the best ρ
// between them. Where a curve has no bottom inside its grid, the claim cannot be read.
func uShape(c study.Curves) (drafts []Draft, said string) {
	var seeds study.Tally
	for _, m := range c.Ms {
		arm := func(where, end string) Draft {
			return Draft{
				Name:  fmt.Sprintf("m = %s, the arm %s of the best ρ", verdict.Num(m), where),
				Needs: "needs, in two seeds, every ρ with a validation error, and a run at " + end,
			}
		}
		left, right := arm("left", "ρ = 0"), arm("right", "the largest ρ that trains")
		end, missing := c.Bottom(m)
		if missing != "" {
			return nil, missing
		}
		inner := c.Side(func(rho float64) bool { return rho < end.Rho }, m)
		best, n := study.Meet(c.Errors, c.Seeds, []float64{1}, inner)
		seeds.Add(n)
		left.above(best, c.Base)
		right.above(best, end.Runs)
		drafts = append(drafts, left, right)
	}
	return drafts, seeds.Text("curves (seed, m)", "a ρ or its validation error")
}

// above adds how much higher the test error of runs is than the best of options, as the contest chose it.
func (d *Draft) above(best study.Contest, end study.Runs) {
	for i, b := range best.Values() {
		if p, ok := end.Of(best.Seeds[i]); ok {
			d.Values.Add(best.Seeds[i], 100*(p.Test-b))
		}
	}
}

// bestRhoMoves is the slope of log₂ ρ* over the index of m, ρ* > 0 the radius of the seed's smallest error at that m, the geometric mean of
// equal ones. Only seeds with every ρ at every m count.
func bestRhoMoves(error func(study.Point) float64) Statistic {
	return func(c study.Curves) ([]Draft, string) {
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
				if best, _, ok := study.BestRho(c.At[m], seed, error); ok {
					logs = append(logs, math.Log2(best))
				}
			}
			if seeds.All++; len(logs) < len(c.Ms) {
				seeds.Left++
				continue
			}
			out.Add(seed, study.Slope(logs))
		}
		return []Draft{{Values: out, Needs: "needs every (ρ, m) with a validation error"}}, seeds.Text("seeds", "a (ρ, m)")
	}
}

// tunedSmallM is the test error at m = 4, and at m = 16, minus that at m = batch, each at the ρ of its smallest validation error.
func tunedSmallM(c study.Curves) (drafts []Draft, said string) {
	var seeds study.Tally
	for _, m := range []float64{4, 16} {
		if !slices.Contains(c.Ms, m) {
			said = Join(said, "m = "+verdict.Num(m)+" was not swept")
			continue
		}
		lead, n, ok := c.Lead(m)
		if !ok || len(lead.Seeds) == 0 {
			said = Join(said, "m = "+verdict.Num(m)+" is not compared: it and m = batch need, in two seeds, every ρ with a validation error")
			continue
		}
		seeds.Add(n)
		d := Draft{Name: fmt.Sprintf("m = %s against m = batch", verdict.Num(m))}
		for i, x := range lead.Values() {
			d.Values.Add(lead.Seeds[i], -x)
		}
		drafts = append(drafts, d)
	}
	return drafts, Join(said, seeds.Text("seeds", "a ρ or its validation error"))
}
