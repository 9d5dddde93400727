package plots

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"msharp/harness/stats"
	"msharp/harness/study"
)

// difference is a row of a table of differences, or the heading of the rows below.
type difference struct {
	heading bool          // then only setting and against count, which the rows below share
	setting string        // where they are; empty for everywhere
	against string        // what they are against
	m       float64       // 0 at ρ = 0
	diffs   study.PerSeed // percentage points
	est     stats.Interval
	rho     string // picked
	column  string // the same, where it fits the figure
	// Seeds that lack an option, and those with a run that diverged.
	lost, diverged int
}

// between fills a row with the test error of one side minus that of another, each tuned, over the seeds that have every option of both.
func (row difference) between(t *study.Trials, side, other study.Side) difference {
	c, n := study.Meet(study.LastEpoch, t.Seeds(), []float64{100, -100}, side, other)
	row.diffs, row.rho, row.column = c.PerSeed(), rhoText(c.Picked(0)), rhoColumn(c.Picked(0))
	row.lost, row.diverged = n.Left, c.Diverged(0)+c.Diverged(1)
	return row
}

// estimated returns the rows that of makes of trials, with their intervals.
func estimated(t *study.Trials, of func(*study.Trials) []difference) []difference {
	rows := of(t)
	intervals := t.Intervals(func(t *study.Trials) (diffs []study.PerSeed) {
		for _, r := range of(t) {
			diffs = append(diffs, r.diffs)
		}
		return diffs
	})
	for i := range rows {
		rows[i].est = intervals[i]
	}
	return rows
}

// rhoText says which ρ were picked: ".1", or ".1 (7), .2 (3)" with the number of seeds.
func rhoText(picked map[study.Choice]int) string {
	rhos := seedsAtRho(picked)
	var parts []string
	for _, rho := range slices.Sorted(maps.Keys(rhos)) {
		if len(rhos) == 1 {
			return stats.Short(rho)
		}
		parts = append(parts, fmt.Sprintf("%s (%d)", stats.Short(rho), rhos[rho]))
	}
	return strings.Join(parts, ", ")
}

// rhoColumn is rhoText where it fits a column: of more than three ρ it is ".05–.3, mostly .2 (4)".
func rhoColumn(picked map[study.Choice]int) string {
	rhos := seedsAtRho(picked)
	if len(rhos) <= 3 {
		return rhoText(picked)
	}
	all := slices.Sorted(maps.Keys(rhos))
	most := all[0]
	for _, rho := range all {
		if rhos[rho] > rhos[most] {
			most = rho
		}
	}
	return fmt.Sprintf("%s–%s, mostly %s (%d)", stats.Short(all[0]), stats.Short(all[len(all)-1]), stats.Short(most), rhos[most])
}

// seedsAtRho counts the seeds that picked each ρ.
func seedsAtRho(picked map[study.Choice]int) map[float64]int {
	rhos := map[float64]int{}
	for c, n := range picked {
		rhos[c.Rho] += n
	}
	return rhos
}

func (r difference) name() string {
	if r.m == 0 {
		return "ρ = 0"
	}
	return "m = " + study.GroupText(r.m)
}

func (r difference) headingText() string {
	if r.setting == "" {
		return "minus " + r.against
	}
	return r.setting + ": minus " + r.against
}

// dots are the seeds that are shown, ascending.
func (r difference) dots() []uint64 {
	seeds := r.diffs.Seeds()
	return seeds[:min(len(seeds), mostSeeds)]
}

// csv is a row a seed that is shown, and one of the mean.
func (r difference) csv() (rows [][]string) {
	m := study.GroupText(r.m)
	if r.m == 0 {
		m = ""
	}
	for _, s := range r.dots() {
		rows = append(rows, []string{r.against, m, fmt.Sprint(s), cellText(r.diffs[s]), "", "", "", ""})
	}
	return append(rows, slices.Concat([]string{r.against, m, ""}, intervalCells(r.est), []string{r.rho}))
}

// sideOf is an m, or ρ = 0 for 0, to be tuned over ρ and whatever else was swept.
func sideOf(t *study.Trials, m float64) study.Side {
	return t.Where(func(r study.Trial) bool { return r.M == m }).Options(study.LastEpoch)
}
