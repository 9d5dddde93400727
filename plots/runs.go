package plots

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"msharp/harness/record"
	"msharp/harness/stats"
)

const level = .95 // of every interval

// run is one trial, its axes and numbers read once.
type run struct{ *readRecord }

type readRecord struct {
	*record.Record
	seed     uint64
	rho      float64
	m        float64 // 0 at ρ = 0
	diverged bool
	config   map[string]any // dotted, without the seed; not to be written into
	setting  int            // equal where config is
	beside   int            // equal where config is, ρ and m aside
	layout   *layout        // of row, the record's numbers
	row      []float64
}

// newRun reads a record whose configuration, the seed aside, is config.
func newRun(rec *record.Record, config map[string]any, setting, beside int, numbers *rows) run {
	r := run{&readRecord{Record: rec, diverged: rec.Status == record.Diverged, config: config, setting: setting, beside: beside}}
	if s, ok := record.Float(rec.Config["seed"]); ok {
		r.seed = uint64(s)
	}
	r.rho, _ = Rho.Of(*rec)
	if m, ok := M.Of(*rec); ok {
		r.m = m
	}
	r.layout, r.row = numbers.read(rec.Values.Numbers)
	return r
}

// cell is what the seeds say at one setting.
type cell struct {
	m, x     float64
	seeds    map[uint64]float64 // the mean of the seed's finite runs
	runs     int
	diverged int
}

// mean is over seeds, with a t interval.
func (c cell) mean() stats.Interval { return stats.MeanT(bySeed(c.seeds), level) }

// against is the mean over seeds, with the t interval of the difference to a base, paired by seed: what seeds have in common
// does not widen it. Without a base it is that of the mean.
func (c cell) against(base map[uint64]float64) stats.Interval {
	e := c.mean()
	if len(base) == 0 {
		return e
	}
	half := stats.Paired(c.seeds, base, level).Half()
	e.Low, e.High = e.Mean-half, e.Mean+half
	return e
}

// zeroOf is ρ = 0: of its runs, those that the others can be compared with.
func zeroOf(rs []run, y Field) cell {
	base, ascent := split(rs)
	for _, c := range cells(partners(base, ascent), constant(0), constant(0), y) {
		return c
	}
	return cell{}
}

// atZero is y at ρ = 0 by seed; nil where no seed has it.
func atZero(rs []run, y Field) map[uint64]float64 {
	if c := zeroOf(rs, y); len(c.seeds) > 0 {
		return c.seeds
	}
	return nil
}

func bySeed(v map[uint64]float64) []float64 {
	xs := make([]float64, 0, len(v))
	for _, seed := range slices.Sorted(maps.Keys(v)) {
		xs = append(xs, v[seed])
	}
	return xs
}

// cells groups runs by series m and abscissa x, in that order, and averages y within each seed. Runs without x or m
// are left out; a run without a finite y counts in runs only, or in diverged.
func cells(rs []run, m, x, y Field) []cell {
	type key struct{ m, x float64 }
	sums := map[key]map[uint64][]float64{}
	found := map[key]*cell{}
	for _, r := range rs {
		mv, ok1 := m.finite(r)
		xv, ok2 := x.finite(r)
		if !ok1 || !ok2 {
			continue
		}
		k := key{mv, xv}
		if found[k] == nil {
			found[k] = &cell{m: mv, x: xv, seeds: map[uint64]float64{}}
			sums[k] = map[uint64][]float64{}
		}
		found[k].runs++
		if v, ok := y.finite(r); ok && !r.diverged {
			sums[k][r.seed] = append(sums[k][r.seed], v)
		} else if r.diverged {
			found[k].diverged++
		}
	}
	var out []cell
	for k, c := range found {
		for seed, vs := range sums[k] {
			c.seeds[seed] = mean(vs)
		}
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b cell) int { return cmp.Or(cmp.Compare(a.m, b.m), cmp.Compare(a.x, b.x)) })
	return out
}

// noFinished says why nothing can be drawn of runs, where none reached its end; empty otherwise.
func noFinished(rs []run) string {
	diverged := 0
	for _, r := range rs {
		if r.diverged {
			diverged++
		}
	}
	switch {
	case len(rs) == 0:
		return "no trial has finished"
	case diverged == len(rs) && len(rs) == 1:
		return "the one trial diverged"
	case diverged == len(rs):
		return fmt.Sprintf("all of %s diverged", record.Plural(len(rs), "trial"))
	}
	return ""
}

// mean of a non-empty slice.
func mean(xs []float64) float64 {
	var sum float64
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}

// split separates the base optimizer's runs (ρ = 0) from the others.
func split(rs []run) (base, ascent []run) {
	ascent = make([]run, 0, len(rs))
	for _, r := range rs {
		if r.rho == 0 {
			base = append(base, r)
		} else {
			ascent = append(ascent, r)
		}
	}
	return base, ascent
}

// distinct returns the sorted values of key over rs.
func distinct[T cmp.Ordered](rs []run, key func(run) T) []T {
	set := map[T]bool{}
	for _, r := range rs {
		set[key(r)] = true
	}
	return slices.Sorted(maps.Keys(set))
}

func seedOf(r run) uint64 { return r.seed }
func rhoOf(r run) float64 { return r.rho }
func mOf(r run) float64   { return r.m }

func negative(i stats.Interval) stats.Interval {
	return stats.Interval{Mean: -i.Mean, Low: -i.High, High: -i.Low, N: i.N}
}

// at is the value of a dotted key of the configuration, nil without.
func (r run) at(key string) any {
	if key == "seed" {
		return r.Config[key]
	}
	return r.config[key]
}
