package stats

import (
	"fmt"
	"math"
	"slices"
)

// Grid holds the hyperparameters of a population of models, for the statistics that compare models of equal hyperparameters. It is
// read-only: goroutines may share it.
type Grid struct {
	models int
	values [][]float64 // [hyperparameter] its distinct values, ascending, NaN first
	level  [][]int     // [hyperparameter][model], an index into values
	pairs  []condition // on two hyperparameters that vary
	single []condition // on one
	none   condition
}

// NewGrid takes one row of hyperparameter values a model, all rows of one length. NaN is a value like any other, for a hyperparameter that
// some models lack. If models of several seeds are one population, the seed is a hyperparameter too. The grid need not be complete.
func NewGrid(hyper [][]float64) *Grid {
	g := &Grid{models: len(hyper)}
	if g.models == 0 {
		return g
	}
	for i := range hyper[0] {
		var values []float64
		for k, row := range hyper {
			if len(row) != len(hyper[0]) {
				panic(fmt.Sprintf("stats: model %d has %d hyperparameters, model 0 has %d", k, len(row), len(hyper[0])))
			}
			values = append(values, row[i])
		}
		slices.Sort(values)
		values = slices.CompactFunc(values, func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) })
		level := make([]int, g.models)
		for k, row := range hyper {
			level[k], _ = slices.BinarySearch(values, row[i])
		}
		g.values, g.level = append(g.values, values), append(g.level, level)
	}
	g.conditions()
	return g
}

// check panics unless there is a value for every model, and reports whether they can be ranked: none is NaN, not all are equal.
func (g *Grid) check(mu, gap []float64) bool {
	if len(mu) != g.models || len(gap) != g.models {
		panic(fmt.Sprintf("stats: %d measures and %d gaps of %d models", len(mu), len(gap), g.models))
	}
	return !anyNaN(mu) && !anyNaN(gap) && !constant(mu) && !constant(gap)
}

// lines groups the models that differ in nothing but hyperparameter i: lines of two or more models, in a fixed order.
func (g *Grid) lines(i int) (lines [][]int) {
	others := make([]int, g.models)
	n := 1
	for j, level := range g.level {
		if j != i {
			others, n = cross(others, level)
		}
	}
	if g.models == 0 {
		return nil
	}
	lines = make([][]int, n)
	for k, o := range others {
		lines[o] = append(lines[o], k)
	}
	return slices.DeleteFunc(lines, func(l []int) bool { return len(l) < 2 })
}

// cross numbers the pairs (a[k], b[k]) from 0, in order of appearance.
func cross(a, b []int) (ab []int, n int) {
	seen := map[[2]int]int{}
	ab = make([]int, len(a))
	for k := range a {
		pair := [2]int{a[k], b[k]}
		at, ok := seen[pair]
		if !ok {
			at = len(seen)
			seen[pair] = at
		}
		ab[k] = at
	}
	return ab, len(seen)
}

// Granulated is the granulated Kendall coefficient (Jiang et al. 2020, arXiv:1912.02178, section 2.2.2): psi[i] is
// the mean τ-a along the lines of models that differ in nothing but hyperparameter i, Psi the mean of psi. Lines with
// fewer than two values of i are skipped, and so are pairs with the same value of i. psi[i] is NaN if no line is left, and Psi is then over
// the others. All are NaN if mu or gap is constant or holds a NaN. Granulated panics if the lengths differ.
func (g *Grid) Granulated(mu, gap []float64) (psi []float64, Psi float64) {
	psi = fill(make([]float64, len(g.level)), math.NaN())
	if !g.check(mu, gap) {
		return psi, math.NaN()
	}
	var all mean
	for i := range psi {
		var along mean
		for _, line := range g.lines(i) {
			var tau mean
			for x, a := range line {
				for _, b := range line[:x] {
					if g.level[i][a] != g.level[i][b] {
						tau.add(sign(mu[a], mu[b]) * sign(gap[a], gap[b]))
					}
				}
			}
			if tau.n > 0 {
				along.add(tau.value())
			}
		}
		if psi[i] = along.value(); along.n > 0 {
			all.add(psi[i])
		}
	}
	return psi, all.value()
}

// mean is a running mean, NaN before the first value.
type mean struct{ sum, n float64 }

func (m *mean) add(x float64) { m.sum, m.n = m.sum+x, m.n+1 }
func (m mean) value() float64 { return m.sum / m.n }

// sign returns the sign of a − b, also for infinities.
func sign(a, b float64) float64 {
	switch {
	case a > b:
		return 1
	case a < b:
		return -1
	}
	return 0
}
