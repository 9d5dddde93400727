package plots

import (
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/stats"
)

const markerRadius = vg.Length(2.4)

// curve is a line through estimates, with a band, bars and markers where asked. A NaN breaks it.
type curve struct {
	x      []float64 // positions on the axis
	y      []stats.Interval
	color  color.NRGBA
	width  vg.Length
	dashes []vg.Length
	glyph  draw.GlyphDrawer // nil for none
	every  int              // a marker at every so many points, the first at start; 0 is all of them
	start  int
	band   bool      // the interval as a band, up to the last point on the axis
	bars   bool      // the interval as bars
	shift  vg.Length // to the right, against overlap
	top    float64   // nothing is drawn above this y; NaN for the whole panel
}

// entry is the curve's sample in a legend.
func (s curve) entry(text string) entry {
	return entry{text: text, color: s.color, width: s.width, dashes: s.dashes, glyph: s.glyph}
}

// shows says that an interval is drawn: there is one, and its point is not above the top.
func (s curve) shows(i stats.Interval) bool { return !math.IsNaN(i.Low+i.High) && !(i.Mean > s.top) }

// cut says that an interval of the curve goes on beyond an axis from low to high.
func (s curve) cut(low, high float64) bool {
	return (s.band || s.bars) && slices.ContainsFunc(s.y, func(i stats.Interval) bool { return s.shows(i) && (i.Low < low || i.High > high) })
}

func (s curve) Plot(c draw.Canvas, p *plot.Plot) {
	whole := c // which the transforms go on reading when c is cut
	tx, ty := p.Transforms(&whole)
	if !math.IsNaN(s.top) && ty(s.top) < c.Max.Y {
		c.Max.Y = ty(s.top)
	}
	at := func(i int, y float64) vg.Point { return vg.Point{X: tx(s.x[i]) + s.shift, Y: ty(y)} }
	line := draw.LineStyle{Color: s.color, Width: s.width, Dashes: s.dashes}

	for _, piece := range pieces(s.y, s.shows) {
		for i := piece.low; i < piece.high; i++ {
			low, high := at(i, s.y[i].Low), at(i, s.y[i].High)
			if s.bars || s.band && piece.low+1 == piece.high { // a band of one point is a bar
				c.StrokeLines(draw.LineStyle{Color: s.color, Width: s.width * .8}, c.ClipLinesY([]vg.Point{low, high})...)
			}
			if s.bars || s.band {
				arrows(c, low, high, s.color)
			}
		}
		if !s.band {
			continue
		}
		var edge []vg.Point
		for i := piece.low; i < piece.high; i++ {
			edge = append(edge, at(i, s.y[i].High))
		}
		for i := piece.high - 1; i >= piece.low; i-- {
			edge = append(edge, at(i, s.y[i].Low))
		}
		if poly := c.ClipPolygonXY(edge); len(poly) > 2 {
			c.FillPolygon(faint(s.color, 0x20), poly)
		}
	}
	for _, piece := range pieces(s.y, func(i stats.Interval) bool { return !math.IsNaN(i.Mean) }) {
		var pts []vg.Point
		for i := piece.low; i < piece.high; i++ {
			pts = append(pts, at(i, s.y[i].Mean))
		}
		c.StrokeLines(line, c.ClipLinesXY(pts)...)
	}
	for i, y := range s.y {
		if s.every > 0 && (i < s.start || (i-s.start)%s.every != 0) {
			continue
		}
		if pt := at(i, y.Mean); s.glyph != nil && !math.IsNaN(y.Mean) && c.Contains(pt) {
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: s.color, Radius: markerRadius, Shape: s.glyph}, pt)
		}
	}
}

// arrows marks where an interval from low to high, one above the other, goes on beyond the panel.
func arrows(c draw.Canvas, low, high vg.Point, col color.Color) {
	head := func(y, tip vg.Length) {
		if c.ContainsX(low.X) {
			c.FillPolygon(col, []vg.Point{{X: low.X - 2, Y: y - tip}, {X: low.X + 2, Y: y - tip}, {X: low.X, Y: y}})
		}
	}
	if low.Y < c.Min.Y {
		head(c.Min.Y, -3.5)
	}
	if high.Y > c.Max.Y {
		head(c.Max.Y, 3.5)
	}
}

// cutText is a sentence for a caption, empty where every interval lies on the axis.
func cutText(cut bool) string {
	if !cut {
		return ""
	}
	return " Arrowheads: the interval goes on beyond the axis."
}

// piece is the run [low, high) of a slice.
type piece struct{ low, high int }

// pieces are the maximal runs of ys that satisfy ok.
func pieces(ys []stats.Interval, ok func(stats.Interval) bool) (ps []piece) {
	for i, y := range ys {
		if !ok(y) {
			continue
		}
		if n := len(ps); n > 0 && ps[n-1].high == i {
			ps[n-1].high = i + 1
		} else {
			ps = append(ps, piece{i, i + 1})
		}
	}
	return ps
}

// rule is a horizontal line with a band where the estimate has an interval.
type rule struct {
	y      stats.Interval
	color  color.NRGBA
	width  vg.Length
	dashes []vg.Length
}

func (l rule) Plot(c draw.Canvas, p *plot.Plot) {
	_, ty := p.Transforms(&c)
	if !math.IsNaN(l.y.Half()) {
		arrows(c, vg.Point{X: c.Max.X - 2, Y: ty(l.y.Low)}, vg.Point{X: c.Max.X - 2, Y: ty(l.y.High)}, faint(l.color, 0x80))
		if poly := c.ClipPolygonXY(box(c.Min.X, ty(l.y.Low), c.Max.X, ty(l.y.High))); len(poly) > 2 {
			c.FillPolygon(faint(l.color, 0x28), poly)
		}
	}
	if y := ty(l.y.Mean); c.ContainsY(y) {
		c.StrokeLine2(draw.LineStyle{Color: l.color, Width: l.width, Dashes: l.dashes}, c.Min.X, y, c.Max.X, y)
	}
}

var (
	dashed  = []vg.Length{4, 2.5}
	dotted  = []vg.Length{1, 1.8}
	dashDot = []vg.Length{6, 2, 1.2, 2}
)

// dots are markers of one kind at positions of the axes, in one path, which keeps an SVG of thousands small. Those
// outside the axes are not drawn.
type dots struct {
	x, y   []float64
	color  color.NRGBA
	radius vg.Length
	glyph  glyph
}

func (d dots) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	var path vg.Path
	for i := range d.x {
		if pt := (vg.Point{X: tx(d.x[i]), Y: ty(d.y[i])}); c.Contains(pt) {
			path = append(path, d.glyph.path(d.radius, pt)...)
		}
	}
	if len(path) == 0 {
		return
	}
	c.SetLineStyle(draw.LineStyle{Color: d.color, Width: .7})
	if d.glyph.open {
		c.Stroke(path)
	} else {
		c.Fill(path)
	}
}

// exactly is a value without an interval.
func exactly(v float64) stats.Interval { return stats.Interval{Mean: v, Low: nan, High: nan} }
