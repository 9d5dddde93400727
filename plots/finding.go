package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// smallRho is where "smaller m is better" is claimed: beyond it the curves cross.
const smallRho = .05

// Finding is what the records say about m, in one sentence with n and intervals: how the test error changes with m at
// small ρ, and how the predictive power of m-sharpness changes with its m. A change whose 95 % interval holds zero is
// called undecided.
func Finding(recs []record.Record) string {
	rs := runs(recs)
	var parts []string
	for _, s := range []string{errorFinding(rs), powerFinding(rs)} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if len(parts) > 0 {
		return upper(strings.Join(parts, "; ")) + "."
	}
	diverged := 0
	for _, r := range rs {
		if r.diverged {
			diverged++
		}
	}
	switch {
	case len(rs) == 0:
		return "No finding: no trial has finished."
	case diverged == len(rs):
		return fmt.Sprintf("No finding: all of %s diverged.", plural(diverged, "trial"))
	}
	return fmt.Sprintf("No finding: %s, but not two values of m to compare.", plural(len(rs), "final trial"))
}

// slopeOverM is, per seed, the slope of y (percent) over the index of m, on the mean over the small ρ at which the seed
// has a value for every m. With no such ρ swept, the smallest one counts as small.
func slopeOverM(rs []run, y Field) (slopes map[uint64]float64, ms, rhos []float64) {
	_, ascent := split(rs)
	ms = distinct(ascent, mOf)
	for _, rho := range distinct(ascent, rhoOf) {
		if rho <= smallRho || len(rhos) == 0 {
			rhos = append(rhos, rho)
		}
	}
	if len(ms) < 2 {
		return nil, ms, rhos
	}
	index := make([]float64, len(ms))
	sums := map[uint64][]float64{} // per seed and index of m
	count := map[uint64]int{}
	byCell := cells(ascent, Field(M), Field(Rho), y)
	for _, rho := range rhos {
		for _, seed := range distinct(ascent, seedOf) {
			var line []float64
			for _, c := range byCell {
				if v, ok := c.seeds[seed]; ok && c.x == rho {
					line = append(line, 100*v)
				}
			}
			if len(line) != len(ms) {
				continue
			}
			if sums[seed] == nil {
				sums[seed] = make([]float64, len(ms))
			}
			for i, v := range line {
				sums[seed][i] += v
			}
			count[seed]++
		}
	}
	for i := range index {
		index[i] = float64(i)
	}
	slopes = map[uint64]float64{}
	for seed, line := range sums {
		_, slope := stat.LinearRegression(index, line, nil, false)
		slopes[seed] = slope / float64(count[seed])
	}
	return slopes, ms, rhos
}

func errorFinding(rs []run) string {
	slopes, ms, rhos := slopeOverM(rs, Value("test_error"))
	if len(slopes) == 0 {
		return ""
	}
	d := stats.TestZero(bySeed(slopes), level)
	var names []string
	for _, m := range ms {
		names = append(names, mText(m))
	}
	where := "mean over ρ ≤ " + short(rhos[len(rhos)-1])
	if len(rhos) == 1 {
		where = "at ρ = " + short(rhos[0])
	}
	where = fmt.Sprintf("per step of m (%s; %s; %s)", strings.Join(names, ", "), where, sample(d.Interval))
	switch direction(d.Interval) {
	case +1:
		return fmt.Sprintf("test error rises by %s points %s", plusMinus(d.Interval, 3), where)
	case -1:
		return fmt.Sprintf("test error falls by %s points %s", plusMinus(negative(d.Interval), 3), where)
	}
	return fmt.Sprintf("whether test error changes with m is undecided: %s points %s", plusMinus(d.Interval, 3), where)
}

func powerFinding(rs []run) string {
	facts := Power{}.defaults().facts(rs)
	ps := slices.DeleteFunc(at(facts.ps, facts.rho), func(p power) bool { return p.within.N == 0 })
	if facts.skipped != "" || len(ps) < 2 {
		return ""
	}
	first, last := ps[0], ps[len(ps)-1]
	d := change(ps)
	from := fmt.Sprintf("from %s at m = %s to %s at m = %s (difference %s; %s)", plusMinus(first.within, 2), mText(first.m),
		plusMinus(last.within, 2), mText(last.m), plusMinus(d.Interval, 2), sample(d.Interval))
	what := "τ of m-sharpness with the error gap"
	switch direction(d.Interval) {
	case +1:
		return what + " rises " + from
	case -1:
		return what + " falls " + from
	}
	return "whether " + what + " changes with its m is undecided: " + from
}

// direction is the sign of an interval that does not hold zero; 0 where it does, or where there is none.
func direction(i stats.Interval) int {
	switch {
	case i.Low > 0:
		return 1
	case i.High < 0:
		return -1
	}
	return 0
}

func negative(i stats.Interval) stats.Interval {
	return stats.Interval{Mean: -i.Mean, Low: -i.High, High: -i.Low, N: i.N}
}

// sample says how many seeds stand behind an interval, and when there is none.
func sample(i stats.Interval) string {
	if math.IsNaN(i.Half()) {
		return fmt.Sprintf("n = %s, no interval", plural(i.N, "seed"))
	}
	return "n = " + plural(i.N, "seed")
}
