package plots

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// measure is a column of a measure that depends on m and ρ: "msharp(m=4 rho=0.05)". A name with more parameters,
// "msharp(m=4 rho=0.05 steps=5)" or "(… p=inf)", is another measure, which no figure mixes with the plain one: none reads it.
type measure struct {
	column string
	m      float64 // +Inf for n, all training examples
	rho    float64
}

var column = regexp.MustCompile(`^(\w+)\(m=(\d+|n) rho=([-+.\deE]+)\)$`)

// measures returns the columns of a family, by ρ and then m. Where all examples are asked for both as m = n and by
// their number, which every run shares, n stands for both.
func measures(family string, rs []run) []measure {
	found := map[string]measure{}
	for _, name := range valueNames(rs) {
		f := column.FindStringSubmatch(name)
		if f == nil || f[1] != family {
			continue
		}
		rho, err := strconv.ParseFloat(f[3], 64)
		m, err2 := strconv.ParseFloat(f[2], 64)
		if f[2] == "n" {
			m, err2 = math.Inf(1), nil
		}
		if err == nil && err2 == nil {
			found[name] = measure{name, m, rho}
		}
	}
	if sizes := distinct(rs, func(r run) float64 { v, _ := record.Float(r.config["data.train"]); return v }); len(sizes) == 1 {
		for name, m := range found {
			if all := fmt.Sprintf("%s(m=n %s", family, name[strings.Index(name, "rho="):]); m.m == sizes[0] && found[all].column != "" {
				delete(found, name)
			}
		}
	}
	return slices.SortedFunc(maps.Values(found), func(a, b measure) int {
		return cmp.Or(cmp.Compare(a.rho, b.rho), cmp.Compare(a.m, b.m), cmp.Compare(a.column, b.column))
	})
}

// middle is the ρ that figures show by default: .05 where measured, else the middle one.
func middle(ms []measure) float64 {
	var rhos []float64
	for _, m := range ms {
		rhos = append(rhos, m.rho)
	}
	slices.Sort(rhos)
	rhos = slices.Compact(rhos)
	if slices.Contains(rhos, .05) {
		return .05
	}
	return rhos[len(rhos)/2]
}

// power is how well a number ranks the models by their generalization gap.
type power struct {
	measure                    // zero where the number is none
	seeds   map[uint64]float64 // τ-b within the seed, where defined
	within  stats.Interval     // mean over seeds
	models  int                // gated models that have the number and the gap
	perSeed Span               // of them, where τ-b is defined

	// Of the measures at the ρ that is shown, where models pass a gate; N = 0 elsewhere.
	pooled  stats.Interval // τ-b of all models at once, jackknifed over seeds
	partial stats.Interval // within, over the models with ρ > 0, with the ρ and m they were trained with held fixed
}

// ranking is the models that pass the gate and have the gap, a slice a seed. Diverged runs never pass.
type ranking struct {
	seeds []uint64 // ascending
	runs  [][]run
	gap   [][]float64
}

func rankingOf(rs []run, gap, gate Field) (k ranking) {
	k.seeds = distinct(rs, seedOf)
	place := make(map[uint64]int, len(k.seeds))
	for i, seed := range k.seeds {
		place[seed] = i
	}
	k.runs, k.gap = make([][]run, len(k.seeds)), make([][]float64, len(k.seeds))
	for _, r := range rs {
		if g, ok := gap.finite(r); ok && passes(r, gate) {
			i := place[r.seed]
			k.runs[i], k.gap[i] = append(k.runs[i], r), append(k.gap[i], g)
		}
	}
	return k
}

// sample is a number and the gap of the models that have both, a slice a seed.
type sample struct {
	seeds []uint64 // ascending
	x, y  [][]float64
}

func (k ranking) by(x Field) (s sample) {
	for i, seed := range k.seeds {
		xs, ys := make([]float64, 0, len(k.runs[i])), make([]float64, 0, len(k.runs[i]))
		for j, r := range k.runs[i] {
			if v, ok := x.finite(r); ok {
				xs, ys = append(xs, v), append(ys, k.gap[i][j])
			}
		}
		if len(xs) > 0 {
			s.seeds, s.x, s.y = append(s.seeds, seed), append(s.x, xs), append(s.y, ys)
		}
	}
	return s
}

// correlate compares a number with the gap within each seed.
func correlate(s sample) power {
	p := power{seeds: map[uint64]float64{}}
	for i, seed := range s.seeds {
		p.models += len(s.x[i])
		if tau := stats.TauB(s.x[i], s.y[i]); !math.IsNaN(tau) {
			p.seeds[seed] = tau
			p.perSeed.Add(len(s.x[i]))
		}
	}
	p.within = stats.MeanT(bySeed(p.seeds), level)
	return p
}

// trained are the axes of the training with an ascent, ρ and m, as far as they vary.
func trained(rs []run) (axes []func(run) float64) {
	_, ascent := split(rs)
	for _, axis := range []func(run) float64{rhoOf, mOf} {
		if len(distinct(ascent, axis)) > 1 {
			axes = append(axes, axis)
		}
	}
	return axes
}

// beyond is Kendall's partial τ of x and the gap within seed, mean over seeds, with axes of the training held fixed; N = 0 without any.
// Models of ρ = 0 have no m and are left out.
func (k ranking) beyond(axes []func(run) float64, x Field) stats.Interval {
	taus := map[uint64]float64{}
	for i, seed := range k.seeds {
		var xs, ys []float64
		given := make([][]float64, len(axes))
		for j, r := range k.runs[i] {
			v, ok := x.finite(r)
			if !ok || r.rho == 0 {
				continue
			}
			xs, ys = append(xs, v), append(ys, k.gap[i][j])
			for a, axis := range axes {
				given[a] = append(given[a], axis(r))
			}
		}
		if len(axes) == 0 || len(xs) == 0 {
			continue
		}
		if tau := stats.PartialTau(xs, ys, given...); !math.IsNaN(tau) {
			taus[seed] = tau
		}
	}
	return stats.MeanT(bySeed(taus), level)
}

// passes says whether a run is compared: its gate value is exactly 0.
func passes(r run, gate Field) bool {
	v, ok := gate.finite(r)
	return ok && v == 0 && !r.diverged
}

// at returns the powers measured at one ρ, by m.
func at(ps []power, rho float64) (out []power) {
	for _, p := range ps {
		if p.rho == rho {
			out = append(out, p)
		}
	}
	return out
}

// change is the paired difference in τ from the first m to the last, over the seeds that have both.
func change(ps []power) stats.Difference {
	return stats.Paired(ps[len(ps)-1].seeds, ps[0].seeds, level)
}
