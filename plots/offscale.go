package plots

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// offScale is the strip above the y axis: a row for each line with a mean above the axis (its value, or a caret where there is no room) or with
// diverged runs (an open marker and their number).
type offScale struct {
	top  float64 // of the axis
	rows []offRow
	offAxis
}

// offRow is the marks of one line.
type offRow struct {
	Look
	pts []offPoint
}

type offPoint struct {
	x        float64 // on the axis
	above    bool
	label    string // the value above the axis
	diverged int
	est      stats.Interval // what is above
}

func (o offScale) offCounts() offAxis { return o.offAxis }

// share is the strip's part of the panel's height.
func (o offScale) share() float64 {
	if len(o.rows) == 0 {
		return 0
	}
	return math.Min(.5, .02+.056*float64(len(o.rows)))
}

// offNudge is how far a value may stand to the right of its x, against overlap.
const offNudge = vg.Length(3)

// offNumber is from a diverged marker to the end of its number, and offBeside from a caret to that marker.
const offNumber, offBeside = vg.Length(13), vg.Length(9)

// room is what the marks at the largest x take to its right; 0 without marks.
func (o offScale) room() (room vg.Length) {
	last := math.Inf(-1)
	for _, row := range o.rows {
		for _, pt := range row.pts {
			last = math.Max(last, pt.x)
		}
	}
	for _, row := range o.rows {
		for _, pt := range row.pts {
			switch {
			case pt.x < last:
			case pt.diverged == 0:
				room = max(room, textStyle(edgeSize, ink).Width(pt.label)/2)
			case pt.above:
				room = max(room, offBeside+offNumber)
			default:
				room = max(room, offNumber)
			}
		}
	}
	return room
}

// text is the marks in words.
func (p offPoint) text() string {
	var words []string
	if p.above {
		words = append(words, "above the axis: "+p.est.PlusMinus(2))
	}
	if p.diverged > 0 {
		words = append(words, record.Plural(p.diverged, "run")+" diverged")
	}
	return strings.Join(words, ", ")
}

func (o offScale) Plot(c draw.Canvas, p *plot.Plot) {
	if len(o.rows) == 0 {
		return
	}
	tx, ty := p.Transforms(&c)
	edge := ty(o.top)
	c.FillPolygon(faint(gridline, 0xa0), box(c.Min.X, edge, c.Max.X, c.Max.Y))
	c.StrokeLine2(draw.LineStyle{Color: spine, Width: .4, Dashes: []vg.Length{1, 1.5}}, c.Min.X, edge, c.Max.X, edge)
	step := (c.Max.Y - edge) / vg.Length(len(o.rows))
	for i, row := range o.rows {
		y := c.Max.Y - step*(vg.Length(i)+.55)
		sty := textStyle(edgeSize, readable(row.color))
		sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
		end := vg.Length(math.Inf(-1)) // of the text before
		for _, pt := range row.pts {
			x := max(c.Min.X, min(tx(pt.x), c.Max.X))
			if half := sty.Width(pt.label) / 2; pt.above && x-half > end-offNudge {
				x = max(end+half, min(x, c.Max.X+3-half))
				c.FillText(sty, vg.Point{X: x, Y: y + .3}, pt.label)
				end = x + half + 1.2
			} else if pt.above {
				c.DrawGlyphNoClip(draw.GlyphStyle{Color: row.color, Radius: 2, Shape: caret{}}, vg.Point{X: max(x, end+2.2), Y: y})
				end = max(x, end+2.2) + 2.5
			}
			if pt.diverged > 0 {
				if pt.above {
					x += offBeside
				}
				c.DrawGlyphNoClip(draw.GlyphStyle{Color: row.color, Radius: markerRadius, Shape: row.opened()}, vg.Point{X: x, Y: y})
				sty := textStyle(6, ink)
				sty.YAlign = draw.YCenter
				c.FillText(sty, vg.Point{X: x + 4.5, Y: y}, fmt.Sprint(pt.diverged))
			}
		}
	}
}
