// Package plots draws a study: figures as values, each a PNG, an SVG and the CSV of exactly the points it shows. A figure is a projection
// of fields (study.Field) and knows no paper; plots/page has the report around them.
//
//	figures := []plots.Figure{plots.Lines{Base: true}, plots.Power{}}
//	drawings, err := plots.DrawAll(figures, study.Of(recs))
//	err = plots.Write(dir, drawings)                // dir/figures/X.png, X.svg, X.csv
//
// Its files are layers, and a file uses none of a layer above its own (a test holds this): words and looks; marks, which draw on a plot;
// the sheet, which lays out panels of them; and the figures, a file a kind, none of which uses another. A figure of numbers that are not
// records, or of another source, is a Sheet of Panels, written anywhere.
package plots
