package verdict

import (
	"maps"
	"slices"

	"msharp/harness/stats"
	"msharp/harness/study"
)

// Search is how much lower the test error of each of several options is than that of one run, in points by seed. The best
// of them is looked for on the test errors themselves, and p is corrected for the search.
type Search map[study.Choice]*study.Means

// Add adds one run, of a seed and a setting, and the options it is compared with.
func (s Search) Add(seed uint64, run study.Point, options study.Side) {
	for _, o := range options {
		p, ok := o.Of(seed)
		if !ok {
			continue
		}
		if s[o.Choice] == nil {
			s[o.Choice] = &study.Means{}
		}
		s[o.Choice].Add(seed, 100*(run.Test-p.Test))
	}
}

// Pool adds the runs of another.
func (s Search) Pool(more Search) {
	for k, v := range more {
		if s[k] == nil {
			s[k] = &study.Means{}
		}
		s[k].Pool(v)
	}
}

// P is for some option having the lower error (stats.MaxT), over the seeds that have all; 1 without one.
func (s Search) P() float64 {
	if len(s) == 0 {
		return 1
	}
	options := slices.SortedFunc(maps.Keys(s), study.Choice.Compare)
	columns := make([][]float64, len(options))
	for _, seed := range s[options[0]].Seeds() {
		row := make([]float64, 0, len(options))
		for _, k := range options {
			if x, ok := s[k].Value(seed); ok {
				row = append(row, x)
			}
		}
		if len(row) < len(options) {
			continue
		}
		for k, x := range row {
			columns[k] = append(columns[k], x)
		}
	}
	if len(columns[0]) == 0 {
		return 1
	}
	return stats.MaxT(columns)
}
