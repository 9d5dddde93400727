package verdict

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"msharp/harness/parallel"
	"msharp/harness/record"
	"msharp/harness/stats"
)

// Robust asks of Figure3's claims about training m whether they hang on the learning rate, and whether SAM has anything
// to add to tuned SGD. It is of Figure3's sweep at several settings, as learning rate and weight decay, and of SGD
// (ρ = 0) over a grid of these. A claim about training m has parts of its own for each setting with SAM, and holds only
// where it does at every one.
func Robust() []Claim { return slices.Clone(robust) }

var robust = append(atEverySetting(trainingM(apiece)), Claim{
	ID:        "sam-beats-tuned-sgd",
	Text:      "SAM, with its setting, m and ρ tuned, has a lower test error than SGD with its setting tuned.",
	Unit:      "points of test error",
	Direction: +1,
	Smallest:  .2, // as in u-shape
	of:        samBeatsTunedSGD,
})

func atEverySetting(cs []Claim) []Claim {
	for i, c := range cs {
		cs[i].Text = "At every setting: " + strings.ToLower(c.Text[:1]) + c.Text[1:]
	}
	return cs
}

// samBeatsTunedSGD is the test error of SGD minus that of SAM, in points. Both have the option of the other seeds'
// smallest mean validation error, SGD among its settings, SAM among its settings, m and ρ.
func samBeatsTunedSGD(t *table) ([]Part, string) {
	families, missing := t.families()
	if missing != "" {
		return nil, missing
	}
	sgd, sam := t.sgd(), options(families)
	if missing = t.untunable(sgd); missing != "" {
		return nil, missing
	}
	lead, seeds := meet(t.seeds(), []float64{100, -100}, sgd, sam)
	if len(lead.seeds) == 0 {
		return nil, "needs, in two seeds, every run of SGD and of SAM with a validation error"
	}
	said := "SGD, of " + lead.chose(0, sgd) + "; SAM, of " + lead.chose(1, sam)
	return []Part{{BySeed: lead.bySeed(), P: lead.lower()}},
		join(said, seeds.text("seeds", "a run or its validation error"))
}

// lower is p against "no option of the second side has a lower expected test error than the best of the first's". Whichever
// of these that is, some option of the second has to beat it: p is the largest, over the first's options, of the p of a search
// for one that does (an intersection-union test, Berger 1982, of max-T tests). It is of test errors alone, and so valid
// whatever validation chooses: of simulated sweeps in which m and ρ do nothing it finds an effect in 2 %, sign flips of the
// tuned values in 10 %. To reverse sides is no test here, where one has options that the other lacks, and many more.
func (c contest) lower() float64 {
	first, second := present(c.points[0]), present(c.points[1])
	ps := make([]float64, len(first))
	parallel.Spans(len(first), func(from, to int) {
		columns := make([][]float64, len(second))
		for k := range columns {
			columns[k] = make([]float64, len(c.seeds))
		}
		for i := from; i < to; i++ {
			for k, option := range second {
				for seed, p := range option {
					columns[k][seed] = 100 * (first[i][seed].test - p.test)
				}
			}
			ps[i] = stats.MaxT(columns)
		}
	})
	return slices.Max(ps)
}

// sgd is the runs at ρ = 0 as a side, an option for each of their settings.
func (t *table) sgd() (s side) {
	keys := t.settings(base)
	found := map[string]*runs{}
	t.collect(base, func(r trial) []*runs {
		name := r.named(keys)
		if found[name] == nil {
			found[name] = &runs{}
		}
		return []*runs{found[name]}
	})
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if r := found[name].tunable(); len(r.seeds) > 0 {
			s = append(s, option{choice{setting: name}, r})
		}
	}
	return s
}

// options is SAM as one side, at all settings, m and ρ.
func options(families []curves) (s side) {
	for _, c := range families {
		for _, o := range c.side(every, c.ms...) {
			if o.setting = c.setting; len(c.ms) == 1 {
				o.m = c.ms[0]
			}
			s = append(s, o)
		}
	}
	return s
}

// untunable says why SGD and SAM cannot be tuned over what was swept; empty where they can.
func (t *table) untunable(sgd side) string {
	if lone := t.lone(); lone != "" {
		return lone
	}
	for _, k := range t.settings(either) {
		if strings.HasPrefix(k, "data.") {
			return k + " was swept, which is nothing to tune"
		}
	}
	if len(sgd) < 2 {
		return fmt.Sprintf("SGD (ρ = 0) has %s with a validation error, needs two to be tuned", record.Plural(len(sgd), "setting"))
	}
	return ""
}

// chose is how many options the i-th side has, and the one that most seeds choose.
func (c contest) chose(i int, options side) string {
	k, n := c.favourite(i)
	text := k.setting
	if k.rho > 0 {
		text = strings.TrimPrefix(fmt.Sprintf("%s, m = %s, ρ = %s", text, num(k.m), num(k.rho)), ", ")
	}
	return fmt.Sprintf("%d options, at %s for %d of %d seeds", len(options), text, n, len(c.seeds))
}
