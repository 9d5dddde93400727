package plots

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Panel is a plot with its title, notes and legend above it.
type Panel struct {
	Title string   // bold; empty for none
	Notes []string // wrapped to the width
	X, Y  Axis
	Marks []plot.Plotter // drawn in this order
	// Legend is made of the marks that have a name where it is nil. A sheet puts the legends of its panels above all of them.
	Legend []Entry
	Apart  bool   // keeps the legend above this panel
	Blank  string // why there is nothing to draw; it is written in the place of the axes
}

// What a mark may be besides a plot.Plotter.
type (
	inLegend  interface{ entry() (Entry, bool) }
	cuts      interface{ cut(x, y Axis) bool } // an interval goes on beyond the axis
	countsOff interface{ offCounts() offAxis }
	valued    interface{ values(x, y Axis) []Series } // in units of the axes: of a log axis, logarithms
)

// Add appends marks.
func (p *Panel) Add(marks ...plot.Plotter) { p.Marks = append(p.Marks, marks...) }

func (p Panel) legend() []Entry {
	if p.Legend != nil {
		return p.Legend
	}
	var es []Entry
	for _, m := range p.Marks {
		if n, ok := m.(inLegend); ok {
			if e, named := n.entry(); named {
				es = append(es, e)
			}
		}
	}
	return es
}

func (p Panel) cut() bool {
	for _, m := range p.Marks {
		if c, ok := m.(cuts); ok && c.cut(p.X, p.Y) {
			return true
		}
	}
	return false
}

func (p Panel) offAxis() (n offAxis) {
	for _, m := range p.Marks {
		if c, ok := m.(countsOff); ok {
			n = n.plus(c.offCounts())
		}
	}
	return n
}

// laidPanel is a panel with its plot made.
type laidPanel struct {
	Panel
	plot *plot.Plot
}

func (p Panel) lay() laidPanel {
	if p.Blank != "" {
		of := newPlot(Axis{}, Axis{})
		of.HideAxes()
		of.Add(remark(upper(p.Blank) + "."))
		return laidPanel{p, of}
	}
	of := newPlot(p.X, p.Y)
	of.Add(p.Marks...)
	of.X.Min, of.X.Max, of.Y.Min, of.Y.Max = p.X.Low, p.X.High, p.Y.Low, p.Y.High // whatever the marks ask for
	return laidPanel{p, of}
}

func (p laidPanel) strips(width vg.Length) strips {
	s := strips{gap: 5}
	if p.Title != "" {
		s.lines = append(s.lines, wrap(p.Title, bold(textStyle(textSize+.4, ink)), width)...)
	}
	for _, n := range p.Notes {
		s.lines = append(s.lines, wrap(n, textStyle(noteSize, muted), width)...)
	}
	if p.Apart && p.Blank == "" {
		s.legend = legendRows(append(p.legend(), p.offAxis().entries()...), width)
	}
	return s
}

// tile draws panels in rows of cols, their axes aligned in both directions and their strips of equal height per row. It returns where the axes
// of each stand.
func tile(c draw.Canvas, panels []laidPanel, cols int) (plots []vg.Rectangle) {
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
		area := draw.Crop(areas[i],
			left[k]-(d.Min.X-areas[i].Min.X), -(right[k] - (areas[i].Max.X - d.Max.X)),
			bottom[r]-(d.Min.Y-areas[i].Min.Y), 0)
		p.plot.Draw(area)
		plots = append(plots, p.plot.DataCanvas(area).Rectangle)
	}
	return plots
}
