package verdict

import (
	"fmt"
	"math"
	"slices"
)

// Figure3 is what Figure 3 of Foret et al. 2021 (arXiv:2010.01412) shows, of a sweep over ρ and m: its middle panel
// in five claims about training m, its right panel in one about the m of the measure, and in one more that the paper
// does not make, with the loss gap. A run that diverged counts as one of error 1, and is no model to rank. Where other
// settings are swept too, a seed's value is the mean over them; predictive power ranks all models of a seed.
func Figure3() []Claim { return slices.Clone(figure3) }

var figure3 = append(trainingM(overall),
	Claim{
		ID:        "predictive-power-falls",
		Text:      "m-sharpness ranks models by their error gap the worse the larger the m of the measure.",
		Unit:      "Kendall τ a step of the measure's m",
		Direction: -1,
		Smallest:  .02, // a tenth of τ over six values of m: one pair of twenty ranked otherwise
		of:        single(powerFalls("error_gap", fitted)),
	},
	Claim{
		ID:        "predictive-power-falls-loss",
		Text:      "m-sharpness ranks models by their loss gap the worse the larger the m of the measure.",
		Unit:      "Kendall τ a step of the measure's m",
		Direction: -1,
		Smallest:  .02, // as in predictive-power-falls
		of:        single(powerFalls("loss_gap", fitted)),
	},
)

// trainingM is the claims about training m, in either reading of their statistics.
func trainingM(read reading) []Claim {
	return []Claim{
		{
			ID:        "error-rises-with-m",
			Text:      "At small ρ (ρ ≤ .05) the test error rises with m.",
			Unit:      "points of test error a step of m",
			Direction: +1,
			Smallest:  .05, // five values of m then differ by .2 points, 7 images of 3452
			of:        read(errorRises),
		},
		{
			ID:        "u-shape",
			Text:      "At every m the test error is a U over ρ: at its best ρ it is below both ρ = 0 and the largest ρ.",
			Unit:      "points of test error",
			Direction: +1,
			Smallest:  .2, // a fiftieth of an error of ten percent: 7 images of 3452
			of:        read(uShape),
		},
		{
			ID:        "best-rho-moves-right",
			Text:      "The best ρ grows with m.",
			Unit:      "doublings of ρ a step of m",
			Direction: +1,
			Smallest:  .25, // one step of a grid that doubles ρ, over five values of m
			of:        read(bestRhoMoves),
		},
		{
			ID:        "tuned-small-m-wins",
			Text:      "With ρ tuned for each m, m = 4 and m = 16 have a lower test error than m = batch.",
			Unit:      "points of test error",
			Direction: -1,
			Smallest:  .2, // as in u-shape
			of:        read(tunedSmallM),
		},
		{
			ID:        "curves-cross",
			Text:      "The curves cross: at small ρ (ρ ≤ .05) the test error rises with m, at the largest ρ it falls.",
			Unit:      "points of test error a step of m, the fall counted as positive",
			Direction: +1,
			Smallest:  .05, // as in error-rises-with-m
			of:        read(curvesCross),
		},
	}
}

// errorRises is the slope of the test error over the index of m, mean over ρ ≤ .05. A line over m that lacks one is
// left out; a run that diverged has error 1.
func errorRises(c curves) ([]finding, string) {
	small := slices.DeleteFunc(slices.Clone(c.rhos), func(rho float64) bool { return rho > smallRho })
	return c.slopes(+1, small, "no trial with 0 < ρ ≤ .05")
}

// errorFalls is minus the slope at the largest ρ > .05 at which every m was swept.
func errorFalls(c curves) ([]finding, string) {
	large := slices.DeleteFunc(c.everywhere(), func(rho float64) bool { return rho <= smallRho })
	return c.slopes(-1, large[max(len(large)-1, 0):], "no ρ > .05 at which every m was swept")
}

// slopes is the mean slope of the test error over the index of m at the given radii, times sign.
func (c curves) slopes(sign float64, rhos []float64, none string) ([]finding, string) {
	switch {
	case len(c.ms) < 2:
		return nil, fewM(c)
	case len(rhos) == 0:
		return nil, none
	}
	out := means{}
	var lines tally
	for _, rho := range rhos {
		line := c.across(rho)
		for _, seed := range c.seeds {
			b, ok := lineSlope(line, seed)
			if lines.all++; !ok {
				lines.left++
				continue
			}
			out.add(seed, sign*b)
		}
	}
	return []finding{{values: out}}, lines.text("lines (seed, ρ)", "an m")
}

func fewM(c curves) string { return fmt.Sprintf("one training m (%s), needs two", list(c.ms)) }

// curvesCross has the two ends as parts: a difference of the differences would be large where the curves only part.
func curvesCross(c curves) ([]finding, string) {
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
	rises[0].name, falls[0].name = "at small ρ", "at the largest ρ"
	return append(rises, falls...), join(said, more)
}

// uShape has two parts for every m: how much higher the error is at ρ = 0, and at the largest ρ, than at the best ρ
// between them, that of the other seeds' smallest mean validation error. p is for some ρ between having the lower
// error: see search.
func uShape(c curves) (fs []finding, said string) {
	if lone := c.lone(); lone != "" {
		return nil, lone
	}
	var seeds tally
	for _, m := range c.ms {
		arm := func(where, end string) finding {
			return finding{
				name:   fmt.Sprintf("m = %s, the arm %s of the best ρ", num(m), where),
				needs:  "needs, in two seeds, every ρ with a validation error and a run at " + end,
				search: search{},
			}
		}
		left, right := arm("left", "ρ = 0"), arm("right", "the largest ρ")
		if line := c.at[m]; len(line) < 2 {
			said = fmt.Sprintf("m = %s has no ρ between 0 and the largest", num(m))
		} else {
			last := line[len(line)-1]
			inner := c.side(func(rho float64) bool { return rho < last.rho }, m)
			best, n := meet(c.seeds, []float64{1}, inner)
			seeds.add(n)
			left.above(best, c.base, inner)
			right.above(best, last.runs, inner)
		}
		fs = append(fs, left, right)
	}
	return fs, join(said, seeds.text("curves (seed, m)", "a ρ or its validation error"))
}

// above is how much higher the test error of runs is than the best of options, as the contest chose it.
func (f *finding) above(best contest, end runs, options side) {
	for i, b := range best.values() {
		seed := best.seeds[i]
		if p, ok := end.of(seed); ok {
			f.values.add(seed, 100*(p.test-b))
			f.search.add(seed, p, options)
		}
	}
}

// bestRhoMoves is the slope of log₂ ρ* over the index of m, ρ* > 0 the radius of the seed's smallest test error at that
// m, the geometric mean of equal ones. It is where the minimum lies, not how low: the test error is fair, is what the
// paper shows, and has the most images. Only seeds with every ρ at every m count.
func bestRhoMoves(c curves) ([]finding, string) {
	switch {
	case len(c.ms) < 2:
		return nil, fewM(c)
	case len(c.rhos) < 2:
		return nil, fmt.Sprintf("one ρ > 0 (%s), needs two", list(c.rhos))
	}
	out := means{}
	var seeds tally
	for _, seed := range c.seeds {
		var logs []float64
		for _, m := range c.ms {
			if best := bestRho(c.at[m], seed); !math.IsNaN(best) {
				logs = append(logs, math.Log2(best))
			}
		}
		if seeds.all++; len(logs) < len(c.ms) {
			seeds.left++
			continue
		}
		out.add(seed, slope(logs))
	}
	return []finding{{values: out}}, seeds.text("seeds", "a (ρ, m)")
}

// bestRho returns the radius of the smallest test error of a seed along a line over ρ, the geometric mean of equal ones; NaN
// where one is missing.
func bestRho(line []radius, seed uint64) float64 {
	least := math.Inf(1)
	var logs mean
	for _, r := range line {
		p, ok := r.of(seed)
		if !ok {
			return nan
		}
		if p.test < least {
			least, logs = p.test, mean{}
		}
		if p.test == least {
			logs.sum, logs.n = logs.sum+math.Log(r.rho), logs.n+1
		}
	}
	return math.Exp(logs.sum / logs.n)
}

// tunedSmallM is the test error at m = 4, and at m = 16, minus that at m = batch, each at the ρ of the other seeds'
// smallest mean validation error.
func tunedSmallM(c curves) (fs []finding, said string) {
	if lone := c.lone(); lone != "" {
		return nil, lone
	}
	var seeds tally
	for _, m := range []float64{4, 16} {
		lead, n, ok := c.lead(m)
		if !ok || len(lead.seeds) == 0 {
			said = join(said, "m = "+num(m)+" is not compared: it and m = batch need, in two seeds, every ρ with a validation error")
			continue
		}
		seeds.add(n)
		f := finding{
			name:     fmt.Sprintf("m = %s against m = batch", num(m)),
			contests: map[float64][]contest{m: {lead}},
		}
		for i, x := range lead.values() {
			f.values.add(lead.seeds[i], -x)
		}
		fs = append(fs, f)
	}
	return fs, join(said, seeds.text("seeds", "a ρ or its validation error"))
}

// lead is how much lower the tuned test error of m is than that of m = batch, in points; not ok unless both were swept,
// at some equal radius.
func (c curves) lead(m float64) (d contest, n tally, ok bool) {
	if m >= c.batch || !meetsAt(c.at[m], c.at[c.batch]) {
		return d, n, false
	}
	d, n = meet(c.seeds, []float64{100, -100}, c.side(every, c.batch), c.side(every, m))
	return d, n, true
}

// meetsAt reports that two lines over ρ have a radius in common.
func meetsAt(a, b []radius) bool {
	return slices.ContainsFunc(a, func(r radius) bool { _, ok := radiusAt(b, r.rho); return ok })
}
