package plots

import (
	"image/color"
	"math"
	"slices"

	"codeberg.org/go-fonts/dejavu/dejavusans"
	"codeberg.org/go-fonts/dejavu/dejavusansbold"
	stdfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Widths of a figure, in a paper's terms; text keeps its size in both.
const (
	oneColumn = 4.3 * vg.Inch
	twoColumn = 7.2 * vg.Inch
)

const (
	titleSize = vg.Length(9.5)
	textSize  = vg.Length(7.8) // legends, axis labels
	tickSize  = vg.Length(7.2)
	noteSize  = vg.Length(7.2)
)

var (
	ink       = color.NRGBA{0x22, 0x22, 0x22, 0xff}
	muted     = color.NRGBA{0x60, 0x60, 0x60, 0xff}
	spine     = color.NRGBA{0x70, 0x70, 0x70, 0xff}
	gridline  = color.NRGBA{0xec, 0xec, 0xec, 0xff}
	baseColor = color.NRGBA{0x11, 0x11, 0x11, 0xff} // ρ = 0 as a line
	baseDot   = color.NRGBA{0xd5, 0x5e, 0x00, 0xff} // ρ = 0 as a dot: Okabe and Ito's vermillion
)

// Dark to light, as m grows, and light to dark, as ρ grows: two ordered palettes that stay apart in grey and for the colour-blind. The palest
// of each has a contrast of 3 to white, which a mark needs.
var (
	mPalette = []color.NRGBA{
		{0x1b, 0x14, 0x64, 0xff}, {0x6a, 0x1f, 0x9c, 0xff}, {0xb2, 0x2d, 0x80, 0xff}, {0xd8, 0x48, 0x3e, 0xff}, {0xc5, 0x82, 0x00, 0xff},
	}
	rhoPalette = []color.NRGBA{
		{0x4f, 0x9d, 0x3a, 0xff}, {0x1f, 0x91, 0x83, 0xff}, {0x2a, 0x7a, 0xb0, 0xff}, {0x35, 0x4f, 0x93, 0xff}, {0x22, 0x1c, 0x4a, 0xff},
	}
)

// Greys of what is neither an m nor a ρ of ours.
var neutral = []color.NRGBA{{0x8a, 0x8a, 0x8a, 0xff}, {0x5c, 0x5c, 0x5c, 0xff}}

func init() {
	var faces font.Collection
	add := func(weight stdfont.Weight, ttf []byte) {
		face, err := opentype.Parse(ttf)
		if err != nil {
			panic(err)
		}
		faces = append(faces, font.Face{Font: font.Font{Typeface: "DejaVu", Variant: "Sans", Weight: weight}, Face: face})
	}
	add(stdfont.WeightNormal, dejavusans.TTF)
	add(stdfont.WeightBold, dejavusansbold.TTF)
	font.DefaultCache.Add(faces)
	plot.DefaultFont = font.Font{Typeface: "DejaVu", Variant: "Sans"}
	plotter.DefaultFont = plot.DefaultFont
}

// textStyle is DejaVu Sans at a size, aligned left on the baseline's bottom.
func textStyle(size vg.Length, c color.Color) draw.TextStyle {
	return draw.TextStyle{Color: c, Font: font.From(plot.DefaultFont, size), Handler: plot.DefaultTextHandler, YAlign: draw.YBottom}
}

func bold(s draw.TextStyle) draw.TextStyle {
	s.Font.Weight = stdfont.WeightBold
	return s
}

// blend returns the colour at t in [0, 1] of a palette.
func blend(stops []color.NRGBA, t float64) color.NRGBA {
	t = math.Max(0, math.Min(1, t)) * float64(len(stops)-1)
	i := min(int(t), len(stops)-2)
	t -= float64(i)
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + t*(float64(b)-float64(a)))) }
	a, b := stops[i], stops[i+1]
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 0xff}
}

// mColor is the colour of m in every figure: by log₂ m, dark at 1, lightest from 256 on.
func mColor(m float64) color.NRGBA { return blend(mPalette, math.Log2(math.Max(m, 1))/8) }

// rhoColor is the colour of ρ among the positive radii of a figure, by rank.
func rhoColor(rho float64, all []float64) color.NRGBA {
	i := max(0, slices.Index(all, rho))
	return blend(rhoPalette, (float64(i)+.5)/float64(max(1, len(all))))
}

// sharpColor is m-sharpness where no ρ is told from another.
var sharpColor = rhoColor(.05, []float64{.01, .05, .2})

// rhoGlyph is the marker of a measured ρ: a disk for the one in bold, others below and above it.
func rhoGlyph(rho, bold float64) glyph {
	switch {
	case rho < bold:
		return glyph{sides: 3, turn: .5}
	case rho > bold:
		return glyph{sides: 4, turn: .125}
	}
	return glyph{}
}

func faint(c color.NRGBA, alpha uint8) color.NRGBA { c.A = alpha; return c }

// mGlyph is the marker of m in every figure, by ⌊log₂ m⌉.
func mGlyph(m float64) glyph {
	shapes := []glyph{
		{sides: 0}, {sides: 3, turn: .5}, {sides: 4, turn: .125}, {sides: 5}, {sides: 3}, {sides: 6}, {sides: 4}, {sides: 3, turn: .25},
		{sides: 8, star: true},
	}
	return shapes[int(math.Round(math.Log2(math.Max(m, 1))))%len(shapes)]
}

// marker is the shape of a point.
type marker interface {
	draw.GlyphDrawer
	path(radius vg.Length, at vg.Point) vg.Path
	hollow() bool // an outline
}

// glyph is a marker: a regular polygon of unit area, or a disk for no sides.
type glyph struct {
	sides int
	turn  float64 // of a full turn, from a corner at the top
	star  bool    // every other corner half way in
	open  bool    // an outline filled with white
}

func (g glyph) DrawGlyph(c *draw.Canvas, sty draw.GlyphStyle, at vg.Point) {
	path := g.path(sty.Radius, at)
	fill, edge, width := sty.Color, color.Color(color.White), vg.Length(.35)
	if g.open {
		fill, edge, width = color.White, sty.Color, .9
	}
	c.SetColor(fill)
	c.Fill(path)
	c.SetLineStyle(draw.LineStyle{Color: edge, Width: width})
	c.Stroke(path)
}

func (g glyph) hollow() bool { return g.open }

func (g glyph) path(radius vg.Length, at vg.Point) (p vg.Path) {
	if g.sides == 0 {
		p.Move(vg.Point{X: at.X + radius, Y: at.Y})
		p.Arc(at, radius, 0, 2*math.Pi)
		p.Close()
		return p
	}
	r := radius * vg.Length(math.Sqrt(2*math.Pi/(float64(g.sides)*math.Sin(2*math.Pi/float64(g.sides))))) // equal areas
	if g.sides == 3 {
		r *= .92
	}
	for k := range g.sides {
		rk := r
		if g.star {
			rk *= [2]vg.Length{1.2, .55}[k%2]
		}
		sin, cos := math.Sincos(2 * math.Pi * (float64(k)/float64(g.sides) + g.turn))
		corner := vg.Point{X: at.X + rk*vg.Length(sin), Y: at.Y + rk*vg.Length(cos)}
		if k == 0 {
			p.Move(corner)
		} else {
			p.Line(corner)
		}
	}
	p.Close()
	return p
}

// arrowhead is where an interval goes on beyond the axis.
type arrowhead struct{}

func (arrowhead) hollow() bool { return false }

func (arrowhead) path(r vg.Length, at vg.Point) (p vg.Path) {
	p.Move(vg.Point{X: at.X - .8*r, Y: at.Y - .7*r})
	p.Line(vg.Point{X: at.X + .8*r, Y: at.Y - .7*r})
	p.Line(vg.Point{X: at.X, Y: at.Y + .7*r})
	p.Close()
	return p
}

func (g arrowhead) DrawGlyph(c *draw.Canvas, sty draw.GlyphStyle, at vg.Point) {
	c.SetColor(sty.Color)
	c.Fill(g.path(sty.Radius, at))
}

// caret is the marker of a value above the axis.
type caret struct{}

func (caret) hollow() bool { return true }

func (caret) path(r vg.Length, at vg.Point) (p vg.Path) {
	for _, dy := range []vg.Length{-.9, .35} {
		p.Move(vg.Point{X: at.X - r, Y: at.Y + dy*r})
		p.Line(vg.Point{X: at.X, Y: at.Y + (dy+.75)*r})
		p.Line(vg.Point{X: at.X + r, Y: at.Y + dy*r})
	}
	return p
}

func (g caret) DrawGlyph(c *draw.Canvas, sty draw.GlyphStyle, at vg.Point) {
	c.SetLineStyle(draw.LineStyle{Color: sty.Color, Width: 1.1})
	c.Stroke(g.path(sty.Radius, at))
}

func box(x0, y0, x1, y1 vg.Length) []vg.Point {
	return []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}}
}

// contrast is the ratio of WCAG 2 between a colour, as it lies on white, and white: 1 to 21.
func contrast(c color.NRGBA) float64 {
	share := float64(c.A) / 255
	linear := func(v uint8) float64 {
		s := share*float64(v)/255 + 1 - share
		if s <= .04045 {
			return s / 12.92
		}
		return math.Pow((s+.055)/1.055, 2.4)
	}
	return 1.05 / (.2126*linear(c.R) + .7152*linear(c.G) + .0722*linear(c.B) + .05)
}

// readable is the colour, darkened where it takes that for text on white: a contrast of 4.5.
func readable(c color.NRGBA) color.NRGBA {
	for c.A = 0xff; contrast(c) < 4.5; {
		c.R, c.G, c.B = uint8(.95*float64(c.R)), uint8(.95*float64(c.G)), uint8(.95*float64(c.B))
	}
	return c
}

func luminance(c color.NRGBA) float64 {
	return (.30*float64(c.R) + .59*float64(c.G) + .11*float64(c.B)) / 255
}
