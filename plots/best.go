package plots

import (
	"math"

	"gonum.org/v1/gonum/stat"

	"msharp/harness/stats"
)

// bestRho is the ρ > 0 of lowest y, the mean over m of means over seeds, among those that have every m, most seeds and
// no diverged run; if there is none, among those with the most m. Then why is not the plain rule.
func bestRho(ascent []run, y Field) (rho float64, ok bool) {
	type score struct{ cells, diverged, seeds, sum float64 }
	scores := map[float64]score{}
	for _, c := range cells(ascent, M, Rho, y) {
		s := scores[c.x]
		s.diverged += float64(c.diverged)
		if len(c.seeds) > 0 {
			s.cells, s.seeds, s.sum = s.cells+1, s.seeds+float64(len(c.seeds)), s.sum+c.mean().Mean
		}
		scores[c.x] = s
	}
	var best score
	for _, r := range distinct(ascent, rhoOf) {
		s := scores[r]
		if s.cells == 0 {
			continue
		}
		fuller := s.cells - best.cells
		if fuller == 0 {
			fuller = best.diverged - s.diverged
		}
		if fuller == 0 {
			fuller = s.seeds - best.seeds
		}
		if !ok || fuller > 0 || fuller == 0 && s.sum < best.sum {
			rho, best, ok = r, s, true
		}
	}
	return rho, ok
}

// bests are the best radii by one error.
type bests struct {
	ms     []float64
	radii  []float64            // tried: ρ > 0, ascending
	chosen []map[uint64]float64 // by m: log₁₀ of the best ρ of each seed, the geometric mean of equals
	means  []stats.Interval     // by m: of log₁₀ ρ
	slope  stats.Interval       // of log ρ over log m, over the seeds that have every m
	center stats.Interval       // of log₁₀ ρ, over the same seeds and every m
	ends   int                  // choices at the smallest or largest ρ tried
	zero   int                  // choices that ρ = 0 beats
	all    int                  // choices
}

// bestRhos takes from every seed and m the ρ > 0 of lowest y. A radius at which a run of the seed diverged or lacks y is none.
func bestRhos(rs []run, y Field) bests {
	_, ascent := split(rs)
	b := bests{ms: distinct(ascent, mOf), radii: distinct(ascent, rhoOf)}
	zeros := atZero(rs, y)
	type key struct {
		seed   uint64
		m, rho float64
	}
	out := map[key]bool{}
	for _, r := range ascent {
		if _, ok := y.finite(r); !ok || r.diverged {
			out[key{r.seed, r.m, r.rho}] = true
		}
	}
	least, logs := map[key]float64{}, map[key][]float64{} // rho = 0: the lowest y, and log₁₀ ρ where it is
	for _, c := range cells(ascent, M, Rho, y) {
		for seed, v := range c.seeds {
			k := key{seed, c.m, 0}
			if low, seen := least[k]; out[key{seed, c.m, c.x}] || seen && v > low {
				continue
			} else if !seen || v < low {
				least[k], logs[k] = v, nil
			}
			logs[k] = append(logs[k], math.Log10(c.x))
		}
	}
	for _, m := range b.ms {
		chosen := map[uint64]float64{}
		for _, seed := range distinct(ascent, seedOf) {
			k := key{seed, m, 0}
			if len(logs[k]) == 0 {
				continue
			}
			chosen[seed] = mean(logs[k])
			b.all++
			if first, last := math.Log10(b.radii[0]), math.Log10(b.radii[len(b.radii)-1]); chosen[seed] == first || chosen[seed] == last {
				b.ends++
			}
			if zero, ok := zeros[seed]; ok && zero < least[k] {
				b.zero++
			}
		}
		b.chosen, b.means = append(b.chosen, chosen), append(b.means, stats.MeanT(bySeed(chosen), level))
	}
	b.fit()
	return b
}

// fit sets slope and center.
func (b *bests) fit() {
	slopes, centers := map[uint64]float64{}, map[uint64]float64{}
	for seed := range b.chosen[0] {
		var xs, ys []float64
		for i, m := range b.ms {
			if log, ok := b.chosen[i][seed]; ok {
				xs, ys = append(xs, math.Log10(m)), append(ys, log)
			}
		}
		if len(ys) == len(b.ms) && len(ys) > 1 {
			_, slopes[seed] = stat.LinearRegression(xs, ys, nil, false)
			centers[seed] = mean(ys)
		}
	}
	b.slope, b.center = stats.MeanT(bySeed(slopes), level), stats.MeanT(bySeed(centers), level)
}

// power10Of takes the logarithm off an interval.
func power10Of(i stats.Interval) stats.Interval {
	return stats.Interval{Mean: math.Pow(10, i.Mean), Low: math.Pow(10, i.Low), High: math.Pow(10, i.High), N: i.N}
}
