package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"

	"msharp/harness/record"
	"msharp/harness/study"
)

// differenceSheet fills a sheet with differences in test error, a row each, picked in some way.
func differenceSheet(s *Sheet, t *study.Trials, of []difference) {
	s.Wide = true
	var lost []string
	diverged := 0
	apart := slices.ContainsFunc(of, func(r difference) bool { return r.setting != "" })
	s.Header = []string{"against", "m", "seed", "difference_points", "low", "high", "seeds", "rho_picked"}
	if apart {
		s.Header = append([]string{"setting"}, s.Header...)
	}
	for _, r := range of {
		if r.heading {
			continue
		}
		for _, row := range r.csv() {
			if apart {
				row = append([]string{r.setting}, row...)
			}
			s.Rows = append(s.Rows, row)
		}
		if r.est.N > 0 {
			s.Seeds.Add(r.est.N)
		}
		diverged += r.diverged
		if r.lost > 0 {
			text := record.Plural(r.lost, "seed") + " of " + r.name()
			if r.setting != "" {
				text += " (" + r.setting + ")"
			}
			if !slices.Contains(lost, text) {
				lost = append(lost, text)
			}
		}
	}
	s.Interval = barText(t, study.TestError) + "; small circles: the seeds"
	if s.Seeds.high > mostSeeds {
		s.Interval += fmt.Sprintf(", the first %d of them", mostSeeds)
	}
	s.Caption = "Differences in test error, paired by seed; left of 0 is better."
	s.More = lostText(lost...) + pickedDivergedText(diverged)
	pan, hidden := differencePanel(of)
	if hidden > 0 {
		s.More += fmt.Sprintf(" Beyond the axis: %s, each as its value at that end.", record.Plural(hidden, "dot"))
	}
	s.Add(pan)
	s.Height = forestStep*vg.Length(len(of)+1) + 34
}

// differencePanel draws the differences, and counts the dots that lie beyond its axis.
func differencePanel(of []difference) (pan Panel, hidden int) {
	low, high := 0., 0.
	var means []float64
	marks := forestRows{heads: []forestHead{{"mean [95 % interval]", 10}, {"n", 108}, {"ρ picked (by seeds)", 130}}}
	for _, r := range of {
		low, high = spread(low, high, r.est.Mean, r.est.Low, r.est.High)
		if r.heading {
			marks.rows = append(marks.rows, forestRow{heading: r.headingText()})
			continue
		}
		means = append(means, r.est.Mean)
		row := forestRow{name: r.name(), Look: LookOfM(r.m), est: r.est,
			write: signedText, columns: []string{differenceText(r.est), fmt.Sprint(r.est.N), cmp.Or(r.column, "–")}}
		for _, seed := range r.dots() {
			row.dots = append(row.dots, r.diffs[seed])
		}
		low, high = spread(low, high, row.dots...)
		marks.rows = append(marks.rows, row)
	}
	// Where one seed's ruin would squash the means, they and half their range more.
	least, most := spread(0, 0, means...)
	room := 3 * math.Max(most-least, .1)
	low, high = padded(math.Max(low, least-room), math.Min(high, most+room), .04, .02)
	pan.X = LinearAxis("difference in test error (percentage points, negative is better)", low, high, 7)
	pan.Y = Axis{Low: .5 - float64(len(of)), High: 1.5, Hidden: true}
	pan.Add(marks)
	return pan, marks.hidden(pan.X)
}
