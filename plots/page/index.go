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
	Table  indexTable
}

// indexTable is the claims of all folders side by side.
type indexTable struct {
	Figure  string // the picture beside the page; empty for none
	Folders []string
	Rows    []indexRow
}

type indexRow struct {
	verdict.Row
	Cells []indexCell
}

type indexCell struct {
	pageVerdict
	There, Holds bool
	Table        string // p over the whole table
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

// Members are the sweeps that have verdicts, as verdict.Table takes them.
func Members(sweeps []Sweep) (ms []verdict.Member) {
	for _, s := range sweeps {
		if len(s.Verdicts) > 0 {
			ms = append(ms, verdict.Member{Name: s.Folder, Data: s.What, Verdicts: s.Verdicts})
		}
	}
	return ms
}

// newIndexTable is the table of claims; empty of fewer than two experiments.
func newIndexTable(members []verdict.Member, figure string) (t indexTable) {
	if len(members) < 2 {
		return t
	}
	t.Figure = figure
	for _, m := range members {
		t.Folders = append(t.Folders, m.Name)
	}
	for _, r := range verdict.Table(members) {
		row := indexRow{Row: r}
		for _, c := range r.Cells {
			row.Cells = append(row.Cells, indexCell{newPageVerdict(c.Verdict), c.There, c.Holds(), pText(float64(c.Table))})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// Index writes a page over several output folders: the claims of all side by side, with a picture of them where figure names one, and links
// to the reports and main figures of each.
func Index(w io.Writer, sweeps []Sweep, figure string) error {
	p := indexPage{shell: newShell(reportCSS, ""), Mark: template.HTML(IndexMark), Counts: record.Plural(len(sweeps), "output folder")}
	p.Policy += "; img-src 'self' file:"
	p.Table = newIndexTable(Members(sweeps), figure)
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
