package plots

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// tunedBase is the base optimizer at the setting that the validation error of the other seeds picks among those it was trained at.
type tunedBase struct {
	tuned
	name     string   // "SGD"
	keys     []string // that it was trained at several values of
	settings int
}

func tuneBase(rs []run, by, y Field) tunedBase {
	base, _ := split(rs)
	t := tunedBase{tuned: tune(base, by, y), name: baseName(base)}
	t.keys, _ = alsoSwept(base)
	t.settings = len(settingsOf(base, t.keys))
	return t
}

// ofData says that a key is of the problem, not of its solution.
func ofData(key string) bool { return strings.HasPrefix(key, "data.") }

// missing says why there is none; empty where there is.
func (t tunedBase) missing(seeds int) string {
	switch {
	case t.settings == 0:
		return "there is no run at ρ = 0"
	case slices.ContainsFunc(t.keys, ofData):
		return fmt.Sprintf("%s was trained on several data sets (%s), which nobody tunes over", t.name, keyNames(t.keys))
	case t.settings == 1:
		return fmt.Sprintf("%s was trained at one setting: there is nothing to tune", t.name)
	case seeds < 2:
		return "a setting is picked by the other seeds: that needs 2 or more, and there is 1"
	case len(t.values) == 0:
		return fmt.Sprintf("no seed has a test error of %s at a setting that other seeds' validation error picks", t.name)
	}
	return ""
}

// text says how it was tuned.
func (t tunedBase) text() string {
	return fmt.Sprintf("%s tuned over %d settings of %s by the validation error of the other seeds", t.name, t.settings, keyNames(t.keys))
}

// noteText is text with the test error.
func (t tunedBase) noteText() string {
	return fmt.Sprintf("%s: %s %%.", upper(t.text()), plusMinus(cell{seeds: t.values}.mean().Scale(100), 1))
}

// pickedText says which settings were picked, the most frequent first: "lr .2, weight decay .002 (5 seeds)".
func (t tunedBase) pickedText() string {
	names := slices.SortedFunc(maps.Keys(t.picked), func(a, b string) int {
		return cmp.Or(cmp.Compare(t.picked[b], t.picked[a]), cmp.Compare(a, b))
	})
	for i, name := range names {
		names[i] = fmt.Sprintf("%s (%s)", strings.TrimPrefix(name, "ρ = 0, "), record.Plural(t.picked[name], "seed"))
	}
	return strings.Join(names, "; ")
}

// against is its test error in percent, with the interval of its difference to the base of a panel, paired by seed; without that, of the
// mean.
func (t tunedBase) against(base map[uint64]float64) stats.Interval {
	return cell{seeds: t.values}.against(base).Scale(100)
}

// baseName is the optimizer that SAM wraps, where all runs share one: "SGD".
func baseName(base []run) string {
	names := distinct(base, func(r run) string {
		if kind, ok := r.config["optimizer.base.kind"].(string); ok {
			return kind
		}
		kind, _ := r.config["optimizer.kind"].(string)
		return kind
	})
	switch {
	case len(names) != 1 || names[0] == "":
		return "the base optimizer"
	case names[0] == "sgd":
		return "SGD"
	}
	return upper(names[0])
}
