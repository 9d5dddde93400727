package verdict

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Predict is what Figure 3, right, of Foret et al. 2021 claims of models trained without SAM, over many architectures and
// hyperparameters, each stopped at the same train loss: τ-b within the seed between a measure and the error gap.
func Predict() []Claim { return slices.Clone(predict) }

var predict = []Claim{
	{
		ID:        "small-m-predicts",
		Text:      "m-sharpness at m = 1 ranks models by their error gap: its τ is positive.",
		Unit:      "Kendall τ",
		Direction: +1,
		Smallest:  .1, // 55 of 100 pairs ranked right
		of:        single(smallMPredicts),
	},
	{
		ID:        "predictive-power-falls",
		Text:      "m-sharpness ranks models by their error gap the worse the larger the m of the measure.",
		Unit:      "Kendall τ a step of the measure's m",
		Direction: -1,
		Smallest:  .02, // as in Figure3
		of:        single(powerFalls("error_gap", stopped)),
	},
	{
		ID: "small-m-beats-baselines",
		Text: "m-sharpness at m = 1 ranks models by their error gap better than gradient norm, ‖w‖, distance from init and " +
			"train loss.",
		Unit:      "Kendall τ",
		Direction: +1,
		Smallest:  .05, // half of what would be of interest against nothing
		of:        smallMBeats,
	},
}

// stopped keeps the models that reached the train loss they were to stop at.
var stopped = gate{
	text: "stopped at their train loss",
	of: func(t *table) func(i int) bool {
		columns := t.columns("train_loss", "epochs_run")
		return func(i int) bool {
			r, loss, epochs := t.trials[i], columns[0][i], columns[1][i]
			at, ok := r.number("stop.train_loss")
			most, limited := r.number("stop.max_epochs")
			return ok && !r.diverged && (loss <= at || limited && epochs < most)
		}
	},
	missing: func(t *table) string {
		if slices.ContainsFunc(t.distinct(), func(r trial) bool { _, ok := r.number("stop.train_loss"); return ok }) {
			return ""
		}
		return "no trial was to stop at a train loss (stop.train_loss)"
	},
}

// smallest returns the measure at m = 1.
func (t *table) smallest() (m measure, missing string) {
	ms := t.measures()
	switch {
	case len(ms) == 0:
		return m, fewMeasures(ms)
	case ms[0].m != 1:
		return m, fmt.Sprintf("no record has a measure msharp(m=1 rho=%v)", ms[0].rho)
	}
	return ms[0], ""
}

func smallMPredicts(t *table) (map[uint64]float64, string) {
	m, missing := t.smallest()
	if missing != "" {
		return nil, missing
	}
	taus, said := t.taus([]string{m.column}, "error_gap", stopped)
	out := map[uint64]float64{}
	for seed, ys := range taus {
		out[seed] = ys[0]
	}
	return out, said
}

// baselines are the columns that a sharpness should beat.
var baselines = []struct{ name, column string }{
	{"gradient norm", "gradnorm"}, {"‖w‖", "norm"}, {"distance from init", "distance"}, {"train loss", "train_loss"},
}

// smallMBeats has the τ of m-sharpness minus that of each baseline as parts. A baseline may rank either way round: it
// takes the sign of its mean τ over the other seeds.
func smallMBeats(t *table) (parts []Part, missing string) {
	m, missing := t.smallest()
	if missing != "" {
		return nil, missing
	}
	names, titles, absent := []string{m.column}, []string{""}, []string(nil)
	for _, b := range baselines {
		if t.has(b.column) {
			names, titles = append(names, b.column), append(titles, b.name)
		} else {
			absent = append(absent, b.name+" ("+b.column+")")
		}
	}
	taus, said := t.taus(names, "error_gap", stopped)
	if len(absent) > 0 {
		said = join(said, "not compared, no record has it: "+strings.Join(absent, ", "))
	}
	if len(names) == 1 || len(taus) == 0 {
		return nil, said
	}
	seeds := slices.Sorted(maps.Keys(taus)) // one order of the sums below
	for i := 1; i < len(names); i++ {
		sum := 0.
		for _, seed := range seeds {
			sum += taus[seed][i]
		}
		p := Part{Name: "against " + titles[i], BySeed: map[uint64]float64{}}
		for _, seed := range seeds {
			tau := taus[seed][i]
			if sum-tau < 0 {
				tau = -tau
			}
			p.BySeed[seed] = taus[seed][0] - tau
		}
		parts = append(parts, p)
	}
	return parts, said
}
