package study

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"msharp/harness/parallel"
	"msharp/harness/record"
	"msharp/harness/stats"
)

// Ranking is the models that are compared within each seed by their gap: those that pass a gate and have the gap, and whatever numbers are
// asked for beside it.
type Ranking struct {
	Seeds   []uint64 // ascending
	Models  [][]Trial
	Gap     [][]float64
	All     int // models there were
	Passing int // of them, those that pass the gate
	Lack    int // of these, those that lack the gap or a number
	lacked  map[string]int
	gate    Gate
	missing string
}

// Ranking returns the models that pass the gate and have the gap and every number needed, so that all of these rank the same models.
func (t *Trials) Ranking(gap Field, g Gate, needed ...Field) (k Ranking) {
	k = Ranking{All: len(t.final), lacked: map[string]int{}, gate: g, missing: g.missing(t)}
	for _, r := range t.final {
		if !g.passes(r) {
			continue
		}
		k.Passing++
		y, whole := gap.Of(r)
		if !whole {
			k.lacked[gap.Name]++
		}
		for _, f := range needed {
			if _, ok := f.Of(r); !ok {
				k.lacked[f.Name]++
				whole = false
			}
		}
		if !whole {
			k.Lack++
			continue
		}
		n := len(k.Seeds) - 1
		if n < 0 || k.Seeds[n] != r.Seed {
			n++
			k.Seeds, k.Models, k.Gap = append(k.Seeds, r.Seed), append(k.Models, nil), append(k.Gap, nil)
		}
		k.Models[n], k.Gap[n] = append(k.Models[n], r), append(k.Gap[n], y)
	}
	return k
}

// Missing says why no model could be compared; empty where one can.
func (k Ranking) Missing() string { return k.missing }

// Sample is a number and the gap of the models that have both, a slice a seed.
type Sample struct {
	Seeds []uint64 // ascending
	X, Y  [][]float64
}

// By is the number x of the models and their gap. Models without x are left out.
func (k Ranking) By(x Field) (s Sample) {
	for i, seed := range k.Seeds {
		xs, ys := make([]float64, 0, len(k.Models[i])), make([]float64, 0, len(k.Models[i]))
		for j, r := range k.Models[i] {
			if v, ok := x.Of(r); ok {
				xs, ys = append(xs, v), append(ys, k.Gap[i][j])
			}
		}
		if len(xs) > 0 {
			s.Seeds, s.X, s.Y = append(s.Seeds, seed), append(s.X, xs), append(s.Y, ys)
		}
	}
	return s
}

// Models counts the models of the sample.
func (s Sample) Models() (n int) {
	for _, xs := range s.X {
		n += len(xs)
	}
	return n
}

// Taus returns Kendall's τ-b of the number and the gap within each seed. A seed where it is undefined, as where all gaps are equal, has
// none.
func (s Sample) Taus() PerSeed {
	taus := parallel.Map(len(s.Seeds), func(i int) float64 { return stats.TauB(s.X[i], s.Y[i]) })
	out := PerSeed{}
	for i, tau := range taus {
		if !math.IsNaN(tau) {
			out[s.Seeds[i]] = tau
		}
	}
	return out
}

// Taus returns, by seed, τ-b of each of xs with the gap, over the models that have them all. A seed where one is undefined has none. said
// names the models it stands on, or why there are none.
func (t *Trials) Taus(xs []Field, gap Field, g Gate) (bySeed map[uint64][]float64, said string) {
	k := t.Ranking(gap, g, xs...)
	if k.missing != "" {
		return nil, k.missing
	}
	columns := make([]PerSeed, len(xs))
	for i, x := range xs {
		columns[i] = k.By(x).Taus()
	}
	bySeed = make(map[uint64][]float64, len(k.Seeds))
	var models counts
	same := 0
	for i, seed := range k.Seeds {
		var taus []float64
		for _, c := range columns {
			if tau, ok := c[seed]; ok {
				taus = append(taus, tau)
			}
		}
		if len(taus) < len(xs) {
			same++
			continue
		}
		bySeed[seed] = taus
		models.add(len(k.Models[i]))
	}
	said = k.said(models)
	if same > 0 {
		said += fmt.Sprintf("; left out: %s with fewer than two models, or with one gap or one sharpness in all", record.Plural(same, "seed"))
	}
	return bySeed, said
}

// said is which models a statistic stands on; models are those of each seed that has it.
func (k Ranking) said(models counts) string {
	said := fmt.Sprintf("%d of %s %s", k.Passing, record.Plural(k.All, "model"), k.gate.Text)
	if models.high > 0 {
		said += fmt.Sprintf(", %v a seed", models)
	}
	if k.Lack > 0 {
		said += fmt.Sprintf("; %d of them lack a measure or the gap (%s)", k.Lack, mostly(k.lacked))
	}
	return said
}

// mostly names the numbers that are lacked, the most often first, three of them.
func mostly(lacked map[string]int) string {
	names := slices.SortedFunc(maps.Keys(lacked), func(a, b string) int {
		return cmp.Or(cmp.Compare(lacked[b], lacked[a]), cmp.Compare(a, b))
	})
	var ts []string
	for _, n := range names[:min(3, len(names))] {
		ts = append(ts, fmt.Sprintf("%s: %d", n, lacked[n]))
	}
	if len(names) > 3 {
		ts = append(ts, "…")
	}
	return strings.Join(ts, ", ")
}
