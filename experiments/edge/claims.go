package main

import (
	"fmt"
	"math"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

// What was looked at.
const (
	sharpest = "hessian_max" // λ₁
	critical = "critical"    // λc
	gradNorm = "gradnorm"
)

// window is the looks of a run that count: those at which its train loss lies between two levels. Earlier the curvature is on its way to the
// edge, and later cross-entropy is near 0, where it falls. It does not ask how curved the loss is.
type window struct {
	high, low float64 // nats, of ln 10 = 2.3 at the start
}

var (
	counts = window{1, .5}
	longer = window{1, .3}
)

// Window, factor and smallest effects were fixed on seeds from 101 on.
const (
	factor     = 1.5  // "rides": what lies within it of its edge. Edges of gradient descent and of SAM at ρ = .1 are farther apart
	tight      = 1.25 // a stricter reading of it
	inside     = .01  // nats; to be inside the factor is what counts, by however little
	leastLooks = 5    // of a run that has a value
)

// edges is what is claimed of the curvature of training on the whole batch: that it rises to the edge of the optimizer at hand and stays
// there (of gradient descent by Cohen et al. 2021, arXiv:2103.00065; of SAM by Long and Bartlett 2023, arXiv:2309.12488; of unnormalised SAM
// by Agarwala and Dauphin 2023, arXiv:2302.08692), and that the critical sharpness shows both the rise and the edge (Kalra et al. 2026,
// arXiv:2601.16979). Logarithms are natural. A claim that a number lies within a factor of another has two parts for each optimizer and
// rate, not below and not above, and holds where all do: a test of equivalence.
var edges = []verdict.Claim{
	within("gd-rides-its-edge", "λ₁ of gradient descent", "2/η", descends, sharpest),
	within("sam-rides-its-edge", "λ₁ of SAM", "SAM's edge at its gradient norm", normalised, sharpest),
	within("unnormalised-sam-rides-its-edge", "λ₁ of unnormalised SAM", "its edge", unnormalised, sharpest),
	{
		ID:        "sam-edge-is-lower",
		Text:      "At the same rate and train loss the sharpest curvature under SAM, normalised or not, is lower than under gradient descent.",
		Unit:      "nats of λ₁",
		Direction: +1,
		Smallest:  .1, // a tenth
		Clause:    "λ₁ of gradient descent over that of SAM is %s nats",
		Of:        samIsLower(counts),
		Others:    []verdict.Variant{{Name: longer.text(), Of: samIsLower(longer)}},
	},
	within("critical-step-tells-the-edge", "λc of gradient descent at its edge", "2/η", descends, critical),
	{
		ID: "critical-step-shows-sharpening",
		Text: "While the sharpest curvature of gradient descent rises to 2/η, the critical sharpness rises with it: " +
			"τ of the two over the looks of a run is positive.",
		Unit:      "Kendall τ",
		Direction: +1,
		Smallest:  .1, // 55 of 100 pairs ranked right
		Clause:    "τ of λc with λ₁ on the way to the edge is %s",
		Of:        showsSharpening,
	},
}

// within is the claim that a watched number of some optimizers lies within the factor of their edge in the window.
func within(id, what, where string, of func(optimizer) bool, column string) verdict.Claim {
	reading := func(w window, factor float64) verdict.Reading { return liesWithin(w, factor, of, column) }
	return verdict.Claim{
		ID:        id,
		Text:      fmt.Sprintf("%s lies within a factor of %s of %s, %s.", what, stats.Short(factor), where, counts.text()),
		Unit:      "nats inside the factor",
		Direction: +1,
		Smallest:  inside,
		Clause:    fmt.Sprintf("%s lies %%s nats inside a factor of %s of %s", what, stats.Short(factor), where),
		Of:        reading(counts, factor),
		Others: []verdict.Variant{
			{Name: "within a factor of " + stats.Short(tight), Of: reading(counts, tight)},
			{Name: longer.text(), Of: reading(longer, factor)},
		},
	}
}

// levels names the window: "between .5 and 1".
func (w window) levels() string {
	return fmt.Sprintf("between %s and %s", stats.Short(w.low), stats.Short(w.high))
}

func (w window) text() string { return "while the train loss is " + w.levels() }

func (w window) holds(l study.Look) bool {
	loss, ok := l.TrainLoss()
	return ok && w.low <= loss && loss <= w.high
}

// mean is the mean over a run's looks in the window; not ok where too few of them have a number.
func (w window) mean(r study.Trial, of func(study.Look) (float64, bool)) (mean float64, ok bool) {
	n := 0.
	for _, l := range r.Looks() {
		if v, has := of(l); has && w.holds(l) {
			mean, n = mean+v, n+1
		}
	}
	return mean / n, n >= leastLooks
}

// bySeed is means over the runs of an arm, and counts those without one. A run that diverged has none.
func (w window) bySeed(a arm, of func(study.Look) (float64, bool)) (means study.Means, n study.Tally) {
	for _, r := range a.Final() {
		n.All++
		if v, ok := w.mean(r, of); ok && !r.Diverged {
			means.Add(r.Seed, v)
		} else {
			n.Left++
		}
	}
	return means, n
}

// leftOut says how many runs have no value.
func leftOut(n study.Tally, where string) string {
	return n.Text("runs", record.Plural(leastLooks, "look")+" "+where)
}

// logOf is the logarithm of a watched number; not ok where there is none.
func logOf(l study.Look, column string) (float64, bool) {
	v, ok := l.Value(column)
	return math.Log(v), ok && v > 0
}

// logRatio is the logarithm of a watched number over another number of the look; not ok where one of them is not positive.
func logRatio(l study.Look, column string, other func(study.Look) (float64, bool)) (float64, bool) {
	v, has := logOf(l, column)
	to, ok := other(l)
	return v - math.Log(to), has && ok && to > 0
}

func liesWithin(w window, factor float64, of func(optimizer) bool, column string) verdict.Reading {
	ratio := func(l study.Look) (float64, bool) { return logRatio(l, column, edgeAt) }
	return func(t *study.Trials) (parts []verdict.Part, missing string) {
		if missing = plain(t); missing != "" {
			return nil, missing
		}
		var left study.Tally
		for _, a := range arms(t, of) {
			means, n := w.bySeed(a, ratio)
			left.Add(n)
			below, above := study.PerSeed{}, study.PerSeed{}
			for seed, x := range means.PerSeed() {
				below[seed], above[seed] = math.Log(factor)+x, math.Log(factor)-x
			}
			parts = append(parts,
				verdict.Part{Name: a.name() + ", not below", Statistic: study.Statistic{BySeed: below}},
				verdict.Part{Name: a.name() + ", not above", Statistic: study.Statistic{BySeed: above}})
		}
		if len(parts) == 0 {
			return nil, "no run of such an optimizer"
		}
		return parts, leftOut(left, "in the window")
	}
}

func samIsLower(w window) verdict.Reading {
	return func(t *study.Trials) (parts []verdict.Part, missing string) {
		if missing = plain(t); missing != "" {
			return nil, missing
		}
		log := func(l study.Look) (float64, bool) { return logOf(l, sharpest) }
		base := map[float64]study.PerSeed{}
		var left study.Tally
		for _, a := range arms(t, descends) {
			means, n := w.bySeed(a, log)
			left.Add(n)
			base[a.rate] = means.PerSeed()
		}
		for _, a := range arms(t, ascends) {
			gd, has := base[a.rate]
			if !has {
				return nil, fmt.Sprintf("no run of gradient descent at %s", a.rateText())
			}
			means, n := w.bySeed(a, log)
			left.Add(n)
			parts = append(parts, verdict.Part{Name: a.name(), Statistic: study.Statistic{BySeed: gd.Minus(means.PerSeed())}})
		}
		if len(parts) == 0 {
			return nil, "no run of SAM"
		}
		return parts, leftOut(left, "in the window")
	}
}

// showsSharpening has τ-b of λc and λ₁ over the looks of each run of gradient descent until λ₁ first reaches 2/η, a part for each rate.
func showsSharpening(t *study.Trials) (parts []verdict.Part, missing string) {
	if missing = plain(t); missing != "" {
		return nil, missing
	}
	var left study.Tally
	for _, a := range arms(t, descends) {
		var taus study.Means
		for _, r := range a.Final() {
			left.All++
			if xs, ys := onTheWay(r); len(xs) >= leastLooks && !r.Diverged {
				taus.Add(r.Seed, stats.TauB(xs, ys))
			} else {
				left.Left++
			}
		}
		parts = append(parts, verdict.Part{Name: a.rateText(), Statistic: study.Statistic{BySeed: taus.PerSeed()}})
	}
	if len(parts) == 0 {
		return nil, "no run of gradient descent"
	}
	return parts, leftOut(left, "on the way to the edge")
}

// onTheWay are λc and λ₁ at the looks of a run before λ₁ first reaches its edge.
func onTheWay(r study.Trial) (xs, ys []float64) {
	for _, l := range r.Looks() {
		top, has := l.Value(sharpest)
		to, ok := edgeAt(l)
		if !has || !ok || top >= to {
			break
		}
		if x, has := l.Value(critical); has {
			xs, ys = append(xs, x), append(ys, top)
		}
	}
	return xs, ys
}
