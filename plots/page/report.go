package page

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"

	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/harness/verdict"
	"msharp/plots"
)

// The parts of the page. The script is one module: what every part of it uses, the data, the figures, the view in the address, the table, and
// the chosen trial.
var (
	//go:embed report.html
	reportHTML string
	//go:embed report.css
	reportCSS string
	//go:embed dom.js
	reportDOM string
	//go:embed data.js
	reportData string
	//go:embed table.js
	reportTable string
	//go:embed trial.js
	reportTrial string
	//go:embed figures.js
	reportFigures string
	//go:embed view.js
	reportView string

	reportTemplate = template.Must(template.New("report").Parse(reportHTML))
)

// page is what the template sees.
type page struct {
	shell
	Title    string
	Head     string // the title, short enough for a tab
	What     string // was trained; empty without a final trial
	Counts   string
	Warnings []string
	Verdicts []pageVerdict
	Asked    []pageSensitivity // the claims, in other ways
	Tally    []pageTally
	Finding  string
	Figures  []pageFigure
	Skipped  []plots.Drawing
	Best     pageBest
	Records  *pageRecords // nil without records
	Again    pageAgain
	Sources  []pageSource

	Provenance, Modules [][2]string
}

// shell is the style and the script of a page, and the policy that lets it run these and fetch nothing.
type shell struct {
	Policy string
	Style  template.CSS
	Script template.JS
}

func newShell(style, script string) shell {
	sum := sha256.Sum256([]byte(script))
	policy := "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; script-src 'none'"
	if script != "" { // which turns a figure into a PNG by an image of its own
		policy = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; img-src blob:; script-src 'sha256-" +
			base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return shell{policy, template.CSS(style), template.JS(script)}
}

type pageFigure struct {
	plots.Drawing
	Number int
	SVG    template.HTML
	Rows   [][]string // nil where there are too many to read
}

// Sentence is the title with a full stop, or the question that it is.
func (f pageFigure) Sentence() string {
	if strings.HasSuffix(f.Title, "?") {
		return f.Title
	}
	return f.Title + "."
}

// readable is the longest table of points a page shows.
const readable = 120

// Report writes report.html: the verdicts, the finding (a text; empty for none), the drawings with their captions, the best ρ of every m, a
// table of the records with the curves and the confusion counts of each, and where all this came from. Equal arguments give equal bytes,
// whatever the order of the records.
func Report(w io.Writer, t *study.Trials, m record.Manifest, finding string, verdicts []verdict.Verdict, drawings ...plots.Drawing) error {
	var beside sync.WaitGroup
	var records pageRecords
	var failed error
	drawn := slices.DeleteFunc(slices.Clone(drawings), func(d plots.Drawing) bool { return d.Skipped != "" })
	beside.Go(func() { records, failed = newPageRecords(t, m.Data, drawn) })
	defer beside.Wait()
	p := page{
		shell: newShell(reportCSS, reportDOM+reportData+reportFigures+reportView+reportTable+reportTrial), Title: cmp.Or(m.Name, "Experiment"), What: t.Trained(), Counts: t.Counts(m.Trials).String(),
		Finding: finding, Tally: tally(verdicts), Asked: sensitivity(verdicts), Sources: sources(t), Warnings: warnings(t, m), Again: again(m),
	}
	p.Head = tabTitle(p.Title)
	for _, v := range verdicts {
		p.Verdicts = append(p.Verdicts, newPageVerdict(v))
	}
	for _, d := range drawings {
		if d.Skipped != "" {
			p.Skipped = append(p.Skipped, d)
			continue
		}
		var svg bytes.Buffer
		if err := d.WriteSVG(&svg); err != nil {
			return err
		}
		f := pageFigure{Drawing: d, Number: len(p.Figures) + 1, SVG: template.HTML(svg.String())}
		if len(d.Rows) <= readable {
			f.Rows = d.Rows
		}
		p.Figures = append(p.Figures, f)
	}
	p.Best = newPageBest(t)
	p.Provenance, p.Modules = provenance(m)
	if beside.Wait(); failed != nil {
		return fmt.Errorf("the records: %w", failed)
	}
	if len(t.Recorded()) > 0 {
		p.Records = &records
	}
	return reportTemplate.Execute(w, p)
}

// tabTitle is s, cut where it is too long for a tab.
func tabTitle(s string) string {
	cut := []rune(s)
	for len(template.HTMLEscapeString(string(cut))) > 65 {
		cut = cut[:len(cut)-1]
	}
	if len(cut) == len([]rune(s)) {
		return s
	}
	return string(cut) + " …"
}
