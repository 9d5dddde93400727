package study

import (
	"math"

	"gonum.org/v1/gonum/stat"

	"msharp/harness/parallel"
	"msharp/harness/stats"
)

// Statistic is a number of a study: a value of each seed, whose mean it is, or a number of all seeds together.
type Statistic struct {
	BySeed PerSeed
	Pooled *Pooled // nil where the values by seed are the statistic
}

// Pooled is a number of all seeds together, with the number without each seed: its variance over seeds is that of the jackknife.
type Pooled struct {
	Value       float64
	WithoutSeed PerSeed
}

// finite are the seeds with a value, and those whose value is no number.
func (s Statistic) finite() (seeds []uint64, lost int) {
	of := s.BySeed
	if s.Pooled != nil {
		of = s.Pooled.WithoutSeed
	}
	for _, seed := range of.Seeds() {
		if x := of[seed]; math.IsNaN(x) || math.IsInf(x, 0) {
			lost++
			continue
		}
		seeds = append(seeds, seed)
	}
	return seeds, lost
}

// over is the statistic over those of the seeds that have a value; NaN without any.
func (s Statistic) over(seeds []uint64) float64 {
	if s.Pooled != nil {
		return s.Pooled.Value
	}
	var xs []float64
	for _, seed := range seeds {
		if x, ok := s.BySeed[seed]; ok && !math.IsNaN(x) && !math.IsInf(x, 0) {
			xs = append(xs, x)
		}
	}
	if len(xs) == 0 {
		return nan
	}
	return stat.Mean(xs, nil)
}

// Estimate is a statistic with its variance over seeds and over test images.
type Estimate struct {
	stats.Crossed
	BySeed PerSeed // the values that are numbers; nil of a pooled statistic
	Lost   int     // seeds whose value is no number
}

// Crossed returns the estimates of statistics over seeds and test images. of gives them for the trials and, in the same order, for the
// trials without a block of test images. Where the blocks are not known, see Blocks, the variance over test images is 0.
//
// A is s²/S of the values by seed, and of a Pooled number the jackknife's variance of those without a seed. A seed whose value is no finite
// number is left out, here and without every block; where a seed lacks its value without a block, the mean there is over the others.
func (t *Trials) Crossed(of func(*Trials) []Statistic) []Estimate { return t.CrossedOf(of(t), of) }

// CrossedOf is Crossed where the statistics of the trials are known.
func (t *Trials) CrossedOf(all []Statistic, of func(*Trials) []Statistic) []Estimate {
	without := parallel.Map(t.Blocks(), func(g int) []Statistic { return of(t.WithoutBlock(g)) })
	out := make([]Estimate, len(all))
	for i, s := range all {
		seeds, lost := s.finite()
		blocks := make([]float64, len(without))
		for g, some := range without {
			if blocks[g] = nan; i < len(some) {
				blocks[g] = some[i].over(seeds)
			}
		}
		out[i] = s.estimate(seeds, blocks)
		out[i].Lost = lost
	}
	return out
}

func (s Statistic) estimate(seeds []uint64, without []float64) Estimate {
	if s.Pooled == nil {
		bySeed, xs := PerSeed{}, make([]float64, len(seeds))
		for i, seed := range seeds {
			bySeed[seed], xs[i] = s.BySeed[seed], s.BySeed[seed]
		}
		return Estimate{Crossed: stats.CrossedT(xs, without), BySeed: bySeed}
	}
	xs := make([]float64, len(seeds))
	for i, seed := range seeds {
		xs[i] = s.Pooled.WithoutSeed[seed]
	}
	return Estimate{Crossed: stats.CrossedOf(s.Pooled.Value, len(seeds), stats.JackknifeVariance(xs), without)}
}
