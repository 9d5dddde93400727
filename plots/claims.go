package plots

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/verdict"
)

// Claims draws the claims that several experiments make: a panel a claim, a row an experiment, the estimate with its 95 % interval, and the
// effects that are smaller than the smallest of interest as a band around zero.
func Claims(members []verdict.Member) Drawing {
	s := Sheet{Name: "claims", Title: "What reproduces on which data", Columns: 3}
	s.Header = []string{"claim", "unit", "experiment", "verdict", "estimate", "low", "high", "n", "p", "p over the table"}
	most := 0
	for _, r := range verdict.Table(members) {
		if r.Shared() {
			p, drawn := claimPanel(r, members)
			most = max(most, len(drawn))
			s.Add(p, drawn...)
		}
	}
	if len(s.Panels) == 0 {
		s.Skipped = "no two experiments make the same claim"
		return s.Draw()
	}
	s.Height = vg.Length(most)*claimStep + 62
	s.Legend = []Entry{
		{Text: "reproduces, over the whole table too", Look: claimLook(verdict.Cell{Verdict: verdict.Verdict{Verdict: verdict.Reproduces}})},
		{Text: "in its own experiment", Look: Look{claimColors[verdict.Reproduces], 1.4, nil, glyph{open: true}}},
		{Text: "does not", Look: claimLook(verdict.Cell{Verdict: verdict.Verdict{Verdict: verdict.DoesNotReproduce}})},
		{Text: "undecided", Look: claimLook(verdict.Cell{Verdict: verdict.Verdict{Verdict: verdict.Undecided}})},
	}
	s.Notes = []string{"Right of zero is as claimed. The band holds the effects below the smallest of interest. Bars: 95 % intervals over seeds and test images; " +
		"of a claim with parts, of the part that decides it."}
	s.Caption = "The claims that several experiments make."
	s.End = "Holm adjusts p within each experiment, and once more over the whole table. An arrow ends a bar that goes on."
	return s.Draw()
}

const claimStep = vg.Length(11) // the height of a row

var claimColors = map[string]color.NRGBA{
	verdict.Reproduces:       {0x00, 0x72, 0xb2, 0xff},
	verdict.DoesNotReproduce: {0xd5, 0x5e, 0x00, 0xff},
	verdict.Undecided:        {0x80, 0x80, 0x80, 0xff},
}

// claimLook is blue, vermillion or grey; an outline for a claim that reproduces, but not over the whole table.
func claimLook(c verdict.Cell) Look {
	shape := map[string]glyph{verdict.DoesNotReproduce: {sides: 4}, verdict.Undecided: {sides: 3}}[c.Verdict.Verdict]
	shape.open = c.Verdict.Verdict == verdict.Reproduces && c.There && !c.Holds()
	return Look{claimColors[c.Verdict.Verdict], 1.4, nil, shape}
}

func claimPanel(r verdict.Row, members []verdict.Member) (p Panel, rows [][]string) {
	p = Panel{Title: r.Claim, Under: r.Unit, Y: Axis{Hidden: true}}
	sign := 1.
	if r.Direction < 0 {
		sign, p.Under = -1, r.Unit+"; axis reversed"
	}
	marks := claimRows{smallest: r.Smallest}
	low, high := -r.Smallest, r.Smallest
	var names []string
	for i, c := range r.Cells {
		if !c.There {
			continue
		}
		row := claimRow{name: members[i].Name, Look: claimLook(c), mean: sign * float64(c.Estimate), low: sign * float64(c.Low), high: sign * float64(c.High)}
		row.low, row.high = math.Min(row.low, row.high), math.Max(row.low, row.high)
		marks.rows, names = append(marks.rows, row), append(names, row.name)
		// Wide intervals of what nobody can decide must not press the others together.
		reach := math.Max(3*math.Abs(row.mean), 6*r.Smallest)
		low, high = spread(low, high, math.Max(row.low, -reach))
		low, high = spread(low, high, math.Min(row.high, reach))
		rows = append(rows, []string{r.Claim, r.Unit, row.name, c.Verdict.Verdict, cellText(float64(c.Estimate)), cellText(float64(c.Low)),
			cellText(float64(c.High)), fmt.Sprint(c.N), cellText(float64(c.P)), cellText(float64(c.Table))})
	}
	low, high = padded(low, high, .05, 0)
	p.X = LinearAxis("", low, high, 4)
	if sign < 0 {
		for i, t := range p.X.Ticks {
			if t.Value != 0 {
				p.X.Ticks[i].Label = negated(t.Label)
			}
		}
	}
	p.Y.Low, p.Y.High = -float64(len(names))+.4, .6
	for i, name := range names {
		p.Y.Ticks = append(p.Y.Ticks, plot.Tick{Value: -float64(i), Label: name})
	}
	p.Add(marks)
	return p, rows
}

// negated is the label of a number with the other sign.
func negated(label string) string {
	if rest, ok := cutMinus(label); ok {
		return rest
	}
	return "−" + label
}

func cutMinus(label string) (string, bool) {
	if r := []rune(label); len(r) > 0 && (r[0] == '−' || r[0] == '-') {
		return string(r[1:]), true
	}
	return label, false
}

// claimRows are the intervals of one claim, row i at y = −i.
type claimRows struct {
	smallest float64
	rows     []claimRow
}

type claimRow struct {
	name            string
	mean, low, high float64 // NaN for none
	Look
}

func (f claimRows) cut(x, _ Axis) bool {
	for _, r := range f.rows {
		if r.low < x.Low || r.high > x.High {
			return true
		}
	}
	return false
}

func (f claimRows) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	if f.smallest > 0 {
		c.FillPolygon(faint(neutral[0], 0x30), c.ClipPolygonXY(box(tx(-f.smallest), c.Min.Y, tx(f.smallest), c.Max.Y)))
	}
	c.StrokeLine2(draw.LineStyle{Color: spine, Width: .8}, tx(0), c.Min.Y, tx(0), c.Max.Y)
	for i, r := range f.rows {
		y := ty(-float64(i))
		if math.IsNaN(r.mean) {
			sty := textStyle(tickSize, muted)
			sty.YAlign = draw.YCenter
			x := tx(0) + 4
			if sty.Width("no estimate")+x > c.Max.X {
				sty.XAlign, x = draw.XRight, tx(0)-4
			}
			c.FillText(sty, vg.Point{X: x, Y: y}, "no estimate")
			continue
		}
		if !math.IsNaN(r.low) {
			c.StrokeLines(draw.LineStyle{Color: r.color, Width: 1.4}, c.ClipLinesX([]vg.Point{{X: tx(r.low), Y: y}, {X: tx(r.high), Y: y}})...)
			goesOn(c, tx(r.low), tx(r.high), y, r.color)
		}
		if x := tx(r.mean); c.ContainsX(x) {
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: r.color, Radius: markerRadius + .3, Shape: r.glyph}, vg.Point{X: x, Y: y})
		}
	}
}
