package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/stats"
)

// forestRows are intervals, a row each, with names to the left and columns of text to the right. Row i stands at y = −i, the heads of the
// columns at 1.
type forestRows struct {
	heads  []forestHead
	rows   []forestRow
	narrow bool // of the columns of text there is n alone, and headings have two lines
}

type forestHead struct {
	text string
	at   vg.Length // where the column begins, from the right end of the axis
}

// forestRow is an interval, or the heading of those below.
type forestRow struct {
	heading string // then there is nothing else
	name    string
	Look
	dots    []float64 // small circles
	est     stats.Interval
	columns []string
	write   func(float64) string // a value of the axis; nil is edgeText
}

const (
	forestStep  = vg.Length(14) // the height of a row
	forestNames = vg.Length(40) // the room left of the axis
	forestText  = vg.Length(222)
	forestN     = vg.Length(24) // the room of n alone
)

// on leaves out the columns of text but n where the page is too narrow for them.
func (f forestRows) on(width vg.Length) plot.Plotter {
	if width >= 5*vg.Inch {
		return f
	}
	n := slices.IndexFunc(f.heads, func(h forestHead) bool { return h.text == "n" })
	out := forestRows{heads: []forestHead{{"n", 10}}, narrow: true}
	for _, r := range f.rows {
		if r.heading == "" {
			r.columns = r.columns[n : n+1]
		}
		out.rows = append(out.rows, r)
	}
	return out
}

// room is what the columns of text take.
func (f forestRows) room() vg.Length {
	if f.narrow {
		return forestN
	}
	return forestText
}

func (f forestRows) cut(x, _ Axis) bool {
	for _, r := range f.rows {
		if r.est.Low < x.Low || r.est.High > x.High {
			return true
		}
	}
	return false
}

// hidden counts the dots beyond the axis.
func (f forestRows) hidden(x Axis) (n int) {
	for _, r := range f.rows {
		for _, v := range r.dots {
			if v < x.Low || v > x.High {
				n++
			}
		}
	}
	return n
}

// GlyphBoxes keeps the room left and right of the axis.
func (f forestRows) GlyphBoxes(*plot.Plot) []plot.GlyphBox {
	return []plot.GlyphBox{
		{X: 0, Y: .5, Rectangle: vg.Rectangle{Min: vg.Point{X: -forestNames}}},
		{X: 1, Y: .5, Rectangle: vg.Rectangle{Max: vg.Point{X: f.room()}}},
	}
}

func (f forestRows) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	text := func(s string, x, y vg.Length, sty draw.TextStyle) {
		sty.YAlign = draw.YCenter
		c.FillText(sty, vg.Point{X: x, Y: y + .5}, s)
	}
	for _, h := range f.heads {
		text(h.text, c.Max.X+h.at, ty(1), textStyle(tickSize, muted))
	}
	for i, r := range f.rows {
		y := ty(-float64(i))
		if r.heading != "" {
			edge := ty(.5 - float64(i))
			c.StrokeLine2(draw.LineStyle{Color: gridline, Width: .8}, c.Min.X-forestNames, edge, c.Max.X+f.room(), edge)
			lines := []styled{{text: r.heading, TextStyle: bold(textStyle(tickSize, ink))}}
			if f.narrow {
				lines = wrap(r.heading, lines[0].TextStyle, c.Max.X+f.room()-(c.Min.X-forestNames))
			}
			for k, l := range lines {
				text(l.text, c.Min.X-forestNames, y+7.4*(vg.Length(len(lines)-1)/2-vg.Length(k)), l.TextStyle)
			}
			continue
		}
		c.StrokeLine2(draw.LineStyle{Color: spine, Width: .8}, tx(0), ty(-float64(i)-.5), tx(0), ty(-float64(i)+.5))
		text(r.name, c.Min.X-forestNames+6, y, textStyle(tickSize, ink))
		for k, s := range r.columns {
			text(s, c.Max.X+f.heads[k].at, y, textStyle(tickSize, ink))
		}
		r.draw(c, tx, y)
	}
}

// draw draws the dots, the interval and the mean at height y.
func (r forestRow) draw(c draw.Canvas, tx func(float64) vg.Length, y vg.Length) {
	c.SetLineStyle(draw.LineStyle{Color: r.color, Width: .7})
	for _, v := range r.dots {
		if x := tx(v); c.ContainsX(x) {
			c.Stroke(glyph{}.path(1.4, vg.Point{X: x, Y: y - 3.4}))
		}
	}
	r.drawBeyond(c, tx, y-3.6)
	if r.est.N == 0 {
		return
	}
	if !math.IsNaN(r.est.Half()) {
		c.StrokeLines(draw.LineStyle{Color: r.color, Width: 1.4}, c.ClipLinesX([]vg.Point{{X: tx(r.est.Low), Y: y}, {X: tx(r.est.High), Y: y}})...)
		goesOn(c, tx(r.est.Low), tx(r.est.High), y, r.color)
	}
	if x := tx(r.est.Mean); c.ContainsX(x) {
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: r.color, Radius: markerRadius + .3, Shape: r.glyph}, vg.Point{X: x, Y: y})
	}
}

// drawBeyond marks the dots beyond either end of the axis: a triangle there, and their values.
func (r forestRow) drawBeyond(c draw.Canvas, tx func(float64) vg.Length, y vg.Length) {
	var left, right []float64
	for _, v := range r.dots {
		if tx(v) < c.Min.X {
			left = append(left, v)
		} else if tx(v) > c.Max.X {
			right = append(right, v)
		}
	}
	sty := textStyle(edgeSize, readable(r.color))
	sty.YAlign = draw.YCenter
	mark := func(vs []float64, x vg.Length, tip vg.Length, align draw.XAlignment) {
		if len(vs) == 0 {
			return
		}
		sty.XAlign = align
		c.FillPolygon(r.color, []vg.Point{{X: x - tip, Y: y - 1.6}, {X: x - tip, Y: y + 1.6}, {X: x, Y: y}})
		c.FillText(sty, vg.Point{X: x - 1.4*tip, Y: y + .2}, r.beyondText(vs))
	}
	mark(left, c.Min.X, -3, draw.XLeft)
	mark(right, c.Max.X, 3, draw.XRight)
}

// mostValues is how many values beyond an end of the axis are written out; of more it is their range and number.
const mostValues = 3

// beyondText are values beyond one end of the axis.
func (r forestRow) beyondText(vs []float64) string {
	write := r.write
	if write == nil {
		write = edgeText
	}
	sorted := slices.Sorted(slices.Values(vs))
	var texts []string
	for _, v := range sorted {
		texts = append(texts, write(v))
	}
	if n := len(texts); n > mostValues {
		return fmt.Sprintf("%s to %s (%d)", texts[0], texts[n-1], n)
	}
	return strings.Join(texts, ", ")
}

// goesOn ends a bar at height y by an arrow where it goes on beyond the axis.
func goesOn(c draw.Canvas, low, high, y vg.Length, col color.Color) {
	head := func(x, tip vg.Length) {
		c.FillPolygon(col, []vg.Point{{X: x - tip, Y: y - 2}, {X: x - tip, Y: y + 2}, {X: x, Y: y}})
	}
	if low < c.Min.X {
		head(c.Min.X, -3.5)
	}
	if high > c.Max.X {
		head(c.Max.X, 3.5)
	}
}
