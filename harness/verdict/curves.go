package verdict

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"
)

// smallRho is where "smaller m is better" is claimed: beyond it the curves cross.
const smallRho = .05

// curves are the errors of trials that differ in nothing but the seed, m and ρ.
type curves struct {
	setting string  // what they share of what was swept beside, "lr = 0.1, weight decay = 0"; empty where nothing was
	batch   float64 // its size
	seeds   []uint64
	base    runs                 // at ρ = 0, which serve every m
	ms      []float64            // ascending
	rhos    []float64            // > 0, ascending
	at      map[float64][]radius // by m: where it was swept, in any seed, ascending
}

// radius is the runs at one ρ of one m.
type radius struct {
	rho float64
	runs
}

// runs are the errors of trials that differ in nothing but the seed.
type runs struct {
	seeds  []uint64 // ascending
	points []point  // of each
}

// point is errors as fractions. A run that diverged has none, and no run can be worse: its error is 1.
type point struct {
	test float64
	val  float64 // NaN where there is none
}

// of returns the errors of a seed; not ok without a run of it.
func (r runs) of(seed uint64) (p point, ok bool) {
	i, ok := slices.BinarySearch(r.seeds, seed)
	if !ok {
		return p, false
	}
	return r.points[i], true
}

// add takes a run of the last seed, in place of another of that, or of a further one.
func (r *runs) add(seed uint64, p point) {
	if n := len(r.seeds); n > 0 && r.seeds[n-1] == seed {
		r.points[n-1] = p
		return
	}
	r.seeds, r.points = append(r.seeds, seed), append(r.points, p)
}

// pick returns the runs that keep accepts, with the errors it returns for them.
func (r runs) pick(keep func(seed uint64, p point) (point, bool)) runs {
	out := runs{make([]uint64, 0, len(r.seeds)), make([]point, 0, len(r.seeds))}
	for i, seed := range r.seeds {
		if p, ok := keep(seed, r.points[i]); ok {
			out.add(seed, p)
		}
	}
	return out
}

// all returns the runs of the curves, in no order.
func (c curves) all() []runs {
	out := []runs{c.base}
	for _, line := range c.at {
		for _, r := range line {
			out = append(out, r.runs)
		}
	}
	return out
}

// across returns the runs at ρ of every m, ascending; those of an m that was not swept there are empty.
func (c curves) across(rho float64) (out []runs) {
	for _, m := range c.ms {
		there, _ := radiusAt(c.at[m], rho)
		out = append(out, there.runs)
	}
	return out
}

// radiusAt returns the runs at ρ of a line over ρ; not ok where it was not swept there.
func radiusAt(line []radius, rho float64) (r radius, ok bool) {
	i, ok := slices.BinarySearchFunc(line, rho, func(r radius, rho float64) int { return cmp.Compare(r.rho, rho) })
	if !ok {
		return r, false
	}
	return line[i], true
}

// lineSlope returns how the test error changes along a line over m, in points a step of m; not ok where the seed lacks
// an m.
func lineSlope(line []runs, seed uint64) (float64, bool) {
	var ys []float64
	for _, runs := range line {
		p, ok := runs.of(seed)
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

// everywhere returns the radii at which every m was swept, ascending.
func (c curves) everywhere() (rhos []float64) {
	swept := map[float64]int{}
	for _, line := range c.at {
		for _, r := range line {
			swept[r.rho]++
		}
	}
	return slices.DeleteFunc(slices.Clone(c.rhos), func(rho float64) bool { return swept[rho] < len(c.ms) })
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
