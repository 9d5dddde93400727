package plots

import (
	"math"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// history is a mean over seeds at every epoch, in the units of the axes.
type history struct {
	m                     float64 // 0 at ρ = 0
	clean, perturbed, val []stats.Interval
	last                  map[uint64]float64 // validation error at the last epoch, by seed
	end                   stats.Interval     // what is drawn of it: see ends
	seeds, diverged       int
}

// histories are of ρ = 0, where it is there, and of each m at the swept ρ of lowest mean test error.
func histories(rs []run) (hs []history, rho float64, why string) {
	base, ascent := split(rs)
	rho, ok := bestRho(ascent, Value("test_error"))
	var groups [][]run
	for _, m := range distinct(ascent, mOf) {
		var g []run
		for _, r := range ascent {
			if ok && r.m == m && r.rho == rho {
				g = append(g, r)
			}
		}
		groups = append(groups, g)
	}
	for _, g := range append([][]run{partners(base, ascent)}, groups...) {
		if h := epochs(g); len(h.clean) > 0 {
			hs = append(hs, h)
		}
	}
	if len(hs) == 0 {
		return nil, 0, "no finished trial has epochs"
	}
	ends(hs)
	return hs, rho, ""
}

// ends sets the last validation errors: that of ρ = 0, which comes first, without an interval, the others as that plus
// the difference to it, paired by seed; without ρ = 0, each with an interval of its own.
func ends(hs []history) {
	base := hs[0]
	for i := range hs {
		hs[i].end = stats.MeanT(bySeed(hs[i].last), level)
		if base.m == 0 {
			zero, d := mean(bySeed(base.last)), stats.Paired(hs[i].last, base.last, level)
			hs[i].end = stats.Interval{Mean: zero + d.Mean, Low: zero + d.Low, High: zero + d.High, N: d.N}
		}
	}
	if base.m == 0 {
		hs[0].end = exactly(hs[0].end.Mean)
	}
}

// epochs averages the finished runs of one setting, within seeds and then over them, as far as all of them go.
func epochs(rs []run) (h history) {
	length := math.MaxInt
	var done []run
	for _, r := range rs {
		if r.diverged {
			h.diverged++
		} else if len(r.Epochs) > 0 {
			done, length = append(done, r), min(length, len(r.Epochs))
		}
		h.m = r.m
	}
	if len(done) == 0 {
		return h
	}
	h.seeds = len(distinct(done, seedOf))
	var means map[uint64]float64 // of the last epoch
	over := func(scale float64, of func(record.Epoch) record.Number) (out []stats.Interval) {
		for e := range length {
			sums := map[uint64][]float64{}
			for _, r := range done {
				if v := scale * float64(of(r.Epochs[e])); !math.IsNaN(v) && !math.IsInf(v, 0) {
					sums[r.seed] = append(sums[r.seed], v)
				}
			}
			means = map[uint64]float64{}
			for s, vs := range sums {
				means[s] = mean(vs)
			}
			out = append(out, stats.MeanT(bySeed(means), level))
		}
		return out
	}
	h.clean = over(1, func(e record.Epoch) record.Number { return e.TrainLoss })
	h.perturbed = over(1, func(e record.Epoch) record.Number { return e.PerturbedLoss })
	h.val = over(100, func(e record.Epoch) record.Number { return e.ValError })
	h.last = means
	return h
}
