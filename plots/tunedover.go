package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
)

// Tuned draws the test error over a swept number, a line for ρ = 0 and one for each m at its tuned ρ: after the last epoch and after the epoch
// of best validation, as it is and minus ρ = 0.
type Tuned struct {
	File, Title string      // empty are "tuned" and what is drawn
	Over        study.Field // a number that was swept, as Noise
	Beside      []Extra
}

func (f Tuned) Name() string { return cmp.Or(f.File, "tuned") }

func (f Tuned) Draw(t *study.Trials) (Drawing, error) {
	s := Sheet{Name: f.Name(), Title: cmp.Or(f.Title, "Test error over "+f.Over.Label)}
	if s.Skipped = t.Unfinished(); s.Skipped != "" {
		return s.Draw(), nil
	}
	values := t.Distinct(f.Over)
	if len(values) == 1 {
		s.Skipped = fmt.Sprintf("the records have one %s %s (%s): there is nothing to draw it over", shareOf(f.Over), f.Over.Label, stats.Short(values[0]))
		return s.Draw(), nil
	}
	last, best := tunedLines(t, f.Over, study.LastEpoch), tunedLines(t, f.Over, study.BestEpoch)
	if len(last)+len(best) == 0 {
		s.Skipped = "no two seeds have every option of a method, with a test and a validation error"
		return s.Draw(), nil
	}
	s.Columns = 2 + min(1, len(f.Beside))
	s.Header = []string{"panel", "source", "series", column(f.Over), "error_percent", "low", "high", "seeds", "rho_picked"}
	high, lost, diverged := 0., 0, 0
	for _, l := range slices.Concat(last, best) {
		for _, e := range l.est {
			_, high = spread(0, high, e.Mean, e.High)
			s.Seeds.Add(e.N)
		}
		lost, diverged = lost+l.lost, diverged+l.diverged
	}
	p := tunedPanels{over: f.Over, base: t.Base().Optimizer(), high: math.Min(1.05*high, 103)}
	p.left, p.right = padded(f.Over.In(values[0]), f.Over.In(values[len(values)-1]), .06, 0)
	p.least, p.most = differenceRange(last, best)
	for _, of := range []struct {
		study.Errors
		lines []tunedLine
	}{{study.LastEpoch, last}, {study.BestEpoch, best}} {
		pan := p.errors(upper(of.Name), of.lines)
		if len(of.lines) == 0 {
			pan.Blank = "no two seeds have every option of a method"
			if !t.Has(of.Test) {
				pan.Blank = "not recorded: " + of.Test.Name
			}
		}
		s.Add(pan, errorRows(s.Letter(), of.lines)...)
	}
	for _, e := range f.Beside {
		s.beside(e, func(p Point) []string {
			return append([]string{p.Series, cellText(p.X), cellText(p.Y)}, make([]string, 4)...)
		})
	}
	first := s.Letter()
	s.Add(p.differences("Last epoch, minus ρ = 0", last), differenceRows(s.Letter(), last)...)
	second := s.Letter()
	s.Add(p.differences("Best validation, minus ρ = 0", best), differenceRows(s.Letter(), best)...)
	s.Lead, s.Interval = t.Trained()+".", barText(t, study.TestError)
	s.Notes = []string{"ρ of each seed is " + ownText + "."}
	s.Caption = "Test error (%) of each method at its tuned ρ, over " + f.Over.Axis() + "."
	s.More = "a: " + study.LastEpoch.Name + "; b: " + study.BestEpoch.Name + ", with ρ tuned for it. Points are shifted sideways, so that their bars do not overlap." + s.More +
		fmt.Sprintf(" %s, %s: difference to ρ = 0, paired by seed, negative is better.", first, second)
	if f.Over.Is(study.Noise) {
		s.More += " Test labels are clean; train and validation labels are noisy."
	}
	if lost > 0 {
		s.More += lostText(record.Plural(lost, "seed") + ", counted over all points")
	}
	s.More += pickedDivergedText(diverged)
	s.End = t.SweptBesideText("tuned with ρ", f.Over.Key)
	return s.Draw(), nil
}

// errorRows are the points of a panel.
func errorRows(panel string, lines []tunedLine) (rows [][]string) {
	for _, l := range lines {
		for i, est := range l.est {
			start := []string{panel, "records", seriesOf(l.m), cellText(l.x[i])}
			rows = append(rows, slices.Concat(start, intervalCells(est), []string{l.rhos[i]}))
		}
	}
	return rows
}

// differenceRows are those of a panel of differences to ρ = 0, the first line where there is one.
func differenceRows(panel string, lines []tunedLine) (rows [][]string) {
	if len(lines) == 0 || lines[0].m != 0 {
		return nil
	}
	for _, l := range lines[1:] {
		for i, est := range l.minus.est {
			start := []string{panel, "records", seriesOf(l.m) + " minus rho=0", cellText(l.minus.x[i])}
			rows = append(rows, slices.Concat(start, intervalCells(est), []string{""}))
		}
	}
	return rows
}

// differenceRange is an axis for the differences of lines to their first one, where that is ρ = 0.
func differenceRange(of ...[]tunedLine) (low, high float64) {
	for _, lines := range of {
		if len(lines) == 0 || lines[0].m != 0 {
			continue
		}
		for _, l := range lines[1:] {
			for _, d := range l.minus.est {
				low, high = spread(low, high, d.Mean, d.Low, d.High)
			}
		}
	}
	return padded(low, high, .06, .1)
}

// tunedPanels are the axes that the panels share.
type tunedPanels struct {
	over        study.Field
	base        string
	left, right float64
	high        float64 // of the errors
	least, most float64 // of the differences
}

func (p tunedPanels) x() Axis { return LinearAxis(p.over.Axis(), p.left, p.right, 5) }

// curve is the i-th of n lines.
func (p tunedPanels) curve(l tunedLine, of tunedPoints, i, n int) Curve {
	name := "SAM, m = " + study.GroupText(l.m)
	if l.m == 0 {
		name = p.base + " (ρ = 0)"
	}
	return Curve{Name: name, X: of.x, Y: of.est, Look: LookOfM(l.m), Bars: true, Shift: sideBySide(i, n)}
}

func (p tunedPanels) errors(title string, lines []tunedLine) Panel {
	pan := Panel{Title: title, X: p.x(), Y: LinearAxis("test error (%)", 0, p.high, 6)}
	for i, l := range lines {
		pan.Add(p.curve(l, l.tunedPoints, i, len(lines)))
	}
	return pan
}

// differences are each m minus ρ = 0.
func (p tunedPanels) differences(title string, lines []tunedLine) Panel {
	pan := Panel{Title: title, X: p.x(), Y: LinearAxis("difference in test error\n(points, negative is better)", p.least, p.most, 6)}
	switch {
	case len(lines) == 0 || lines[0].m != 0:
		pan.Blank = "there is no ρ = 0 to compare with"
		return pan
	case len(lines) == 1:
		pan.Blank = "there is no m to compare with ρ = 0"
		return pan
	}
	pan.Add(Rule{Y: exactly(0), Look: LookBase})
	for i, l := range lines[1:] {
		pan.Add(p.curve(l, l.minus, i, len(lines)-1))
	}
	return pan
}
