package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/stats"
)

// heatPalette goes from low to high; it is ordered in grey and for the colour-blind, and its end is no white.
var heatPalette = []color.NRGBA{
	{0x1d, 0x1b, 0x4c, 0xff}, {0x2b, 0x55, 0x8c, 0xff}, {0x2f, 0x8f, 0x96, 0xff}, {0x7f, 0xc1, 0x92, 0xff}, {0xf2, 0xdf, 0x8f, 0xff},
}

// mostBands is about how many bands of colour a scale has.
const mostBands = 14

// logFrom is the ratio of the largest to the smallest value from which on a scale of positive values is logarithmic.
const logFrom = 20

// scale is where values stand on an axis or in colours: their logarithm where they are positive and their range asks for it.
type scale struct {
	log       bool
	low, high float64 // of the values, on the scale; low > high without values
}

// scaleOf is the scale of the values that are finite.
func scaleOf(values ...[]float64) scale {
	low, high := math.Inf(1), math.Inf(-1)
	for _, vs := range values {
		low, high = spread(low, high, vs...)
	}
	if low > 0 && high >= logFrom*low && high > low {
		return scale{true, math.Log10(low), math.Log10(high)}
	}
	return scale{false, low, high}
}

// at is a value on the scale; NaN where it has no place on it.
func (s scale) at(v float64) float64 {
	if s.log {
		v = math.Log10(v)
	}
	if math.IsInf(v, 0) {
		return nan
	}
	return v
}

// levels are round values between the lowest and the highest, on the scale, with their labels.
func (s scale) levels() (ts plot.ConstantTicks) {
	all := LinearTicks(s.low, s.high, mostBands-2)
	if s.log {
		for _, digits := range [][]float64{{1, 1.5, 2, 3, 5, 7}, {1, 2, 5}, {1, 3}, {1}} {
			all = nil
			for e := int(math.Floor(s.low)); e <= int(math.Floor(s.high)); e++ {
				for _, d := range digits {
					if v := float64(e) + math.Log10(d); v > s.low && v < s.high {
						all = append(all, plot.Tick{Value: v, Label: shortPower(d, e)})
					}
				}
			}
			if len(all) < mostBands {
				break
			}
		}
		if every := (len(all) + mostBands - 1) / mostBands; every > 1 { // so many decades
			var some plot.ConstantTicks
			for i := 0; i < len(all); i += every {
				some = append(some, all[i])
			}
			all = some
		}
	}
	for _, t := range all {
		if t.Value > s.low && t.Value < s.high {
			ts = append(ts, t)
		}
	}
	return ts
}

// shortPower writes digit·10ᵉ.
func shortPower(digit float64, e int) string {
	switch {
	case e >= -3 && e <= 3:
		return stats.Short(digit * math.Pow(10, float64(e)))
	case digit == 1:
		return power10(e)
	}
	return stats.Short(digit) + "·" + power10(e)
}

// bands are the colours below, between and above so many levels.
func bands(levels int) []color.NRGBA {
	cs := make([]color.NRGBA, levels+1)
	for i := range cs {
		cs[i] = blend(heatPalette, (float64(i)+.5)/float64(len(cs)))
	}
	return cs
}

// contours is a map of values over a grid: bands of colour between levels, which are lines. Between points it is linear. Squares with a
// corner that is NaN are left white.
type contours struct {
	x, y   []float64
	z      [][]float64 // by row
	levels plot.ConstantTicks
}

func (m contours) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	t := tracer{contours: m, x: make([]vg.Length, len(m.x)), y: make([]vg.Length, len(m.y))}
	for i, x := range m.x {
		t.x[i] = tx(x)
	}
	for j, y := range m.y {
		t.y[j] = ty(y)
	}
	for k, col := range bands(len(m.levels)) {
		level := -math.MaxFloat64
		if k > 0 {
			level = m.levels[k-1].Value
		}
		var area vg.Path
		for _, l := range t.loops(level) {
			l.path(&area)
		}
		if len(area) > 0 {
			c.SetColor(col)
			c.Fill(area)
		}
	}
	sty := draw.LineStyle{Color: color.NRGBA{0xff, 0xff, 0xff, 0x90}, Width: .45}
	for _, level := range m.levels {
		for _, l := range t.loops(level.Value) {
			for _, piece := range l.lines() {
				c.StrokeLines(sty, piece)
			}
		}
	}
}

// tracer follows the borders of where a map is at least at a level, by marching squares. Around the map, and where it is NaN, it is lower than
// every level.
type tracer struct {
	contours
	x, y []vg.Length
}

// corner is a point of the loop, and whether the way to the next one is a contour of the map rather than its edge.
type corner struct {
	vg.Point
	contour bool
}

// loop is a closed border, with the higher side on its left.
type loop []corner

// path appends the closed border.
func (l loop) path(p *vg.Path) {
	for i, c := range l {
		if i == 0 {
			p.Move(c.Point)
		} else {
			p.Line(c.Point)
		}
	}
	p.Close()
}

// lines are the parts of the border that are contours.
func (l loop) lines() (pieces [][]vg.Point) {
	open := false
	for i, c := range l {
		if !c.contour {
			open = false
			continue
		}
		if !open {
			pieces, open = append(pieces, []vg.Point{c.Point}), true
		}
		last := &pieces[len(pieces)-1]
		*last = append(*last, l[(i+1)%len(l)].Point)
	}
	return pieces
}

// value is NaN outside.
func (t tracer) value(i, j int) float64 {
	if i < 0 || j < 0 || i >= len(t.x) || j >= len(t.y) {
		return nan
	}
	return t.z[j][i]
}

func (t tracer) place(i, j int) vg.Point {
	return vg.Point{X: t.x[max(0, min(i, len(t.x)-1))], Y: t.y[max(0, min(j, len(t.y)-1))]}
}

// between is the point of a level between an inner and an outer corner.
func (t tracer) between(level float64, i, j, k, l int) vg.Point {
	in, out := t.place(i, j), t.place(k, l)
	a, b := t.value(i, j), t.value(k, l)
	if math.IsNaN(b) {
		return in
	}
	share := vg.Length((a - level) / (a - b))
	return vg.Point{X: in.X + share*(out.X-in.X), Y: in.Y + share*(out.Y-in.Y)}
}

// loops are the borders, in the order of their first square.
func (t tracer) loops(level float64) (all []loop) {
	wide := len(t.x) + 2
	edges := 2 * wide * (len(t.y) + 2)
	next, at := make([]int, edges), make([]corner, edges) // by the edge between two corners of a square that a border crosses
	for e := range next {
		next[e] = -1
	}
	around := [4][2]int{{0, 0}, {1, 0}, {1, 1}, {0, 1}}
	edge := func(i, j, side int) int { // the side behind a corner of the square, counterclockwise
		from := [4][3]int{{0, 0, 0}, {1, 0, 1}, {0, 1, 0}, {0, 0, 1}}[side]
		return 2*((j+from[1]+1)*wide+i+from[0]+1) + from[2]
	}
	for j := -1; j < len(t.y); j++ {
		for i := -1; i < len(t.x); i++ {
			var in [4]bool
			var sum float64
			for k, a := range around {
				v := t.value(i+a[0], j+a[1])
				in[k] = v >= level // not of NaN
				sum += v
			}
			whole, middle := !math.IsNaN(sum), sum/4 >= level
			for k := range 4 {
				if !in[k] || in[(k+1)%4] {
					continue // the border leaves the square's edge where it goes out
				}
				to := (k + 1) % 4
				if in[0] == in[2] && in[1] == in[3] { // a saddle: its middle tells which corners are joined
					if !middle {
						to = (k + 3) % 4
					}
				} else {
					for in[to] || !in[(to+1)%4] {
						to = (to + 1) % 4
					}
				}
				a, b := around[k], around[(k+1)%4]
				e := edge(i, j, k)
				next[e] = edge(i, j, to)
				at[e] = corner{t.between(level, i+a[0], j+a[1], i+b[0], j+b[1]), whole}
			}
		}
	}
	for e := range next {
		var l loop
		for next[e] >= 0 {
			l = append(l, at[e])
			e, next[e] = next[e], -1
		}
		if len(l) > 0 {
			all = append(all, l)
		}
	}
	return all
}

// colorBar stands to the right of a map.
type colorBar struct {
	scale
	levels plot.ConstantTicks
}

const (
	barGap    = vg.Length(7)
	barWidth  = vg.Length(8)
	barLabels = vg.Length(30)
)

// GlyphBoxes keep the room free.
func (colorBar) GlyphBoxes(*plot.Plot) []plot.GlyphBox {
	return []plot.GlyphBox{{X: 1, Y: .5, Rectangle: vg.Rectangle{Max: vg.Point{X: barGap + barWidth + barLabels, Y: 1}}}}
}

func (b colorBar) Plot(c draw.Canvas, _ *plot.Plot) {
	left, right := c.Max.X+barGap, c.Max.X+barGap+barWidth
	at := func(v float64) vg.Length {
		if b.high == b.low {
			return (c.Min.Y + c.Max.Y) / 2
		}
		return c.Min.Y + vg.Length((v-b.low)/(b.high-b.low))*(c.Max.Y-c.Min.Y)
	}
	low := c.Min.Y
	for k, col := range bands(len(b.levels)) {
		high := c.Max.Y
		if k < len(b.levels) {
			high = at(b.levels[k].Value)
		}
		c.FillPolygon(col, box(left, low, right, high))
		low = high
	}
	frame := box(left, c.Min.Y, right, c.Max.Y)
	c.StrokeLines(draw.LineStyle{Color: spine, Width: .5}, append(frame, frame[0]))
	sty := textStyle(tickSize, ink)
	sty.YAlign = draw.YCenter
	ticks := b.levels
	if len(ticks) == 0 && b.low == b.high {
		ticks = plot.ConstantTicks{{Value: b.low, Label: stats.Short(b.low)}}
	}
	last := vg.Length(math.Inf(-1))
	for _, t := range ticks {
		y := at(t.Value)
		c.StrokeLine2(draw.LineStyle{Color: spine, Width: .5}, right, y, right+2.5, y)
		if y-last >= tickSize*1.1 {
			c.FillText(sty, vg.Point{X: right + 4, Y: y + .7}, t.Label)
			last = y
		}
	}
}

// pin is a marker on a map or a line, with a few letters beside it.
type pin struct {
	x, y float64
	text string // may be empty
	name string // in the legend; empty for none
	// The letters stand above the marker, on nothing, where they would hide the line that it lies on.
	above bool
	Look
}

func (d pin) entry() (Entry, bool) { return Entry{Text: d.name, Look: d.markOnly()}, d.name != "" }

func (d pin) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	at := vg.Point{X: tx(d.x), Y: ty(d.y)}
	if !c.Contains(at) {
		return
	}
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: d.color, Radius: 3, Shape: d.glyph}, at)
	if d.text == "" {
		return
	}
	sty := bold(textStyle(textSize, ink))
	sty.YAlign = draw.YCenter
	x, w := at.X+5.5, sty.Width(d.text)
	if d.above {
		sty.XAlign = draw.XCenter
		if at.Y += 9.5; at.Y+5 > c.Max.Y {
			at.Y -= 19
		}
		c.FillText(sty, at, d.text)
		return
	}
	if x+w+2 > c.Max.X {
		x = at.X - 5.5 - w
	}
	c.FillPolygon(color.NRGBA{0xff, 0xff, 0xff, 0xd8}, box(x-1.6, at.Y-4.8, x+w+1.6, at.Y+4.8))
	c.FillText(sty, vg.Point{X: x, Y: at.Y + .7}, d.text)
}
