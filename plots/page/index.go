package page

import (
	"cmp"
	_ "embed"
	"html"
	"html/template"
	"io"
	"net/url"
	"regexp"

	"msharp/harness/record"
	"msharp/harness/verdict"
)

// Sweep is an output folder as an index shows it.
type Sweep struct {
	Folder   string // its name, in the folder of the index
	Manifest record.Manifest
	Verdicts []verdict.Verdict
	What     string // was trained; empty if unknown
	Counts   string // of trials by state
	Figure   string // the name of the main figure; empty for none
	Report   bool   // there is a report.html
	Problem  string // what could not be read; empty for nothing
}

// IndexMark stands near the start of every page that Index writes.
const IndexMark = `<meta name="generator" content="msharp index">`

var (
	//go:embed index.html
	indexHTML     string
	indexTemplate = template.Must(template.New("index").Parse(indexHTML))
)

type indexPage struct {
	shell
	Mark   template.HTML
	Counts string
	Sweeps []indexSweep
}

type indexSweep struct {
	Sweep
	Title, Date          string
	ReportURL, FigureURL template.URL
	Tally                []pageTally
	Claims               []pageVerdict
}

var figureID = regexp.MustCompile(`<figure id="figure-([^"]+)">`)

// MainFigure returns the name of the first figure on a report page; "" without any.
func MainFigure(report []byte) string {
	m := figureID.FindSubmatch(report)
	if m == nil {
		return ""
	}
	return html.UnescapeString(string(m[1]))
}

// Index writes a page over several output folders, with links to their reports and main figures.
func Index(w io.Writer, sweeps []Sweep) error {
	p := indexPage{shell: newShell(reportCSS, ""), Mark: template.HTML(IndexMark), Counts: record.Plural(len(sweeps), "output folder")}
	p.Policy += "; img-src 'self' file:"
	for _, s := range sweeps {
		row := indexSweep{Sweep: s, Title: cmp.Or(s.Manifest.Name, s.Folder), Tally: tally(s.Verdicts)}
		if !s.Manifest.Started.IsZero() {
			row.Date = s.Manifest.Started.UTC().Format("2006-01-02")
		}
		for _, v := range s.Verdicts {
			row.Claims = append(row.Claims, newPageVerdict(v))
		}
		folder := "./" + url.PathEscape(s.Folder) + "/"
		row.ReportURL, row.FigureURL = template.URL(folder+"report.html"), template.URL(folder+"figures/"+url.PathEscape(s.Figure)+".png")
		p.Sweeps = append(p.Sweeps, row)
	}
	return indexTemplate.Execute(w, p)
}
