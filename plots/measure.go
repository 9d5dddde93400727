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
	for _, r := range rs {
		for name := range r.Values.Numbers {
			if _, ok := found[name]; ok {
				continue
			}
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
	perSeed span               // of them, where τ-b is defined

	// Of the measures at the ρ that is shown, where models pass a gate; N = 0 elsewhere.
	pooled  stats.Interval // τ-b of all models at once, jackknifed over seeds
	partial stats.Interval // within, over the models with ρ > 0, with the ρ and m they were trained with held fixed
}

// sample is a number and the gap of the models that have both and pass the gate, a slice a seed. Diverged runs never pass.
type sample struct {
	seeds []uint64 // ascending
	x, y  [][]float64
}

func sampleOf(rs []run, x, gap, gate Field) (s sample) {
	xs, ys := map[uint64][]float64{}, map[uint64][]float64{}
	for _, r := range rs {
		v, ok1 := x.finite(r)
		g, ok2 := gap.finite(r)
		if ok1 && ok2 && passes(r, gate) {
			xs[r.seed], ys[r.seed] = append(xs[r.seed], v), append(ys[r.seed], g)
		}
	}
	s.seeds = slices.Sorted(maps.Keys(xs))
	for _, seed := range s.seeds {
		s.x, s.y = append(s.x, xs[seed]), append(s.y, ys[seed])
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
			p.perSeed.add(len(s.x[i]))
		}
	}
	p.within = stats.MeanT(bySeed(p.seeds), level)
	return p
}

// beyondTraining is Kendall's partial τ of x and the gap within seed, mean over seeds, with ρ and m of the training held fixed, or the
// one of them that varies; N = 0 where neither does. Models of ρ = 0 have no m and are left out.
func beyondTraining(rs []run, x, gap, gate Field) stats.Interval {
	_, ascent := split(rs)
	var keys []func(run) float64
	for _, key := range []func(run) float64{rhoOf, mOf} {
		if len(distinct(ascent, key)) > 1 {
			keys = append(keys, key)
		}
	}
	type columns struct {
		x, y  []float64
		given [][]float64
	}
	seeds := map[uint64]*columns{}
	for _, r := range ascent {
		v, ok1 := x.finite(r)
		g, ok2 := gap.finite(r)
		if !ok1 || !ok2 || !passes(r, gate) || len(keys) == 0 {
			continue
		}
		c := seeds[r.seed]
		if c == nil {
			c = &columns{given: make([][]float64, len(keys))}
			seeds[r.seed] = c
		}
		c.x, c.y = append(c.x, v), append(c.y, g)
		for i, key := range keys {
			c.given[i] = append(c.given[i], key(r))
		}
	}
	taus := map[uint64]float64{}
	for seed, c := range seeds {
		if tau := stats.PartialTau(c.x, c.y, c.given...); !math.IsNaN(tau) {
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
