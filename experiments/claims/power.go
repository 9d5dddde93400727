package claims

import (
	"fmt"

	"msharp/harness/study"
	"msharp/harness/verdict"
)

// PowerFalls is the claim that m-sharpness ranks models by a gap the worse the larger the m of the measure, among the models that pass a
// gate: the right panel of Figure 3 of Foret et al. 2021 (arXiv:2010.01412) as a rank correlation. The statistic is the slope of τ-b
// between m-sharpness and the gap, within the seed, over the index of the measure's m.
func PowerFalls(id string, gap study.Field, g study.Gate) verdict.Claim {
	return verdict.Claim{
		ID:        id,
		Text:      fmt.Sprintf("m-sharpness ranks models by their %s the worse the larger the m of the measure.", gap.Label),
		Unit:      "Kendall τ a step of the measure's m",
		Direction: -1,
		Smallest:  .02, // a tenth of τ over six values of m: one pair of twenty ranked otherwise
		Clause:    "τ of m-sharpness with the " + gap.Label + " changes by %s a step of the measure's m",
		Of: verdict.Single(func(t *study.Trials) (study.PerSeed, string) {
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
		}),
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
