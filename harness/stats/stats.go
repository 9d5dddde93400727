// Package stats holds the statistics of an experiment over seeds.
//
// How well a measure ranks models: TauB is a rank correlation with ties, PermuteTau its permutation test; a Grid, which knows the models'
// hyperparameters, gives the granulated ψ, the conditional mutual information of Jiang and PGDL, and the sign error.
//
// How sure a number is: MeanT gives the t interval over seeds, Jackknife that of a statistic of all seeds together, CrossedT that
// over seeds and test images, SignFlip exact p values, and Holm corrects p values for being several.
//
// A NaN in the input makes the result NaN, unless the doc says otherwise; a statistic of nothing, or of a constant, is NaN.
package stats
