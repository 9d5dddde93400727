package plots

import (
	"cmp"
	"fmt"
	"strings"

	"msharp/harness/record"
)

// The sentences that several captions need, each in one place. One that has nothing to say is empty; the others begin with a space where
// they continue a caption.

// seedsText says what the points are over their seeds and what is drawn of these: "Mean over seeds, n = 10; bars: 95 % t interval".
func seedsText(mean string, seeds Span, interval string) string {
	switch seeds.high {
	case 0:
		return ""
	case 1:
		return "One seed (n = 1): no interval"
	}
	return fmt.Sprintf("%s over seeds, n = %s; %s", cmp.Or(mean, "Mean"), seeds, cmp.Or(interval, barText))
}

// What is drawn of the seeds.
const (
	barText  = "bars: 95 % t interval"
	bandText = "bands: 95 % t interval"
)

// pairedBands are bands of differences to something.
func pairedBands(to string) string {
	return bandText + " of the difference to " + to + ", paired by seed"
}

// cutText explains arrowheads.
func cutText(cut bool) string {
	if !cut {
		return ""
	}
	return " Arrowheads: the interval goes on beyond the axis."
}

// offAxisText explains the strip above the axes.
func offAxisText(n offAxis) (s string) {
	if n.above > 0 {
		s += fmt.Sprintf(" Above the axis: %d of %d points (a caret, in the row of its line).", n.above, n.points)
	}
	if n.diverged > 0 {
		s += fmt.Sprintf(" %s diverged: open markers with their number; means are over the others.", record.Plural(n.diverged, "run"))
	}
	return s
}

// lostText counts what a pick leaves without a value, for the run there is missing.
func lostText(lost ...string) string {
	if len(lost) == 0 {
		return ""
	}
	return " Left out, for the run at the setting picked is missing: " + strings.Join(lost, ", ") + "."
}

// asErrorText says how a pick counts runs that diverged.
func asErrorText(diverged int) string {
	if diverged == 0 {
		return ""
	}
	return fmt.Sprintf(" A run that diverged counts as an error of 100 %%: %s.", record.Plural(diverged, "time"))
}

// offAxis counts the points of a panel, or of several, and what of them lies above the axis.
type offAxis struct{ points, above, diverged int }

func (n offAxis) plus(m offAxis) offAxis {
	return offAxis{n.points + m.points, n.above + m.above, n.diverged + m.diverged}
}
