package main

import (
	"fmt"
	"slices"
	"strings"

	"msharp/experiments/claims"
	"msharp/harness/parallel"
	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

// robust asks of the m-sweep's claims about the m of the training whether they hang on the learning rate, and whether SAM has anything
// to add to tuned SGD. It is of the m-sweep at several settings, as learning rate and weight decay, and of SGD (ρ = 0) over a grid of
// these. A claim about training m has parts of its own for each setting with SAM, and holds only where it does at every one.
var robust = append(atEverySetting(claims.TrainingM(claims.Apiece)), verdict.Claim{
	ID:        "sam-beats-tuned-sgd",
	Text:      "SAM, with its setting, m and ρ tuned, has a lower test error than SGD with its setting tuned.",
	Unit:      "points of test error",
	Direction: +1,
	Smallest:  .2, // as in u-shape
	Clause:    "the test error of SGD less that of SAM, both with their settings tuned, is %s points",
	Of:        samBeatsTunedSGD,
})

func atEverySetting(cs []verdict.Claim) []verdict.Claim {
	for i, c := range cs {
		cs[i].Text = "At every setting: " + strings.ToLower(c.Text[:1]) + c.Text[1:]
	}
	return cs
}

// samBeatsTunedSGD is the test error of SGD minus that of SAM, in points. Both have the option of the other seeds'
// smallest mean validation error, SGD among its settings, SAM among its settings, m and ρ.
func samBeatsTunedSGD(t *study.Trials) ([]verdict.Part, string) {
	curves, missing := t.Curves(study.LastEpoch)
	if missing != "" {
		return nil, missing
	}
	sgd, sam := t.Base().Options(study.LastEpoch), options(curves)
	if missing = untunable(t, sgd); missing != "" {
		return nil, missing
	}
	lead, seeds := study.Meet(t.Seeds(), []float64{100, -100}, sgd, sam)
	if len(lead.Seeds) == 0 {
		return nil, "needs, in two seeds, every run of SGD and of SAM with a validation error"
	}
	said := "SGD, of " + chose(lead, 0, sgd) + "; SAM, of " + chose(lead, 1, sam)
	return []verdict.Part{{BySeed: lead.PerSeed(), P: lower(lead)}},
		claims.Join(said, seeds.Text("seeds", "a run or its validation error"))
}

// lower is p against "no option of the second side has a lower expected test error than the best of the first's". Whichever
// of these that is, some option of the second has to beat it: p is the largest, over the first's options, of the p of a search
// for one that does (an intersection-union test, Berger 1982, of max-T tests). It is of test errors alone, and so valid
// whatever validation chooses: of simulated sweeps in which m and ρ do nothing it finds an effect in 2 %, sign flips of the
// tuned values in 10 %. To reverse sides is no test here, where one has options that the other lacks, and many more.
func lower(c study.Contest) float64 {
	first, second := present(c.Points[0]), present(c.Points[1])
	ps := make([]float64, len(first))
	parallel.Spans(len(first), func(from, to int) {
		columns := make([][]float64, len(second))
		for k := range columns {
			columns[k] = make([]float64, len(c.Seeds))
		}
		for i := from; i < to; i++ {
			for k, option := range second {
				for seed, p := range option {
					columns[k][seed] = 100 * (first[i][seed].Test - p.Test)
				}
			}
			ps[i] = stats.MaxT(columns)
		}
	})
	return slices.Max(ps)
}

// present are the options that a side has.
func present(options [][]study.Point) [][]study.Point {
	return slices.DeleteFunc(slices.Clone(options), func(o []study.Point) bool { return o == nil })
}

// options is SAM as one side, at all settings, m and ρ.
func options(curves []study.Curves) (s study.Side) {
	for _, c := range curves {
		for _, o := range c.Side(study.EveryRho, c.Ms...) {
			if o.Setting = c.Setting; len(c.Ms) == 1 {
				o.M = c.Ms[0]
			}
			s = append(s, o)
		}
	}
	return s
}

// untunable says why SGD and SAM cannot be tuned over what was swept; empty where they can.
func untunable(t *study.Trials, sgd study.Side) string {
	if lone := claims.Lone(t.Seeds()); lone != "" {
		return lone
	}
	for _, k := range t.Swept() {
		if study.OfData(k) {
			return k + " was swept, which is nothing to tune"
		}
	}
	if len(sgd) < 2 {
		return fmt.Sprintf("SGD (ρ = 0) has %s with a validation error, needs two to be tuned", record.Plural(len(sgd), "setting"))
	}
	return ""
}

// chose is how many options the i-th side has, and the one that most seeds choose.
func chose(c study.Contest, i int, options study.Side) string {
	k, n := c.Favourite(i)
	text := k.Setting
	if k.Rho > 0 {
		text = strings.TrimPrefix(fmt.Sprintf("%s, m = %s, ρ = %s", text, verdict.Num(k.M), verdict.Num(k.Rho)), ", ")
	}
	return fmt.Sprintf("%d options, at %s for %d of %d seeds", len(options), text, n, len(c.Seeds))
}
