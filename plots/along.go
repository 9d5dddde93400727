package plots

import (
	"fmt"
	"math"
	"slices"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
)

// Along draws positive numbers of looks along training, on a log axis: a panel for each group of trials, all with the same axes, and a line
// for each number. A line is the geometric mean over seeds, at the looks that all runs of the group have; where that is the same at every look
// and in every seed it is one number across the panel. Runs that diverged are left out.
type Along struct {
	File, Title string
	Caption     string // sentences of what the lines are
	Y           string // label of the axis, with its unit
	Columns     int    // panels side by side; 0 chooses
	Groups      func(*study.Trials) []Group
	Tracks      []Track
	// Marked are looks that have a disk on the first line, where all runs of the group agree; nil for none.
	Marked     func(study.Look) bool
	MarkedText string // in the legend
}

// Track is a number of a look.
type Track struct {
	Name string // in the legend
	Of   func(study.Look) (v float64, ok bool)
	Look Look // its marker is not drawn
	Band bool // the interval over seeds
	Far  bool // the axis goes no more than a decade farther down for it
}

func (f Along) Name() string { return f.File }

func (f Along) Draw(t *study.Trials) (Drawing, error) {
	s := Sheet{Name: f.File, Title: f.Title, Columns: f.Columns}
	if s.Skipped = t.Unfinished(); s.Skipped != "" {
		return s.Draw(), nil
	}
	var panels []alongPanel
	diverged := 0
	for _, g := range f.Groups(t) {
		p := f.panel(g)
		diverged += g.Diverged()
		if len(p.at) > 0 {
			panels = append(panels, p)
		}
	}
	y, ok := alongAxis(f, panels)
	if !ok {
		s.Skipped = "no finished trial has watched these numbers"
		return s.Draw(), nil
	}
	s.Header = []string{"panel", "group", "note", "number", panels[0].unit, "value", "low", "high", "seeds", "marked"}
	s.Mean, s.Interval = "Geometric mean", "bands: "+study.OverSeeds+" of the logarithm"
	s.Caption = f.Caption
	if f.Marked != nil {
		s.More = upper(f.MarkedText) + ": disks."
	}
	if diverged > 0 {
		s.More += fmt.Sprintf(" The lines leave out %s.", record.Plural(diverged, "diverged run"))
	}
	for _, p := range panels {
		pan, rows := p.draw(f, y, &s.Seeds)
		for i := range rows {
			rows[i] = append([]string{s.Letter(), p.Name, p.Note}, rows[i]...)
		}
		s.Add(pan, rows...)
	}
	return s.Draw(), nil
}

// alongPanel is a group, with its lines in log₁₀.
type alongPanel struct {
	Group
	unit   string
	at     []int
	lines  []Curve // of each track
	marked []bool  // of each look
}

func (f Along) panel(g Group) alongPanel {
	p := alongPanel{Group: g}
	var runs []study.Trial
	for _, r := range g.Final() {
		if r.Watch.IsZero() || r.Diverged || p.unit != "" && r.Watch.Unit != p.unit {
			continue
		}
		p.unit, runs = r.Watch.Unit, append(runs, r)
	}
	p.at = sharedLooks(runs)
	for _, track := range f.Tracks {
		c := Curve{Name: track.Name, Look: track.Look.lineOnly(), Band: track.Band}
		for _, at := range p.at {
			c.X = append(c.X, float64(at))
		}
		c.Y = overLooks(runs, p.at, func(l study.Look) (float64, bool) {
			v, ok := track.Of(l)
			return math.Log10(v), ok && v > 0
		})
		p.lines = append(p.lines, c)
	}
	p.marked = make([]bool, len(p.at))
	for i, y := range overLooks(runs, p.at, func(l study.Look) (float64, bool) {
		if f.Marked != nil && f.Marked(l) {
			return 1, true
		}
		return 0, true
	}) {
		p.marked[i] = y.Mean == 1
	}
	return p
}

// alongAxis holds the lines of all panels; not ok where there is nothing to draw.
func alongAxis(f Along, panels []alongPanel) (y Axis, ok bool) {
	ends := func(far bool) (low, high float64) {
		low, high = math.Inf(1), math.Inf(-1)
		for _, p := range panels {
			for i, c := range p.lines {
				for _, v := range c.Y {
					if f.Tracks[i].Far == far {
						low, high = spread(low, high, v.Mean)
					}
				}
			}
		}
		return low, high
	}
	low, high := ends(false)
	if high < low {
		return y, false
	}
	farLow, farHigh := ends(true)
	low, high = padded(math.Min(low, math.Max(farLow, low-1)), math.Max(high, farHigh), .04, .02)
	return LogAxis(f.Y, low, high, 120), true
}

// draw draws the panel, and returns its points: the number, the look, and what a point has.
func (p alongPanel) draw(f Along, y Axis, seeds *Span) (pan Panel, rows [][]string) {
	last := float64(max(1, p.at[len(p.at)-1]))
	pan = Panel{Title: p.Name, X: Axis{Label: p.unit, High: last, Ticks: WholeTicks(0, last, 4)}, Y: y}
	row := func(c Curve, at string, v stats.Interval, mark string) {
		rows = append(rows, []string{c.Name, at, cellText(math.Pow(10, v.Mean)), cellText(math.Pow(10, v.Low)), cellText(math.Pow(10, v.High)),
			fmt.Sprint(v.N), mark})
		seeds.Add(v.N)
	}
	for _, c := range p.lines {
		if isLevel(c.Y) {
			pan.Add(Rule{Name: c.Name, Y: exactly(c.Y[0].Mean), Look: c.Look})
			row(c, "", c.Y[0], "")
			continue
		}
		for k, v := range c.Y {
			if math.IsNaN(v.Mean) {
				continue
			}
			mark := ""
			if p.marked[k] {
				mark = "yes"
			}
			row(c, fmt.Sprint(p.at[k]), v, mark)
		}
		pan.Add(c)
	}
	pan.Under = p.Note
	if f.Marked == nil {
		return pan, rows
	}
	disks := Dots{Name: f.MarkedText, Look: f.Tracks[0].Look.markOnly(), radius: 1.3}
	disks.glyph = glyph{}
	for k, v := range p.lines[0].Y {
		if p.marked[k] && !math.IsNaN(v.Mean) {
			disks.X, disks.Y = append(disks.X, float64(p.at[k])), append(disks.Y, v.Mean)
		}
	}
	pan.Add(disks)
	return pan, rows
}

// isLevel reports whether all of some means are one number, whatever the seed.
func isLevel(ys []stats.Interval) bool {
	return !slices.ContainsFunc(ys, func(y stats.Interval) bool {
		return math.IsNaN(y.Mean) || math.Abs(y.Mean-ys[0].Mean) > 1e-12 || y.High-y.Low > 1e-12
	})
}
