package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
)

// Watched draws measures along training, a panel for each column that is no detail of another and a line for each setting. Where these are too
// many, there is a line for ρ = 0 and one for each m, at the swept ρ of lowest mean validation error; one line without any ρ > 0. Runs that diverged are left out.
type Watched struct{}

func (f Watched) Name() string { return "watched" }

// Watches reports whether some trial has watched something.
func Watches(t *study.Trials) bool {
	return slices.ContainsFunc(t.Final(), func(r study.Trial) bool { return !r.Watch.IsZero() })
}

// What one figure holds.
const (
	mostWatchedLines  = 8
	mostWatchedPanels = 12
)

func (f Watched) Draw(t *study.Trials) (Drawing, error) {
	s := Sheet{Name: f.Name(), Title: "Measures along training"}
	if s.Skipped = t.Unfinished(); s.Skipped != "" {
		return s.Draw(), nil
	}
	unit, others := watchedUnit(t)
	lines, words, diverged := watchedLines(t, unit)
	names, more := watchedColumns(lines)
	if len(names) == 0 {
		s.Skipped = "no finished trial has watched a measure"
		return s.Draw(), nil
	}
	s.Header = []string{"panel", "measure", "rho", "m", "setting", unit, "value", "low", "high", "seeds"}
	s.Interval = "bands: " + study.OverSeeds
	s.Caption = "Measures on the training split, at the weights after so many " + unit + "s." + words
	s.More = "A line has the looks that all its runs have."
	if diverged > 0 {
		s.More += fmt.Sprintf(" The lines leave out %s.", record.Plural(diverged, "diverged run"))
	}
	if others > 0 {
		s.More += fmt.Sprintf(" %s of looks by another unit than the %s have no part in it.", record.Plural(others, "run"), unit)
	}
	if more > 0 {
		s.More += fmt.Sprintf(" The records hold %s more.", record.Plural(more, "column"))
	}
	s.Columns = min(3, columns(len(names)))
	for _, name := range names {
		p, rows := watchedPanel(lines, name, unit, &s.Seeds)
		for i := range rows {
			rows[i] = append([]string{s.Letter(), name}, rows[i]...)
		}
		s.Add(p, rows...)
	}
	return s.Draw(), nil
}

// watchedUnit is the unit of most looks, and how many runs have the other.
func watchedUnit(t *study.Trials) (unit string, others int) {
	n := map[string]int{}
	for _, r := range t.Final() {
		if !r.Watch.IsZero() {
			n[r.Watch.Unit]++
		}
	}
	if n["step"] >= n["epoch"] {
		return "step", n["epoch"]
	}
	return "epoch", n["step"]
}

// watchedLine is the runs of one line.
type watchedLine struct {
	name           string
	rho, m, beside string // cells
	look           Look
	runs           []study.Trial
	at             []int // looks that all runs have
}

// watchedLines are the lines, what a caption says of the choice of them, and how many of their runs diverged.
func watchedLines(t *study.Trials, unit string) (lines []watchedLine, words string, diverged int) {
	keys := t.Swept()
	byM := len(study.OneOfEach(t.Final())) > mostWatchedLines
	var groups [][]study.Trial
	if byM {
		groups = [][]study.Trial{t.Final()}
		if rho, by, ok := shownRho(t); ok {
			groups = atRho(t, rho, ok)
			words = fmt.Sprintf(" ρ = %s has the lowest mean %s over m, among the radii with the fewest missing runs.", stats.Short(rho), by.Label)
		}
		words += t.SweptBesideText("averaged within each seed")
	} else {
		at := map[int]int{}
		for _, r := range t.Final() {
			i, known := at[r.Setting()]
			if !known {
				i = len(groups)
				at[r.Setting()], groups = i, append(groups, nil)
			}
			groups[i] = append(groups[i], r)
		}
		slices.SortStableFunc(groups, func(a, b []study.Trial) int { return inSweep(a[0], b[0], keys) })
	}
	onlyM := byM || len(keys) == 0 && len(t.Rhos()) <= 1
	for i, g := range groups {
		l := watchedLine{look: Look{blend(rhoPalette, (float64(i)+.5)/float64(len(groups))), 1.2, nil, mGlyph(math.Pow(2, float64(i)))}}
		for _, r := range g {
			switch {
			case r.Diverged:
				diverged++
			case !r.Watch.IsZero() && r.Watch.Unit == unit:
				l.runs = append(l.runs, r)
			}
		}
		if len(l.runs) == 0 {
			continue
		}
		l.at = sharedLooks(l.runs)
		r := l.runs[0]
		l.rho, l.m = cellText(r.Rho), ""
		if r.Rho > 0 {
			l.m = study.GroupText(r.M)
		}
		if !byM {
			l.beside = r.Text(keys)
		}
		if onlyM {
			l.look = LookOfM(r.M)
			l.look.dashes = nil
		}
		l.name = watchedName(t, r, keys, byM)
		lines = append(lines, l)
	}
	return lines, words, diverged
}

// inSweep orders trials by ρ, m and the keys, numbers ascending.
func inSweep(a, b study.Trial, keys []string) int {
	if c := cmp.Or(cmp.Compare(a.Rho, b.Rho), cmp.Compare(a.M, b.M)); c != 0 {
		return c
	}
	for _, key := range keys {
		x, isX := a.Number(key)
		y, isY := b.Number(key)
		if isX && isY && x != y {
			return cmp.Compare(x, y)
		}
		if c := cmp.Compare(record.Text(a.Key(key)), record.Text(b.Key(key))); c != 0 {
			return c
		}
	}
	return 0
}

// watchedName is a line in a legend.
func watchedName(t *study.Trials, r study.Trial, keys []string, byM bool) string {
	var parts []string
	if len(t.Distinct(study.Rho)) > 1 && (!byM || r.Rho == 0) {
		parts = append(parts, "ρ = "+stats.Short(r.Rho))
	}
	if r.Rho > 0 && (byM || len(t.Ms()) > 1) {
		parts = append(parts, "m = "+study.GroupText(r.M))
	}
	if len(keys) > 0 && !byM {
		values := make([]any, len(keys))
		for i, key := range keys {
			values[i] = r.Key(key)
		}
		parts = append(parts, study.SettingText(keys, values, " = ", valueText))
	}
	if len(parts) == 0 {
		return "all runs"
	}
	return strings.Join(parts, ", ")
}

// curve is the means over seeds of a column, at every look.
func (l watchedLine) curve(column string) []stats.Interval {
	return overLooks(l.runs, l.at, func(k study.Look) (float64, bool) { return k.Value(column) })
}

// watchedColumns are the columns that have panels, and how many more there are.
func watchedColumns(lines []watchedLine) (names []string, more int) {
	seen := map[string]bool{}
	for _, l := range lines {
		for _, r := range l.runs {
			for name := range r.Watch.Values {
				seen[name] = true
			}
		}
	}
	for _, name := range study.SortedTexts(seen) {
		if !study.IsDetail(name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 { // details alone
		names = study.SortedTexts(seen)
	}
	names = names[:min(len(names), mostWatchedPanels)]
	return names, len(seen) - len(names)
}

// watchedPanel draws a column, and returns its points. Where all means are positive and span more than
// a factor of 20, the y axis is logarithmic.
func watchedPanel(lines []watchedLine, column, unit string, seeds *Span) (p Panel, rows [][]string) {
	last := 1
	low, high := math.Inf(1), math.Inf(-1)
	ys := make([][]stats.Interval, len(lines))
	for i, l := range lines {
		ys[i] = l.curve(column)
		for k, y := range ys[i] {
			low, high = spread(low, high, y.Mean)
			last = max(last, l.at[k])
		}
	}
	p.Title = study.ColumnTitle(column)
	if high < low {
		p.Blank = "no look has a finite mean"
		return p, nil
	}
	log := low > 0 && high > 20*low
	in := func(v float64) float64 { return v }
	if log {
		in = func(v float64) float64 {
			if v <= 0 {
				return -1000 // far below the axis
			}
			return math.Log10(v)
		}
	}
	low, high = in(low), in(high)
	least, most, room := low, high, max(high-low, .02*math.Abs(high), 1e-12)
	for i, l := range lines {
		every, start := markersOf(len(l.at), i, len(lines))
		c := Curve{Name: l.name, Look: l.look, Band: true, every: every, start: start}
		for k, y := range ys[i] {
			if math.IsNaN(y.Mean) {
				continue
			}
			seeds.Add(y.N)
			rows = append(rows, append([]string{l.rho, l.m, l.beside, fmt.Sprint(l.at[k])}, intervalCells(y)...))
			there := stats.Interval{Mean: in(y.Mean), Low: in(y.Low), High: in(y.High), N: y.N}
			least, most = spread(least, most, there.Low, there.High)
			c.X, c.Y = append(c.X, float64(l.at[k])), append(c.Y, there)
		}
		p.Add(c)
	}
	least, most = max(least, low-.5*room)-.04*room, min(most, high+.5*room)+.04*room
	p.X = Axis{Label: unit, Low: 0, High: float64(last), Ticks: WholeTicks(0, float64(last), 5)}
	if log {
		p.Y = LogAxis("log scale", least, most, 130)
	} else {
		p.Y = LinearAxis("", least, most, 6)
	}
	return p, rows
}
