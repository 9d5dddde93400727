package plots

import (
	"slices"

	"msharp/harness/stats"
	"msharp/harness/study"
)

// tunedLine is one method over the values of a swept field, in percent.
type tunedLine struct {
	m float64 // 0 at ρ = 0
	tunedPoints
	minus tunedPoints // paired differences to ρ = 0, where that is there
	rhos  []string    // picked
	// Seeds that lack an option, and those with a run that diverged.
	lost, diverged int
}

// tunedPoints are means over seeds.
type tunedPoints struct {
	x      []float64 // in the unit that is drawn
	values []study.PerSeed
	est    []stats.Interval
}

func (p *tunedPoints) add(x float64, values study.PerSeed) {
	p.x, p.values = append(p.x, x), append(p.values, values)
}

// tunedLines returns ρ = 0 first, and then every m, each tuned over ρ and what else was swept, at every value of a field.
func tunedLines(t *study.Trials, over study.Field, e study.Errors) []tunedLine {
	lines := tunedValues(t, over, e)
	intervals := t.Intervals(func(t *study.Trials) (all []study.PerSeed) {
		for _, l := range tunedValues(t, over, e) {
			all = slices.Concat(all, l.values, l.minus.values)
		}
		return all
	})
	for i := range lines {
		for _, p := range []*tunedPoints{&lines[i].tunedPoints, &lines[i].minus} {
			p.est, intervals = intervals[:len(p.x)], intervals[len(p.x):]
		}
	}
	return lines
}

// tunedValues are the lines without intervals.
func tunedValues(t *study.Trials, over study.Field, e study.Errors) (lines []tunedLine) {
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
			l.add(over.In(level.Value), c.PerSeed().Scale(100))
			l.rhos = append(l.rhos, rhoText(c.Picked(0)))
		}
		if len(l.x) > 0 {
			lines = append(lines, l)
		}
	}
	if len(lines) == 0 || lines[0].m != 0 {
		return lines
	}
	zero := lines[0]
	for i := range lines[1:] {
		l := &lines[i+1]
		for k, x := range l.x {
			at := slices.Index(zero.x, x)
			if at < 0 {
				continue
			}
			if d := l.values[k].Minus(zero.values[at]); len(d) > 0 {
				l.minus.add(x, d)
			}
		}
	}
	return lines
}
