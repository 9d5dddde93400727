package plots

import (
	"image/color"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// panel is a plot with its title, notes and legend in strips above it.
type panel struct {
	title  string   // bold; empty for none
	notes  []string // wrapped to the width
	legend []entry
	plot   *plot.Plot
	cut    bool // an interval goes on beyond the axis
}

// blank is a panel of words alone: a title, and in the place of the axes why there is nothing.
func blank(title, why string) panel {
	p := newPlot("", "")
	p.HideAxes()
	p.Add(remark(why))
	return panel{title: title, plot: p}
}

// remark is text in the middle of a plot.
type remark string

func (r remark) Plot(c draw.Canvas, _ *plot.Plot) {
	frame := box(c.Min.X, c.Min.Y, c.Max.X, c.Max.Y)
	c.StrokeLines(draw.LineStyle{Color: gridline, Width: .8}, append(frame, frame[0]))
	sty := textStyle(noteSize, muted)
	sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
	lines := wrap(string(r), sty, .8*(c.Max.X-c.Min.X))
	step := sty.Font.Size * 1.4
	at := vg.Point{X: (c.Min.X + c.Max.X) / 2, Y: (c.Min.Y+c.Max.Y)/2 + step*vg.Length(len(lines)-1)/2}
	for _, l := range lines {
		c.FillText(l.TextStyle, at, l.text)
		at.Y -= step
	}
}

// entry is one sample of a legend.
type entry struct {
	text   string
	color  color.NRGBA
	width  vg.Length // of the line; 0 for no line
	dashes []vg.Length
	band   bool  // a band behind the line
	alpha  uint8 // of the band; 0 is faint
	glyph  draw.GlyphDrawer
	ramp   []color.NRGBA // a colour bar of these swatches, each with its label below the entry's text
	labels []string
}

const (
	sampleLen = vg.Length(15) // of a legend's line
	swatch    = vg.Length(15) // of a colour bar
	legendRow = vg.Length(11.5)
	entryGap  = vg.Length(8) // between entries
)

func (e entry) advance() vg.Length {
	w := textStyle(textSize, ink).Width(e.text) + entryGap
	switch {
	case e.ramp != nil:
		return w + e.swatch()*vg.Length(len(e.ramp))
	case e.width > 0:
		return w + sampleLen + 3
	case e.glyph != nil:
		return w + 10
	}
	return w
}

// swatch is the width of one swatch of a colour bar: wide enough for the longest label.
func (e entry) swatch() vg.Length {
	w := swatch
	for _, l := range e.labels {
		w = max(w, textStyle(tickSize-.8, ink).Width(l)+3)
	}
	return w
}

func (e entry) draw(c draw.Canvas, x, mid vg.Length) {
	sty := textStyle(textSize, ink)
	sty.YAlign = draw.YCenter
	switch {
	case e.ramp != nil:
		c.FillText(sty, vg.Point{X: x, Y: mid + .7}, e.text)
		x += sty.Width(e.text) + 4
		w := e.swatch()
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
		if e.band {
			c.FillPolygon(faint(e.color, max(e.alpha, 0x28)), box(x, mid-3.5, x+sampleLen, mid+3.5))
		}
		c.StrokeLine2(draw.LineStyle{Color: e.color, Width: e.width, Dashes: e.dashes}, x, mid, x+sampleLen, mid)
		if e.glyph != nil {
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: e.color, Radius: markerRadius, Shape: e.glyph}, vg.Point{X: x + sampleLen/2, Y: mid})
		}
		x += sampleLen + 3
	case e.glyph != nil:
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: e.color, Radius: markerRadius, Shape: e.glyph}, vg.Point{X: x + 4, Y: mid})
		x += 10
	}
	c.FillText(sty, vg.Point{X: x, Y: mid + .7}, e.text)
}

func box(x0, y0, x1, y1 vg.Length) []vg.Point {
	return []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}}
}

func luminance(c color.NRGBA) float64 {
	return (.30*float64(c.R) + .59*float64(c.G) + .11*float64(c.B)) / 255
}

// rows breaks the legend into lines of the given width.
func legendRows(entries []entry, width vg.Length) (rows [][]entry) {
	var x vg.Length
	for _, e := range entries {
		if w := e.advance(); len(rows) == 0 || x+w-entryGap > width {
			rows, x = append(rows, nil), 0
		}
		x += e.advance()
		rows[len(rows)-1] = append(rows[len(rows)-1], e)
	}
	return rows
}

// strips is a block of text lines and legend rows to be drawn from the top down.
type strips struct {
	lines  []styled
	legend [][]entry
	gap    vg.Length // below
}

type styled struct {
	text string
	draw.TextStyle
}

func (s strips) height() (h vg.Length) {
	for _, l := range s.lines {
		h += l.Font.Size * 1.32
	}
	return h + s.lead() + legendRow*vg.Length(len(s.legend)) + s.gap
}

// lead is the space between the lines and the legend.
func (s strips) lead() vg.Length {
	if len(s.lines) == 0 || len(s.legend) == 0 {
		return 0
	}
	return 2.5
}

// draw draws the strips along the top of c and returns what is left below.
func (s strips) draw(c draw.Canvas) draw.Canvas {
	y := c.Max.Y
	for _, l := range s.lines {
		y -= l.Font.Size * 1.32
		c.FillText(l.TextStyle, vg.Point{X: c.Min.X, Y: y}, l.text)
	}
	y -= s.lead()
	for _, row := range s.legend {
		y -= legendRow
		x := c.Min.X
		for _, e := range row {
			e.draw(c, x, y+legendRow/2-.5)
			x += e.advance()
		}
	}
	c.Max.Y = y - s.gap
	return c
}

func (p panel) strips(width vg.Length) strips {
	s := strips{gap: 5}
	if p.title != "" {
		s.lines = append(s.lines, wrap(p.title, bold(textStyle(textSize+.4, ink)), width)...)
	}
	for _, n := range p.notes {
		s.lines = append(s.lines, wrap(n, textStyle(noteSize, muted), width)...)
	}
	s.legend = legendRows(p.legend, width)
	return s
}

// heading is a figure's title and the lines below it.
func heading(title string, notes []string, width vg.Length) strips {
	s := strips{lines: wrap(title, bold(textStyle(titleSize, ink)), width), gap: 4}
	for _, n := range notes {
		s.lines = append(s.lines, wrap(n, textStyle(noteSize, muted), width)...)
	}
	return s
}

// wrap breaks text between words.
func wrap(text string, sty draw.TextStyle, width vg.Length) (lines []styled) {
	line := ""
	for _, word := range strings.Fields(text) {
		if next := strings.TrimSpace(line + " " + word); line == "" || sty.Width(next) <= width {
			line = next
			continue
		}
		lines = append(lines, styled{line, sty})
		line = word
	}
	if line != "" {
		lines = append(lines, styled{line, sty})
	}
	return lines
}

// tile draws panels in rows of cols, their axes aligned in both directions and their strips of equal height per row.
func tile(c draw.Canvas, panels []panel, cols int, gapX, gapY vg.Length) {
	nrows := (len(panels) + cols - 1) / cols
	w := (c.Max.X - c.Min.X - gapX*vg.Length(cols-1)) / vg.Length(cols)
	h := (c.Max.Y - c.Min.Y - gapY*vg.Length(nrows-1)) / vg.Length(nrows)
	areas := make([]draw.Canvas, len(panels))
	left := make([]vg.Length, cols)
	bottom := make([]vg.Length, nrows)
	right := make([]vg.Length, cols)
	for r := range nrows {
		in := panels[r*cols : min((r+1)*cols, len(panels))]
		var top vg.Length
		for _, p := range in {
			top = max(top, p.strips(w).height())
		}
		for k, p := range in {
			area := c
			area.Min.X = c.Min.X + vg.Length(k)*(w+gapX)
			area.Max.X = area.Min.X + w
			area.Max.Y = c.Max.Y - vg.Length(r)*(h+gapY)
			area.Min.Y = area.Max.Y - h
			p.strips(w).draw(area)
			area.Max.Y -= top
			areas[r*cols+k] = area
			d := p.plot.DataCanvas(area)
			left[k] = max(left[k], d.Min.X-area.Min.X)
			right[k] = max(right[k], area.Max.X-d.Max.X)
			bottom[r] = max(bottom[r], d.Min.Y-area.Min.Y)
		}
	}
	for i, p := range panels {
		d := p.plot.DataCanvas(areas[i])
		k, r := i%cols, i/cols
		p.plot.Draw(draw.Crop(areas[i],
			left[k]-(d.Min.X-areas[i].Min.X), -(right[k] - (areas[i].Max.X - d.Max.X)),
			bottom[r]-(d.Min.Y-areas[i].Min.Y), 0))
	}
}
