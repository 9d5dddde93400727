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

// Curve is a line through estimates, with markers and, where asked, their intervals as a band or as bars. A NaN breaks it.
type Curve struct {
	Name string    // in the legend; empty for none
	X    []float64 // positions on the axis
	Y    []stats.Interval
	Look
	Band  bool      // the interval as a band, up to the last point on the axis
	Bars  bool      // the interval as bars
	Shift vg.Length // to the right, against overlap

	series string // what its values are called where that is not Name
	every  int    // a marker at every so many points, the first at start; 0 is all of them
	start  int
	capped bool // nothing is drawn above top
	top    float64
}

// Exactly is values without intervals, for a Curve or a Rule.
func Exactly(vs ...float64) (out []stats.Interval) {
	for _, v := range vs {
		out = append(out, exactly(v))
	}
	return out
}

func (s Curve) entry() (Entry, bool) { return Entry{Text: s.Name, Look: s.Look}, s.Name != "" }

// shows reports whether an interval is drawn: there is one, and its point is not above the top.
func (s Curve) shows(i stats.Interval) bool {
	return !math.IsNaN(i.Low+i.High) && !(s.capped && i.Mean > s.top)
}

// cut reports whether an interval of the curve goes on beyond the y axis.
func (s Curve) cut(_, y Axis) bool {
	high := y.High
	if s.capped {
		high = s.top
	}
	return (s.Band || s.Bars) && slices.ContainsFunc(s.Y, func(i stats.Interval) bool { return s.shows(i) && (i.Low < y.Low || i.High > high) })
}

func (s Curve) Plot(c draw.Canvas, p *plot.Plot) {
	whole := c // which the transforms go on reading when c is cut
	tx, ty := p.Transforms(&whole)
	if s.capped && ty(s.top) < c.Max.Y {
		c.Max.Y = ty(s.top)
	}
	at := func(i int, y float64) vg.Point { return vg.Point{X: tx(s.X[i]) + s.Shift, Y: ty(y)} }

	for _, piece := range pieces(s.Y, s.shows) {
		for i := piece.low; i < piece.high; i++ {
			low, high := at(i, s.Y[i].Low), at(i, s.Y[i].High)
			if s.Bars || s.Band && piece.low+1 == piece.high { // a band of one point is a bar
				c.StrokeLines(draw.LineStyle{Color: s.color, Width: s.width * .8}, c.ClipLinesY([]vg.Point{low, high})...)
			}
			if s.Bars || s.Band {
				arrows(c, low, high, s.color)
			}
		}
		if !s.Band {
			continue
		}
		var edge []vg.Point
		for i := piece.low; i < piece.high; i++ {
			edge = append(edge, at(i, s.Y[i].High))
		}
		for i := piece.high - 1; i >= piece.low; i-- {
			edge = append(edge, at(i, s.Y[i].Low))
		}
		if poly := c.ClipPolygonXY(edge); len(poly) > 2 {
			c.FillPolygon(faint(s.color, 0x20), poly)
		}
	}
	for _, piece := range pieces(s.Y, func(i stats.Interval) bool { return !math.IsNaN(i.Mean) }) {
		var pts []vg.Point
		for i := piece.low; i < piece.high; i++ {
			pts = append(pts, at(i, s.Y[i].Mean))
		}
		c.StrokeLines(s.line(), c.ClipLinesXY(pts)...)
	}
	for i, y := range s.Y {
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

// markersOf says which points of the i-th of n lines have a marker: about four, and none where another line has its own.
func markersOf(points, i, n int) (every, start int) {
	every = max(1, points/4)
	return every, min(points-1, every*(i+1)/(n+1))
}
