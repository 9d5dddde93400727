package plots

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"msharp/harness/stats"
	"msharp/harness/study"
)

// bests are the best radii, by validation.
type bests struct {
	ms     []float64
	radii  []float64        // tried: ρ > 0, ascending
	chosen []study.PerSeed  // by m: log₁₀ of the best ρ of each seed (study.BestRho), the mean over settings
	means  []stats.Interval // by m: of log₁₀ ρ
	slope  stats.Interval   // of log ρ over log m, over the seeds that have every m
	center stats.Interval   // of log₁₀ ρ, over the same seeds and every m
	ends   int              // choices at the smallest or largest ρ tried
	zero   int              // choices that ρ = 0 beats
	all    int              // choices
}

// bestRhos takes from every seed, m and setting the ρ > 0 of lowest validation error.
func bestRhos(t *study.Trials) bests {
	curves, _ := t.Curves(study.LastEpoch)
	b := bests{ms: t.Ms(), radii: t.Rhos()}
	for _, m := range b.ms {
		var chosen study.Means
		for _, c := range curves {
			for _, seed := range c.Seeds {
				rho, least, ok := study.BestRho(c.At[m], seed, study.ValOf)
				if !ok {
					continue
				}
				chosen.Add(seed, math.Log10(rho))
				b.all++
				if line := c.At[m]; rho == line[0].Rho || rho == line[len(line)-1].Rho {
					b.ends++
				}
				if zero, ok := c.Base.Of(seed); ok && study.ValOf(zero) < least {
					b.zero++
				}
			}
		}
		b.chosen = append(b.chosen, chosen.PerSeed())
		b.means = append(b.means, b.chosen[len(b.chosen)-1].Mean())
	}
	b.fit()
	return b
}

// fit sets slope and center.
func (b *bests) fit() {
	slopes, centers := study.PerSeed{}, study.PerSeed{}
	if len(b.chosen) == 0 {
		return
	}
	for seed := range b.chosen[0] {
		var xs, ys []float64
		for i, m := range b.ms {
			if log, ok := b.chosen[i][seed]; ok {
				xs, ys = append(xs, math.Log10(m)), append(ys, log)
			}
		}
		if len(ys) == len(b.ms) && len(ys) > 1 {
			_, slopes[seed] = stat.LinearRegression(xs, ys, nil, false)
			centers[seed] = stat.Mean(ys, nil)
		}
	}
	b.slope, b.center = slopes.Mean(), centers.Mean()
}

// counts are the seeds of the i-th m that choose each log₁₀ ρ.
func (b bests) counts(i int) map[float64]int {
	counts := map[float64]int{}
	for _, log := range b.chosen[i] {
		counts[log]++
	}
	return counts
}

// most is the largest number of seeds of one m that choose the same ρ.
func (b bests) most() (n int) {
	for i := range b.ms {
		for _, k := range b.counts(i) {
			n = max(n, k)
		}
	}
	return n
}

// some reports whether a seed has a choice.
func (b bests) some() bool {
	return slices.ContainsFunc(b.means, func(m stats.Interval) bool { return m.N > 0 })
}

// power10Of takes the logarithm off an interval.
func power10Of(i stats.Interval) stats.Interval {
	return stats.Interval{Mean: math.Pow(10, i.Mean), Low: math.Pow(10, i.Low), High: math.Pow(10, i.High), N: i.N}
}
