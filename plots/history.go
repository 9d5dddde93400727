package plots

import (
	"math"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
)

// history is a mean over seeds at every epoch, in the units of the axes.
type history struct {
	m                     float64 // 0 at ρ = 0
	clean, perturbed, val []stats.Interval
	last                  study.PerSeed  // validation error at the last epoch that has one
	end                   stats.Interval // what is drawn of it: see ends
	seeds, diverged       int
}

// histories are of ρ = 0, where it is there, and of each m at the swept ρ of lowest mean error, by validation where that is recorded.
func histories(t *study.Trials) (hs []history, rho float64, by study.Field, why string) {
	rho, by, ok := shownRho(t)
	for _, g := range atRho(t, rho, ok) {
		if h := epochs(g); len(h.clean) > 0 {
			hs = append(hs, h)
		}
	}
	if len(hs) == 0 {
		return nil, 0, by, "no finished trial has epochs"
	}
	ends(hs)
	return hs, rho, by, ""
}

// shownRho is the swept ρ of lowest mean error, by validation where that is recorded; not ok where no trial with ρ > 0 has an error.
func shownRho(t *study.Trials) (rho float64, by study.Field, ok bool) {
	by = study.ValError
	if rho, ok = t.LowestRho(by); !ok {
		by = study.TestError
		rho, ok = t.LowestRho(by)
	}
	return rho, by, ok
}

// atRho are the trials at ρ = 0 and, where ascent is set, those of each m at a ρ.
func atRho(t *study.Trials, rho float64, ascent bool) [][]study.Trial {
	groups := [][]study.Trial{t.Partners().Base().Final()}
	for _, m := range t.Ms() {
		groups = append(groups, t.Where(func(r study.Trial) bool { return ascent && r.M == m && r.Rho == rho }).Final())
	}
	return groups
}

// ends sets the last validation errors: that of ρ = 0, which comes first, without an interval, the others as that plus
// the difference to it, paired by seed; without ρ = 0, each with an interval of its own.
func ends(hs []history) {
	base := hs[0]
	for i := range hs {
		hs[i].end = hs[i].last.Mean()
		if base.m == 0 {
			zero, d := base.last.Mean().Mean, hs[i].last.Minus(base.last).Mean()
			hs[i].end = stats.Interval{Mean: zero + d.Mean, Low: zero + d.Low, High: zero + d.High, N: d.N}
		}
	}
	if base.m == 0 {
		hs[0].end = exactly(hs[0].end.Mean)
	}
}

// epochs averages the runs of one setting that did not diverge, within seeds and then over them, as far as all of them go. An epoch at which
// some of the seeds have no number, because its validation error was not taken, has no mean.
func epochs(ts []study.Trial) (h history) {
	length := math.MaxInt
	var done []study.Trial
	seeds := map[uint64]bool{}
	for _, r := range ts {
		if r.Diverged {
			h.diverged++
		} else if len(r.Epochs) > 0 {
			done, length = append(done, r), min(length, len(r.Epochs))
			seeds[r.Seed] = true
		}
		h.m = r.M
	}
	if len(done) == 0 {
		return h
	}
	h.seeds = len(seeds)
	over := func(scale float64, of func(record.Epoch) record.Number) (out []stats.Interval, latest study.PerSeed) {
		for e := range length {
			var means study.Means
			for _, r := range done {
				if v := scale * float64(of(r.Epochs[e])); !math.IsNaN(v) && !math.IsInf(v, 0) {
					means.Add(r.Seed, v)
				}
			}
			s := means.PerSeed()
			out = append(out, s.Mean())
			if len(s) >= len(latest) {
				latest = s
			}
		}
		for e := range out {
			if out[e].N < len(latest) {
				out[e] = exactly(nan)
			}
		}
		return out, latest
	}
	h.clean, _ = over(1, func(e record.Epoch) record.Number { return e.TrainLoss })
	h.perturbed, _ = over(1, func(e record.Epoch) record.Number { return e.PerturbedLoss })
	h.val, h.last = over(100, func(e record.Epoch) record.Number { return e.ValError })
	return h
}
