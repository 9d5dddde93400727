package main

import (
	"msharp/experiments/foret2021"
	"msharp/plots"
)

// figures are of models that stopped at the same train loss: Figure 3 (right) of Foret et al. 2021, beside other statistics and numbers.
func figures() []plots.Figure {
	return []plots.Figure{
		plots.Scores{File: "predict", Gate: plots.Stopped, Beside: []plots.Extra{foret2021.Information()}},
		plots.Rivals{File: "predict_baselines", Gate: plots.Stopped},
		plots.Power{Gate: plots.Stopped},
		plots.Scatter{Gate: plots.Stopped},
	}
}
