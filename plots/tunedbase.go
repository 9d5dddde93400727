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

// tunedBase is the base optimizer at the setting that the validation error of the other seeds picks among those it was trained at.
type tunedBase struct {
	side           study.Side
	values         study.PerSeed // its test error, as a share
	picked         map[study.Choice]int
	lost, diverged int      // seeds that lack an option, and those with a run that diverged
	name           string   // "SGD"
	keys           []string // that it was trained at several values of
	runs           int      // it has, with the errors or without
}

func tuneBase(t *study.Trials) tunedBase {
	base := t.Base()
	b := tunedBase{side: base.Options(study.LastEpoch), name: base.Optimizer(), keys: base.Swept(), runs: len(base.Final())}
	c, n := study.Tuned(study.LastEpoch, b.side)
	b.values, b.picked, b.lost, b.diverged = c.PerSeed(), c.Picked(0), n.Left, c.Diverged(0)
	return b
}

// missing says why there is none; empty where there is.
func (t tunedBase) missing(seeds int) string {
	switch {
	case t.runs == 0:
		return "there is no run at ρ = 0"
	case len(t.side) == 0:
		return "no run at ρ = 0 has both a test and a validation error"
	case slices.ContainsFunc(t.keys, study.OfData):
		return fmt.Sprintf("%s was trained on several data sets (%s), which nobody tunes over", t.name, keyNames(t.keys))
	case len(t.side) == 1:
		return fmt.Sprintf("%s was trained at one setting: there is nothing to tune", t.name)
	case seeds < 2:
		return needsOthers("a setting", seeds)
	case len(t.values) == 0:
		return fmt.Sprintf("no two seeds have every setting of %s with a validation error", t.name)
	}
	return ""
}

// text says how it was tuned.
func (t tunedBase) text() string {
	return fmt.Sprintf("%s tuned over %d settings of %s by the validation error of the other seeds", t.name, len(t.side), keyNames(t.keys))
}

// noteText is text with the test error.
func (t tunedBase) noteText() string {
	return fmt.Sprintf("%s: %s %%.", upper(t.text()), t.values.Scale(100).Mean().PlusMinus(1))
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

// against is its test error in percent, with the interval of its difference to the base of a panel, paired by seed; without that, of the
// mean.
func (t tunedBase) against(base study.PerSeed) stats.Interval {
	return t.values.Against(base).Scale(100)
}
