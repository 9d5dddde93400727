package study

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// Given is how well a number ranks models by their gap once what they were trained with is given. Both are residuals: less the mean over
// seeds of their setting (ρ and m, and whatever else was swept), and then less the seed's mean over settings. What is left of a model is its
// luck, that of the seed aside. Equal counts have equal residuals: what rounding alone keeps apart ties.
type Given struct {
	Seeds []uint64
	X, Y  [][]float64 // [seed][setting]
}

// Given returns the number x and the gap of the settings that every seed of the ranking has a model of; said names them, or why there are
// none: it takes two settings and two seeds.
func (k Ranking) Given(x Field) (g Given, said string) {
	type cell struct{ x, y PerSeed }
	cells, order := map[int]*cell{}, []int(nil)
	for i, seed := range k.Seeds {
		for j, r := range k.Models[i] {
			v, ok := x.Of(r)
			if !ok {
				continue
			}
			c := cells[r.setting]
			if c == nil {
				c = &cell{PerSeed{}, PerSeed{}}
				cells[r.setting], order = c, append(order, r.setting)
			}
			c.x[seed], c.y[seed] = v, k.Gap[i][j]
		}
	}
	whole := slices.DeleteFunc(slices.Clone(order), func(s int) bool { return len(cells[s].x) < len(k.Seeds) })
	said = fmt.Sprintf("%d of %s with a model %s in every seed", len(whole), record.Plural(len(order), "setting"), k.gate.Text)
	if len(whole) < 2 || len(k.Seeds) < 2 {
		return g, said
	}
	g.Seeds = k.Seeds
	for _, seed := range k.Seeds {
		var xs, ys []float64
		for _, s := range whole {
			xs, ys = append(xs, cells[s].x[seed]), append(ys, cells[s].y[seed])
		}
		g.X, g.Y = append(g.X, xs), append(g.Y, ys)
	}
	return g, said
}

// Tau is τ-b of the residuals of all models, and the same without each seed, its residuals anew. NaN of fewer than two seeds.
func (g Given) Tau() Pooled {
	out := Pooled{Value: tauOf(residuals(g.X), residuals(g.Y)), WithoutSeed: PerSeed{}}
	for i, seed := range g.Seeds {
		without := func(of [][]float64) [][]float64 { return residuals(slices.Delete(slices.Clone(of), i, i+1)) }
		out.WithoutSeed[seed] = tauOf(without(g.X), without(g.Y))
	}
	return out
}

// P is p, one-sided, against "Tau is positive": how often τ would be as large as it is, were the seeds of one number permuted against those
// of the other (stats.PermuteTau). sign −1 is against "Tau is negative".
func (g Given) P(sign float64) float64 {
	y := residuals(g.Y)
	for _, row := range y {
		for i := range row {
			row[i] *= sign
		}
	}
	return stats.PermuteTau(residuals(g.X), y)
}

// residuals are values less the mean of their column, and then of their row. Those that differ by rounding alone are equal: equal counts tie.
func residuals(rows [][]float64) [][]float64 {
	if len(rows) == 0 {
		return nil
	}
	out := make([][]float64, len(rows))
	largest := 0.
	for i, row := range rows {
		out[i] = slices.Clone(row)
		for _, v := range row {
			largest = math.Max(largest, math.Abs(v))
		}
	}
	for k := range rows[0] {
		mean := 0.
		for _, row := range rows {
			mean += row[k] / float64(len(rows))
		}
		for _, row := range out {
			row[k] -= mean
		}
	}
	for _, row := range out {
		mean := 0.
		for _, v := range row {
			mean += v / float64(len(row))
		}
		for k, v := range row {
			row[k] = v - mean
		}
	}
	level(out, Rounding*largest)
	return out
}

// level makes numbers equal that differ by no more than slack from the next smaller one.
func level(rows [][]float64, slack float64) {
	var all []*float64
	for _, row := range rows {
		for k := range row {
			all = append(all, &row[k])
		}
	}
	slices.SortFunc(all, func(a, b *float64) int { return cmp.Compare(*a, *b) })
	for i, last := 1, *all[0]; i < len(all); i++ {
		v := *all[i]
		if v-last <= slack {
			*all[i] = *all[i-1]
		}
		last = v
	}
}

func tauOf(x, y [][]float64) float64 {
	return stats.TauB(slices.Concat(x...), slices.Concat(y...))
}
