package plots

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Look is the colour, stroke and marker of a line or of points. The figures share them, so that an m looks the same everywhere.
type Look struct {
	color  color.NRGBA
	width  vg.Length // of the line; 0 for no line
	dashes []vg.Length
	glyph  marker // nil for none
}

// LookOfM is how every figure shows m; 0 is ρ = 0.
func LookOfM(m float64) Look {
	if m == 0 {
		return LookBase
	}
	return Look{mColor(m), 1.2, nil, mGlyph(m)}
}

// Looks of what is not an m. Vermillion, blue and green are colours of Okabe and Ito.
var (
	LookBase     = Look{baseColor, 1, dashed, glyph{sides: 4}}                      // ρ = 0
	LookUsual    = Look{neutral[1], 1.2, nil, glyph{sides: 4, turn: .125}}          // SAM as it is usually written
	LookOurs     = Look{baseDot, 1.5, nil, glyph{}}                                 // vermillion
	LookOursOpen = Look{baseDot, 1.5, nil, glyph{sides: 4, turn: .125, open: true}} // the same, of something else
	LookBlue     = Look{color.NRGBA{0x00, 0x72, 0xb2, 0xff}, 1.2, nil, glyph{sides: 6}}
	LookGreen    = Look{color.NRGBA{0x00, 0x9e, 0x73, 0xff}, 1.2, []vg.Length{4, 1.6}, glyph{sides: 3}}
	LookGrey     = Look{neutral[1], 1.2, []vg.Length{1.4, 1.6}, glyph{sides: 4}}
	LookPale     = Look{neutral[0], 1.4, nil, glyph{}}                     // of another source
	LookDark     = Look{neutral[1], 1.4, nil, glyph{sides: 4, turn: .125}} // of another source too
	LookOpenBase = Look{baseColor, 1, dashed, glyph{sides: 4, open: true}} // ρ = 0 of another source
	LookOpen     = Look{neutral[1], 1, nil, glyph{open: true}}             // a method of another source
)

var (
	dashed  = []vg.Length{4, 2.5}
	dotted  = []vg.Length{1, 1.8}
	dashDot = []vg.Length{6, 2, 1.2, 2}
)

// Looks of rules and samples.
var (
	lookZero   = Look{color: spine, width: .7}                        // 0, or chance
	lookTuned  = Look{color: tunedColor, width: 1.2, dashes: dashDot} // the base optimizer, tuned
	lookRandom = Look{color: neutral[0], width: .9}                   // of a null
)

var tunedColor = color.NRGBA{0x00, 0x9e, 0x73, 0xff} // Okabe and Ito's bluish green

// lineOnly is the look without its marker.
func (l Look) lineOnly() Look { l.glyph = nil; return l }

// markOnly is the look without its line.
func (l Look) markOnly() Look { l.width, l.dashes = 0, nil; return l }

// opened is the look's marker as an outline.
func (l Look) opened() marker {
	if g, ok := l.glyph.(glyph); ok {
		g.open = true
		return g
	}
	return glyph{open: true}
}

func (l Look) line() draw.LineStyle {
	return draw.LineStyle{Color: l.color, Width: l.width, Dashes: l.dashes}
}

// lookOfRho is how every figure shows sharpness measured at a ρ among several, one of them bold.
func lookOfRho(rho, bold float64, all []float64) Look {
	l := Look{rhoColor(rho, all), .8, []vg.Length{2.5, 1.5}, rhoGlyph(rho, bold)}
	if rho == bold {
		l.width, l.dashes = 1.8, nil
	}
	return l
}
