package study

import (
	"cmp"
	"slices"
)

// Cell is what the seeds say at one place of a figure.
type Cell struct {
	Series, X float64
	PerSeed   // the mean of the seed's runs
	Runs      int
	Diverged  int // runs
}

// Cells groups the trials by series and x, in that order, and averages y within each seed. Trials without x or series are left out. One
// without y counts in Runs, and in Diverged if it diverged, and has no part in the mean. A diverged run has the y that Field.Of gives it: of an error, 1.
func (t *Trials) Cells(series, x, y Field) []Cell {
	type key struct{ series, x float64 }
	index := map[key]int{}
	var out []Cell
	var means []*Means
	for _, r := range t.final {
		s, ok1 := series.Of(r)
		at, ok2 := x.Of(r)
		if !ok1 || !ok2 {
			continue
		}
		i, known := index[key{s, at}]
		if !known {
			i = len(out)
			index[key{s, at}], out, means = i, append(out, Cell{Series: s, X: at}), append(means, &Means{})
		}
		out[i].Runs++
		if r.Diverged {
			out[i].Diverged++
		}
		if v, ok := y.Of(r); ok {
			means[i].Add(r.Seed, v)
		}
	}
	for i, m := range means {
		out[i].PerSeed = m.PerSeed()
	}
	slices.SortFunc(out, func(a, b Cell) int { return cmp.Or(cmp.Compare(a.Series, b.Series), cmp.Compare(a.X, b.X)) })
	return out
}

// Same is the field that all trials share: one series, or one x.
var Same = Field{Name: "", Of: func(Trial) (float64, bool) { return 0, true }}

// All is y over all trials as one Cell.
func (t *Trials) All(y Field) Cell {
	if cs := t.Cells(Same, Same, y); len(cs) > 0 {
		return cs[0]
	}
	return Cell{PerSeed: PerSeed{}}
}
