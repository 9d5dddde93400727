package main

import (
	"msharp/experiments/foret2021"
	"msharp/harness/study"
	"msharp/plots"
)

// figures are Table 4 of Foret et al. 2021 over our records, and the test error against ρ at each share of noisy labels.
func figures() []plots.Figure {
	return []plots.Figure{
		plots.Tuned{File: "label_noise", Title: "Test error against label noise", Over: study.Noise, Beside: []plots.Extra{foret2021.Noise()}},
		plots.Lines{File: "label_noise_rho", Title: "Test error against ρ, by label noise", Panel: study.Noise, OwnY: true, Base: true, Best: true},
	}
}
