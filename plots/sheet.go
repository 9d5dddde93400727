package plots

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sheet lays out panels below a title, a few words on what the points are, and a legend, and makes the caption. It gathers from its panels
// what their legends have, what lies off their axes, and whether an interval goes on beyond an axis.
type Sheet struct {
	Name, Title string
	Skipped     string // why there is no figure; then nothing else counts
	Panels      []Panel
	Columns     int       // panels side by side; 0 chooses
	Wide        bool      // as wide as a page though there is one column
	Height      vg.Length // of a row of panels; 0 chooses

	Lead   string   // the first words below the title, as of what was trained
	Notes  []string // more of them, after what the points are over their seeds
	Legend []Entry  // before that of the panels

	Seeds    Span   // how many are behind a point; the zero value for points that are no means over seeds
	Mean     string // of the seeds; empty is "Mean"
	Interval string // what is drawn of several seeds; empty is "bars: " + study.OverSeeds

	// The caption is made of Caption, what the points are, Notes, More, what lies off the axes, and End.
	Caption, More, End string

	Header []string
	Rows   [][]string // the points, one a row

	legendEnd []Entry // after that of the panels

	left  vg.Length // kept free to the left of the panels
	least vg.Length // the width that it needs; 0 where any does
}

// Letter is the letter of the next panel.
func (s *Sheet) Letter() string { return letter(len(s.Panels)) }

// letter numbers panels: a to z, and then aa, ab.
func letter(i int) string {
	if i < 26 {
		return string(rune('a' + i))
	}
	return letter(i/26-1) + letter(i%26)
}

// Add appends a panel and its rows.
func (s *Sheet) Add(p Panel, rows ...[]string) {
	s.Panels = append(s.Panels, p)
	s.Rows = append(s.Rows, rows...)
}

// beside appends a panel of another source, with its points; columns turns one into a row.
func (s *Sheet) beside(e Extra, columns func(p Point) []string) {
	for _, p := range e.Points {
		s.Rows = append(s.Rows, slices.Concat([]string{s.Letter(), e.Source}, columns(p)))
	}
	if e.Caption != "" {
		s.More += fmt.Sprintf(" %s: %s", s.Letter(), e.Caption)
	}
	e.Panel.Apart, e.Panel.told = true, e.Caption != ""
	s.Panels = append(s.Panels, e.Panel)
}

// Extra is a panel that is not drawn from the records, beside those that are: published numbers, say.
type Extra struct {
	Panel   Panel
	Source  string // as the CSV names it
	Points  []Point
	Caption string // sentences, which say what the notes of the panel say too; empty where nothing is to be said besides these
}

// Point is a point of an Extra, for the CSV.
type Point struct {
	Series string
	X, Y   float64
}

// Means says in words what the points are over their seeds; empty without seeds.
func (s Sheet) Means() string {
	if text := seedsText(s.Mean, s.Seeds, s.Interval); text != "" {
		return text + "."
	}
	return ""
}

// columns of a grid of n panels.
func columns(n int) int {
	switch {
	case n <= 3:
		return n
	case n == 4:
		return 2
	case n <= 9:
		return 3
	}
	return 4
}

const gapX, gapY = vg.Length(14), vg.Length(9) // between panels

// Draw lays the sheet out.
func (s Sheet) Draw() Drawing { return s.on(Paper{}) }

// on lays the sheet out for a paper.
func (s Sheet) on(of Paper) Drawing {
	d := Drawing{Name: s.Name, Title: s.Title, Skipped: s.Skipped, Header: s.Header, Rows: s.Rows, sheet: s, dpi: screenDPI}
	if d.Skipped != "" {
		return d
	}
	s.Panels = withRoom(s.Panels)
	cols := s.columns()
	d.width = s.width(cols)
	if of.Width > 0 {
		d.width, d.dpi = max(of.Width, s.least), printDPI
		cols = s.columnsOn(d.width, cols)
	}
	width := d.width - 2*margin
	notes, title := s.notes(), d.Title
	var panels []laidPanel
	for i, p := range s.Panels {
		switch {
		case len(s.Panels) == 1 && p.Title == "":
			notes, p.Notes = append(notes, p.Notes...), nil
		case len(s.Panels) > 1 && p.Title != "":
			p.Title = fmt.Sprintf("(%s) %s", letter(i), p.Title)
		}
		if of.Plain {
			p.Notes, p.RowNote = nil, ""
		}
		panels = append(panels, p.lay(of.Width))
	}
	if of.Plain {
		title, notes = "", nil
	}
	rows := rowsOf(panels, cols)
	head := heading(title, notes, width)
	head.legend, head.gap = legendRows(s.legend(), width), 7
	d.height = 2*margin + head.height() + vg.Length(len(rows))*s.heightOn(of, len(rows)) + gapY*vg.Length(len(rows)-1)
	d.Caption = s.caption()
	if of.Plain {
		d.Caption = strings.Join(strings.Fields(d.Caption+s.panelNotes(d.Caption)), " ")
	}
	d.panels, d.legend = s.Panels, s.legend()
	d.paint = func(c draw.Canvas) []vg.Rectangle {
		c = head.draw(c)
		c.Min.X += s.left
		return tile(c, rows, cols)
	}
	return d
}

// columns are the panels side by side.
func (s Sheet) columns() int {
	if s.Columns > 0 {
		return s.Columns
	}
	return columns(len(s.Panels))
}

// What a panel needs in a paper: as much as in the figure's own layout, or less where that has three or more beside each other.
const (
	leastOfTwo  = vg.Length(150)
	leastOfMore = vg.Length(95)
)

// columnsOn are the panels side by side on a page, of the cols that the sheet has.
func (s Sheet) columnsOn(width vg.Length, cols int) int {
	least := leastOfTwo
	if cols > 2 {
		least = leastOfMore
	}
	for cols > 1 && s.left == 0 && (width-2*margin-gapX*vg.Length(cols-1))/vg.Length(cols) < least {
		cols--
	}
	return cols
}

// rowsOf are rows of at most cols panels, a new one at each that begins one.
func rowsOf(panels []laidPanel, cols int) (rows [][]laidPanel) {
	for _, p := range panels {
		if n := len(rows); n == 0 || len(rows[n-1]) == cols || p.Row != "" {
			rows = append(rows, nil)
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], p)
	}
	return rows
}

// panelNotes are the notes of the panels, for the caption of a figure without them: those that it does not tell.
func (s Sheet) panelNotes(caption string) (text string) {
	for i, p := range s.Panels {
		if p.Blank != "" || p.told {
			continue
		}
		for _, n := range append(slices.Clone(p.Notes), p.RowNote) {
			if n = strings.TrimSuffix(n, "."); strings.Contains(caption, n) {
				continue
			}
			if len(s.Panels) > 1 {
				text += fmt.Sprintf(" %s: %s.", letter(i), n)
			} else {
				text += " " + upper(n) + "."
			}
		}
	}
	return text
}

// width is of the page for so many columns.
func (s Sheet) width(cols int) vg.Length {
	if cols == 1 && !s.Wide {
		return oneColumn
	}
	return twoColumn
}

// axis is about the length of an x axis in one of so many columns.
func (s Sheet) axis(cols int) vg.Length {
	return (s.width(cols)-2*margin-gapX*vg.Length(cols-1))/vg.Length(cols) - 42
}

func (s Sheet) height(rows int) vg.Length {
	switch {
	case s.Height > 0:
		return s.Height
	case rows == 1:
		return 2.75 * vg.Inch
	}
	return 2.35 * vg.Inch
}

// heightOn is the height of a row on a paper: less where panels stand below each other that stand side by side on a screen.
func (s Sheet) heightOn(of Paper, rows int) vg.Length {
	const stacked = .7
	if cols := s.columns(); of.Width > 0 && cols == 2 && rows > (len(s.Panels)+cols-1)/cols {
		return stacked * s.height(rows)
	}
	return s.height(rows)
}

// notes are the words below the title.
func (s Sheet) notes() []string {
	text := strings.Join(slices.Concat([]string{s.Lead, s.Means()}, s.Notes), " ")
	if strings.TrimSpace(text) == "" {
		return nil
	}
	return []string{text}
}

// legend is what the panels share, each name once, the longest legend first, and then the counts.
func (s Sheet) legend() []Entry {
	es := slices.Clone(s.Legend)
	var of [][]Entry
	for _, p := range s.Panels {
		if !p.Apart && p.Blank == "" {
			of = append(of, p.legend())
		}
	}
	slices.SortStableFunc(of, func(a, b []Entry) int { return len(b) - len(a) })
	for _, e := range slices.Concat(of...) {
		if !slices.ContainsFunc(es, func(f Entry) bool { return f.Text == e.Text }) {
			es = append(es, e)
		}
	}
	if slices.ContainsFunc(s.Panels, func(p Panel) bool { return p.Blank == "" && !p.Apart && p.cut() }) {
		es = append(es, cutEntry())
	}
	return slices.Concat(es, s.offAxis(false).entries(), s.legendEnd)
}

// offAxis is of the panels that are drawn, with those whose legend is apart or without.
func (s Sheet) offAxis(apart bool) (n offAxis) {
	for _, p := range s.Panels {
		if p.Blank == "" && (apart || !p.Apart) {
			n = n.plus(p.offAxis())
		}
	}
	return n
}

func (s Sheet) caption() string {
	text := strings.Join(slices.Concat([]string{s.Caption, s.Means()}, s.Notes), " ") + " " + s.More + offAxisText(s.offAxis(true))
	beyond := 0
	for _, p := range s.Panels {
		if p.Blank == "" {
			beyond += len(p.edges())
		}
	}
	text += beyondText(beyond) + cutText(slices.ContainsFunc(s.Panels, func(p Panel) bool { return p.Blank == "" && p.cut() }))
	for i, p := range s.Panels {
		if p.Blank != "" {
			text += fmt.Sprintf(" No panel %s: %s.", letter(i), p.Blank)
		}
	}
	return strings.Join(strings.Fields(text+" "+s.End), " ")
}
