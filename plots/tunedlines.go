package plots

import (
	"slices"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// noiseKey is the share of noisy train and validation labels.
const noiseKey = "data.label_noise"

// noiseOf is 0 for a trial that knows of no noise.
func noiseOf(r run) float64 {
	if v, ok := record.Float(r.config[noiseKey]); ok {
		return v
	}
	return 0
}

// stop is when training ends: its test error, and the validation error that picks ρ for it.
type stop struct {
	name  string
	y, by string // columns
}

var (
	lastEpoch = stop{"last epoch", "test_error", "val_error"}
	bestEpoch = stop{"epoch of best validation", "test_error_at_best_val", "best_val_error"}
)

// tunedLine is one method over the values of a swept field, in percent.
type tunedLine struct {
	m      float64              // 0 at ρ = 0
	x      []float64            // in the unit that is drawn
	values []map[uint64]float64 // by seed
	rhos   []string             // picked
	// Seeds without a value at the ρ picked, and with one of a run that diverged.
	lost, diverged int
}

// tunedLines returns ρ = 0 first, and then every m, each at its tuned ρ at every value of over.
func tunedLines(rs []run, over Field, s stop) (lines []tunedLine) {
	at := func(r run) float64 { v, _ := over.finite(r); return v }
	for _, m := range distinct(rs, mOf) {
		l := tunedLine{m: m}
		for _, v := range distinct(rs, at) {
			of := slices.DeleteFunc(slices.Clone(rs), func(r run) bool { return r.m != m || at(r) != v })
			t := tune(of, Value(s.by), Value(s.y), over.key)
			l.lost, l.diverged = l.lost+t.lost, l.diverged+t.diverged
			if len(t.values) == 0 {
				continue
			}
			for seed := range t.values {
				t.values[seed] *= 100
			}
			l.x, l.values, l.rhos = append(l.x, over.scale()*v), append(l.values, t.values), append(l.rhos, t.rhoText())
		}
		if len(l.x) > 0 {
			lines = append(lines, l)
		}
	}
	return lines
}

// estimates are the means over seeds, with their intervals.
func (l tunedLine) estimates() (out []stats.Interval) {
	for _, v := range l.values {
		out = append(out, stats.MeanT(bySeed(v), level))
	}
	return out
}

// minus returns the line's paired differences to another.
func (l tunedLine) minus(other tunedLine) (xs []float64, ds []stats.Interval) {
	for i, x := range l.x {
		k := slices.Index(other.x, x)
		if k < 0 {
			continue
		}
		if d := stats.Paired(l.values[i], other.values[k], level); d.N > 0 {
			xs, ds = append(xs, x), append(ds, d.Interval)
		}
	}
	return xs, ds
}
