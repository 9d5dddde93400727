package plots

import (
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/stats"
)

// Rule is a horizontal line, with a band where the estimate has an interval.
type Rule struct {
	Name string // in the legend; empty for none
	Y    stats.Interval
	Look
}

func (r Rule) entry() (Entry, bool) {
	return Entry{Text: r.Name, Look: r.lineOnly(), Band: !math.IsNaN(r.Y.Half())}, r.Name != ""
}

// cut reports whether the interval goes on beyond the y axis.
func (r Rule) cut(_, y Axis) bool { return r.Y.Low < y.Low || r.Y.High > y.High }

// beyond marks a rule that lies off the y axis, by its name.
func (r Rule) beyond(x, y Axis) []edgeMark {
	of := y.sideOf(r.Y.Mean)
	if of == inside || of == nowhere {
		return nil
	}
	end := y.High
	if of == below {
		end = y.Low
	}
	text := strings.TrimSpace(r.Name + " " + pastText(y.value(r.Y.Mean), y.value(end)))
	return []edgeMark{{x: x.High, below: of == below, text: text, color: r.color, points: 1}}
}

func (r Rule) Plot(c draw.Canvas, p *plot.Plot) {
	_, ty := p.Transforms(&c)
	if !math.IsNaN(r.Y.Half()) {
		arrows(c, vg.Point{X: c.Max.X - 2, Y: ty(r.Y.Low)}, vg.Point{X: c.Max.X - 2, Y: ty(r.Y.High)}, r.color)
		if poly := c.ClipPolygonXY(box(c.Min.X, ty(r.Y.Low), c.Max.X, ty(r.Y.High))); len(poly) > 2 {
			c.FillPolygon(faint(r.color, 0x28), poly)
		}
	}
	if y := ty(r.Y.Mean); c.ContainsY(y) {
		c.StrokeLine2(r.line(), c.Min.X, y, c.Max.X, y)
	}
}

// Dots are markers of one kind at positions of the axes, in one path, which keeps an SVG of thousands small. One outside the axes is a small
// triangle at the edge that it lies beyond.
type Dots struct {
	Name   string // in the legend; empty for none
	X, Y   []float64
	Look             // its marker; nil is a disk
	radius vg.Length // 0 is a marker's
	texts  []string  // what else there is to say of each; nil for nothing
}

func (d Dots) entry() (Entry, bool) { return Entry{Text: d.Name, Look: d.markOnly()}, d.Name != "" }

func (d Dots) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	shape, radius := d.glyph, d.radius
	if shape == nil {
		shape = glyph{}
	}
	if radius == 0 {
		radius = markerRadius
	}
	var path, edge vg.Path
	for i := range d.X {
		switch pt := (vg.Point{X: tx(d.X[i]), Y: ty(d.Y[i])}); {
		case math.IsNaN(d.X[i]) || math.IsNaN(d.Y[i]):
		case c.Contains(pt):
			path = append(path, shape.path(radius, pt)...)
		default:
			edge = append(edge, outward(c, pt)...)
		}
	}
	if len(edge) > 0 {
		c.SetColor(d.color)
		c.Fill(edge)
	}
	if len(path) == 0 {
		return
	}
	c.SetLineStyle(draw.LineStyle{Color: d.color, Width: .7})
	if shape.hollow() {
		c.Stroke(path)
	} else {
		c.SetColor(d.color)
		c.Fill(path)
	}
}

// outward is a triangle on the edge of a canvas that points to where a point outside lies.
func outward(c draw.Canvas, pt vg.Point) (p vg.Path) {
	const long, half = vg.Length(3.2), vg.Length(1.3)
	x, y := max(c.Min.X+half, min(pt.X, c.Max.X-half)), max(c.Min.Y+half, min(pt.Y, c.Max.Y-half))
	along, up := vg.Length(0), vg.Length(0) // the direction outward
	switch {
	case pt.Y > c.Max.Y:
		y, up = c.Max.Y, 1
	case pt.Y < c.Min.Y:
		y, up = c.Min.Y, -1
	case pt.X > c.Max.X:
		x, along = c.Max.X, 1
	default:
		x, along = c.Min.X, -1
	}
	p.Move(vg.Point{X: x, Y: y})
	p.Line(vg.Point{X: x - long*along - half*up, Y: y - long*up + half*along})
	p.Line(vg.Point{X: x - long*along + half*up, Y: y - long*up - half*along})
	p.Close()
	return p
}

// powerLaw is a line through a point of log axes.
type powerLaw struct {
	name        string
	x, y, slope float64
	Look
}

func (l powerLaw) entry() (Entry, bool) { return Entry{Text: l.name, Look: l.Look}, true }

func (l powerLaw) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	at := func(x float64) vg.Point { return vg.Point{X: tx(x), Y: ty(l.y + l.slope*(x-l.x))} }
	c.StrokeLines(l.line(), c.ClipLinesXY([]vg.Point{at(p.X.Min), at(p.X.Max)})...)
}

// mostRadius is that of the largest disk.
const mostRadius = vg.Length(5)

// roundel is a marker of some size, which stands for n seeds.
type roundel struct {
	x, y   float64
	n      int
	radius vg.Length
	Look
}

func (d roundel) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: d.color, Radius: d.radius, Shape: d.glyph}, vg.Point{X: tx(d.x), Y: ty(d.y)})
}

// bunch is n markers close around one position, in short rows.
type bunch struct {
	x, y float64
	n    int
	Look
}

func (b bunch) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	const radius, step, longest = vg.Length(1.7), vg.Length(3.9), 4
	rows := (b.n + longest - 1) / longest
	for i := range b.n {
		row := i / longest
		inRow := min(longest, b.n-row*longest)
		at := vg.Point{
			X: tx(b.x) + step*(vg.Length(i%longest)-vg.Length(inRow-1)/2),
			Y: ty(b.y) - step*(vg.Length(row)-vg.Length(rows-1)/2),
		}
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: b.color, Radius: radius, Shape: b.glyph}, at)
	}
}

// nullBand is a null at every point of a line: its central part as a band, its mean as a line.
type nullBand struct {
	x               []float64
	mean, low, high []float64 // NaN where there is none
}

// nullAlpha is how dense the band of a null is.
const nullAlpha = 0x58

// nullEntry is its sample in a legend.
func nullEntry() Entry {
	return Entry{Text: "dealt at random", Look: lookRandom, Band: true, alpha: nullAlpha}
}

func (b nullBand) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	var low, high, middle []vg.Point
	for i := range b.x {
		if x := tx(b.x[i]); !math.IsNaN(b.mean[i]) {
			low, high = append(low, vg.Point{X: x, Y: ty(b.low[i])}), append(high, vg.Point{X: x, Y: ty(b.high[i])})
			middle = append(middle, vg.Point{X: x, Y: ty(b.mean[i])})
		}
	}
	slices.Reverse(low)
	if edge := c.ClipPolygonXY(append(high, low...)); len(edge) > 2 {
		c.FillPolygon(faint(neutral[0], nullAlpha), edge)
	}
	c.StrokeLines(lookRandom.line(), c.ClipLinesXY(middle)...)
}

// remark is text in the middle of a plot, in the place of everything else.
type remark string

func (r remark) Plot(c draw.Canvas, _ *plot.Plot) {
	frame := box(c.Min.X, c.Min.Y, c.Max.X, c.Max.Y)
	c.StrokeLines(draw.LineStyle{Color: gridline, Width: .8}, append(frame, frame[0]))
	sty := textStyle(noteSize, muted)
	sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
	lines := wrap(string(r), sty, .8*(c.Max.X-c.Min.X))
	step := sty.Font.Size * 1.4
	at := vg.Point{X: (c.Min.X + c.Max.X) / 2, Y: (c.Min.Y+c.Max.Y)/2 + step*vg.Length(len(lines)-1)/2}
	for _, l := range lines {
		c.FillText(l.TextStyle, at, l.text)
		at.Y -= step
	}
}

// sideBySide is the shift of the i-th of n lines, so that their bars do not hide each other.
func sideBySide(i, n int) vg.Length { return 3.2 * (vg.Length(i) - vg.Length(n-1)/2) }
