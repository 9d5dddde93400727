package verdict

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
)

// collect adds the errors of the trials of which, those with a test error, to the runs that into names for their setting.
func (t *table) collect(which func(trial) bool, into func(r trial) []*runs) {
	columns := t.columns(t.errors.test, t.errors.val)
	test, val := columns[0], columns[1]
	known := map[int][]*runs{}
	for i, r := range t.trials {
		if !which(r) {
			continue
		}
		to, ok := known[r.setting]
		if !ok {
			to = into(r)
			known[r.setting] = to
		}
		p := point{test[i], val[i]}
		if r.diverged {
			p = point{1, 1}
		}
		if math.IsNaN(p.test) {
			continue
		}
		for _, runs := range to {
			runs.add(r.seed, p)
		}
	}
}

// family is curves under way.
type family struct {
	first trial  // of the table's, of those with ρ > 0
	texts []text // of what it may share with base runs
	name  string
	base  runs
	at    map[place]*runs
}

// place is a place on the curves with ρ > 0.
type place struct{ m, rho float64 }

// findFamilies returns the curves of t, one for each combination of the other settings that were swept with SAM. A base run
// belongs to those it agrees with in every swept setting that both have, and may belong to none. Where there are no
// curves, missing says why.
func (t *table) findFamilies() (out []curves, missing string) {
	keys := t.settings(ascends)
	byName := map[string]*family{}
	var all []*family
	t.collect(ascends, func(r trial) []*runs {
		name := r.named(keys)
		f := byName[name]
		if f == nil {
			f = &family{first: r, name: name, at: map[place]*runs{}}
			byName[name], all = f, append(all, f)
		}
		to := f.at[place{r.m, r.rho}]
		if to == nil {
			to = &runs{}
			f.at[place{r.m, r.rho}] = to
		}
		return []*runs{to}
	})
	keys = shared(keys, t.settings(base))
	for _, f := range all {
		f.texts = f.first.texts(keys)
	}
	t.collect(base, func(r trial) (to []*runs) {
		texts := r.texts(keys)
		for _, f := range all {
			if agree(texts, f.texts) {
				to = append(to, &f.base)
			}
		}
		return to
	})
	for _, f := range all {
		out = append(out, f.curves())
	}
	slices.SortFunc(out, func(a, b curves) int { return strings.Compare(a.setting, b.setting) })
	return out, flat(out)
}

// shared returns the keys that a base run shares with runs of SAM: those swept with either, but for the ascent's own.
func shared(ascent, base []string) []string {
	return slices.DeleteFunc(slices.Concat(ascent, base), func(k string) bool {
		return slices.Contains([]string{"optimizer.p", "optimizer.steps", "optimizer.unnormalised"}, k)
	})
}

// curves sets the axes to what the points span.
func (f *family) curves() curves {
	c := curves{setting: f.name, base: f.base, seeds: slices.Clone(f.base.seeds), at: map[float64][]radius{}}
	c.batch, _ = f.first.number("batch_size")
	for at, runs := range f.at {
		if len(runs.seeds) == 0 {
			continue
		}
		c.at[at.m] = append(c.at[at.m], radius{at.rho, *runs})
		c.rhos, c.seeds = append(c.rhos, at.rho), append(c.seeds, runs.seeds...)
	}
	for _, line := range c.at {
		slices.SortFunc(line, func(a, b radius) int { return cmp.Compare(a.rho, b.rho) })
	}
	c.ms, c.rhos, c.seeds = slices.Sorted(maps.Keys(c.at)), ascending(c.rhos), ascending(c.seeds)
	return c
}

// ascending sorts values, and takes each once.
func ascending[T cmp.Ordered](vs []T) []T {
	slices.Sort(vs)
	return slices.Compact(vs)
}

// flat says why no claim can rest on the families; empty where one can.
func flat(families []curves) string {
	if len(families) == 0 {
		return "no trial with ρ > 0"
	}
	least, most := math.Inf(1), math.Inf(-1)
	for _, c := range families {
		for _, runs := range c.all() {
			for _, p := range runs.points {
				least, most = min(least, p.test), max(most, p.test)
			}
		}
	}
	switch {
	case least > most:
		return "no trial has a test error"
	case least == most:
		return "every trial has the same test error"
	}
	return ""
}
