package study

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"msharp/harness/record"
)

// Curves are the errors of trials that differ in nothing but the seed, m and ρ.
type Curves struct {
	Errors
	Setting string  // what they share of what was swept beside, "lr = 0.1, weight decay = 0"; empty where nothing was
	Batch   float64 // its size
	Seeds   []uint64
	Base    Runs                 // at ρ = 0, which serve every m
	Ms      []float64            // ascending
	Rhos    []float64            // > 0, ascending
	At      map[float64][]Radius // by m: where it was swept, in any seed, ρ ascending
}

// Radius is the runs at one ρ of one m.
type Radius struct {
	Rho float64
	Runs
}

// Runs are the errors of trials that differ in nothing but the seed.
type Runs struct {
	Seeds  []uint64 // ascending
	Points []Point  // of each; the mean where a seed has several runs, as partners whose settings the ascent lacks

	last int // runs in the last point
}

// Point is the errors of a run, as shares: 1 of a run that diverged.
type Point struct {
	Test float64
	Val  float64 // by which settings are chosen; NaN where there is none
}

// Of returns the errors of a seed; not ok without a run of it.
func (r Runs) Of(seed uint64) (p Point, ok bool) {
	i, ok := slices.BinarySearch(r.Seeds, seed)
	if !ok {
		return p, false
	}
	return r.Points[i], true
}

// add takes a run of the last seed, or of a further one.
func (r *Runs) add(seed uint64, p Point) {
	if n := len(r.Seeds); n > 0 && r.Seeds[n-1] == seed {
		at, k := &r.Points[n-1], float64(r.last)
		*at = Point{(at.Test*k + p.Test) / (k + 1), (at.Val*k + p.Val) / (k + 1)}
		r.last++
		return
	}
	r.Seeds, r.Points, r.last = append(r.Seeds, seed), append(r.Points, p), 1
}

// Pick returns the runs that keep accepts, with the errors it returns for them.
func (r Runs) Pick(keep func(seed uint64, p Point) (Point, bool)) Runs {
	out := Runs{Seeds: make([]uint64, 0, len(r.Seeds)), Points: make([]Point, 0, len(r.Seeds))}
	for i, seed := range r.Seeds {
		if p, ok := keep(seed, r.Points[i]); ok {
			out.add(seed, p)
		}
	}
	return out
}

// Tests returns the test errors.
func (r Runs) Tests() PerSeed {
	out := make(PerSeed, len(r.Seeds))
	for i, seed := range r.Seeds {
		out[seed] = r.Points[i].Test
	}
	return out
}

// all returns the runs of the curves, in no order.
func (c Curves) all() []Runs {
	out := []Runs{c.Base}
	for _, line := range c.At {
		for _, r := range line {
			out = append(out, r.Runs)
		}
	}
	return out
}

// Across returns the runs at ρ of every m, ascending; those of an m that was not swept there are empty.
func (c Curves) Across(rho float64) (out []Runs) {
	for _, m := range c.Ms {
		there, _ := RadiusAt(c.At[m], rho)
		out = append(out, there.Runs)
	}
	return out
}

// RadiusAt returns the runs at ρ of a line over ρ; not ok where it was not swept there.
func RadiusAt(line []Radius, rho float64) (r Radius, ok bool) {
	i, ok := slices.BinarySearchFunc(line, rho, func(r Radius, rho float64) int { return cmp.Compare(r.Rho, rho) })
	if !ok {
		return r, false
	}
	return line[i], true
}

// MeetsAt reports that two lines over ρ have a radius in common.
func MeetsAt(a, b []Radius) bool {
	return slices.ContainsFunc(a, func(r Radius) bool { _, ok := RadiusAt(b, r.Rho); return ok })
}

// Everywhere returns the radii at which every m was swept, ascending.
func (c Curves) Everywhere() (rhos []float64) {
	swept := map[float64]int{}
	for _, line := range c.At {
		for _, r := range line {
			swept[r.Rho]++
		}
	}
	return slices.DeleteFunc(slices.Clone(c.Rhos), func(rho float64) bool { return swept[rho] < len(c.Ms) })
}

// Tell is text of these curves, named where they are one family of several.
func (c Curves) Tell(text string) string {
	if c.Setting == "" || text == "" {
		return text
	}
	return c.Setting + ": " + text
}

// Curves returns the curves of every setting, see Settings, by the errors asked for. Where no claim can rest on them, missing says why.
func (t *Trials) Curves(e Errors) (out []Curves, missing string) {
	type found struct {
		curves  []Curves
		missing string
	}
	of := Once(t, "curves "+e.Test.Name+" "+e.By.Name, func() (f found) {
		for _, s := range t.Settings() {
			f.curves = append(f.curves, newCurves(s, e))
		}
		f.missing = flat(f.curves)
		return f
	})
	out, missing = of.curves, of.missing
	if len(out) > 0 && out[0].Others != e.Others {
		out = slices.Clone(out)
		for i := range out {
			out[i].Others = e.Others
		}
	}
	return out, missing
}

// newCurves collects the trials of a setting that have a test error.
func newCurves(s Setting, e Errors) Curves {
	c := Curves{Errors: e, Setting: s.Text(), At: map[float64][]Radius{}}
	if up := s.Ascent().final; len(up) > 0 {
		c.Batch, _ = up[0].Number("batch_size")
	}
	at := map[place]*Runs{}
	known := map[int]*Runs{} // by setting of the trial
	for _, r := range s.final {
		test, ok := e.Test.Of(r)
		if !ok {
			continue
		}
		to := known[r.setting]
		switch {
		case to != nil:
		case r.Rho == 0:
			to = &c.Base
		default:
			if to = at[place{r.M, r.Rho}]; to == nil {
				to = &Runs{}
				at[place{r.M, r.Rho}] = to
			}
		}
		known[r.setting] = to
		val, ok := e.By.Of(r)
		if !ok {
			val = nan
		}
		to.add(r.Seed, Point{test, val})
	}
	c.span(at)
	return c
}

// place is a place on the curves with ρ > 0.
type place struct{ m, rho float64 }

// span sets the axes to what the runs span.
func (c *Curves) span(at map[place]*Runs) {
	c.Seeds = slices.Clone(c.Base.Seeds)
	for p, runs := range at {
		c.At[p.m] = append(c.At[p.m], Radius{p.rho, *runs})
		c.Rhos, c.Seeds = append(c.Rhos, p.rho), append(c.Seeds, runs.Seeds...)
	}
	for _, line := range c.At {
		slices.SortFunc(line, func(a, b Radius) int { return cmp.Compare(a.Rho, b.Rho) })
	}
	c.Ms, c.Rhos, c.Seeds = slices.Sorted(maps.Keys(c.At)), ascending(c.Rhos), ascending(c.Seeds)
}

// ascending sorts values, and takes each once.
func ascending[T cmp.Ordered](vs []T) []T {
	slices.Sort(vs)
	return slices.Compact(vs)
}

// flat says why no claim can rest on curves; empty where one can.
func flat(all []Curves) string {
	if len(all) == 0 {
		return "no trial with ρ > 0"
	}
	least, most := math.Inf(1), math.Inf(-1)
	for _, c := range all {
		for _, runs := range c.all() {
			for _, p := range runs.Points {
				least, most = min(least, p.Test), max(most, p.Test)
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

// Trouble says why no claim can rest on the trials at all; empty where one can.
func (t *Trials) Trouble() string {
	if why := t.Unfinished(); why != "" {
		return why
	}
	if n := t.Twice(); n > 0 {
		return fmt.Sprintf("records of two results versions or data sets: %s with several ids, of %s; keep those of one",
			record.Plural(n, "setting"), record.Plural(len(t.final), "trial"))
	}
	return ""
}
