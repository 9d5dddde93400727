package plots

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"msharp/harness/record"
)

// alsoSwept is allSwept of the runs with an ascent, where there are some.
func alsoSwept(rs []run) (keys []string, values map[string][]string) {
	if _, ascent := split(rs); len(ascent) > 0 {
		rs = ascent
	}
	return allSwept(rs)
}

// allSwept returns, sorted, the keys other than ρ, m and the seed that vary among rs, each with its values.
func allSwept(rs []run) (keys []string, values map[string][]string) {
	values = map[string][]string{}
	latest := map[string]any{}
	known := map[int]bool{}
	for _, r := range rs {
		if known[r.beside] {
			continue
		}
		known[r.beside] = true
		for k, v := range r.config {
			if isAxis(k) {
				continue
			}
			if last, seen := latest[k]; seen && record.Same(last, v) {
				continue
			}
			latest[k] = v
			if t := record.Text(v); !slices.Contains(values[k], t) {
				values[k] = append(values[k], t)
			}
		}
	}
	for k, vs := range values {
		if len(vs) > 1 {
			keys = append(keys, k)
		}
		slices.SortFunc(vs, byNumber)
	}
	slices.Sort(keys)
	return keys, values
}

// isAxis reports whether a key is ρ or m, or says nothing of a network.
func isAxis(key string) bool {
	return slices.Contains([]string{"optimizer.rho", "optimizer.m", "name", "measures"}, key)
}

// besideAxes numbers configurations: equal ones, axes aside, alike.
func besideAxes(configs []map[string]any) []int {
	numbers, known := make([]int, len(configs)), map[string]int{}
	var keys []string
	var text []byte
	for i, config := range configs {
		keys = keys[:0]
		for k := range config {
			if !isAxis(k) {
				keys = append(keys, k)
			}
		}
		slices.Sort(keys)
		text = text[:0]
		for _, k := range keys {
			text = append(append(append(append(text, k...), 0), record.Text(config[k])...), 0)
		}
		n, seen := known[string(text)]
		if !seen {
			n = len(known)
			known[string(text)] = n
		}
		numbers[i] = n
	}
	return numbers
}

// oneOfEach returns one run of every setting.
func oneOfEach(rs []run) (out []run) {
	seen := map[int]bool{}
	for _, r := range rs {
		if !seen[r.setting] {
			seen[r.setting] = true
			out = append(out, r)
		}
	}
	return out
}

// byNumber orders texts of numbers by what they are, others by length and then alphabet.
func byNumber(a, b string) int {
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	if err1 == nil && err2 == nil {
		return cmp.Compare(x, y)
	}
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// alsoSweptText is a sentence for a caption, empty where only ρ, m, the seed and the keys named in but vary. how says what was done about
// it.
func alsoSweptText(rs []run, how string, but ...string) string {
	of := rs
	if _, ascent := split(rs); len(ascent) > 0 {
		of = ascent
	}
	return sweptText(of, how, but...) + twiceText(rs)
}

// allSweptText is of a figure that shows every run, those at ρ = 0 at settings of their own too.
func allSweptText(rs []run, how string) string { return sweptText(rs, how) + twiceText(rs) }

func sweptText(rs []run, how string, but ...string) string {
	keys, values := allSwept(rs)
	keys = slices.DeleteFunc(keys, func(k string) bool { return slices.Contains(but, k) })
	if len(keys) == 0 {
		return ""
	}
	var parts []string
	for _, k := range keys {
		parts = append(parts, fmt.Sprintf("%s (%s)", k, strings.Join(values[k], ", ")))
	}
	return fmt.Sprintf(" Also swept: %s; %s.", strings.Join(parts, ", "), how)
}

// twiceText warns in a caption of settings that stand under several ids: of two results versions, or of other data. Empty where none does.
func twiceText(rs []run) string {
	n := twice(rs)
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" Mind: %s stand in the records under more than one id, as of two results versions or of other data; each counts.",
		record.Plural(n, "trial"))
}

// twice counts the configurations, seeds included, that stand under several ids.
func twice(rs []run) (n int) {
	type trial struct {
		setting int
		seed    uint64
		text    string // of a seed that is no number
	}
	ids := make(map[trial]string, len(rs))
	several := map[trial]bool{}
	for _, r := range rs {
		if r.Config == nil {
			continue
		}
		k := trial{setting: r.setting, seed: r.seed}
		if r.seed == 0 {
			k.text = record.Text(r.Config["seed"])
		}
		id, seen := ids[k]
		if !seen {
			ids[k] = r.ID
		} else if id != r.ID && !several[k] {
			several[k] = true
			n++
		}
	}
	return n
}

// partners are the base runs that agree with one of the others in everything that was swept beside ρ, m and the seed.
func partners(base, ascent []run) []run {
	keys, _ := alsoSwept(slices.Concat(base, ascent))
	more, _ := alsoSwept(base)
	keys = slices.Compact(slices.Sorted(slices.Values(slices.Concat(keys, more))))
	if len(keys) == 0 || len(ascent) == 0 {
		return base
	}
	ascent = oneOfEach(ascent)
	agrees := map[int]bool{} // by setting
	for _, b := range oneOfEach(base) {
		agrees[b.setting] = slices.ContainsFunc(ascent, func(r run) bool { return agree(b, r, keys) })
	}
	return slices.DeleteFunc(slices.Clone(base), func(b run) bool { return !agrees[b.setting] })
}

// toBase returns, per seed, the mean difference in y between the runs of one setting and the ρ = 0 runs they pair
// with: same seed, and equal in every other swept key that both have.
func toBase(setting, base []run, others []string, y Field) map[uint64]float64 {
	of := map[uint64][]run{} // base, by seed
	for _, b := range base {
		of[b.seed] = append(of[b.seed], b)
	}
	diffs := map[uint64][]float64{}
	for _, r := range setting {
		v, ok := y.finite(r)
		if !ok || r.diverged {
			continue
		}
		var partners []float64
		for _, b := range of[r.seed] {
			if w, ok := y.finite(b); ok && !b.diverged && agree(r, b, others) {
				partners = append(partners, w)
			}
		}
		if len(partners) > 0 {
			diffs[r.seed] = append(diffs[r.seed], v-mean(partners))
		}
	}
	out := map[uint64]float64{}
	for seed, ds := range diffs {
		out[seed] = mean(ds)
	}
	return out
}

func agree(a, b run, keys []string) bool {
	for _, k := range keys {
		v, ok1 := a.config[k]
		w, ok2 := b.config[k]
		if ok1 && ok2 && !record.Same(v, w) {
			return false
		}
	}
	return true
}
