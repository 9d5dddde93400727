package plots

import (
	"cmp"
	"fmt"
	"strings"

	"msharp/harness/record"
	"msharp/harness/study"
)

// The sentences that several captions need, each in one place. One that has nothing to say is empty; the others begin with a space where
// they continue a caption.

// seedsText says what the points are over their seeds and what is drawn of these: "Mean over seeds, n = 10; bars: …".
func seedsText(mean string, seeds Span, interval string) string {
	switch seeds.high {
	case 0:
		return ""
	case 1:
		return "One seed (n = 1): no interval"
	}
	return fmt.Sprintf("%s over seeds, n = %s; %s", cmp.Or(mean, "Mean"), seeds, cmp.Or(interval, "bars: "+study.OverSeeds))
}

// What is drawn of a number of the trials.
func barText(t *study.Trials, of study.Field) string  { return "bars: " + t.IntervalText(of) }
func bandText(t *study.Trials, of study.Field) string { return "bands: " + t.IntervalText(of) }

// pairedBands are bands of differences to something.
func pairedBands(t *study.Trials, of study.Field, to string) string {
	return "bands: the difference to " + to + ", paired by seed, " + t.IntervalText(of)
}

// ownText says how what is tuned was tuned.
const ownText = "tuned on its own validation images, and what it picks counts by the runs of the other seeds"

// beyondText explains the triangles at an edge that have a value.
func beyondText(marks int) string {
	if marks == 0 {
		return ""
	}
	return " Triangles with a number, at the upper and the lower edge: what lies beyond the axis, at its value; of points beside each other on a line, at that of the farthest."
}

// cutText explains arrowheads.
func cutText(cut bool) string {
	if !cut {
		return ""
	}
	return " Arrowheads without a number: the interval goes on beyond the axis."
}

// offAxisText explains the strip above the axes.
func offAxisText(n offAxis) (s string) {
	if n.above > 0 {
		s += fmt.Sprintf(" Above the axis: %d of %d points, each as its value in the row of its line, or as a caret where there is no room for it.", n.above, n.points)
	}
	if n.diverged > 0 {
		s += fmt.Sprintf(" %s diverged: open markers with their number", record.Plural(n.diverged, "run"))
		if n.counted != "" {
			s += "; " + n.counted
		}
		s += "."
	}
	return s
}

// lostText names the seeds that a tuned comparison leaves out.
func lostText(lost ...string) string {
	if len(lost) == 0 {
		return ""
	}
	return " A seed counts only where it has a run of every option. Left out: " + strings.Join(lost, ", ") + "."
}

// pickedDivergedText counts the picked runs that diverged.
func pickedDivergedText(diverged int) string {
	switch diverged {
	case 0:
		return ""
	case 1:
		return " In one case the picked run diverged; it counts as an error of 100 %."
	}
	return fmt.Sprintf(" In %d cases the picked run diverged; it counts as an error of 100 %%.", diverged)
}

// What becomes of runs that diverged.
const asError = "each counts as an error of 100 %"

// leftOut reports whether runs that diverged have no such number.
func leftOut(label string) string { return "they have no " + label + ", and means are over the others" }

// offAxis counts the points of a panel, or of several, and what of them lies above the axis.
type offAxis struct {
	points, above, diverged int
	counted                 string // how the means count what diverged: asError or leftOut
}

func (n offAxis) plus(m offAxis) offAxis {
	return offAxis{n.points + m.points, n.above + m.above, n.diverged + m.diverged, cmp.Or(n.counted, m.counted)}
}
