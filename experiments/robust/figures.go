package main

import "msharp/plots"

// figures average nothing over settings; the last one ranks the models of all of them.
func figures() []plots.Figure {
	return []plots.Figure{
		plots.Lines{File: "robust", Base: true, Tuned: true},
		plots.Forest{BySetting: true},
		plots.AgainstTuned{},
		plots.BestRho{BySetting: true},
		plots.Power{BySetting: true, File: "predictive_power_by_setting"},
		plots.Power{},
	}
}
