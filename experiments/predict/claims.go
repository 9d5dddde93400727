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
		Of:        beatsBaselines(study.Stopped),
		Others:    claims.AtGates(beatsBaselines, others),
	},
	{
		ID: "small-m-beats-measures",
		Text: "m-sharpness at m = 1 ranks models by their error gap better than curvature, worst-case, average and adaptive sharpness, " +
			"flatness, norms, margin and feature rank.",
		Unit:      "Kendall τ",
		Direction: +1,
		Smallest:  .05, // as against the baselines
		Of:        beatsMeasures(study.Stopped),
		Others:    claims.AtGates(beatsMeasures, others),
	},
	{
		ID: "small-m-granulated",
		Text: "Of models that differ in one hyperparameter alone, m-sharpness at m = 1 ranks more pairs right than wrong: its granulated Ψ " +
			"(Jiang et al. 2019, arXiv:1912.02178) is positive.",
		Unit:      "Ψ",
		Direction: +1,
		Smallest:  .1, // as for τ
		Clause:    "its granulated Ψ is %s",
		Of:        granulated(study.Stopped),
		Others:    claims.AtGates(granulated, others),
	},
	{
		ID: "small-m-right-everywhere",
		Text: "Whichever hyperparameter changes, and between whichever of its values, m-sharpness at m = 1 ranks more than half of the pairs " +
			"right (Dziugaite et al. 2020, arXiv:2010.11924).",
		Unit:      "share of pairs ranked right, above one half",
		Direction: +1,
		Smallest:  .05, // as much as the smallest τ against nothing
		Clause:    "where it ranks worst, the share of pairs ranked right differs from one half by %s",
		Of:        rightEverywhere(study.Stopped),
		Others:    claims.AtGates(rightEverywhere, others),
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

// granulated is Ψ of m-sharpness.
func granulated(g study.Gate) verdict.Reading {
	return scored(g, study.Granulated, func(psi float64) float64 { return psi })
}

// rightEverywhere is the share of pairs ranked right, above one half, in the environment where it is least.
func rightEverywhere(g study.Gate) verdict.Reading {
	return scored(g, study.WorstSign, func(wrong float64) float64 { return .5 - wrong })
}

// scored is a statistic of how m-sharpness ranks models, in the claim's unit.
func scored(g study.Gate, of study.Score, in func(float64) float64) verdict.Reading {
	return verdict.Single(func(t *study.Trials) (study.PerSeed, string) {
		m, missing := smallest(t)
		if missing != "" {
			return nil, missing
		}
		values, said := t.Scores(m.Field, study.ErrorGap, g, of)
		out := study.PerSeed{}
		for seed, v := range values {
			out[seed] = in(v)
		}
		return out, said
	})
}

// rival is a column that a claim names, in words.
type rival struct{ name, column string }

// baselines are what costs a gradient at most.
var baselines = []rival{
	{"gradient norm", "gradnorm"}, {"‖w‖", "norm"}, {"distance from init", "distance"}, {"train loss", "train_loss"},
}

// measures are what predict.yaml asks for beside m-sharpness and the baselines: of a measure with several columns, the one that it is named for.
var measures = []rival{
	{"λ₁ of the Hessian", "hessian_max"}, {"tr H", "trace"}, {"tr V", "gradcov_trace"}, {"λ₁ of V", "gradcov_max"},
	{"worst case", "worst(m=n rho=0.05)"}, {"adaptive m-sharpness, m = 1", "adaptive(m=1 rho=0.5)"}, {"adaptive sharpness, m = n", "adaptive(m=n rho=0.5)"},
	{"average case", "average(sigma=0.01)"}, {"Keskar's sharpness", "keskar(eps=0.001)"}, {"critical sharpness", "critical"},
	{"PAC-Bayes flatness", "flatness"}, {"relative PAC-Bayes flatness", "flatness(relative=true)"}, {"path norm", "path"},
	{"log of spectral norms", "spectral_logprod"}, {"log of Frobenius norms", "frobenius_logprod"}, {"spectral distance from init", "spectral_distance"},
	{"margin", "margin"}, {"feature rank", "feature_rank"},
}

func beatsBaselines(g study.Gate) verdict.Reading { return beats(g, baselines) }

func beatsMeasures(g study.Gate) verdict.Reading { return beats(g, measures) }

// beats has the τ of m-sharpness minus that of each rival as parts. A rival may rank either way round: it takes the sign of its mean τ over
// the other seeds, + where that is 0. A rival that no record has is left out, and one that is the same in all models of a seed, or missing in
// some, leaves out the seed, or these models, for all.
func beats(g study.Gate, rivals []rival) verdict.Reading {
	return func(t *study.Trials) (parts []verdict.Part, missing string) {
		m, missing := smallest(t)
		if missing != "" {
			return nil, missing
		}
		fields, titles, absent := []study.Field{m.Field}, []string{""}, []string(nil)
		for _, b := range rivals {
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
