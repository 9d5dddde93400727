package plots

import (
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// strips is a block of text lines and legend rows to be drawn from the top down.
type strips struct {
	lines  []styled
	legend [][]Entry
	gap    vg.Length // below
}

type styled struct {
	text string
	draw.TextStyle
	after string // on the same line, as a note
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
		if l.after != "" {
			c.FillText(textStyle(noteSize, muted), vg.Point{X: c.Min.X + l.Width(l.text) + 8, Y: y}, l.after)
		}
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
		lines = append(lines, styled{text: line, TextStyle: sty})
		line = word
	}
	if line != "" {
		lines = append(lines, styled{text: line, TextStyle: sty})
	}
	return lines
}
