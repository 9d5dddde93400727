package verdict

import (
	"maps"
	"slices"

	"msharp/harness/stats"
)

// search is how much lower the test error of each of several options is than that of one run, in points by seed. The best
// of them is looked for on the test errors themselves: p pays for the search.
type search map[choice]*means

// add is of one seed and one family.
func (s search) add(seed uint64, run point, options side) {
	for _, o := range options {
		p, ok := o.of(seed)
		if !ok {
			continue
		}
		if s[o.choice] == nil {
			s[o.choice] = &means{}
		}
		s[o.choice].add(seed, 100*(run.test-p.test))
	}
}

// p is for some option having the lower error (stats.MaxT), over the seeds that have all; 1 without one.
func (s search) p() float64 {
	if len(s) == 0 {
		return 1
	}
	options := slices.SortedFunc(maps.Keys(s), choice.compare)
	columns := make([][]float64, len(options))
	for _, seed := range s[options[0]].seeds {
		row := make([]float64, 0, len(options))
		for _, k := range options {
			if x, ok := s[k].value(seed); ok {
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
