package plots

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strconv"

	"gonum.org/v1/plot/vg"
)

// Verdana has the widths of DejaVu Sans, so it comes next.
const fontFamily = "font-family:'DejaVu Sans',Verdana,sans-serif;"

var (
	svgText = regexp.MustCompile(`(<text [^>]*font-weight:(\w+)[^>]*font-size:([0-9.]+)px[^>]*)>([^<]*)</text>`)
	svgRoot = regexp.MustCompile(`(?s)^.*?<svg width="[^"]*" height="[^"]*" `)
)

// portable makes gonum's SVG look the same where DejaVu Sans is missing, by fallback families and by stating the width
// of every text, and gives it a name for those who cannot see it. Nothing in it has an id, so that several fit one page.
func portable(svg []byte, d Drawing) []byte {
	svg = bytes.ReplaceAll(svg, []byte("font-family:DejaVu Sans;font-variant:normal;"), []byte(fontFamily))
	svg = svgText.ReplaceAllFunc(svg, func(b []byte) []byte {
		m := svgText.FindSubmatch(b)
		size, err := strconv.ParseFloat(string(m[3]), 64)
		if err != nil {
			return b
		}
		sty := textStyle(vg.Length(size), ink)
		if string(m[2]) == "bold" {
			sty = bold(sty)
		}
		width := sty.Width(html.UnescapeString(string(m[4])))
		return fmt.Appendf(nil, `%s textLength="%.2f" lengthAdjust="spacingAndGlyphs">%s</text>`, m[1], width.Points(), m[4])
	})
	return svgRoot.ReplaceAll(svg, fmt.Appendf(nil, `<svg role="img" aria-label="%s" width="%.0f" height="%.0f" `,
		html.EscapeString(d.Title), d.width.Points()*4/3, d.height.Points()*4/3))
}
