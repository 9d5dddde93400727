package main

import (
	"fmt"

	"msharp/experiments/claims"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

// The measures at the end of training that claims name.
var (
	top      = named("hessian_max", "λ₁")
	fifth    = named("hessian_top(k=5)", "λ₅")
	trace    = named("trace", "tr H")
	variance = named("gradcov_trace", "tr V")
)

func named(column, label string) study.Field {
	f := study.Value(column)
	f.Label = label
	return f
}

// curvature is what was claimed of the curvature at which SAM ends. Comparisons are of logarithms to base 2, means over the ρ that were swept;
// with more than ρ and m swept, over that too.
var curvature = []verdict.Claim{
	{
		ID:        "sam-lowers-top",
		Text:      "At every m SAM ends where λ₁ of the Hessian is smaller than where SGD ends (Foret et al. 2021, section 4.2).",
		Unit:      "doublings of λ₁",
		Direction: -1,
		Smallest:  .2, // 15 %
		Clause:    "λ₁ of the Hessian under SAM differs from that under SGD by %s doublings",
		Of:        againstSGD(top),
	},
	{
		ID:        "sam-lowers-ratio",
		Text:      "At every m SAM ends where λ₁/λ₅ of the Hessian is smaller than where SGD ends (Foret et al. 2021, section 4.2).",
		Unit:      "doublings of λ₁/λ₅",
		Direction: -1,
		Smallest:  .2, // as for λ₁
		Clause:    "λ₁/λ₅ under SAM differs from that under SGD by %s doublings",
		Of:        againstSGD(study.Ratio(top, fifth)),
	},
	{
		ID:        "variance-rises-with-m",
		Text:      "The larger m, the larger the variance of the gradient, tr V, where SAM ends (Luo et al. 2025, arXiv:2509.18001).",
		Unit:      "doublings of tr V a step of m",
		Direction: +1,
		Smallest:  .05, // a quarter of what counts against SGD, for there are five m
		Clause:    "tr V doubles %s times a step of m",
		Of:        overM(variance),
	},
	{
		ID: "trace-rises-against-top",
		Text: "The larger m, the larger tr H of a given λ₁: small m lowers the trace, large m the largest eigenvalue " +
			"(Wen et al. 2023, arXiv:2211.05729, as far as m ≤ batch).",
		Unit:      "doublings of tr H/λ₁ a step of m",
		Direction: +1,
		Smallest:  .05, // as for tr V
		Of:        overM(study.Ratio(trace, top)),
	},
	through("top", top, "a smaller λ₁ of the Hessian"),
	through("trace", trace, "a smaller trace of the Hessian"),
	through("variance", variance, "a smaller variance of the gradient"),
}

// againstSGD is the logarithm of a measure under SAM less that under SGD, a part for each m.
func againstSGD(x study.Field) verdict.Reading {
	return func(t *study.Trials) (parts []verdict.Part, missing string) {
		log := study.Log2(x)
		base := t.Partners().Base().All(log)
		cells := t.Ascent().Cells(study.M, study.Same, log)
		switch {
		case len(cells) == 0:
			return nil, "no trial with ρ > 0"
		case len(base.PerSeed) == 0:
			return nil, fmt.Sprintf("no run at ρ = 0 has a positive %s", x.Label)
		}
		left := study.Tally{}
		for _, c := range cells {
			parts = append(parts, verdict.Part{Name: "m = " + study.GroupText(c.Series), Statistic: study.Statistic{BySeed: c.Minus(base.PerSeed)}})
			left.Add(study.Tally{All: c.Runs, Left: c.Diverged})
		}
		return parts, left.Text("runs", x.Label+", for they diverged")
	}
}

// overM is the slope of the logarithm of a measure over the index of m, mean over the ρ at which the seed has every m.
func overM(x study.Field) verdict.Reading {
	return verdict.Single(func(t *study.Trials) (study.PerSeed, string) {
		ms := t.Ms()
		if len(ms) < 2 {
			return nil, fmt.Sprintf("one training m (%s), needs two", claims.List(ms))
		}
		out := study.Means{}
		var lines study.Tally
		cells := t.Ascent().Cells(study.Rho, study.M, study.Log2(x))
		for _, rho := range t.Rhos() {
			at := map[uint64][]float64{}
			for _, c := range cells {
				if c.Series == rho {
					for seed, y := range c.PerSeed {
						at[seed] = append(at[seed], y)
					}
				}
			}
			for _, seed := range t.Seeds() {
				if lines.All++; len(at[seed]) < len(ms) {
					lines.Left++
					continue
				}
				out.Add(seed, study.Slope(at[seed]))
			}
		}
		return out.PerSeed(), lines.Text("lines (seed, ρ)", "an m with a positive "+x.Label)
	})
}

// through is the claim that part of the rise of the test error with m goes through a measure.
func through(id string, x study.Field, less string) verdict.Claim {
	return verdict.Claim{
		ID: "through-" + id,
		Text: fmt.Sprintf("Small m lowers the test error by %s: part of the rise of the error with m goes through log %s, given what the "+
			"decomposition assumes.", less, x.Label),
		Unit:      "points of test error a step of m",
		Direction: +1,
		Smallest:  .02, // two fifths of the smallest rise that counts in the m-sweep's error-rises-with-m
		Clause:    "of the rise of the test error a step of m, %s points go through log " + x.Label,
		Of: verdict.Single(func(t *study.Trials) (study.PerSeed, string) {
			m, said := t.Mediated(study.TestError, x)
			return m.Indirect, said
		}),
	}
}
