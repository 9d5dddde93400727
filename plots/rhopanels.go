package plots

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// rhoPanels is panels over ρ in a grid, each of a part of the runs, under one legend.
type rhoPanels struct {
	panels        []panel
	legend        []entry    // the longest of a panel, without its counts
	rows          [][]string // of every panel, after its letter and what tells it apart
	seeds         span
	above, points int
	diverged      int
	cut           bool
	blanks        []string // the panels without a plot, and why
}

// letter of the next panel.
func (p *rhoPanels) letter() string { return string(rune('a' + len(p.panels))) }

// add draws the next panel, or says in it why there is none; one without a title has no letter. cells tell it apart in a CSV.
func (p *rhoPanels) add(title string, cells []string, pan panel, facts rhoFacts) {
	if title != "" {
		title = fmt.Sprintf("(%s) %s", p.letter(), title)
	}
	for _, r := range facts.rows {
		p.rows = append(p.rows, slices.Concat([]string{p.letter()}, cells, r))
	}
	if facts.skipped != "" {
		p.blanks = append(p.blanks, fmt.Sprintf(" %s: %s.", p.letter(), facts.skipped))
		p.panels = append(p.panels, blank(title, upper(facts.skipped)+"."))
		return
	}
	pan.title = title
	if named := slices.DeleteFunc(pan.legend, entry.isCount); len(named) > len(p.legend) {
		p.legend = named
	}
	pan.legend = nil
	p.panels = append(p.panels, pan)
	p.seeds.add(facts.seeds.low)
	p.seeds.add(facts.seeds.high)
	p.above, p.points, p.diverged, p.cut = p.above+facts.above, p.points+facts.points, p.diverged+facts.diverged, p.cut || facts.cut
}

// isCount tells entries that count a panel's points from those that name a series.
func (e entry) isCount() bool { return e.width == 0 && e.glyph != nil }

// interval says what the points are.
func (p *rhoPanels) interval(base string) string {
	if p.seeds.high == 1 {
		return "One seed (n = 1): no interval."
	}
	return fmt.Sprintf("Mean over seeds, n = %s; bands: 95 %% t interval of the difference to %s, paired by seed.", p.seeds, base)
}

// counts is the legend of what lies off the axes.
func (p *rhoPanels) counts() (es []entry) {
	if p.above > 0 {
		es = append(es, entry{text: fmt.Sprintf("above axis: %d of %d", p.above, p.points), color: muted, glyph: caret{}})
	}
	if p.diverged > 0 {
		es = append(es, entry{text: "diverged: " + record.Plural(p.diverged, "run"), color: muted, glyph: glyph{open: true}})
	}
	return es
}

// text is what lies off the axes, in sentences for a caption.
func (p *rhoPanels) text() (s string) {
	if p.above > 0 {
		s += fmt.Sprintf(" Above the axes: %d of %d points (a caret, in the row of its m).", p.above, p.points)
	}
	if p.diverged > 0 {
		s += fmt.Sprintf(" %s diverged: open markers with their number; means are over the others.", record.Plural(p.diverged, "run"))
	}
	return s + cutText(p.cut) + strings.Join(p.blanks, "")
}

// on lays the panels out below a title and notes.
func (p *rhoPanels) on(d *Drawing, cols int, notes ...string) {
	head := heading(d.Title, notes, d.width-2*margin)
	head.legend, head.gap = legendRows(slices.Concat(p.legend, p.counts()), d.width-2*margin), 7
	rows, height := (len(p.panels)+cols-1)/cols, 2.3*vg.Inch
	if rows == 1 {
		height = 2.7 * vg.Inch
	}
	d.height = 2*margin + head.height() + vg.Length(rows)*height + 8*vg.Length(rows-1)
	d.paint = func(c draw.Canvas) { tile(head.draw(c), p.panels, cols, 12, 8) }
}

// baseText is ρ = 0 in a panel's notes, empty without it.
func baseText(name string, base stats.Interval) []string {
	if base.N == 0 {
		return nil
	}
	return []string{name + ": " + plusMinus(base, 1) + " %"}
}
