package verdict

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"
)

// smallRho is where "smaller m is better" is claimed: beyond it the curves cross.
const smallRho = .05

// curves are the errors of trials that differ in nothing but the seed, m and ρ.
type curves struct {
	setting string    // what they share of what was swept beside, "lr = 0.1, weight decay = 0"; empty where nothing was
	batch   float64   // its size
	ms      []float64 // ascending
	rhos    []float64 // > 0, ascending
	seeds   []uint64
	at      map[cell]point
}

// cell is a place on the curves; m = ρ = 0 is the base optimizer, which serves every m.
type cell struct {
	seed   uint64
	m, rho float64
}

// point is errors as fractions. A run that diverged has none, and no run can be worse: its error is 1.
type point struct{ test, val float64 }

// point returns the errors of r, val NaN where there is none; not ok without a test error.
func (r trial) point() (p point, ok bool) {
	if r.diverged {
		return point{1, 1}, true
	}
	if p.test, ok = r.finite(r.errors.test); !ok {
		return p, false
	}
	if p.val, ok = r.finite(r.errors.val); !ok {
		p.val = nan
	}
	return p, true
}

func ascends(r trial) bool { return r.rho > 0 }
func base(r trial) bool    { return r.rho == 0 }

// families returns the curves of t, one for each combination of the other settings that were swept with SAM. A base run
// belongs to those it agrees with in every swept setting that both have, and may belong to none. Where there are no
// curves, missing says why.
func (t table) families() (out []curves, missing string) {
	keys := t.settings(ascends)
	var first []trial // of each family
	index := map[string]int{}
	for _, r := range t {
		if !ascends(r) {
			continue
		}
		name := r.named(keys)
		i, ok := index[name]
		if !ok {
			i = len(out)
			index[name] = i
			batch, _ := r.number("batch_size")
			out, first = append(out, curves{setting: name, batch: batch, at: map[cell]point{}}), append(first, r)
		}
		out[i].add(r)
	}
	keys = t.shared()
	for _, r := range t {
		for i := range out {
			if base(r) && agree(r, first[i], keys) {
				out[i].add(r)
			}
		}
	}
	for i := range out {
		out[i].span()
	}
	slices.SortFunc(out, func(a, b curves) int { return strings.Compare(a.setting, b.setting) })
	return out, flat(out)
}

// shared returns the keys that a base run shares with runs of SAM: those swept with either, but for the ascent's own.
func (t table) shared() []string {
	keys := append(t.settings(ascends), t.settings(base)...)
	return slices.DeleteFunc(keys, func(k string) bool {
		return slices.Contains([]string{"optimizer.p", "optimizer.steps", "optimizer.unnormalised"}, k)
	})
}

func (c *curves) add(r trial) {
	if p, ok := r.point(); ok {
		c.at[cell{r.seed, r.m, r.rho}] = p
	}
}

// span sets the axes to what the points span.
func (c *curves) span() {
	seeds, ms, rhos := map[uint64]bool{}, map[float64]bool{}, map[float64]bool{}
	for at := range c.at {
		if seeds[at.seed] = true; at.rho > 0 {
			ms[at.m], rhos[at.rho] = true, true
		}
	}
	c.seeds = slices.Sorted(maps.Keys(seeds))
	c.ms, c.rhos = slices.Sorted(maps.Keys(ms)), slices.Sorted(maps.Keys(rhos))
}

// flat says why no claim can rest on the families; empty where one can.
func flat(families []curves) string {
	tests := map[float64]bool{}
	for _, c := range families {
		for _, p := range c.at {
			tests[p.test] = true
		}
	}
	switch {
	case len(families) == 0:
		return "no trial with ρ > 0"
	case len(tests) == 0:
		return "no trial has a test error"
	case len(tests) == 1:
		return "every trial has the same test error"
	}
	return ""
}

// slope returns how the test error changes along the line over m, in points a step of m; not ok where the seed lacks
// an m.
func (c curves) slope(seed uint64, rho float64) (float64, bool) {
	var ys []float64
	for _, m := range c.ms {
		p, ok := c.at[cell{seed, m, rho}]
		if !ok {
			return 0, false
		}
		ys = append(ys, 100*p.test)
	}
	return slope(ys), true
}

// slope is that of the least-squares line of ys over their index.
func slope(ys []float64) float64 {
	index := make([]float64, len(ys))
	for i := range index {
		index[i] = float64(i)
	}
	_, b := stat.LinearRegression(index, ys, nil, false)
	return b
}

// sweptAt returns the radii at which m was swept, in any seed, ascending.
func (c curves) sweptAt(m float64) (rhos []float64) {
	for _, rho := range c.rhos {
		if slices.ContainsFunc(c.seeds, func(s uint64) bool { _, ok := c.at[cell{s, m, rho}]; return ok }) {
			rhos = append(rhos, rho)
		}
	}
	return rhos
}

// everywhere returns the radii at which every m was swept, ascending.
func (c curves) everywhere() (rhos []float64) {
	for _, rho := range c.rhos {
		if !slices.ContainsFunc(c.ms, func(m float64) bool { return !slices.Contains(c.sweptAt(m), rho) }) {
			rhos = append(rhos, rho)
		}
	}
	return rhos
}

// tell is text of these curves, named where they are one family of several.
func (c curves) tell(text string) string {
	if c.setting == "" || text == "" {
		return text
	}
	return c.setting + ": " + text
}

// tally counts what is compared and what is left out.
type tally struct{ all, left int }

// text is what was left out, empty where all is there.
func (n tally) text(what, why string) string {
	if n.left == 0 {
		return ""
	}
	return fmt.Sprintf("left out: %d of %d %s that lack %s", n.left, n.all, what, why)
}

func (n *tally) add(more tally) { n.all, n.left = n.all+more.all, n.left+more.left }

func join(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), "; ")
}

// list is values of m or ρ in words.
func list(vs []float64) string {
	var ts []string
	for _, v := range vs {
		ts = append(ts, num(v))
	}
	return strings.Join(ts, ", ")
}
