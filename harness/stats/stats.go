// Package stats holds the statistics of an experiment over seeds.
//
// How well a measure ranks models: TauB and PartialTau are rank correlations with ties; a Grid, which knows the models'
// hyperparameters, gives the granulated ψ, the conditional mutual information of Jiang and PGDL, and the sign error.
//
// How sure a number is: MeanT, Paired and TestZero give t intervals over seeds, Jackknife that of a statistic of all seeds
// together, SignFlip and MaxT exact p values, and Holm corrects p values for being several.
//
// A NaN in the input makes the result NaN, unless the doc says otherwise; a statistic of nothing, or of a constant, is NaN.
package stats
