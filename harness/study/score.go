package study

import (
	"fmt"
	"math"

	"msharp/harness/parallel"
	"msharp/harness/record"
	"msharp/harness/stats"
)

// Score is a statistic of how well numbers mu rank models by their gap, where g has the models' hyperparameters; NaN where it is undefined.
type Score func(g *stats.Grid, mu, gap []float64) float64

// Granulated is Ψ of Jiang et al. 2019: see stats.Grid.Granulated.
func Granulated(g *stats.Grid, mu, gap []float64) float64 {
	_, psi := g.Granulated(mu, gap)
	return psi
}

// WorstSign is the sign error of Dziugaite et al. 2020 in the environment where it is largest, of those with enough pairs: see
// stats.Grid.SignError.
func WorstSign(g *stats.Grid, mu, gap []float64) float64 {
	return g.SignError(mu, gap, nil, stats.LeastEffective).Max
}

// Graded is the models of a seed that have a number, with their hyperparameters.
type Graded struct {
	At      []int // in Ranking.Models of the seed
	Mu, Gap []float64
	Grid    *stats.Grid
}

// Graded returns the models of the i-th seed that have x. A hyperparameter that a model lacks is NaN, a value like any other.
func (k Ranking) Graded(i int, x Field, hyper []Rival) (g Graded) {
	var rows [][]float64
	for j, r := range k.Models[i] {
		v, ok := x.Of(r)
		if !ok {
			continue
		}
		g.At, g.Mu, g.Gap = append(g.At, j), append(g.Mu, v), append(g.Gap, k.Gap[i][j])
		row := make([]float64, len(hyper))
		for c, h := range hyper {
			if row[c], ok = h.Of(r); !ok {
				row[c] = nan
			}
		}
		rows = append(rows, row)
	}
	g.Grid = stats.NewGrid(rows)
	return g
}

// Scores returns a statistic of how well x ranks the models of each seed by a gap, on the grid of all that tells them apart (Trials.Grid).
// A seed where it is undefined has none. said names the models it stands on, or why there are none.
func (t *Trials) Scores(x, gap Field, g Gate, of Score) (bySeed PerSeed, said string) {
	k := t.Ranking(gap, g, x)
	if k.missing != "" {
		return nil, k.missing
	}
	hyper := t.Grid()
	values := parallel.Map(len(k.Seeds), func(i int) float64 {
		models := k.Graded(i, x, hyper)
		return of(models.Grid, models.Mu, models.Gap)
	})
	bySeed = PerSeed{}
	var models counts
	undefined := 0
	for i, seed := range k.Seeds {
		if math.IsNaN(values[i]) {
			undefined++
			continue
		}
		bySeed[seed] = values[i]
		models.add(len(k.Models[i]))
	}
	said = k.said(models)
	if undefined > 0 {
		said += fmt.Sprintf("; left out: %s where the statistic is undefined", record.Plural(undefined, "seed"))
	}
	return bySeed, said
}

// counts is the range of the models of a seed; the zero value is of no seed.
type counts struct{ low, high int }

func (c *counts) add(n int) {
	if c.high == 0 {
		c.low = n
	}
	c.low, c.high = min(c.low, n), max(c.high, n)
}

// String is the range in words: "3", "3 to 5".
func (c counts) String() string {
	if c.low == c.high {
		return fmt.Sprint(c.low)
	}
	return fmt.Sprintf("%d to %d", c.low, c.high)
}
