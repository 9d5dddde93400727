package plots

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/stats"
)

// forestRows are intervals, a row each, with names to the left and columns of text to the right. Row i stands at y = −i, the heads of the
// columns at 1.
type forestRows struct {
	heads []forestHead
	rows  []forestRow
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
	dots    []float64 // drawn faint
	est     stats.Interval
	columns []string
}

const (
	forestStep  = vg.Length(14) // the height of a row
	forestNames = vg.Length(40) // the room left of the axis
	forestText  = vg.Length(222)
)

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
		{X: 1, Y: .5, Rectangle: vg.Rectangle{Max: vg.Point{X: forestText}}},
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
			c.StrokeLine2(draw.LineStyle{Color: gridline, Width: .8}, c.Min.X-forestNames, edge, c.Max.X+forestText, edge)
			text(r.heading, c.Min.X-forestNames, y, bold(textStyle(tickSize, ink)))
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
	for _, v := range r.dots {
		if x := tx(v); c.ContainsX(x) {
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: faint(r.color, 0x58), Radius: 1.4, Shape: draw.CircleGlyph{}}, vg.Point{X: x, Y: y - 3.2})
		}
	}
	if r.est.N == 0 {
		return
	}
	if !math.IsNaN(r.est.Half()) {
		c.StrokeLines(draw.LineStyle{Color: r.color, Width: 1.4}, c.ClipLinesX([]vg.Point{{X: tx(r.est.Low), Y: y}, {X: tx(r.est.High), Y: y}})...)
	}
	if x := tx(r.est.Mean); c.ContainsX(x) {
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: r.color, Radius: markerRadius + .3, Shape: r.glyph}, vg.Point{X: x, Y: y})
	}
}
