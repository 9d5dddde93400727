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
	capped bool // nothing is drawn above top, and a strip marks what lies there
	top    float64
	free   bool   // its shift has room of its own
	guide  bool   // no data: its end at the axis has no mark
	past   string // what the mark of what lies beyond the axis says; empty is the value

	gap  float64   // between neighbours that a shift may not reach; 0 for none
	most vg.Length // the largest shift beside this one
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

// onAxis reports whether a mean is drawn.
func (s Curve) onAxis(y Axis, i stats.Interval) bool {
	return y.sideOf(i.Mean) == inside && !(s.capped && i.Mean > s.top)
}

// beyond marks the runs of points that lie off the y axis.
func (s Curve) beyond(_, y Axis) (es []edgeMark) {
	if s.capped || s.guide {
		return nil
	}
	ends := map[side]float64{above: y.High, below: y.Low}
	for _, of := range []side{above, below} {
		for _, run := range pieces(s.Y, func(i stats.Interval) bool { return y.sideOf(i.Mean) == of }) {
			far := run.low
			for i := run.low; i < run.high; i++ {
				if math.Abs(s.Y[i].Mean-y.Low) > math.Abs(s.Y[far].Mean-y.Low) {
					far = i
				}
			}
			e := edgeMark{x: s.X[far], below: of == below, text: pastText(y.value(s.Y[far].Mean), y.value(ends[of])), color: s.color, points: run.high - run.low}
			if e.points > 1 {
				e.text = "to " + e.text
			}
			if s.past != "" {
				e.text = s.past
			}
			es = append(es, e)
		}
	}
	return es
}

// shift is the shift on a canvas, made smaller where it would reach a neighbour.
func (s Curve) shift(tx func(float64) vg.Length) vg.Length {
	if s.gap == 0 || s.most == 0 {
		return s.Shift
	}
	return s.Shift * min(1, .42*(tx(s.gap)-tx(0))/s.most)
}

func (s Curve) Plot(c draw.Canvas, p *plot.Plot) {
	whole := c // which the transforms go on reading when c is cut
	tx, ty := p.Transforms(&whole)
	if s.capped && ty(s.top) < c.Max.Y {
		c.Max.Y = ty(s.top)
	}
	axis := Axis{Low: p.Y.Min, High: p.Y.Max}
	shift := s.shift(tx)
	at := func(i int, y float64) vg.Point { return vg.Point{X: tx(s.X[i]) + shift, Y: ty(y)} }

	for _, piece := range pieces(s.Y, s.shows) {
		for i := piece.low; i < piece.high; i++ {
			low, high := at(i, s.Y[i].Low), at(i, s.Y[i].High)
			if s.Bars || s.Band && piece.low+1 == piece.high { // a band of one point is a bar
				c.StrokeLines(draw.LineStyle{Color: s.color, Width: s.width * .8}, c.ClipLinesY([]vg.Point{low, high})...)
			}
			if s.Bars {
				arrows(c, low, high, s.color)
			}
		}
		if !s.Band {
			continue
		}
		s.bandArrows(c, piece, at)
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
	drawn := func(i stats.Interval) bool { return s.onAxis(axis, i) || s.guide && !math.IsNaN(i.Mean) }
	for _, piece := range pieces(s.Y, drawn) { // a line ends at its last point on the axis
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
		if pt := at(i, y.Mean); s.glyph != nil && s.onAxis(axis, y) && c.ContainsX(pt.X) {
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: s.color, Radius: markerRadius, Shape: s.glyph}, pt)
		}
	}
}

// bandArrows marks where the band of a piece goes on beyond the panel: once for points beside each other.
func (s Curve) bandArrows(c draw.Canvas, of piece, at func(int, float64) vg.Point) {
	in := s.Y[of.low:of.high]
	for _, run := range pieces(in, func(i stats.Interval) bool { return at(of.low, i.Low).Y < c.Min.Y }) {
		i := of.low + (run.low+run.high-1)/2
		arrows(c, at(i, s.Y[i].Low), at(i, s.Y[i].Mean), s.color)
	}
	for _, run := range pieces(in, func(i stats.Interval) bool { return at(of.low, i.High).Y > c.Max.Y }) {
		i := of.low + (run.low+run.high-1)/2
		arrows(c, at(i, s.Y[i].Mean), at(i, s.Y[i].High), s.color)
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
