package plots

import (
	"fmt"
	"maps"
	"slices"

	"msharp/harness/stats"
)

// difference is a difference, or the heading of those below.
type difference struct {
	heading bool               // then there is nothing but what the rows below have in common, the next two
	setting string             // where they are; empty for everywhere
	against string             // what they are against
	m       float64            // 0 at ρ = 0
	diffs   map[uint64]float64 // percentage points, by seed
	est     stats.Difference
	rho     string // picked
	// Seeds that the pick leaves without a value, and with one of a run that diverged.
	lost, diverged int
}

// minus fills a row with t's differences to another.
func (t tuned) minus(other tuned, row difference) difference {
	row.diffs, row.rho = map[uint64]float64{}, t.rhoText()
	row.lost, row.diverged = t.lost, t.diverged+other.diverged
	for seed, v := range t.values {
		if w, ok := other.values[seed]; ok {
			row.diffs[seed] = 100 * (v - w)
		}
	}
	row.est = stats.TestZero(bySeed(row.diffs), level)
	return row
}

func (r difference) name() string {
	if r.m == 0 {
		return "ρ = 0"
	}
	return "m = " + mText(r.m)
}

func (r difference) headingText() string {
	if r.setting == "" {
		return "minus " + r.against
	}
	return r.setting + ": minus " + r.against
}

// dots are the seeds that are shown, ascending.
func (r difference) dots() []uint64 {
	seeds := slices.Sorted(maps.Keys(r.diffs))
	return seeds[:min(len(seeds), mostSeeds)]
}

// csv is a row a seed that is shown, and one of the mean.
func (r difference) csv() (rows [][]string) {
	m := mText(r.m)
	if r.m == 0 {
		m = ""
	}
	for _, s := range r.dots() {
		rows = append(rows, []string{r.against, m, fmt.Sprint(s), cellText(r.diffs[s]), "", "", "", ""})
	}
	return append(rows, slices.Concat([]string{r.against, m, ""}, intervalCells(r.est.Interval), []string{r.rho}))
}

// tuneM tunes every m by itself.
func tuneM(rs []run, by, y Field) map[float64]tuned {
	_, ascent := split(rs)
	byM := map[float64]tuned{}
	for _, m := range distinct(ascent, mOf) {
		byM[m] = tune(slices.DeleteFunc(slices.Clone(ascent), func(r run) bool { return r.m != m }), by, y)
	}
	return byM
}
