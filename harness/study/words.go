package study

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// GroupText names an m: "4", or "n" for all examples, which is +Inf.
func GroupText(m float64) string {
	if math.IsInf(m, 1) {
		return "n"
	}
	return stats.Short(m)
}

// Trained says what was trained, where all trials agree: "MLP on MNIST, 1024 training examples". Data without a name are called by their kind.
func (t *Trials) Trained() string {
	if len(t.final) == 0 {
		return ""
	}
	one := func(key string) (string, bool) {
		first := record.Text(t.final[0].config[key])
		return first, first != "" && !slices.ContainsFunc(t.distinct(), func(r Trial) bool { return record.Text(r.config[key]) != first })
	}
	s := "The models"
	if kind, ok := one("model.kind"); ok {
		s = strings.ToUpper(kind)
	}
	if kind, ok := one("data.kind"); ok {
		s += " on " + cmp.Or(t.final[0].data[kind], strings.ToUpper(kind))
	}
	if _, ok := one("data.train"); ok {
		if n, ok := t.final[0].Number("data.train"); ok {
			s += ", " + stats.Short(n) + " training examples"
		}
	}
	if levels := t.Distinct(Noise); len(levels) == 1 && levels[0] > 0 {
		s += ", " + stats.Short(100*levels[0]) + " % of their labels wrong"
	}
	return s
}

// dataNames returns the names of data sets by kind; those of one kind are joined.
func dataNames(sources []record.DataSource) map[string]string {
	lists, names := map[string][]string{}, map[string]string{}
	for _, s := range sources {
		if s.Name != "" && !slices.Contains(lists[s.Kind], s.Name) {
			lists[s.Kind] = append(lists[s.Kind], s.Name)
		}
	}
	for kind, list := range lists {
		names[kind] = strings.Join(list, " and ")
	}
	return names
}

// Optimizer names the optimizer that SAM wraps, where all trials share one: "SGD".
func (t *Trials) Optimizer() string {
	names := map[string]bool{}
	for _, r := range t.distinct() {
		kind, ok := r.config["optimizer.base.kind"].(string)
		if !ok {
			kind, _ = r.config["optimizer.kind"].(string)
		}
		names[kind] = true
	}
	for name := range names {
		switch {
		case len(names) > 1 || name == "":
		case name == "sgd":
			return "SGD"
		default:
			return strings.ToUpper(name[:1]) + name[1:]
		}
	}
	return "the base optimizer"
}

// Counts counts the trials of a plan, and those that are recorded beside it, by state.
func (t *Trials) Counts(plan []string) record.Counts {
	state := map[string]record.Status{}
	for _, id := range plan {
		state[id] = ""
	}
	for _, r := range t.recorded {
		state[r.ID] = r.Status
	}
	return record.Count(slices.Collect(maps.Keys(state)), state)
}

// Some returns at most n of the trials, in their order. Ids are hashes: the least of them are as good as drawn at random, and are the same
// every time.
func Some(ts []Trial, n int) []Trial {
	if len(ts) <= n {
		return ts
	}
	last := slices.SortedFunc(slices.Values(ts), func(a, b Trial) int { return cmp.Compare(a.ID, b.ID) })[n-1].ID
	out := make([]Trial, 0, n)
	for _, r := range ts {
		if r.ID <= last && len(out) < n {
			out = append(out, r)
		}
	}
	return out
}

// SomeText is a sentence of what is shown, empty where that is all.
func SomeText(shown, all int, of string) string {
	if shown == all {
		return ""
	}
	return fmt.Sprintf(" Shown: %d of %d %s, drawn at random.", shown, all, of)
}

// TwiceText warns in a caption of trials that stand under several ids; empty where none does.
func (t *Trials) TwiceText() string {
	n := t.Twice()
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" Mind: %s stand in the records under more than one id, as of two results versions or of other data; each counts.",
		record.Plural(n, "trial"))
}

// SweptText is a sentence of what was swept beside ρ, m, the seed and the keys without, empty where nothing was. how says what was done
// about it. It warns, too, of trials that stand twice.
func (t *Trials) SweptText(how string, without ...string) string {
	return t.sweptText(how, without) + t.TwiceText()
}

// SweptBesideText is SweptText of the keys of SweptBeside.
func (t *Trials) SweptBesideText(how string, without ...string) string {
	return t.besideAxes().sweptText(how, without) + t.TwiceText()
}

func (t *Trials) sweptText(how string, without []string) string {
	var parts []string
	for _, k := range t.swept() {
		if !slices.Contains(without, k.key) {
			parts = append(parts, fmt.Sprintf("%s (%s)", k.key, strings.Join(k.values, ", ")))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf(" Also swept: %s; %s.", strings.Join(parts, ", "), how)
}
