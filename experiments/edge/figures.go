package main

import (
	"cmp"
	"slices"

	"msharp/harness/study"
	"msharp/plots"
)

// figures show the curvature along training against its edge, and how it stands to the edge where the claims ask.
func figures() []plots.Figure {
	return []plots.Figure{
		plots.Along{
			File:  "edge",
			Title: "The sharpest curvature along training, and the edge of stability",
			Caption: "λ₁, the largest eigenvalue of the Hessian of the train loss; the edge of the panel's optimizer, which for SAM moves with the norm " +
				"of the gradient; 2/η, the edge of gradient descent; and the critical sharpness λc, 2 over the longest step down the gradient that " +
				"does not raise the loss, without a band. An epoch is one step.",
			Y:       "loss / weight² (log scale)",
			Columns: 4,
			Groups:  byRate,
			Tracks: []plots.Track{
				{Name: "λ₁, the sharpest curvature", Of: watched(sharpest), Look: plots.LookBlue, Band: true},
				{Name: "edge of the optimizer", Of: edgeAt, Look: plots.LookBase},
				{Name: "2/η", Of: descentEdge, Look: plots.LookGrey},
				{Name: "λc, critical sharpness", Of: watched(critical), Look: plots.LookOurs, Far: true},
			},
			Marked:     counts.holds,
			MarkedText: "looks at which the train loss of every run is " + counts.levels(),
		},
		plots.Factors{
			File:    "edge_ratio",
			Title:   "The sharpest curvature over the edge of stability",
			Caption: "Geometric mean over the looks of a run at which its train loss is " + counts.levels() + ".",
			X:       "factor",
			Within:  factor,
			Rows:    factors,
		},
	}
}

func watched(column string) func(study.Look) (float64, bool) {
	return func(l study.Look) (float64, bool) { return l.Value(column) }
}

// descentEdge is 2/η, whatever the optimizer.
func descentEdge(l study.Look) (float64, bool) {
	eta, ok := l.Trial().Number("lr")
	return 2 / eta, ok
}

func everyOne(optimizer) bool { return true }

// byRate are the arms, a rate after the other.
func byRate(t *study.Trials) (gs []plots.Group) {
	as := arms(t, everyOne)
	slices.SortStableFunc(as, func(a, b arm) int { return cmp.Compare(a.rate, b.rate) })
	for _, a := range as {
		note := a.rateText()
		if a.rho > 0 {
			note = a.rhoText() + ", " + note
		}
		gs = append(gs, plots.Group{Name: a.kind(), Note: note, Trials: a.Trials})
	}
	return gs
}

// factors are λ₁ over its edge, beside it over 2/η, and λc of gradient descent over 2/η.
func factors(t *study.Trials) (rows []plots.Factor) {
	for _, of := range []struct {
		what   string
		who    func(optimizer) bool
		column string
		over   func(study.Look) (float64, bool)
		look   plots.Look
	}{
		{"λ₁ over the edge", everyOne, sharpest, edgeAt, plots.LookBlue},
		{"λ₁ over 2/η", ascends, sharpest, descentEdge, plots.LookUsual},
		{"λc over 2/η", descends, critical, descentEdge, plots.LookOurs},
	} {
		for _, a := range arms(t, of.who) {
			logs, _ := counts.bySeed(a, func(l study.Look) (float64, bool) { return logRatio(l, of.column, of.over) })
			rows = append(rows, plots.Factor{Heading: of.what + ", " + a.optimizer.name(), Name: a.rateText(), Logs: logs.PerSeed(), Look: of.look})
		}
	}
	return rows
}
