// Package page writes the pages of a sweep: the report of one output folder, and the index over several.
//
//	err := page.Report(w, trials, manifest, finding, verdicts, drawings...)   // report.html
//	err = page.Index(w, sweeps)                                               // index.html
//
// A page is one file. It fetches nothing, and its own policy forbids that it could. Whatever texts a folder holds, the page shows them as
// text. Report needs no verdicts, figures or records: the page says what is missing, and warns of what makes records hard to compare
// (Mixed).
package page
