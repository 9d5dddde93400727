package main

import (
	"fmt"
	"strings"

	"msharp/experiments/claims"
	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

// robust asks of the m-sweep's claims about the m of the training whether they hang on the learning rate, and whether SAM has anything
// to add to tuned SGD. It is of the m-sweep at several settings, as learning rate and weight decay, and of SGD (ρ = 0) over a grid of
// these. A claim about training m has parts of its own for each setting with SAM, and holds only where it does at every one.
var robust = append(atEverySetting(claims.TrainingM(claims.Apiece)), verdict.Claim{
	ID:        "sam-beats-tuned-sgd",
	Text:      "SAM, with its setting, m and ρ tuned, has a lower test error than SGD with its setting tuned, and than SGD at SAM's setting.",
	Unit:      "points of test error",
	Direction: +1,
	Smallest:  .2, // as in u-shape
	Clause:    "the test error of SGD less that of SAM is %s points",
	Of:        samBeatsTunedSGD(study.LastEpoch),
	Others:    []verdict.Variant{{Name: "tuned on the other seeds' validation images", Of: samBeatsTunedSGD(study.LastEpoch.ByOthers())}},
})

func atEverySetting(cs []verdict.Claim) []verdict.Claim {
	for i, c := range cs {
		cs[i].Text = "At every setting: " + strings.ToLower(c.Text[:1]) + c.Text[1:]
	}
	return cs
}

// samBeatsTunedSGD is the test error of SGD minus that of SAM, in points. Both have the option of the smallest validation error, SGD among
// its settings, SAM among its settings, m and ρ. That alone would be in SAM's favour: with more options at the best setting fewer of its
// seeds mistake the setting. So SAM has to beat SGD at the setting that SAM chose as well. It takes two settings of SGD, and nothing swept
// that belongs to the data.
func samBeatsTunedSGD(e study.Errors) verdict.Reading {
	return func(t *study.Trials) ([]verdict.Part, string) {
		curves, missing := t.Curves(e)
		if missing != "" {
			return nil, missing
		}
		sgd, sam := t.Base().Options(e), options(curves)
		if missing = untunable(t, sgd); missing != "" {
			return nil, missing
		}
		weight := []float64{100, -100}
		tuned, seeds := study.Meet(e, t.Seeds(), weight, sgd, sam)
		followed, _ := study.Meet(e, tuned.Seeds, weight, follow(sam, sgd), sam)
		if len(followed.Seeds) == 0 {
			return nil, "needs, in two seeds, every run of SGD and of SAM with a validation error, and SGD's at SAM's settings"
		}
		said := "SGD, of " + chose(tuned, 0, sgd) + "; SAM, of " + chose(tuned, 1, sam)
		return []verdict.Part{
			{Name: "SGD tuned", Statistic: study.Statistic{BySeed: tuned.PerSeed()}},
			{Name: "SGD at SAM's setting", Statistic: study.Statistic{BySeed: followed.PerSeed()}},
		}, claims.Join(said, seeds.Text("seeds", "a run or its validation error"))
	}
}

// follow is SGD at the setting that SAM chooses: SAM's options, chosen by SAM's validation errors, each with SGD's test errors at its setting.
func follow(sam, sgd study.Side) (s study.Side) {
	at := map[string]study.Runs{}
	for _, o := range sgd {
		at[o.Setting] = o.Runs
	}
	for _, o := range sam {
		s = append(s, study.Option{Choice: o.Choice, Runs: o.Pick(func(seed uint64, p study.Point) (study.Point, bool) {
			base, ok := at[o.Setting].Of(seed)
			return study.Point{Test: base.Test, Val: p.Val}, ok
		})})
	}
	return s
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
