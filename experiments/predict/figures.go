package main

import (
	"msharp/experiments/foret2021"
	"msharp/harness/study"
	"msharp/plots"
)

// figures are of models that stopped at the same train loss: Figure 3 (right) of Foret et al. 2021, beside other statistics and numbers.
func figures() []plots.Figure {
	return []plots.Figure{
		plots.Scores{File: "predict", Gate: study.Stopped, Beside: []plots.Extra{foret2021.Information()}},
		plots.Rivals{File: "predict_baselines", Gate: study.Stopped},
		plots.Power{Gate: study.Stopped},
		plots.Scatter{Gate: study.Stopped},
	}
}
