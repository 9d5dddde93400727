package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/record"
)

// Entry is one sample of a legend: of a line, of a marker, or of neither.
type Entry struct {
	Text string
	Look
	Band   bool          // a band behind the line
	alpha  uint8         // of the band; 0 is faint
	ramp   []color.NRGBA // a colour bar of these swatches, each with its label, after the text
	labels []string
	narrow vg.Length // of a swatch, where there is less room than its labels take; 0 for as much as they take
}

// entries explain the marks in the strip above an axis.
func (n offAxis) entries() (es []Entry) {
	if n.above > 0 {
		es = append(es, Entry{Text: fmt.Sprintf("numbers: %d of %d points above the axis", n.above, n.points)})
	}
	if n.diverged > 0 {
		es = append(es, Entry{Text: "diverged: " + record.Plural(n.diverged, "run"), Look: Look{color: muted, glyph: glyph{open: true}}})
	}
	return es
}

// cutEntry explains arrowheads.
func cutEntry() Entry {
	return Entry{Text: "interval goes on", Look: Look{color: muted, glyph: arrowhead{}}}
}

const (
	sampleLen = vg.Length(15) // of a legend's line
	swatch    = vg.Length(15) // of a colour bar
	legendRow = vg.Length(11.5)
	entryGap  = vg.Length(8) // between entries
)

func (e Entry) advance() vg.Length {
	w := textStyle(textSize, ink).Width(e.Text) + entryGap
	switch {
	case e.ramp != nil:
		return w + e.bar()*vg.Length(len(e.ramp))
	case e.width > 0:
		return w + sampleLen + 3
	case e.glyph != nil:
		return w + 10
	}
	return w
}

// bar is the width of one swatch as it is drawn.
func (e Entry) bar() vg.Length {
	if e.narrow > 0 {
		return e.narrow
	}
	return e.swatch()
}

// swatch is the width of one swatch of a colour bar: wide enough for the longest label.
func (e Entry) swatch() vg.Length {
	w := swatch
	for _, l := range e.labels {
		w = max(w, textStyle(tickSize-.8, ink).Width(l)+3)
	}
	return w
}

func (e Entry) draw(c draw.Canvas, x, mid vg.Length) {
	sty := textStyle(textSize, ink)
	sty.YAlign = draw.YCenter
	switch {
	case e.ramp != nil:
		c.FillText(sty, vg.Point{X: x, Y: mid + .7}, e.Text)
		x += sty.Width(e.Text) + 4
		w := e.bar()
		for i, col := range e.ramp {
			c.FillPolygon(col, box(x, mid-4.6, x+w+.2, mid+4.6))
			label := textStyle(tickSize-.8, color.White)
			if luminance(col) > .45 {
				label.Color = ink
			}
			label.XAlign, label.YAlign = draw.XCenter, draw.YCenter
			c.FillText(label, vg.Point{X: x + w/2, Y: mid}, e.labels[i])
			x += w
		}
		return
	case e.width > 0:
		if e.Band {
			c.FillPolygon(faint(e.color, max(e.alpha, 0x28)), box(x, mid-3.5, x+sampleLen, mid+3.5))
		}
		c.StrokeLine2(e.line(), x, mid, x+sampleLen, mid)
		if e.glyph != nil {
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: e.color, Radius: markerRadius, Shape: e.glyph}, vg.Point{X: x + sampleLen/2, Y: mid})
		}
		x += sampleLen + 3
	case e.glyph != nil:
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: e.color, Radius: markerRadius, Shape: e.glyph}, vg.Point{X: x + 4, Y: mid})
		x += 10
	}
	c.FillText(sty, vg.Point{X: x, Y: mid + .7}, e.Text)
}

// fitted are the entries, none of them wider than the width: a longer text goes on in entries of its own, and the swatches of a colour bar
// become narrower, with labels as far as there is room.
func fitted(entries []Entry, width vg.Length) (out []Entry) {
	sty := textStyle(textSize, ink)
	for _, e := range entries {
		over := e.advance() - entryGap - width
		switch {
		case over <= 0:
			out = append(out, e)
		case e.ramp != nil:
			n := vg.Length(len(e.ramp))
			e.narrow = (width - sty.Width(e.Text) - 5) / n
			every := int(math.Ceil(float64(e.swatch() / e.narrow)))
			e.labels = slices.Clone(e.labels)
			for i := range e.labels {
				if i%every != 0 {
					e.labels[i] = ""
				}
			}
			out = append(out, e)
		default:
			lines := wrap(e.Text, sty, sty.Width(e.Text)-over)
			for i, l := range lines {
				part := Entry{Text: l.text}
				if i == 0 {
					part = e
					part.Text = l.text
				}
				out = append(out, part)
			}
		}
	}
	return out
}

// legendRows breaks a legend into lines of the given width.
func legendRows(entries []Entry, width vg.Length) (rows [][]Entry) {
	var x vg.Length
	for _, e := range fitted(entries, width) {
		if w := e.advance(); len(rows) == 0 || x+w-entryGap > width {
			rows, x = append(rows, nil), 0
		}
		x += e.advance()
		rows[len(rows)-1] = append(rows[len(rows)-1], e)
	}
	return rows
}
