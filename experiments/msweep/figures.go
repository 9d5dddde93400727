package main

import (
	"msharp/experiments/foret2021"
	"msharp/plots"
)

// figures are Figure 3 of Foret et al. 2021 twice, from the records and as published, and what stands behind it.
func figures() []plots.Figure {
	return []plots.Figure{
		plots.Overview{
			File: "msweep", Title: "m-sharpness: ours, and as published",
			Below: []plots.Extra{foret2021.Error(), foret2021.Information()},
		},
		plots.Lines{Title: "Test error against ρ, as far as it rises", Base: true, Whole: true},
		plots.Collapse{},
		plots.Power{},
		plots.Scatter{},
		plots.BestRho{},
		plots.Forest{},
		plots.Curves{},
	}
}
