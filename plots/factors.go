package plots

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/stats"
	"msharp/harness/study"
)

// Factors draws positive numbers on a log axis around 1, a row each: the geometric mean over seeds with its interval, beside its seeds.
type Factors struct {
	File, Title string
	Caption     string  // sentences
	X           string  // label of the axis
	Within      float64 // a factor either side of 1, drawn as a band; 0 for none
	Rows        func(*study.Trials) []Factor
}

// Factor is a number of some seeds, in a row below its heading.
type Factor struct {
	Heading string        // a row above this one, where it is not that of the row before
	Name    string        // short
	Logs    study.PerSeed // natural logarithms
	Look    Look
}

func (f Factors) Name() string { return f.File }

func (f Factors) Draw(t *study.Trials) (Drawing, error) {
	s := Sheet{Name: f.File, Title: f.Title, Wide: true}
	if s.Skipped = t.Unfinished(); s.Skipped != "" {
		return s.Draw(), nil
	}
	s.Header = []string{"number", "row", "seed", "factor", "low", "high", "seeds"}
	s.Mean, s.Interval = "Geometric mean", "bars: "+study.OverSeeds+" of the logarithm; small circles: the seeds"
	s.Caption = f.Caption
	marks := forestRows{heads: []forestHead{{"mean [95 % interval]", 10}, {"n", 112}}}
	low, high := math.Log10(1/math.Max(f.Within, 1)), math.Log10(math.Max(f.Within, 1))
	heading := ""
	for _, r := range f.Rows(t) {
		if len(r.Logs) == 0 {
			continue
		}
		if r.Heading != heading {
			heading = r.Heading
			marks.rows = append(marks.rows, forestRow{heading: heading})
		}
		logs := r.Logs.Scale(math.Log10E)
		row := forestRow{name: r.Name, Look: r.Look, est: logs.Mean(), dots: logs.Values()}
		row.columns = []string{factorText(row.est), fmt.Sprint(row.est.N)}
		marks.rows = append(marks.rows, row)
		low, high = spread(low, high, row.dots...)
		low, high = spread(low, high, row.est.Low, row.est.High)
		s.Seeds.Add(row.est.N)
		s.Rows = append(s.Rows, []string{r.Heading, r.Name, "", cellText(math.Pow(10, row.est.Mean)), cellText(math.Pow(10, row.est.Low)),
			cellText(math.Pow(10, row.est.High)), fmt.Sprint(row.est.N)})
		for _, seed := range r.Logs.Seeds() {
			s.Rows = append(s.Rows, []string{r.Heading, r.Name, fmt.Sprint(seed), cellText(math.Exp(r.Logs[seed])), "", "", "1"})
		}
	}
	if len(marks.rows) == 0 {
		s.Skipped = "no seed has one of the numbers"
		return s.Draw(), nil
	}
	low, high = padded(low, high, .04, .02)
	p := Panel{X: LogAxis(f.X+" (log scale)", low, high, 190), Y: Axis{Low: .5 - float64(len(marks.rows)), High: 1.5, Hidden: true}}
	if f.Within > 1 {
		p.Add(corridor(math.Log10(f.Within)))
		s.More = fmt.Sprintf("Grey: within a factor of %s.", stats.Short(f.Within))
	}
	p.Add(marks)
	s.Height = forestStep*vg.Length(len(marks.rows)+1) + 34
	s.Add(p)
	return s.Draw(), nil
}

// factorText is "1.12 [1.08, 1.17]" of an interval of log₁₀.
func factorText(d stats.Interval) string {
	at := func(v float64) string { return stats.Decimals(math.Pow(10, v), 2) }
	if math.IsNaN(d.Half()) {
		return at(d.Mean)
	}
	return fmt.Sprintf("%s [%s, %s]", at(d.Mean), at(d.Low), at(d.High))
}

// corridor is the part of an x axis from −w to w.
type corridor float64

func (w corridor) Plot(c draw.Canvas, p *plot.Plot) {
	tx, _ := p.Transforms(&c)
	if area := c.ClipPolygonXY(box(tx(-float64(w)), c.Min.Y, tx(float64(w)), c.Max.Y)); len(area) > 2 {
		c.FillPolygon(faint(neutral[0], 0x28), area)
	}
}
