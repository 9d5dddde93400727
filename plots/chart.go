package plots

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// Chart is a figure of lines through numbers that are not records, in the style of those that are. Every x axis is a logarithm.
type Chart struct {
	Name, Title string
	Notes       []string // below the title
	Columns     int      // panels side by side
	Panels      []ChartPanel
}

// ChartPanel is one plot of a Chart.
type ChartPanel struct {
	Title          string
	Notes          []string // below the title
	XLabel, YLabel string
	LogY           bool
	Level          float64 // a dashed horizontal line; 0 for none
	LevelName      string
	Lines          []ChartLine
}

// ChartLine is one series. Its X ascend, and where an axis is a logarithm its values are positive.
type ChartLine struct {
	Name string
	X, Y []float64
	Look
}

// Draw draws the panels.
func (f Chart) Draw() Drawing {
	s := Sheet{Name: f.Name, Title: f.Title, Notes: f.Notes, Columns: max(1, min(f.Columns, len(f.Panels))), Wide: true, Height: 2.4 * vg.Inch}
	s.Header = []string{"panel", "series", "x", "y"}
	for _, p := range f.Panels {
		var rows [][]string
		for _, l := range p.Lines {
			for i := range l.X {
				rows = append(rows, []string{s.Letter(), l.Name, cellText(l.X[i]), cellText(l.Y[i])})
			}
		}
		s.Add(p.panel(s.axis(s.Columns)), rows...)
	}
	return s.Draw()
}

// panel draws the lines on an x axis of about the given length.
func (f ChartPanel) panel(length vg.Length) Panel {
	pan := Panel{Title: f.Title, Notes: f.Notes, Apart: true}
	at := func(v float64) float64 { return v }
	if f.LogY {
		at = math.Log10
	}
	var xs []float64
	low, high := math.Inf(1), math.Inf(-1)
	if f.Level != 0 {
		level := at(f.Level)
		low, high = spread(low, high, level)
		pan.Add(Rule{Name: f.LevelName, Y: exactly(level), Look: LookBase})
	}
	for _, l := range f.Lines {
		s := Curve{Name: l.Name, Look: l.Look}
		for i, x := range l.X {
			y := at(l.Y[i])
			s.X, s.Y = append(s.X, math.Log10(x)), append(s.Y, exactly(y))
			low, high = spread(low, high, y)
		}
		xs = append(xs, l.X...)
		pan.Add(s)
	}
	slices.Sort(xs)
	pan.X = SweptAxis(f.XLabel, slices.Compact(xs), length)
	if high < low {
		low, high = 0, 1 // no points
	}
	if f.LogY {
		low, high = padded(low, high, .06, .02)
		pan.Y = LogAxis(f.YLabel, low, high, 110)
	} else {
		pan.Y = LinearAxis(f.YLabel, 0, 1.06*high, 6)
	}
	return pan
}
