// Package plots draws a study. A figure is a value; drawn, it is a PNG, an SVG, and a CSV of exactly the points that it shows.
//
//	figures := []plots.Figure{plots.Lines{Base: true}, plots.Power{}}
//	drawings, err := plots.DrawAll(figures, study.Of(recs))
//	err = plots.Write(dir, drawings)                // dir/figures/X.png, X.svg, X.csv
//
// What to use:
//
//   - Lines: any number of a trial over any swept key, a line for each value of another key. Tuned: the same with ρ tuned.
//   - Forest, AgainstTuned: paired differences, a row each. BestRho, Collapse, Curves: what the optimum, the scaling of ρ and the epochs say.
//   - Along: watched numbers along training, a panel for each group of trials. Watched: all of them, as they are. Factors: ratios, a row each.
//   - Power, Scores, Rivals, Scatter: how well measures rank models. Overview: errors beside that power.
//   - A figure of your own is a type with Name and Draw, which fills a Sheet with Panels of marks (Curve, Rule, Dots): see the example of
//     Figure. Numbers that are not records make a Chart, or a Sheet. An Extra is a panel of another source, beside those of the records.
//
// What a number of a trial is, which trials are compared, and what a run that diverged counts as, study says. Figures mark diverged runs
// and count them, and captions say what the means do with them. A figure that the records cannot make is a Drawing with the reason in
// Skipped. The package knows no paper. Its subpackage page makes the report.
//
// The files of the package are layers, and a file uses only layers below its own (a test checks this): words and looks; data; marks, which
// draw on a plot; the sheet, which lays out panels; and the figures, a file for each, none of which uses another.
package plots
