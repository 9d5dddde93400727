package plots

import (
	"cmp"
	"image/color"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// edgeMark is a datum beyond the y axis, or several beside each other on a line: a triangle at the edge of the panel, with the value of the
// farthest one.
type edgeMark struct {
	x      float64 // on the x axis
	below  bool    // else above
	text   string
	color  color.NRGBA
	points int // that it stands for
}

// edgeMarks are all of a panel, in rows along its upper and its lower edge, so that none hides another.
type edgeMarks []edgeMark

const (
	edgeSize = vg.Length(6) // of their text
	edgeRow  = vg.Length(7.5)
)

func (es edgeMarks) Plot(c draw.Canvas, p *plot.Plot) {
	tx, _ := p.Transforms(&c)
	sorted := slices.SortedStableFunc(slices.Values(es), func(a, b edgeMark) int { return cmp.Compare(a.x, b.x) })
	for _, below := range []bool{false, true} {
		var ends []vg.Length // of each row
		for _, e := range sorted {
			if e.below != below {
				continue
			}
			x := max(c.Min.X+2, min(tx(e.x), c.Max.X-2))
			left, right := e.span(x, c)
			row := slices.IndexFunc(ends, func(end vg.Length) bool { return left > end })
			if row < 0 {
				row, ends = len(ends), append(ends, 0)
			}
			ends[row] = right + 1
			y := c.Max.Y - edgeRow*vg.Length(row)
			if below {
				y = c.Min.Y + edgeRow*vg.Length(row)
			}
			e.draw(c, x, y)
		}
	}
}

func (e edgeMark) style() draw.TextStyle {
	sty := textStyle(edgeSize, readable(e.color))
	sty.YAlign = draw.YCenter
	return sty
}

// leftward reports whether the text stands to the left of the triangle at x, for want of room to its right.
func (e edgeMark) leftward(x vg.Length, c draw.Canvas) bool {
	return x+4+e.style().Width(e.text) > c.Max.X
}

// span is what the mark takes of its row.
func (e edgeMark) span(x vg.Length, c draw.Canvas) (left, right vg.Length) {
	w := 5 + e.style().Width(e.text)
	if e.leftward(x, c) {
		return x - w, x + 3
	}
	return x - 3, x + w
}

// draw draws it at the edge y.
func (e edgeMark) draw(c draw.Canvas, x, y vg.Length) {
	tip, mid := vg.Length(-3.5), y-3.6
	if e.below {
		tip, mid = 3.5, y+3.6
	}
	left, right := e.span(x, c)
	c.FillPolygon(color.NRGBA{0xff, 0xff, 0xff, 0xd0}, box(left, mid-3.4, right, mid+3.4))
	c.FillPolygon(e.color, []vg.Point{{X: x - 2, Y: y + tip}, {X: x + 2, Y: y + tip}, {X: x, Y: y}})
	if sty := e.style(); e.leftward(x, c) {
		sty.XAlign = draw.XRight
		c.FillText(sty, vg.Point{X: x - 3.5, Y: mid + .3}, e.text)
	} else {
		c.FillText(sty, vg.Point{X: x + 3.5, Y: mid + .3}, e.text)
	}
}

// side is where a value lies off an axis.
type side int

const (
	inside side = iota
	above
	below
	nowhere // of no value
)

// sideOf is where a position lies: on the axis, above its high end or below its low one.
func (a Axis) sideOf(at float64) side {
	slack := 1e-9 * (a.High - a.Low)
	switch {
	case at != at:
		return nowhere
	case at > a.High+slack:
		return above
	case at < a.Low-slack:
		return below
	}
	return inside
}
