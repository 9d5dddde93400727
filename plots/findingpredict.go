package plots

import (
	"fmt"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// mostRivals is how many a finding names.
const mostRivals = 4

// predictFinding is the predictive power of m-sharpness, and the baselines whose τ is as large as that of its smallest m or larger;
// empty where no τ is defined.
func predictFinding(t *Trials) string {
	c := powerClause(t)
	if c.text == "" {
		return ""
	}
	s := upper(c.String()) + "."
	facts := t.facts(comparedBy(Stopped))
	first := at(facts.ps, facts.rho)[0]
	var names []string
	ahead := 0
	signs := map[int]int{} // of m-sharpness minus a baseline, paired by seed
	best := facts.ranked()
	for _, b := range best {
		signs[direction(stats.Paired(first.seeds, b.seeds, level).Interval)]++
		if b.within.Mean < first.within.Mean {
			continue
		}
		if ahead++; ahead <= mostRivals {
			names = append(names, fmt.Sprintf("%s (%s)", b.name, plusMinus(b.within, 2)))
		}
	}
	if ahead > len(names) {
		names = append(names, fmt.Sprintf("%d more", ahead-len(names)))
	}
	switch {
	case len(best) == 0:
		return s
	case ahead == 0:
		s += fmt.Sprintf(" None of %s has a τ as large as m = %s", record.Plural(len(best), "baseline"), mText(first.m))
	default:
		s += fmt.Sprintf(" Of %s, %d rank them as well as m = %s or better: %s",
			record.Plural(len(best), "baseline"), ahead, mText(first.m), andText(names))
	}
	if c.seeds > 1 {
		s += fmt.Sprintf("; by paired intervals m = %s is above %d of all and below %d", mText(first.m), signs[1], signs[-1])
	}
	return s + "."
}
