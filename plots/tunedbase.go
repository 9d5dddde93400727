package plots

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
)

// tunedBase is the base optimizer, its setting tuned among those it was trained at.
type tunedBase struct {
	side           study.Side
	values         study.PerSeed // its test error, as a share
	est            stats.Interval
	picked         map[study.Choice]int
	lost, diverged int      // seeds that lack an option, and those with a run that diverged
	name           string   // "SGD"
	keys           []string // that it was trained at several values of
	runs           int      // it has, with the errors or without
}

func tuneBase(t *study.Trials) tunedBase {
	b := tuneValues(t)
	b.est = t.Intervals(func(t *study.Trials) []study.PerSeed { return []study.PerSeed{tuneValues(t).values} })[0]
	return b
}

// tuneValues is tuneBase without an interval.
func tuneValues(t *study.Trials) tunedBase {
	base := t.Base()
	b := tunedBase{side: base.Options(study.LastEpoch), name: base.Optimizer(), keys: base.Swept(), runs: len(base.Final())}
	c, n := study.Tuned(study.LastEpoch, b.side)
	b.values, b.picked, b.lost, b.diverged = c.PerSeed(), c.Picked(0), n.Left, c.Diverged(0)
	return b
}

// missing says why there is none; empty where there is.
func (t tunedBase) missing() string {
	switch {
	case t.runs == 0:
		return "there is no run at ρ = 0"
	case len(t.side) == 0:
		return "no run at ρ = 0 has both a test and a validation error"
	case slices.ContainsFunc(t.keys, study.OfData):
		return fmt.Sprintf("%s was trained on several data sets (%s), which nobody tunes over", t.name, keyNames(t.keys))
	case len(t.side) == 1:
		return fmt.Sprintf("%s was trained at one setting: there is nothing to tune", t.name)
	case len(t.values) == 0:
		return fmt.Sprintf("no two seeds have every setting of %s with a validation error", t.name)
	}
	return ""
}

// text says how it was tuned.
func (t tunedBase) text() string {
	return fmt.Sprintf("%s in each seed tuned over %d settings of %s on its own validation images", t.name, len(t.side), keyNames(t.keys))
}

// noteText is text with the test error.
func (t tunedBase) noteText() string {
	return fmt.Sprintf("%s: %s %%.", upper(t.text()), t.est.Scale(100).PlusMinus(1))
}

// pickedText says which settings were picked, the most frequent first: "lr = 0.2, weight decay = 0.002 (5 seeds)".
func (t tunedBase) pickedText() string {
	choices := slices.SortedFunc(maps.Keys(t.picked), func(a, b study.Choice) int {
		return cmp.Or(cmp.Compare(t.picked[b], t.picked[a]), a.Compare(b))
	})
	var texts []string
	for _, c := range choices {
		texts = append(texts, fmt.Sprintf("%s (%s)", c.Setting, record.Plural(t.picked[c], "seed")))
	}
	return strings.Join(texts, "; ")
}

// against is its test error in percent, with the interval of its difference to the base of each part of the trials, paired by seed; where a
// part has none, of the mean. parts gives them for the trials, and for those without a block of test images.
func (t tunedBase) against(of *study.Trials, parts func(*study.Trials) []*study.Trials) []stats.Interval {
	out := of.Intervals(func(of *study.Trials) (all []study.PerSeed) {
		values := tuneValues(of).values
		for _, p := range parts(of) {
			if zero := p.Partners().Base().All(study.TestError).PerSeed; len(zero) > 0 {
				all = append(all, values.Minus(zero))
			} else {
				all = append(all, values)
			}
		}
		return all
	})
	for i := range out {
		out[i] = around(t.est, out[i]).Scale(100)
	}
	return out
}
