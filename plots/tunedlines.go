package plots

import (
	"slices"

	"msharp/harness/stats"
	"msharp/harness/study"
)

// tunedLine is one method over the values of a swept field, in percent.
type tunedLine struct {
	m      float64   // 0 at ρ = 0
	x      []float64 // in the unit that is drawn
	values []study.PerSeed
	rhos   []string // picked
	// Seeds that lack an option, and those with a run that diverged.
	lost, diverged int
}

// tunedLines returns ρ = 0 first, and then every m, each tuned over ρ and what else was swept, at every value of a field.
func tunedLines(t *study.Trials, over study.Field, e study.Errors) (lines []tunedLine) {
	levels := t.Levels(over)
	for _, m := range append([]float64{0}, t.Ms()...) {
		l := tunedLine{m: m}
		for _, level := range levels {
			of := level.Where(func(r study.Trial) bool { return r.M == m })
			c, n := study.Tuned(e, of.Options(e))
			l.lost, l.diverged = l.lost+n.Left, l.diverged+c.Diverged(0)
			if len(c.Seeds) == 0 {
				continue
			}
			l.x, l.values = append(l.x, over.In(level.Value)), append(l.values, c.PerSeed().Scale(100))
			l.rhos = append(l.rhos, rhoText(c.Picked(0)))
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
		out = append(out, v.Mean())
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
		if d := l.values[i].Minus(other.values[k]).Mean(); d.N > 0 {
			xs, ds = append(xs, x), append(ds, d)
		}
	}
	return xs, ds
}
