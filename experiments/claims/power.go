package claims

import (
	"fmt"

	"msharp/harness/study"
	"msharp/harness/verdict"
)

// PowerFalls is the claim that m-sharpness ranks models by a gap the worse the larger the m of the measure, among the models that pass a
// gate: the right panel of Figure 3 of Foret et al. 2021 (arXiv:2010.01412) as a rank correlation. The statistic is the slope of τ-b
// between m-sharpness and the gap, within the seed, over the index of the measure's m. others are the gates that it is shown at beside.
func PowerFalls(id string, gap study.Field, g study.Gate, others ...study.Gate) verdict.Claim {
	of := func(g study.Gate) verdict.Reading {
		return verdict.Single(func(t *study.Trials) (study.PerSeed, string) {
			ms := Shown(t)
			if len(ms) < 2 {
				return nil, FewMeasures(ms)
			}
			taus, said := t.Taus(study.Fields(ms), gap, g)
			out := study.PerSeed{}
			for seed, ys := range taus {
				out[seed] = study.Slope(ys)
			}
			return out, said
		})
	}
	return verdict.Claim{
		ID:        id,
		Text:      fmt.Sprintf("m-sharpness ranks models by their %s the worse the larger the m of the measure.", gap.Label),
		Unit:      "Kendall τ a step of the measure's m",
		Direction: -1,
		Smallest:  .02, // a tenth of τ over six values of m: one pair of twenty ranked otherwise
		Clause:    "τ of m-sharpness with the " + gap.Label + " changes by %s a step of the measure's m",
		Of:        of(g),
		Others:    AtGates(of, others),
	}
}

// AtGates is a reading at each of several gates.
func AtGates(of func(study.Gate) verdict.Reading, gates []study.Gate) (vs []verdict.Variant) {
	for _, g := range gates {
		vs = append(vs, verdict.Variant{Name: g.Text, Of: of(g)})
	}
	return vs
}

// GivenRhoAndM is the claim that m-sharpness at the smallest m ranks models by a gap beyond what ρ and m of the training say: of the
// residuals of both, see study.Given.
func GivenRhoAndM(id string, gap study.Field, g study.Gate, others ...study.Gate) verdict.Claim {
	of := func(pick func([]study.Measured) study.Measured) func(study.Gate) verdict.Reading {
		return func(g study.Gate) verdict.Reading {
			return func(t *study.Trials) ([]verdict.Part, string) {
				ms := Shown(t)
				if len(ms) == 0 {
					return nil, FewMeasures(ms)
				}
				m := pick(ms)
				k := t.Ranking(gap, g, m.Field)
				if why := k.Missing(); why != "" {
					return nil, why
				}
				given, said := k.Given(m.Field)
				if len(given.Seeds) == 0 {
					return nil, "needs two settings with a model " + g.Text + " in each of two seeds: " + said
				}
				tau := given.Tau()
				return []verdict.Part{{Statistic: study.Statistic{Pooled: &tau}, P: func() float64 { return given.P(+1) }}}, said
			}
		}
	}
	smallest := func(ms []study.Measured) study.Measured { return ms[0] }
	largest := func(ms []study.Measured) study.Measured { return ms[len(ms)-1] }
	return verdict.Claim{
		ID:        id,
		Text:      fmt.Sprintf("Given ρ and m of the training, m-sharpness at the smallest m ranks models by their %s: τ of the residuals is positive.", gap.Label),
		Unit:      "Kendall τ",
		Direction: +1,
		Smallest:  .1, // 55 of 100 pairs ranked right
		Clause:    "given ρ and m, τ of m-sharpness at the smallest m with the " + gap.Label + " is %s",
		Of:        of(smallest)(g),
		Others:    append(AtGates(of(smallest), others), verdict.Variant{Name: "at the measure's largest m", Of: of(largest)(g)}),
	}
}

// Shown returns the columns of m-sharpness at the ρ that claims take, see study.ShownRho, by m.
func Shown(t *study.Trials) []study.Measured {
	all := t.MSharpness()
	return study.MeasuredAt(all, study.ShownRho(all))
}

// FewMeasures says that there are fewer than two of them.
func FewMeasures(ms []study.Measured) string {
	if len(ms) == 0 {
		return "no record has a measure msharp(m=… rho=…)"
	}
	return fmt.Sprintf("one m of the measure (%s), needs two", ms[0].Name)
}
