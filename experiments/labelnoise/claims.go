package main

import (
	"fmt"
	"maps"
	"slices"

	"msharp/experiments/claims"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

// table4 is what Table 4 of Foret et al. 2021 (arXiv:2010.01412) claims of training on wrong labels, at every noise level that was swept,
// test labels clean. Errors are those of the last epoch, and in the claims that end in -best-val those of the epoch of the run's own
// smallest validation error, which trials with test_at: best_val record. ρ, and m where it is tuned, are those of the seed's smallest
// validation error, last or best likewise, on labels as noisy as the training ones.
var table4 = []verdict.Claim{
	{
		ID:        "sam-beats-sgd",
		Text:      "At every level of label noise SAM, with m and ρ tuned, has a lower test error than SGD.",
		Unit:      "points of test error",
		Direction: +1,
		Smallest:  .5, // a twentieth of a clean error of ten percent, and of the paper's gain at 20 %
		Clause:    "the test error of SGD less that of SAM, with m and ρ tuned, is %s points",
		Of:        samBeatsSGD(study.LastEpoch),
		Others:    byOthers(samBeatsSGD, study.LastEpoch),
	},
	{
		ID:        "small-m-beats-batch",
		Text:      "At every level of label noise SAM at m = 1 or 16, with m and ρ tuned, has a lower test error than SAM at m = batch.",
		Unit:      "points of test error",
		Direction: +1,
		Smallest:  .2, // as in the m-sweep's tuned-small-m-wins
		Clause:    "the test error of SAM at m = batch less that at small m is %s points",
		Of:        smallMBeatsBatch(study.LastEpoch),
		Others:    byOthers(smallMBeatsBatch, study.LastEpoch),
	},
	{
		ID:        "gain-grows-with-noise",
		Text:      "The more labels are wrong, the more SAM, with m and ρ tuned, gains over SGD.",
		Unit:      "points of test error a step of 20 % of the labels",
		Direction: +1,
		Smallest:  .5, // two points from clean labels to four fifths wrong
		Clause:    "the gain of SAM over SGD grows by %s points a step of 20 % of wrong labels",
		Of:        gainGrows(study.LastEpoch),
		Others:    byOthers(gainGrows, study.LastEpoch),
	},
	{
		ID: "sam-beats-sgd-best-val",
		Text: "At every level of label noise SAM, with m and ρ tuned, has a lower test error than SGD, " +
			"each at its epoch of best validation.",
		Unit:      "points of test error",
		Direction: +1,
		Smallest:  .5, // as in sam-beats-sgd
		Clause:    "at the epochs of best validation the test error of SGD less that of SAM is %s points",
		Of:        samBeatsSGD(study.BestEpoch),
		Others:    byOthers(samBeatsSGD, study.BestEpoch),
	},
	{
		ID: "small-m-beats-batch-best-val",
		Text: "At every level of label noise SAM at m = 1 or 16, with m and ρ tuned, has a lower test error than SAM at m = batch, " +
			"each at its epoch of best validation.",
		Unit:      "points of test error",
		Direction: +1,
		Smallest:  .2, // as in small-m-beats-batch
		Of:        smallMBeatsBatch(study.BestEpoch),
		Others:    byOthers(smallMBeatsBatch, study.BestEpoch),
	},
}

func byOthers(of func(study.Errors) verdict.Reading, e study.Errors) []verdict.Variant {
	return []verdict.Variant{{Name: "tuned on the other seeds' validation images", Of: of(e.ByOthers())}}
}

// byNoise reads a statistic of one draft at every level of noise: a part for each, over all settings there.
func byNoise(e study.Errors, what string, of claims.Statistic) verdict.Reading {
	return func(t *study.Trials) (parts []verdict.Part, missing string) {
		if e.Test.Name == study.BestEpoch.Test.Name && !t.Has(study.Value(e.Test.Name)) {
			return nil, "no record has a test error at its epoch of best validation (" + e.Test.Name + "): needs test_at: best_val"
		}
		for _, level := range t.Levels(study.Noise) {
			name := fmt.Sprintf("label noise %s, %s", verdict.Num(level.Value), what)
			found, said := claims.Overall(e, of)(level.Trials)
			if len(found) == 0 {
				return nil, name + ": " + said
			}
			found[0].Name = name
			parts = append(parts, found...)
			if said != "" {
				missing = claims.Join(missing, name+": "+said)
			}
		}
		return parts, missing
	}
}

// gains is SAM, over all m and ρ, as a side whose test errors are leads over the seed's base run.
func gains(c study.Curves) study.Side {
	s := c.Side(study.EveryRho, c.Ms...)
	for i := range s {
		s[i].Runs = s[i].Pick(func(seed uint64, p study.Point) (study.Point, bool) {
			sgd, ok := c.Base.Of(seed)
			return study.Point{Test: sgd.Test - p.Test, Val: p.Val}, ok
		})
	}
	return s
}

func samBeatsSGD(e study.Errors) verdict.Reading {
	return byNoise(e, "SAM against SGD", func(c study.Curves) ([]claims.Draft, string) {
		gain, n := study.Meet(e, c.Seeds, []float64{100}, gains(c))
		d := claims.Draft{Needs: "needs, in two seeds, a run at ρ = 0 and every (m, ρ) with a validation error"}
		for i, x := range gain.Values() {
			d.Values.Add(gain.Seeds[i], x)
		}
		return []claims.Draft{d}, n.Text("seeds", "a run or its validation error")
	})
}

// smallMBeatsBatch tunes m, 1 or 16, with ρ.
func smallMBeatsBatch(e study.Errors) verdict.Reading {
	return byNoise(e, "m = 1 or 16 against m = batch", func(c study.Curves) ([]claims.Draft, string) {
		d := claims.Draft{Needs: "needs, in two seeds, m = 1 or 16, and m = batch, with every ρ and a validation error"}
		var small []float64
		for _, m := range []float64{1, 16} {
			if m < c.Batch && study.MeetsAt(c.At[m], c.At[c.Batch]) {
				small = append(small, m)
			}
		}
		if len(small) == 0 {
			return []claims.Draft{d}, ""
		}
		lead, n := study.Meet(e, c.Seeds, []float64{100, -100}, c.Side(study.EveryRho, c.Batch), c.Side(study.EveryRho, small...))
		for i, x := range lead.Values() {
			d.Values.Add(lead.Seeds[i], x)
		}
		return []claims.Draft{d}, n.Text("seeds", "a ρ or its validation error")
	})
}

// gainGrows is the slope of the gain over the noise, for seeds that have it at every level.
func gainGrows(e study.Errors) verdict.Reading {
	return func(t *study.Trials) ([]verdict.Part, string) {
		levels := t.Levels(study.Noise)
		noise := make([]float64, len(levels))
		for i, level := range levels {
			noise[i] = level.Value
		}
		if len(noise) < 2 {
			return nil, fmt.Sprintf("one level of label noise (%s), needs two", claims.List(noise))
		}
		bySetting := map[string][]study.Side{}
		var seeds []uint64
		for _, level := range levels {
			curves, missing := level.Curves(e)
			if missing != "" {
				return nil, fmt.Sprintf("label noise %s: %s", verdict.Num(level.Value), missing)
			}
			for _, c := range curves {
				bySetting[c.Setting] = append(bySetting[c.Setting], gains(c))
				seeds = append(seeds, c.Seeds...)
			}
		}
		slices.Sort(seeds)
		seeds = slices.Compact(seeds)
		weight := study.SlopeWeights(noise)
		for i := range weight {
			weight[i] *= 100 * .2
		}
		out := study.Means{}
		var n study.Tally
		for _, k := range slices.Sorted(maps.Keys(bySetting)) {
			if len(bySetting[k]) < len(noise) {
				continue
			}
			c, left := study.Meet(e, seeds, weight, bySetting[k]...)
			n.Add(left)
			for i, x := range c.Values() {
				out.Add(c.Seeds[i], x)
			}
		}
		if len(out.Seeds()) == 0 {
			return nil, "needs, in two seeds and at every level of noise, a run at ρ = 0 and every (m, ρ) with a validation error"
		}
		return []verdict.Part{{Statistic: study.Statistic{BySeed: out.PerSeed()}}}, n.Text("seeds", "a level of noise")
	}
}
