package plots

import (
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Panel is a plot with its title, notes and legend above it.
type Panel struct {
	Title string   // bold; empty for none
	Under string   // a line below the title, which a plain figure keeps: what tells this panel from others
	Notes []string // wrapped to the width
	// Row begins a row of panels, with these words above it, and RowNote after them. A sheet of panels without any fills its rows in turn.
	Row, RowNote string
	X, Y         Axis
	Marks        []plot.Plotter // drawn in this order
	// Legend is made of the marks that have a name where it is nil. A sheet puts the legends of its panels above all of them.
	Legend []Entry
	Apart  bool   // keeps the legend above this panel
	Blank  string // why there is nothing to draw; it is written in the place of the axes

	told bool // the caption of the sheet says what the notes say, in other words
}

// What a mark may be besides a plot.Plotter.
type (
	inLegend  interface{ entry() (Entry, bool) }
	cuts      interface{ cut(x, y Axis) bool } // an interval goes on beyond the axis
	countsOff interface{ offCounts() offAxis }
	valued    interface{ values(x, y Axis) []Series }   // in units of the axes: of a log axis, logarithms
	beyonds   interface{ beyond(x, y Axis) []edgeMark } // data off the y axis
	fits      interface {
		on(width vg.Length) plot.Plotter
	} // another mark where the figure is so narrow
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

// edges are the marks of what lies off the y axis.
func (p Panel) edges() (es edgeMarks) {
	for _, m := range p.Marks {
		if b, ok := m.(beyonds); ok {
			es = append(es, b.beyond(p.X, p.Y)...)
		}
	}
	return es
}

// withRoom are the panels, their y axes longer by the rows of marks along their edges. Axes that are equal stay so.
func withRoom(panels []Panel) []Panel {
	out := slices.Clone(panels)
	for i, p := range panels {
		up, down := 0, 0
		for _, o := range panels {
			if o.Blank != "" || o.Y.Label != p.Y.Label || o.Y.Low != p.Y.Low || o.Y.High != p.Y.High {
				continue
			}
			var n [2]int
			for _, e := range o.edges() {
				if e.below {
					n[0]++
				} else {
					n[1]++
				}
			}
			down, up = max(down, n[0]), max(up, n[1])
		}
		const row, most = .06, 3 // a share of the axis, and of so many rows at most
		length := p.Y.High - p.Y.Low
		out[i].Y.High += row * length * float64(min(up, most))
		out[i].Y.Low -= row * length * float64(min(down, most))
	}
	return out
}

// spaced are the marks, of which no curve is shifted as far as half the way to a neighbour: another x of the curves, or a label of the axis.
func (p Panel) spaced() []plot.Plotter {
	var xs []float64
	var most vg.Length
	for _, m := range p.Marks {
		if c, ok := m.(Curve); ok && !c.free {
			xs = append(xs, c.X...)
			most = max(most, c.Shift, -c.Shift)
		}
	}
	slices.Sort(xs)
	if xs = slices.Compact(xs); most == 0 || len(xs) < 2 {
		return p.Marks
	}
	first, last := xs[0], xs[len(xs)-1]
	for _, t := range p.X.Ticks {
		if t.Label != "" && t.Value >= first && t.Value <= last {
			xs = append(xs, t.Value)
		}
	}
	slices.Sort(xs)
	gap := math.Inf(1)
	for i := range len(xs) - 1 {
		if d := xs[i+1] - xs[i]; d > 1e-9*(p.X.High-p.X.Low) {
			gap = math.Min(gap, d)
		}
	}
	marks := slices.Clone(p.Marks)
	for i, m := range marks {
		if c, ok := m.(Curve); ok && !c.free {
			c.gap, c.most = gap, most
			marks[i] = c
		}
	}
	return marks
}

// laidPanel is a panel with its plot made.
type laidPanel struct {
	Panel
	plot  *plot.Plot
	refit bool // ticks and labels are fitted to the length of the axes
}

// lay makes the plot. On a page of the given width, which is 0 for the figure's own, marks, ticks and labels are fitted to it.
func (p Panel) lay(width vg.Length) laidPanel {
	if p.Blank != "" {
		of := newPlot(Axis{}, Axis{})
		of.HideAxes()
		of.Add(remark(upper(p.Blank) + "."))
		return laidPanel{p, of, false}
	}
	of := newPlot(p.X, p.Y)
	for _, m := range p.spaced() {
		if f, ok := m.(fits); ok && width > 0 {
			m = f.on(width)
		}
		of.Add(m)
	}
	if es := p.edges(); len(es) > 0 {
		of.Add(es)
	}
	of.X.Min, of.X.Max, of.Y.Min, of.Y.Max = p.X.Low, p.X.High, p.Y.Low, p.Y.High // whatever the marks ask for
	return laidPanel{p, of, width > 0}
}

// fit sets ticks and labels for axes of the given lengths.
func (p laidPanel) fit(w, h vg.Length) {
	if !p.refit || w <= 0 || h <= 0 {
		return
	}
	p.plot.X.Tick.Marker, p.plot.Y.Tick.Marker = p.X.ticksOn(w, false), p.Y.ticksOn(h, true)
	p.plot.X.Label.Text = broken(p.X.Label, w+20)
	p.plot.Y.Label.Text = broken(p.Y.Label, h+6)
}

// broken is a label of an axis in lines of a length.
func broken(label string, length vg.Length) string {
	var lines []string
	for _, part := range strings.Split(label, "\n") {
		for _, l := range wrap(part, textStyle(textSize, ink), length) {
			lines = append(lines, l.text)
		}
	}
	return strings.Join(lines, "\n")
}

func (p laidPanel) strips(width vg.Length) strips {
	s := strips{gap: 5}
	if p.Title != "" {
		s.lines = append(s.lines, wrap(p.Title, bold(textStyle(textSize+.4, ink)), width)...)
	}
	if p.Under != "" {
		s.lines = append(s.lines, wrap(p.Under, textStyle(noteSize, muted), width)...)
	}
	for _, n := range p.Notes {
		s.lines = append(s.lines, wrap(n, textStyle(noteSize, muted), width)...)
	}
	if p.Apart && p.Blank == "" {
		es := slices.Clone(p.legend())
		if p.cut() {
			es = append(es, cutEntry())
		}
		s.legend = legendRows(append(es, p.offAxis().entries()...), width)
	}
	return s
}

// rowStrips are the words above a row.
func (p laidPanel) rowStrips(width vg.Length) strips {
	if p.Row == "" {
		return strips{}
	}
	sty := bold(textStyle(textSize+.4, ink))
	s := strips{lines: wrap(p.Row, sty, width), gap: 2}
	switch {
	case p.RowNote == "":
	case len(s.lines) == 1 && sty.Width(p.Row)+8+textStyle(noteSize, muted).Width(p.RowNote) <= width:
		s.lines[0].after = p.RowNote
	default:
		s.lines = append(s.lines, wrap(p.RowNote, textStyle(noteSize, muted), width)...)
	}
	return s
}

// tile draws rows of panels, of which the longest has cols: their x axes of one length, aligned in both directions, and their strips of equal
// height per row. It returns where the axes of each stand.
func tile(c draw.Canvas, rows [][]laidPanel, cols int) (plots []vg.Rectangle) {
	h := (c.Max.Y - c.Min.Y - gapY*vg.Length(len(rows)-1)) / vg.Length(len(rows))
	whole := c.Max.X - c.Min.X - gapX*vg.Length(cols-1)
	widths := make([]vg.Length, cols) // of the cells
	for k := range widths {
		widths[k] = whole / vg.Length(cols)
	}
	areas := cells(c, rows, widths, h)
	for r, row := range rows {
		for k, p := range row {
			d := p.plot.DataCanvas(areas[r][k])
			p.fit(d.Max.X-d.Min.X, d.Max.Y-d.Min.Y)
		}
	}
	left, right, bottom := rims(rows, areas, cols)
	data := whole
	for k := range widths {
		data -= left[k] + right[k]
	}
	for k := range widths {
		widths[k] = left[k] + data/vg.Length(cols) + right[k]
	}
	areas = cells(c, rows, widths, h)
	for r, row := range rows {
		row[0].rowStrips(c.Max.X - c.Min.X).draw(rowArea(c, r, h))
		top := rowArea(c, r, h).Max.Y - row[0].rowStrips(c.Max.X-c.Min.X).height()
		for k, p := range row {
			area := areas[r][k]
			area.Max.Y = top
			p.strips(widths[k]).draw(area)
			p.fit(data/vg.Length(cols), areas[r][k].Max.Y-areas[r][k].Min.Y-bottom[r])
		}
	}
	left, right, bottom = rims(rows, areas, cols)
	for r, row := range rows {
		for k, p := range row {
			area := areas[r][k]
			d := p.plot.DataCanvas(area)
			area = draw.Crop(area, left[k]-(d.Min.X-area.Min.X), -(right[k] - (area.Max.X - d.Max.X)), bottom[r]-(d.Min.Y-area.Min.Y), 0)
			p.plot.Draw(area)
			plots = append(plots, p.plot.DataCanvas(area).Rectangle)
		}
	}
	return plots
}

func rowArea(c draw.Canvas, r int, h vg.Length) draw.Canvas {
	c.Max.Y -= vg.Length(r) * (h + gapY)
	c.Min.Y = c.Max.Y - h
	return c
}

// cells are where the plots stand, below the strips.
func cells(c draw.Canvas, rows [][]laidPanel, widths []vg.Length, h vg.Length) (areas [][]draw.Canvas) {
	for r, row := range rows {
		var top vg.Length
		for k, p := range row {
			top = max(top, p.strips(widths[k]).height())
		}
		top += row[0].rowStrips(c.Max.X - c.Min.X).height()
		x := c.Min.X
		var in []draw.Canvas
		for k := range row {
			area := rowArea(c, r, h)
			area.Min.X, area.Max.X = x, x+widths[k]
			area.Max.Y -= top
			x += widths[k] + gapX
			in = append(in, area)
		}
		areas = append(areas, in)
	}
	return areas
}

// rims are the most that labels take to the left and the right of the axes of a column, and below those of a row.
func rims(rows [][]laidPanel, areas [][]draw.Canvas, cols int) (left, right, bottom []vg.Length) {
	left, right, bottom = make([]vg.Length, cols), make([]vg.Length, cols), make([]vg.Length, len(rows))
	for r, row := range rows {
		for k, p := range row {
			area := areas[r][k]
			d := p.plot.DataCanvas(area)
			left[k] = max(left[k], d.Min.X-area.Min.X)
			right[k] = max(right[k], area.Max.X-d.Max.X)
			bottom[r] = max(bottom[r], d.Min.Y-area.Min.Y)
		}
	}
	return left, right, bottom
}
