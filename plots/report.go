package plots

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"msharp/harness/record"
)

//go:embed report.html
var reportHTML string

var reportTemplate = template.Must(template.New("report").Parse(reportHTML))

// page is what the template sees.
type page struct {
	Title, Finding string
	Figures        []pageFigure
	Skipped        []Drawing
	Best           []pageBest
	BestNote       string
	Statuses       [][2]string
	Provenance     [][2]string
	Modules        [][2]string
}

type pageFigure struct {
	Drawing
	Number int
	SVG    template.HTML
	Narrow bool // one column of a paper
	Header []string
	Rows   [][]string // nil where there are too many to read
}

type pageBest struct{ M, Rho, Error, Diff, P, N, ValRho, ValError, ValDiff string }

// readable is the longest table of points a page shows.
const readable = 120

// Report writes report.html: the finding, the drawings with their captions, the best ρ of every m, and where the
// records came from, in one file that needs nothing else.
func Report(w io.Writer, recs []record.Record, m record.Manifest, drawings ...Drawing) error {
	p := page{Title: orText(m.Name, "Experiment"), Finding: Finding(recs), Statuses: statuses(recs)}
	for _, d := range drawings {
		if d.Skipped != "" {
			p.Skipped = append(p.Skipped, d)
			continue
		}
		var svg bytes.Buffer
		if err := d.WriteSVG(&svg); err != nil {
			return err
		}
		f := pageFigure{Drawing: d, Number: len(p.Figures) + 1, SVG: template.HTML(svg.String()), Narrow: d.width <= oneColumn, Header: d.header}
		if len(d.rows) <= readable {
			f.Rows = d.rows
		}
		p.Figures = append(p.Figures, f)
	}
	rs := runs(recs)
	for _, b := range best(rs) {
		row := pageBest{M: mText(b.m), Rho: short(b.test.rho), Error: plusMinus(b.test.error, 2), Diff: signed(b.test.diff, 2),
			P: pText(b.test.diff.P), N: fmt.Sprint(b.test.error.N), ValRho: "–", ValError: "–", ValDiff: "–"}
		if b.val.ok {
			row.ValRho, row.ValError, row.ValDiff = short(b.val.rho), plusMinus(b.val.error, 2), signed(b.val.diff, 2)
		}
		p.Best = append(p.Best, row)
	}
	p.BestNote = "Percent; differences in percentage points to ρ = 0, paired by seed. ± is the 95 % t interval over n seeds. " +
		"A ρ at which a run diverged or a seed is missing is chosen only where no other is left. " +
		"The bottom of the curve is chosen on the test error it reports, so it is optimistic; the choice by validation error is not." + alsoSweptText(rs, "averaged within each seed")
	p.Provenance, p.Modules = provenance(m)
	return reportTemplate.Execute(w, p)
}

// provenance is the manifest as a table; what is not known is left out.
func provenance(m record.Manifest) (rows, modules [][2]string) {
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, [2]string{name, value})
		}
	}
	add("command", strings.Join(m.Command, " "))
	revision := m.Revision
	if m.Dirty {
		revision += " (with changes that are not committed)"
	}
	add("code revision", revision)
	if !m.Started.IsZero() {
		add("started", m.Started.UTC().Format(time.RFC3339))
	}
	if m.Seconds > 0 {
		add("latest run", fmt.Sprintf("%s trained in %.1f s", plural(m.Trained, "trial"), m.Seconds))
	}
	add("Go", m.Go)
	add("kernel", m.Kernel)
	add("CPU", m.CPU)
	if m.Cores > 0 {
		add("cores, workers", fmt.Sprintf("%d, %d", m.Cores, m.Workers))
	}
	add("host", m.Host)
	for _, d := range m.Data {
		add("data", strings.Join([]string{d.Kind, d.Origin, "sha256 " + d.SHA256}, ", "))
	}
	for _, path := range slices.Sorted(maps.Keys(m.Modules)) {
		modules = append(modules, [2]string{path, m.Modules[path]})
	}
	return rows, modules
}
