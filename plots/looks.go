package plots

import (
	"slices"

	"msharp/harness/stats"
	"msharp/harness/study"
)

// sharedLooks are the times at which all of some runs looked, ascending.
func sharedLooks(runs []study.Trial) (at []int) {
	for i, r := range runs {
		if i == 0 {
			at = slices.Clone(r.Watch.At)
			continue
		}
		at = slices.DeleteFunc(at, func(at int) bool { _, has := slices.BinarySearch(r.Watch.At, at); return !has })
	}
	return at
}

// overLooks is the mean over seeds of a number of looks, at times that all of the runs have. A time at which a seed has no number has no
// mean; a seed that has none at any time is left out.
func overLooks(runs []study.Trial, at []int, of func(study.Look) (float64, bool)) []stats.Interval {
	means := make([]study.Means, len(at))
	seeds := map[uint64]bool{}
	for _, r := range runs {
		looks := r.Looks()
		for i, when := range at {
			k, _ := slices.BinarySearch(r.Watch.At, when)
			if v, ok := of(looks[k]); ok {
				means[i].Add(r.Seed, v)
				seeds[r.Seed] = true
			}
		}
	}
	ys := make([]stats.Interval, len(at))
	for i := range means {
		if ys[i] = means[i].PerSeed().Mean(); ys[i].N < len(seeds) || ys[i].N == 0 {
			ys[i] = exactly(nan)
		}
	}
	return ys
}
