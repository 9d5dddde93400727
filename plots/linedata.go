package plots

import (
	"fmt"
	"math"

	"msharp/harness/stats"
	"msharp/harness/study"
)

// line is one series: what the seeds say at every x.
type line struct {
	value float64 // of the series; m
	pts   []linePoint
}

type linePoint struct {
	x        float64
	est      stats.Interval // as it is drawn; N seeds; where there is a baseline, the interval is of the paired difference to it
	runs     int
	diverged int
	sample   study.PerSeed // what the interval is of
}

// cells are a point in a CSV, after its series and its x.
func (p linePoint) cells(above bool) []string {
	return []string{cellText(p.est.Mean), cellText(p.est.Low), cellText(p.est.High), fmt.Sprint(p.est.N), fmt.Sprint(p.runs),
		fmt.Sprint(p.diverged), fmt.Sprint(above)}
}

// axes are the fields of a figure of lines.
type axes struct {
	x, y, series scaled
	zero         bool // ρ = 0 is drawn apart from the others
	whole        bool // the y axis holds every mean
}

// errorOverRho is the test error against ρ, by m.
func errorOverRho() axes {
	return axes{x: scaled{Field: study.Rho}, y: scaled{Field: study.TestError}, series: scaled{Field: study.M}, zero: true}
}

// lineData is the series, and ρ = 0: as one point where x is ρ, or as a line of its own. Either is empty where there is none.
type lineData struct {
	lines []line
	base  linePoint
	over  line
}

// points are all of them, in one order.
func (d *lineData) points() []*linePoint {
	all := []*linePoint{&d.base}
	for i := range d.over.pts {
		all = append(all, &d.over.pts[i])
	}
	for i := range d.lines {
		for k := range d.lines[i].pts {
			all = append(all, &d.lines[i].pts[k])
		}
	}
	return all
}

// data returns the points of the trials with their intervals.
func (a axes) data(t *study.Trials) lineData {
	d := a.means(t)
	intervals := t.Intervals(func(t *study.Trials) (out []study.PerSeed) {
		d := a.means(t)
		for _, p := range d.points() {
			out = append(out, p.sample)
		}
		return out
	})
	for i, p := range d.points() {
		p.est = inUnit(a.y.Field, around(p.est, intervals[i]))
	}
	return d
}

// around is a mean with the interval of something else around it, as of its difference to a baseline.
func around(mean, of stats.Interval) stats.Interval {
	mean.Low, mean.High = mean.Mean-of.Half(), mean.Mean+of.Half()
	return mean
}

// means returns the points without intervals, their means not in their unit.
func (a axes) means(t *study.Trials) (d lineData) {
	up := t.Ascent()
	if !a.zero || len(up.Final()) == 0 && !a.x.Is(study.Rho) && !a.series.Is(study.M) {
		up = t
	}
	point := func(c study.Cell, against study.PerSeed) linePoint {
		p := linePoint{x: c.X, est: c.Mean(), runs: c.Runs, diverged: c.Diverged, sample: c.PerSeed}
		if len(against) > 0 {
			p.sample = c.Minus(against)
		}
		return p
	}
	against := func(float64) study.PerSeed { return nil }
	switch {
	case !a.zero:
	case a.x.Is(study.Rho):
		c := t.Partners().Base().All(a.y.Field)
		d.base = point(c, nil)
		against = func(float64) study.PerSeed { return c.PerSeed }
	default:
		at := map[float64]study.PerSeed{}
		for _, c := range t.Partners().Base().Cells(study.Same, a.x.Field, a.y.Field) {
			at[c.X] = c.PerSeed
			d.over.pts = append(d.over.pts, point(c, nil))
		}
		against = func(x float64) study.PerSeed { return at[x] }
	}
	for _, c := range up.Cells(a.series.Field, a.x.Field, a.y.Field) {
		if n := len(d.lines); n == 0 || d.lines[n-1].value != c.Series {
			d.lines = append(d.lines, line{value: c.Series})
		}
		last := &d.lines[len(d.lines)-1]
		last.pts = append(last.pts, point(c, against(c.X)))
	}
	return d
}

// inUnit is an estimate of a field in its unit.
func inUnit(f study.Field, i stats.Interval) stats.Interval {
	if f.Scale == 0 {
		return i
	}
	return i.Scale(f.Scale)
}

// log reports whether x is drawn on a log axis: ρ and m are, and positive numbers that span more than a factor of 8.
func (a axes) log(xs []float64) bool {
	if a.x.texts != nil || len(xs) == 0 || xs[0] <= 0 {
		return false
	}
	return a.x.Is(study.Rho) || a.x.Is(study.M) || xs[len(xs)-1] > 8*xs[0]
}

// lineRange is a y axis: all means or, with clip, those up to the baseline plus 1.4 times the best improvement (or a tenth
// of the baseline, if that is more). Intervals of the means on it stretch it by at most half the range of the means.
func lineRange(curves []line, base linePoint, clip bool) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	var all []stats.Interval
	add := func(e stats.Interval) {
		if e.N > 0 {
			low, high = math.Min(low, e.Mean), math.Max(high, e.Mean)
			all = append(all, e)
		}
	}
	ref := base.est
	add(base.est)
	for _, c := range curves {
		for i, p := range c.pts {
			if i == 0 && base.est.N == 0 && (ref.N == 0 || p.est.Mean > ref.Mean) {
				ref = p.est // without a baseline: the worst of the smallest ρ
			}
			add(p.est)
		}
	}
	if math.IsInf(low, 1) {
		return 0, 100
	}
	if ref.N > 0 && clip {
		limit := ref.Mean + math.Max(1.4*(ref.Mean-low), .1*ref.Mean)
		high = ref.Mean
		for _, e := range all {
			if e.Mean <= limit {
				high = math.Max(high, e.Mean)
			}
		}
	}
	room := math.Max(high-low, .02*math.Abs(high))
	if room == 0 {
		room = 1
	}
	least, most := low-.06*room, high+.12*room
	for _, e := range all {
		if e.Mean <= high {
			least, most = spread(least, most, e.Low-.02*room, e.High+.02*room)
		}
	}
	floor := 0.
	if low < 0 {
		floor = math.Inf(-1)
	}
	return math.Max(math.Max(least, low-.5*room), floor), math.Min(most, high+.4*room)
}
