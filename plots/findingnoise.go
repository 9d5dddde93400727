package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"msharp/harness/stats"
)

// noiseFinding is what SAM with the largest m saves against ρ = 0 at each share of noisy labels, and the smallest m against that, each
// at its tuned ρ, after the last epoch and after that of best validation.
func noiseFinding(rs []run) string {
	_, ascent := split(rs)
	ms := distinct(ascent, mOf)
	if len(ms) == 0 {
		return "No finding: label noise without an m."
	}
	small, large := ms[0], ms[len(ms)-1]
	noise := distinct(rs, noiseOf)
	gains, seeds := noiseChanges(rs, noise, large, 0)
	if gains == "" {
		return "No finding: no seed has both ρ = 0 and an m at a ρ that other seeds' validation error picks."
	}
	var shares []string
	for _, share := range noise {
		shares = append(shares, short(100*share))
	}
	zero, _ := split(rs)
	s := clause{fmt.Sprintf("at %s %% noisy labels SAM with m = %s and tuned ρ changes the test error of %s by %s",
		andText(shares), mText(large), baseName(zero), gains), seeds}.String()
	if more, _ := noiseChanges(rs, noise, small, large); more != "" && small != large {
		s += fmt.Sprintf("; m = %s in its place changes it further by %s", mText(small), more)
	}
	return upper(s) + "."
}

// noiseChanges is the paired differences in test error of m minus another, 0 for ρ = 0, at each share of noisy labels: "−1.3 ± .2 and
// −4.1 ± .9 points after the last epoch". seeds are the most of them; empty where there is none.
func noiseChanges(rs []run, noise []float64, m, from float64) (text string, seeds int) {
	var parts []string
	for _, s := range []stop{lastEpoch, bestEpoch} {
		lines := tunedLines(rs, Noise, s)
		i := slices.IndexFunc(lines, func(l tunedLine) bool { return l.m == m })
		k := slices.IndexFunc(lines, func(l tunedLine) bool { return l.m == from })
		if i < 0 || k < 0 {
			continue
		}
		xs, ds := lines[i].minus(lines[k])
		if len(ds) == 0 {
			continue
		}
		var changes []string
		for _, share := range noise {
			change := "–"
			if at := slices.IndexFunc(xs, func(x float64) bool { return math.Abs(x-100*share) < 1e-9 }); at >= 0 {
				change, seeds = signed(stats.Difference{Interval: ds[at]}, 1), max(seeds, ds[at].N)
			}
			changes = append(changes, change)
		}
		parts = append(parts, fmt.Sprintf("%s points after the %s", andText(changes), s.name))
	}
	return strings.Join(parts, ", and by "), seeds
}
