package plots

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/stats"
)

// levels is numbers as horizontal lines, each with its interval inside and its name outside the right end.
type levels []namedLevel

// othersAt is levels as a panel shows them: with or without their names.
type othersAt struct {
	levels
	named bool
}

type namedLevel struct {
	name string
	y    stats.Interval
}

// mostLevels is how many names a panel has room for.
const mostLevels = 5

// room is what the intervals take to the right of the data, in points.
func (ls levels) room() float64 { return levelStep * float64(len(ls)) }

// levelStep is between intervals.
const levelStep = 3.6

const (
	levelSize = vg.Length(6.4)
	levelRow  = vg.Length(7) // between names
)

func (o othersAt) Plot(c draw.Canvas, p *plot.Plot) {
	ls := o.levels
	_, ty := p.Transforms(&c)
	sty := textStyle(levelSize, muted)
	sty.YAlign = draw.YCenter
	sorted := slices.SortedFunc(slices.Values(ls), func(a, b namedLevel) int { return cmp.Compare(a.y.Mean, b.y.Mean) })
	var ys []vg.Length
	for _, l := range sorted {
		ys = append(ys, ty(l.y.Mean))
	}
	names := apart(ys, levelRow, c.Min.Y+levelRow/2, c.Max.Y-levelRow/2)
	line := draw.LineStyle{Color: neutral[0], Width: .8}
	for i, l := range sorted {
		y, x := ys[i], c.Max.X-levelStep*(vg.Length(i)+.5)
		c.StrokeLine2(line, c.Min.X, y, c.Max.X, y)
		if low, high := ty(l.y.Low), ty(l.y.High); !math.IsNaN(l.y.Half()) {
			c.StrokeLines(line, c.ClipLinesY([]vg.Point{{X: x, Y: low}, {X: x, Y: high}})...)
			arrows(c, vg.Point{X: x, Y: low}, vg.Point{X: x, Y: high}, neutral[0])
		}
		if !o.named {
			continue
		}
		c.StrokeLine2(draw.LineStyle{Color: neutral[0], Width: .4}, c.Max.X, y, c.Max.X+levelLead, names[i])
		c.FillText(sty, vg.Point{X: c.Max.X + levelLead + 1.5, Y: names[i]}, l.name)
	}
}

// levelLead is the length of the line from a level to its name.
const levelLead = vg.Length(6)

// GlyphBoxes keeps room for the names.
func (o othersAt) GlyphBoxes(*plot.Plot) (boxes []plot.GlyphBox) {
	for _, l := range o.levels {
		if !o.named {
			break
		}
		room := vg.Point{X: levelLead + 2 + textStyle(levelSize, muted).Width(l.name)}
		boxes = append(boxes, plot.GlyphBox{X: 1, Y: .5, Rectangle: vg.Rectangle{Max: room}})
	}
	return boxes
}

// apart moves ascending positions as little as it takes for neighbours to lie gap from each other, inside [low, high] where there is room.
func apart(ys []vg.Length, gap, low, high vg.Length) []vg.Length {
	type cluster struct {
		first, n int
		start    vg.Length // of the first
	}
	place := func(first, n int) cluster {
		var sum vg.Length
		for i := range n {
			sum += ys[first+i] - gap*vg.Length(i)
		}
		start := sum / vg.Length(n)
		return cluster{first, n, max(low, min(start, high-gap*vg.Length(n-1)))}
	}
	var cs []cluster
	for i := range ys {
		cs = append(cs, place(i, 1))
		for k := len(cs) - 1; k > 0 && cs[k-1].start+gap*vg.Length(cs[k-1].n) > cs[k].start; k-- {
			cs = append(cs[:k-1], place(cs[k-1].first, cs[k-1].n+cs[k].n))
		}
	}
	out := make([]vg.Length, 0, len(ys))
	for _, c := range cs {
		for i := range c.n {
			out = append(out, c.start+gap*vg.Length(i))
		}
	}
	return out
}
