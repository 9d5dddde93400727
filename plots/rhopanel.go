package plots

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// rhoCurve is one series: what the seeds say at every ρ.
type rhoCurve struct {
	m   float64
	pts []rhoPoint
}

// some says that a seed finished somewhere on the curve.
func (c rhoCurve) some() bool {
	return slices.ContainsFunc(c.pts, func(p rhoPoint) bool { return p.est.N > 0 })
}

type rhoPoint struct {
	x        float64
	est      stats.Interval // percent; N seeds; where there is a baseline, the interval is of the paired difference to it
	runs     int
	diverged int
}

// rhoFacts is what a panel shows, in numbers.
type rhoFacts struct {
	rows          [][]string
	points, above int
	diverged      int
	seeds         span           // behind the points
	base          stats.Interval // N = 0 without one
	cut           bool           // an interval goes on beyond the axis
	skipped       string         // why there is nothing to draw
}

func (f rhoFacts) interval() string {
	if f.seeds.high == 1 {
		return "One seed (n = 1): no interval"
	}
	if f.base.N == 0 {
		return fmt.Sprintf("Mean and 95 %% t interval over seeds, n = %s", f.seeds)
	}
	return fmt.Sprintf("Mean over seeds, n = %s; bands: 95 %% t interval of the difference to ρ = 0 (%s %%), paired by seed",
		f.seeds, plusMinus(f.base, 2))
}

// rhoAxes are the axes of a panel over log ρ.
type rhoAxes struct {
	xlabel, ylabel string
	length         vg.Length // of the x axis, about
	low, high      float64   // of the y axis, without the strip above it
}

// reference is a horizontal line that the legend names.
type reference struct {
	name string
	rule
}

// rhoPanel draws curves, the baseline and whatever else they are to be compared with over log ρ. What lies above the y axis is
// marked in a strip of rows, one for each m concerned.
func rhoPanel(curves []rhoCurve, base rhoPoint, ax rhoAxes, others ...reference) (panel, rhoFacts) {
	var facts rhoFacts
	var xs []float64
	for _, c := range curves {
		for _, p := range c.pts {
			xs = append(xs, p.x)
			facts.diverged += p.diverged
			if p.est.N > 0 {
				facts.points++
				facts.seeds.add(p.est.N)
			}
		}
	}
	if base.est.N > 0 {
		facts.seeds.add(base.est.N)
	}
	facts.base = base.est
	facts.diverged += base.diverged
	if facts.seeds.high == 0 {
		facts.skipped = "no final trial has the " + ax.ylabel
	}
	slices.Sort(xs)
	xs = slices.Compact(xs)

	marks := offScale{low: ax.low, top: ax.high}
	for _, c := range curves {
		row := offRow{m: c.m}
		for _, p := range c.pts {
			above := p.est.N > 0 && p.est.Mean > ax.high
			if above {
				facts.above++
			}
			if above || p.diverged > 0 {
				row.pts = append(row.pts, p)
			}
			facts.rows = append(facts.rows, p.csv(mText(c.m), above))
		}
		if len(row.pts) > 0 {
			marks.rows = append(marks.rows, row)
		}
	}
	if base.runs > 0 {
		facts.rows = append([][]string{base.csv("", false)}, facts.rows...)
	}

	p := newPlot(ax.xlabel, ax.ylabel)
	p.X.Min, p.X.Max = logRange(xs)
	if room := marks.room(); room > 0 {
		p.X.Max += (p.X.Max - p.X.Min) * math.Max(.04, float64(room/(ax.length-room)))
	}
	p.Y.Min, p.Y.Max = ax.low, ax.low+(ax.high-ax.low)/(1-marks.share())
	grid{sweptTicks(xs, math.Log10, ax.length), linearTicks(ax.low, ax.high, 6)}.ticksOn(p)
	pan := panel{plot: p}
	if base.est.N > 0 {
		p.Add(rule{y: exactly(base.est.Mean), color: baseColor, width: 1, dashes: dashed})
		pan.legend = append(pan.legend, entry{text: "ρ = 0", color: baseColor, width: 1, dashes: dashed})
	}
	for _, o := range others {
		p.Add(o.rule)
		facts.cut = facts.cut || o.y.Low < ax.low || o.y.High > ax.high
		pan.legend = append(pan.legend, o.entry())
	}
	for _, c := range curves {
		s := curve{color: mColor(c.m), width: 1.2, glyph: mGlyph(c.m), band: true, top: ax.high}
		for _, pt := range c.pts {
			s.x, s.y = append(s.x, math.Log10(pt.x)), append(s.y, pt.est)
		}
		p.Add(s)
		facts.cut = facts.cut || s.cut(ax.low, ax.high)
		pan.legend = append(pan.legend, entry{text: "m = " + mText(c.m), color: s.color, width: s.width, glyph: s.glyph})
	}
	p.Add(marks)
	if facts.above > 0 {
		pan.legend = append(pan.legend, entry{text: fmt.Sprintf("above axis: %d of %d", facts.above, facts.points), color: muted, glyph: caret{}})
	}
	if facts.diverged > 0 {
		pan.legend = append(pan.legend, entry{text: "diverged: " + record.Plural(facts.diverged, "run"), color: muted, glyph: glyph{open: true}})
	}
	return pan, facts
}

// entry is the line's sample in a legend.
func (o reference) entry() entry {
	return entry{text: o.name, color: o.color, width: o.width, dashes: o.dashes, band: !math.IsNaN(o.y.Half())}
}

func (p rhoPoint) csv(m string, above bool) []string {
	return []string{m, cellText(p.x), cellText(p.est.Mean), cellText(p.est.Low), cellText(p.est.High),
		fmt.Sprint(p.est.N), fmt.Sprint(p.runs), fmt.Sprint(p.diverged), fmt.Sprint(above)}
}

// rhoRange is the y axis: all means or, with clip, those up to the baseline plus 1.4 times the best improvement (or a tenth
// of the baseline, if that is more). Intervals of the means on it stretch it by at most half the range of the means.
func rhoRange(curves []rhoCurve, base rhoPoint, clip bool) (low, high float64) {
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
	return math.Max(math.Max(least, low-.5*room), 0), math.Min(most, high+.4*room)
}

// logRange is a log₁₀ axis around sorted positive values.
func logRange(xs []float64) (low, high float64) {
	if len(xs) == 0 {
		return -2, 0
	}
	low, high = math.Log10(xs[0]), math.Log10(xs[len(xs)-1])
	pad := math.Max(.045*(high-low), .04)
	return low - pad, high + pad
}
