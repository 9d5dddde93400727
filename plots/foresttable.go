package plots

import (
	"fmt"
	"image/color"
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// forestTable is a figure of differences, a row each. Row i stands at y = −i, the heads of the columns at 1.
type forestTable []forestRow

// forestRow is a difference, or the heading of those below.
type forestRow struct {
	heading bool               // then there is nothing but what the rows below have in common, the next two
	setting string             // where they are; empty for everywhere
	against string             // what they are against
	m       float64            // 0 at ρ = 0
	diffs   map[uint64]float64 // percentage points, by seed
	est     stats.Difference
	rho     string // picked
	// Seeds that the pick leaves without a value, and with one of a run that diverged.
	lost, diverged int
}

// minus fills a row with t's differences to another.
func (t tuned) minus(other tuned, row forestRow) forestRow {
	row.diffs, row.rho = map[uint64]float64{}, t.rhoText()
	row.lost, row.diverged = t.lost, t.diverged+other.diverged
	for seed, v := range t.values {
		if w, ok := other.values[seed]; ok {
			row.diffs[seed] = 100 * (v - w)
		}
	}
	row.est = stats.TestZero(bySeed(row.diffs), level)
	return row
}

func (r forestRow) name() string {
	if r.m == 0 {
		return "ρ = 0"
	}
	return "m = " + mText(r.m)
}

func (r forestRow) headingText() string {
	if r.setting == "" {
		return "minus " + r.against
	}
	return r.setting + ": minus " + r.against
}

// on draws the rows below a note. picked says how what is compared was picked, and more goes into the caption.
func (t forestTable) on(d *Drawing, label, picked, more string) {
	var seeds span
	var lost []string
	diverged := 0
	apart := slices.ContainsFunc(t, func(r forestRow) bool { return r.setting != "" })
	d.header = []string{"against", "m", "seed", "difference_points", "low", "high", "seeds", "rho_picked"}
	if apart {
		d.header = append([]string{"setting"}, d.header...)
	}
	for _, r := range t {
		if r.heading {
			continue
		}
		for _, row := range r.csv() {
			if apart {
				row = append([]string{r.setting}, row...)
			}
			d.rows = append(d.rows, row)
		}
		if r.est.N > 0 {
			seeds.add(r.est.N)
		}
		diverged += r.diverged
		if r.lost > 0 {
			text := record.Plural(r.lost, "seed") + " of " + r.name()
			if r.setting != "" {
				text += " at " + r.setting
			}
			if !slices.Contains(lost, text) {
				lost = append(lost, text)
			}
		}
	}
	interval := fmt.Sprintf(": mean and 95 %% t interval, n = %s; faint: a dot a seed", seeds.seeds())
	if seeds.high > mostSeeds {
		interval += fmt.Sprintf(", of the first %d", mostSeeds)
	}
	if seeds.high == 1 {
		interval = "; one seed (n = 1): no interval"
	}
	note := fmt.Sprintf("Difference in %s, paired by seed%s. %s", label, interval, picked)
	d.Caption = note + " Left of 0 is better. Seeds share their choices, so that where ρ are close the intervals are narrow by a little." +
		more
	if len(lost) > 0 {
		d.Caption += " Left out, for the run at the ρ picked is missing: " + strings.Join(lost, ", ") + "."
	}
	if diverged > 0 {
		d.Caption += fmt.Sprintf(" A run that diverged counts as an error of 100 %%: %s.", record.Plural(diverged, "time"))
	}
	head := heading(d.Title, []string{note}, d.width-2*margin)
	head.gap = 4
	d.height = 2*margin + head.height() + forestStep*vg.Length(len(t)+1) + 34
	p, cut := t.panel(label)
	d.Caption += cutText(cut)
	d.paint = func(c draw.Canvas) { tile(head.draw(c), []panel{p}, 1, 0, 0) }
}

// dots are the seeds that are shown, ascending.
func (r forestRow) dots() []uint64 {
	seeds := slices.Sorted(maps.Keys(r.diffs))
	return seeds[:min(len(seeds), mostSeeds)]
}

// csv is a row a seed that is shown, and one of the mean.
func (r forestRow) csv() (rows [][]string) {
	m := mText(r.m)
	if r.m == 0 {
		m = ""
	}
	for _, s := range r.dots() {
		rows = append(rows, []string{r.against, m, fmt.Sprint(s), cellText(r.diffs[s]), "", "", "", ""})
	}
	return append(rows, slices.Concat([]string{r.against, m, ""}, intervalCells(r.est.Interval), []string{r.rho}))
}

// forestStep is the height of a row.
const forestStep = vg.Length(14)

// panel says, too, whether an interval goes on beyond the axis.
func (t forestTable) panel(label string) (panel, bool) {
	low, high := 0., 0.
	var means []float64
	for _, r := range t {
		low, high = spread(low, high, r.est.Mean, r.est.Low, r.est.High)
		if !r.heading {
			means = append(means, r.est.Mean)
		}
		for _, s := range r.dots() {
			low, high = spread(low, high, r.diffs[s])
		}
	}
	// Where one seed's ruin would squash the means, they and half their range more.
	least, most := spread(0, 0, means...)
	room := 3 * math.Max(most-least, .1)
	low, high = math.Max(low, least-room), math.Min(high, most+room)
	pad := math.Max(.04*(high-low), .02)
	p := newPlot("difference in "+label+" (percentage points, negative is better)", "")
	p.X.Min, p.X.Max = low-pad, high+pad
	p.Y.Min, p.Y.Max = .5-float64(len(t)), 1.5
	p.Y.Color, p.Y.Tick.Length = color.Transparent, 0
	grid{x: linearTicks(p.X.Min, p.X.Max, 7)}.ticksOn(p)
	p.Add(t)
	cut := slices.ContainsFunc(t, func(r forestRow) bool { return r.est.Low < p.X.Min || r.est.High > p.X.Max })
	return panel{plot: p}, cut
}

// forestColumns are the numbers to the right, and where they begin, from the right end of the axis.
var forestColumns = []struct {
	head string
	at   vg.Length
	text func(r forestRow) string
}{
	{"mean [95 % interval]", 10, func(r forestRow) string { return differenceText(r.est.Interval) }},
	{"n", 108, func(r forestRow) string { return fmt.Sprint(r.est.N) }},
	{"ρ picked (by seeds)", 130, func(r forestRow) string { return orText(r.rho, "–") }},
}

// The room left and right of the axis.
const (
	forestNames = vg.Length(40)
	forestText  = vg.Length(222)
)

// GlyphBoxes keeps the room.
func (t forestTable) GlyphBoxes(*plot.Plot) []plot.GlyphBox {
	return []plot.GlyphBox{
		{X: 0, Y: .5, Rectangle: vg.Rectangle{Min: vg.Point{X: -forestNames}}},
		{X: 1, Y: .5, Rectangle: vg.Rectangle{Max: vg.Point{X: forestText}}},
	}
}

func (t forestTable) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	text := func(s string, x, y vg.Length, sty draw.TextStyle) {
		sty.YAlign = draw.YCenter
		c.FillText(sty, vg.Point{X: x, Y: y + .5}, s)
	}
	for _, col := range forestColumns {
		text(col.head, c.Max.X+col.at, ty(1), textStyle(tickSize, muted))
	}
	for i, r := range t {
		y := ty(-float64(i))
		if r.heading {
			edge := ty(.5 - float64(i))
			c.StrokeLine2(draw.LineStyle{Color: gridline, Width: .8}, c.Min.X-forestNames, edge, c.Max.X+forestText, edge)
			text(r.headingText(), c.Min.X-forestNames, y, bold(textStyle(tickSize, ink)))
			continue
		}
		c.StrokeLine2(draw.LineStyle{Color: spine, Width: .8}, tx(0), ty(-float64(i)-.5), tx(0), ty(-float64(i)+.5))
		text(r.name(), c.Min.X-forestNames+6, y, textStyle(tickSize, ink))
		for _, col := range forestColumns {
			text(col.text(r), c.Max.X+col.at, y, textStyle(tickSize, ink))
		}
		r.draw(c, tx, y)
	}
}

// draw draws the seeds, the interval and the mean at height y.
func (r forestRow) draw(c draw.Canvas, tx func(float64) vg.Length, y vg.Length) {
	col, shape := mColor(r.m), mGlyph(r.m)
	if r.m == 0 {
		col, shape = baseColor, glyph{sides: 4}
	}
	for _, s := range r.dots() {
		if x := tx(r.diffs[s]); c.ContainsX(x) {
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: faint(col, 0x58), Radius: 1.4, Shape: draw.CircleGlyph{}}, vg.Point{X: x, Y: y - 3.2})
		}
	}
	if r.est.N == 0 {
		return
	}
	if !math.IsNaN(r.est.Half()) {
		c.StrokeLines(draw.LineStyle{Color: col, Width: 1.4}, c.ClipLinesX([]vg.Point{{X: tx(r.est.Low), Y: y}, {X: tx(r.est.High), Y: y}})...)
	}
	if x := tx(r.est.Mean); c.ContainsX(x) {
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: col, Radius: markerRadius + .3, Shape: shape}, vg.Point{X: x, Y: y})
	}
}

// differenceText is "−1.42 [−1.60, −1.24]".
func differenceText(d stats.Interval) string {
	if d.N == 0 {
		return "–"
	}
	s := signed(stats.Difference{Interval: stats.Interval{Mean: d.Mean, Low: nan, High: nan, N: d.N}}, 2)
	if math.IsNaN(d.Half()) {
		return s
	}
	return fmt.Sprintf("%s [%s, %s]", s, decimals(d.Low, 2), decimals(d.High, 2))
}
