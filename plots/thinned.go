package plots

import (
	"cmp"
	"slices"
)

// Of more than a picture or a page can show, they show a sample.
const (
	mostDots    = 5000 // models in a panel of a scatter
	mostSeeds   = 200  // of a row of differences
	mostBunched = 24   // markers around one position
	mostRecords = 5000 // trials in the table of a report
)

// thinned are at most n of the runs, in their order. Ids are hashes: the least of them are as good as drawn at random, and are the same
// every time.
func thinned(rs []run, n int) []run {
	if len(rs) <= n {
		return rs
	}
	last := slices.SortedFunc(slices.Values(rs), func(a, b run) int { return cmp.Compare(a.ID, b.ID) })[n-1].ID
	out := make([]run, 0, n)
	for _, r := range rs {
		if r.ID <= last && len(out) < n {
			out = append(out, r)
		}
	}
	return out
}
