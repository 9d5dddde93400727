package main

import (
	"fmt"
	"strings"

	"msharp/experiments/claims"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

// predicts is what Figure 3, right, of Foret et al. 2021 (arXiv:2010.01412) claims of models trained without SAM, over many architectures
// and hyperparameters, each stopped at the same train loss: τ-b within the seed between a measure and the error gap.
var predicts = []verdict.Claim{
	{
		ID:        "small-m-predicts",
		Text:      "m-sharpness at m = 1 ranks models by their error gap: its τ is positive.",
		Unit:      "Kendall τ",
		Direction: +1,
		Smallest:  .1, // 55 of 100 pairs ranked right
		Clause:    "τ of m-sharpness at m = 1 with the error gap is %s",
		Of:        smallMPredicts(study.Stopped),
		Others:    claims.AtGates(smallMPredicts, others),
	},
	claims.PowerFalls("predictive-power-falls", study.ErrorGap, study.Stopped, others...),
	{
		ID: "small-m-beats-baselines",
		Text: "m-sharpness at m = 1 ranks models by their error gap better than gradient norm, ‖w‖, distance from init and " +
			"train loss.",
		Unit:      "Kendall τ",
		Direction: +1,
		Smallest:  .05, // half of what would be of interest against nothing
		Clause:    "τ of m-sharpness at m = 1 less that of a baseline is %s",
		Of:        smallMBeats(study.Stopped),
		Others:    claims.AtGates(smallMBeats, others),
	},
}

// others are the gates that claims are shown at beside their own.
var others = []study.Gate{study.Fitted, study.Ungated}

// smallest returns the measure at m = 1.
func smallest(t *study.Trials) (m study.Measured, missing string) {
	ms := claims.Shown(t)
	switch {
	case len(ms) == 0:
		return m, claims.FewMeasures(ms)
	case ms[0].M != 1:
		return m, fmt.Sprintf("no record has a measure msharp(m=1 rho=%v)", ms[0].Rho)
	}
	return ms[0], ""
}

func smallMPredicts(g study.Gate) verdict.Reading {
	return verdict.Single(func(t *study.Trials) (study.PerSeed, string) {
		m, missing := smallest(t)
		if missing != "" {
			return nil, missing
		}
		taus, said := t.Taus([]study.Field{m.Field}, study.ErrorGap, g)
		out := study.PerSeed{}
		for seed, ys := range taus {
			out[seed] = ys[0]
		}
		return out, said
	})
}

// baselines are the columns that the claim names.
var baselines = []struct{ name, column string }{
	{"gradient norm", "gradnorm"}, {"‖w‖", "norm"}, {"distance from init", "distance"}, {"train loss", "train_loss"},
}

// smallMBeats has the τ of m-sharpness minus that of each baseline as parts. A baseline may rank either way round: it takes the sign of its
// mean τ over the other seeds, + where that is 0. A baseline that no record has is left out.
func smallMBeats(g study.Gate) verdict.Reading {
	return func(t *study.Trials) (parts []verdict.Part, missing string) {
		m, missing := smallest(t)
		if missing != "" {
			return nil, missing
		}
		fields, titles, absent := []study.Field{m.Field}, []string{""}, []string(nil)
		for _, b := range baselines {
			if f := study.Value(b.column); t.Has(f) {
				fields, titles = append(fields, f), append(titles, b.name)
			} else {
				absent = append(absent, b.name+" ("+b.column+")")
			}
		}
		taus, said := t.Taus(fields, study.ErrorGap, g)
		if len(absent) > 0 {
			said = claims.Join(said, "not compared, no record has it: "+strings.Join(absent, ", "))
		}
		if len(fields) == 1 || len(taus) == 0 {
			return nil, said
		}
		for i := 1; i < len(fields); i++ {
			parts = append(parts, verdict.Part{Name: "against " + titles[i], Statistic: study.Statistic{BySeed: lead(taus, i)}})
		}
		return parts, said
	}
}

// lead is the first τ of each seed less the i-th, which has the sign of its mean over the other seeds.
func lead(taus map[uint64][]float64, i int) study.PerSeed {
	of := study.PerSeed{}
	for seed, ts := range taus {
		of[seed] = ts[i]
	}
	sum := 0.
	for _, tau := range of.Values() { // in one order
		sum += tau
	}
	out := study.PerSeed{}
	for seed, tau := range of {
		if sum-tau < -study.Rounding {
			tau = -tau
		}
		out[seed] = taus[seed][0] - tau
	}
	return out
}
