package plots

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/vg"

	"msharp/harness/record"
)

// Landscape is a figure of losses and errors on a line or a plane in the space of weights: maps of a plane, and lines. The scale of losses
// is logarithmic where the largest is 20 times the smallest or more. What is not finite is left white, and counted. A path may lie on the maps.
type Landscape struct {
	Name, Title    string
	Notes          []string // below the title
	Split          string   // whose loss, as in "training loss"
	XLabel, YLabel string   // of the map; the lines have XLabel, or LineLabel
	LineLabel      string
	Map            *LossMap   // nil without a plane
	Lines          []LossLine // none for a map alone
	Path           *LossPath  // on the map; nil for none
	Marks          []LossMark // solutions
	Caption        string
}

// LossMap is the values over a grid, by row: Loss[j][i] at X[i] and Y[j]. Both ascend. Errors are in %.
type LossMap struct {
	X, Y        []float64
	Loss, Error [][]float64
}

// LossLine is the values along a line whose X ascend. Errors are in %.
type LossLine struct {
	Name           string
	X, Loss, Error []float64
	Parabola       []float64 // of the losses, to compare; nil for none
	ParabolaName   string
}

// LossPath is a path on the map from one place to the next, with the values at each, which need not be those of the map. Errors are in %.
type LossPath struct {
	Name              string   // in the legend
	Names             []string // of the places, in the CSV
	X, Y, Loss, Error []float64
}

// LossMark is a solution.
type LossMark struct {
	Text              string // beside it; empty for none
	X, Y, Loss, Error float64
	OnLines           bool // at X of the lines
}

var lossLooks = []Look{{color: baseDot, width: 1.4}, {color: LookBlue.color, width: 1.4}}

var lossMark = Look{color: baseDot, glyph: glyph{}}

// Draw draws the figure.
func (f Landscape) Draw() Drawing {
	s := Sheet{Name: f.Name, Title: f.Title, Notes: f.Notes, Columns: 2, Wide: true, Caption: f.Caption}
	s.Header = []string{"panel", "series", "x", "y", "value"}
	if s.Height = 2.62 * vg.Inch; f.Map != nil {
		s.Height = 2.84 * vg.Inch
	}
	if lost, of := f.lost(); lost > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("The loss of %d of %s is not finite: there it is white, and lines are broken.", lost, record.Plural(of, "point")))
	}
	loss, wrong := f.Split+" loss", f.Split+" error (%)"
	if f.Map != nil {
		path := f.Path
		if path == nil {
			path = &LossPath{}
		}
		f.addMap(&s, loss, f.Map.Loss, path.Loss)
		f.addMap(&s, wrong, f.Map.Error, path.Error)
	}
	if len(f.Lines) > 0 {
		f.addLines(&s, loss, func(l LossLine) []float64 { return l.Loss }, func(m LossMark) float64 { return m.Loss })
		f.addLines(&s, wrong, func(l LossLine) []float64 { return l.Error }, func(m LossMark) float64 { return m.Error })
	}
	return s.Draw()
}

// lost counts the points that are not finite, of a map, or else of the lines.
func (f Landscape) lost() (lost, of int) {
	count := func(vs []float64) {
		for _, v := range vs {
			if of++; v-v != 0 {
				lost++
			}
		}
	}
	if f.Map != nil {
		for _, row := range f.Map.Loss {
			count(row)
		}
		return lost, of
	}
	for _, l := range f.Lines {
		count(l.Loss)
	}
	return lost, of
}

func (f Landscape) addMap(s *Sheet, what string, values [][]float64, along []float64) {
	m := f.Map
	p := Panel{Title: upper(what), X: LinearAxis(f.XLabel, m.X[0], m.X[len(m.X)-1], 6), Y: LinearAxis(f.YLabel, m.Y[0], m.Y[len(m.Y)-1], 6)}
	of := scaleOf(values...)
	if of.low > of.high {
		p.Blank = "no " + what + " is finite"
		s.Add(p)
		return
	}
	z := make([][]float64, len(values))
	var rows [][]string
	for j, row := range values {
		for i, v := range row {
			z[j] = append(z[j], of.at(v))
			rows = append(rows, []string{s.Letter(), what, cellText(m.X[i]), cellText(m.Y[j]), cellText(v)})
		}
	}
	if of.log {
		p.Title += ", logarithmic colours"
	}
	levels := of.levels()
	p.Add(contours{m.X, m.Y, z, levels}, colorBar{of, levels})
	if f.Path != nil {
		p.Add(track{f.Path.X, f.Path.Y, f.Path.Name})
		for i, v := range along {
			rows = append(rows, []string{s.Letter(), f.Path.Names[i], cellText(f.Path.X[i]), cellText(f.Path.Y[i]), cellText(v)})
		}
	}
	for i, k := range f.Marks {
		d := pin{x: k.X, y: k.Y, text: k.Text, Look: lossMark}
		if i == 0 && f.Path == nil {
			d.name = "solution"
		}
		p.Add(d)
	}
	s.Add(p, rows...)
}

func (f Landscape) addLines(s *Sheet, what string, values func(LossLine) []float64, ofMark func(LossMark) float64) {
	p := Panel{Title: upper(what)}
	low, high := math.Inf(1), math.Inf(-1)
	var all [][]float64
	for _, l := range f.Lines {
		low, high = spread(low, high, l.X...)
		all = append(all, values(l))
	}
	p.X = LinearAxis(f.LineLabel, low, high, 6)
	of := scaleOf(all...)
	if of.low > of.high {
		p.Blank = "no " + what + " is finite"
		s.Add(p)
		return
	}
	isLoss := what == f.Split+" loss"
	if of.log {
		low, high := padded(of.low, of.high, .05, .02)
		p.Y = LogAxis(what+", log scale", low, high, 150)
	} else {
		low, high := padded(of.low, of.high, .05, .02*math.Max(math.Abs(of.high), .01))
		if !isLoss {
			high = math.Max(high, 1) // %: no error at all is a flat line
		}
		if of.low >= 0 {
			low = math.Max(low, -.03*high)
		}
		p.Y = LinearAxis(what, low, high, 6)
	}
	curve := func(name string, xs, ys []float64, l Look) Curve {
		c := Curve{Name: name, Look: l}
		for i, x := range xs {
			c.X, c.Y = append(c.X, x), append(c.Y, exactly(of.at(ys[i])))
		}
		return c
	}
	var rows [][]string
	add := func(name string, xs, ys []float64) {
		for i, x := range xs {
			rows = append(rows, []string{s.Letter(), name, cellText(x), "", cellText(ys[i])})
		}
	}
	for k, l := range f.Lines {
		p.Add(curve(l.Name, l.X, values(l), lossLooks[k%len(lossLooks)]))
		add(l.Name, l.X, values(l))
	}
	for k, l := range f.Lines {
		if isLoss && l.Parabola != nil {
			look := lossLooks[k%len(lossLooks)]
			look.width, look.dashes = .9, dashed
			parabola := curve(l.ParabolaName, l.X, l.Parabola, look)
			parabola.guide = true
			p.Add(parabola)
			add(l.ParabolaName, l.X, l.Parabola)
		}
	}
	for _, m := range f.Marks {
		if y := of.at(ofMark(m)); m.OnLines && !math.IsNaN(y) {
			p.Add(pin{x: m.X, y: y, text: m.Text, name: "solution", above: true, Look: Look{color: ink, glyph: glyph{}}})
		}
	}
	s.Add(p, rows...)
}
