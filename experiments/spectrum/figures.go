package main

import (
	"msharp/harness/study"
	"msharp/plots"
)

func figures() []plots.Figure {
	return []plots.Figure{
		plots.Numbers{File: "spectrum", Title: "Curvature at the end of training", Of: []study.Field{
			study.Log2(top), study.Log2(study.Ratio(top, fifth)), study.Log2(trace), study.Log2(study.Ratio(trace, top)), study.Log2(variance), study.TestError,
		}},
		plots.Density{},
		plots.Mediation{Of: study.TestError, Through: []study.Field{top, trace, variance}},
	}
}
