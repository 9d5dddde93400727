package plots

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// track is a path on a map: a line with a point at each place, on a lighter edge that keeps it apart from every colour below.
type track struct {
	x, y []float64
	name string // in the legend; empty for none
}

// trackLook is of the line and the points.
var trackLook = Look{color: ink, width: .9, glyph: glyph{}}

// trackEdge is how far the edge stands out on either side.
const trackEdge = vg.Length(.7)

var trackPaper = color.NRGBA{0xff, 0xff, 0xff, 0xd8}

func (t track) entry() (Entry, bool) { return Entry{Text: t.name, Look: trackLook}, t.name != "" }

// radius is that of a point: smaller where there are many.
func (t track) radius() vg.Length {
	if len(t.x) > 60 {
		return 1.1
	}
	return 1.6
}

func (t track) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	way := make([]vg.Point, len(t.x))
	for i, x := range t.x {
		way[i] = vg.Point{X: tx(x), Y: ty(t.y[i])}
	}
	for _, l := range []struct {
		color.Color
		more vg.Length
	}{{trackPaper, trackEdge}, {trackLook.color, 0}} {
		c.StrokeLines(draw.LineStyle{Color: l.Color, Width: trackLook.width + 2*l.more}, c.ClipLinesXY(way)...)
		for _, at := range way {
			if c.Contains(at) {
				c.DrawGlyphNoClip(draw.GlyphStyle{Color: l.Color, Radius: t.radius() + l.more, Shape: draw.CircleGlyph{}}, at)
			}
		}
	}
}
