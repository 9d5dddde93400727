package verdict

import (
	"fmt"
	"maps"
	"slices"
)

// LabelNoise is what Table 4 of Foret et al. 2021 claims of training on wrong labels, at every noise level that was
// swept, test labels clean. Errors are those of the last epoch, and in the claims that end in -best-val those of the
// epoch of the run's own smallest validation error, which trials with test_at: best_val record. ρ, and m where it is
// tuned, are those of the other seeds' smallest mean validation error, last or best likewise, on labels as noisy as the
// training ones.
func LabelNoise() []Claim { return slices.Clone(labelNoise) }

var labelNoise = []Claim{
	{
		ID:        "sam-beats-sgd",
		Text:      "At every level of label noise SAM, with m and ρ tuned, has a lower test error than SGD.",
		Unit:      "points of test error",
		Direction: +1,
		Smallest:  .5, // a twentieth of a clean error of ten percent, and of the paper's gain at 20 %
		of:        samBeatsSGD,
	},
	{
		ID:        "small-m-beats-batch",
		Text:      "At every level of label noise SAM at m = 1 or 16, with m and ρ tuned, has a lower test error than SAM at m = batch.",
		Unit:      "points of test error",
		Direction: +1,
		Smallest:  .2, // as in Figure3's tuned-small-m-wins
		of:        smallMBeatsBatch,
	},
	{
		ID:        "gain-grows-with-noise",
		Text:      "The more labels are wrong, the more SAM, with m and ρ tuned, gains over SGD.",
		Unit:      "points of test error a step of 20 % of the labels",
		Direction: +1,
		Smallest:  .5, // two points from clean labels to four fifths wrong
		of:        gainGrows,
	},
	{
		ID: "sam-beats-sgd-best-val",
		Text: "At every level of label noise SAM, with m and ρ tuned, has a lower test error than SGD, " +
			"each at its epoch of best validation.",
		Unit:      "points of test error",
		Direction: +1,
		Smallest:  .5, // as in sam-beats-sgd
		of:        atBestVal(samBeatsSGD),
	},
	{
		ID: "small-m-beats-batch-best-val",
		Text: "At every level of label noise SAM at m = 1 or 16, with m and ρ tuned, has a lower test error than SAM at m = batch, " +
			"each at its epoch of best validation.",
		Unit:      "points of test error",
		Direction: +1,
		Smallest:  .2, // as in small-m-beats-batch
		of:        atBestVal(smallMBeatsBatch),
	},
}

// atBestVal is a statistic of the errors at each run's epoch of best validation.
func atBestVal(of func(t *table) ([]Part, string)) func(t *table) ([]Part, string) {
	return func(t *table) ([]Part, string) {
		if t = t.best(); !t.has(t.errors.test) {
			return nil, "no record has a test error at its epoch of best validation (" + t.errors.test + "): needs test_at: best_val"
		}
		return of(t)
	}
}

// findLevels splits t by the share of wrong labels, ascending.
func (t *table) findLevels() (noise []float64, at map[float64]*table) {
	trials := map[float64][]trial{}
	for _, r := range t.trials {
		v, ok := r.number("data.label_noise")
		if !ok {
			v = 0
		}
		trials[v] = append(trials[v], r)
	}
	at = map[float64]*table{}
	for v, these := range trials {
		at[v] = newTable(these, t.errors)
	}
	return slices.Sorted(maps.Keys(at)), at
}

// byNoise reads a statistic of one finding overall, at every level of noise: a part for each.
func byNoise(t *table, what string, of statistic) (parts []Part, missing string) {
	noise, at := t.levels()
	for _, v := range noise {
		name := fmt.Sprintf("label noise %s, %s", num(v), what)
		found, said := overall(of)(at[v])
		if len(found) == 0 {
			return nil, name + ": " + said
		}
		found[0].Name = name
		parts = append(parts, found...)
		if said != "" {
			missing = join(missing, name+": "+said)
		}
	}
	return parts, missing
}

// gains is SAM, over all m and ρ, as a side whose test errors are leads over the seed's base run.
func (c curves) gains() side {
	s := c.side(every, c.ms...)
	for i := range s {
		s[i].runs = s[i].pick(func(seed uint64, p point) (point, bool) {
			sgd, ok := c.base.of(seed)
			return point{sgd.test - p.test, p.val}, ok
		})
	}
	return s
}

func samBeatsSGD(t *table) ([]Part, string) {
	return byNoise(t, "SAM against SGD", func(c curves) ([]finding, string) {
		if lone := c.lone(); lone != "" {
			return nil, lone
		}
		f := finding{
			needs:  "needs, in two seeds, a run at ρ = 0 and every (m, ρ) with a validation error",
			search: search{},
		}
		all := c.side(every, c.ms...)
		gain, n := meet(c.seeds, []float64{100}, c.gains())
		for i, x := range gain.values() {
			sgd, _ := c.base.of(gain.seeds[i])
			f.values.add(gain.seeds[i], x)
			f.search.add(gain.seeds[i], sgd, all)
		}
		return []finding{f}, n.text("seeds", "a run or its validation error")
	})
}

// smallMBeatsBatch tunes m with ρ. p is for m = 1 or 16: twice the smaller of theirs.
func smallMBeatsBatch(t *table) ([]Part, string) {
	return byNoise(t, "m = 1 or 16 against m = batch", func(c curves) ([]finding, string) {
		if lone := c.lone(); lone != "" {
			return nil, lone
		}
		f := finding{
			needs:    "needs m = 1 or 16, and m = batch, in two seeds with every ρ and a validation error",
			contests: map[float64][]contest{},
		}
		var small []float64
		for _, m := range []float64{1, 16} {
			if lead, _, ok := c.lead(m); ok {
				small = append(small, m)
				f.contests[m] = []contest{lead}
			}
		}
		if len(small) == 0 {
			return []finding{f}, ""
		}
		lead, n := meet(c.seeds, []float64{100, -100}, c.side(every, c.batch), c.side(every, small...))
		for i, x := range lead.values() {
			f.values.add(lead.seeds[i], x)
		}
		return []finding{f}, n.text("seeds", "a ρ or its validation error")
	})
}

// gainGrows is the slope of the gain over the noise, for seeds that have it at every level.
func gainGrows(t *table) ([]Part, string) {
	noise, at := t.levels()
	if len(noise) < 2 {
		return nil, fmt.Sprintf("one level of label noise (%s), needs two", list(noise))
	}
	if lone := t.lone(); lone != "" {
		return nil, lone
	}
	byFamily := map[string][]side{}
	var seeds []uint64
	for _, v := range noise {
		families, missing := at[v].families()
		if missing != "" {
			return nil, fmt.Sprintf("label noise %s: %s", num(v), missing)
		}
		for _, c := range families {
			byFamily[c.setting] = append(byFamily[c.setting], c.gains())
			seeds = append(seeds, c.seeds...)
		}
	}
	seeds = ascending(seeds)
	weight := slopeWeights(noise)
	for i := range weight {
		weight[i] *= 100 * .2
	}
	out := means{}
	var contests []contest
	var n tally
	for _, k := range slices.Sorted(maps.Keys(byFamily)) {
		if len(byFamily[k]) < len(noise) {
			continue
		}
		c, left := meet(seeds, weight, byFamily[k]...)
		n.add(left)
		contests = append(contests, c)
		for i, x := range c.values() {
			out.add(c.seeds[i], x)
		}
	}
	if len(out.seeds) == 0 {
		return nil, "needs, in two seeds and at every level of noise, a run at ρ = 0 and every (m, ρ) with a validation error"
	}
	return []Part{{BySeed: out.bySeed(), P: reverse(contests...)}}, n.text("seeds", "a level of noise")
}

// slopeWeights are those of the ys in the slope of their least-squares line over xs.
func slopeWeights(xs []float64) []float64 {
	mean, ss := 0., 0.
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	for _, x := range xs {
		ss += (x - mean) * (x - mean)
	}
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = (x - mean) / ss
	}
	return out
}
