package page

import (
	"slices"

	"msharp/plots"
)

// pageShown is what the page's script shows under the pointer of one panel.
type pageShown struct {
	Title string            `json:"title,omitempty"`
	X     pageAxis          `json:"x"`
	Y     pageAxis          `json:"y"`
	Of    []pageShownSeries `json:"of"`
}

// pageAxis is a plots.ShownAxis.
type pageAxis struct {
	Label string     `json:"label,omitempty"`
	Log   bool       `json:"log,omitempty"`
	Names []string   `json:"names,omitempty"`
	Ends  pageSeries `json:"ends"` // in the units of the numbers
	At    pageSeries `json:"at"`   // where they stand on the SVG
}

// pageShownSeries is a plots.Series; what says nothing is left out.
type pageShownSeries struct {
	Name   string     `json:"name,omitempty"`
	X      pageSeries `json:"x,omitempty"`
	Y      pageSeries `json:"y"`
	Low    pageSeries `json:"low,omitempty"`
	High   pageSeries `json:"high,omitempty"`
	N      []int      `json:"n,omitempty"` // one where all are equal
	Texts  []string   `json:"texts,omitempty"`
	Across bool       `json:"across,omitempty"`
	Shift  rounded    `json:"shift,omitempty"`
}

// newPageShown is the panels of every drawing.
func newPageShown(drawings []plots.Drawing) [][]pageShown {
	all := make([][]pageShown, 0, len(drawings))
	for _, d := range drawings {
		panels := []pageShown{}
		for _, s := range d.Shown() {
			p := pageShown{Title: s.Title, X: newPageAxis(s.X), Y: newPageAxis(s.Y)}
			for _, of := range s.Series {
				p.Of = append(p.Of, newPageShownSeries(of))
			}
			panels = append(panels, p)
		}
		all = append(all, panels)
	}
	return all
}

func newPageAxis(a plots.ShownAxis) pageAxis {
	return pageAxis{Label: a.Label, Log: a.Log, Names: a.Names, Ends: pageSeries{a.Low, a.High}, At: pageSeries{a.From, a.To}}
}

func newPageShownSeries(s plots.Series) pageShownSeries {
	out := pageShownSeries{Name: s.Name, X: s.X, Y: s.Y, Low: toEach(s.Low), High: toEach(s.High), N: s.N, Texts: s.Texts, Across: s.Across, Shift: rounded(s.Shift)}
	if !slices.ContainsFunc(s.Low, finite[float64]) && !slices.ContainsFunc(s.High, finite[float64]) {
		out.Low, out.High = nil, nil
	}
	if distinct := slices.Compact(slices.Clone(s.N)); len(distinct) == 1 {
		if out.N = distinct; distinct[0] == 0 {
			out.N = nil
		}
	}
	return out
}

// endsTo is how many digits the page has of the ends of an interval.
const endsTo = 4

func toEach(vs []float64) (out pageSeries) {
	for _, v := range vs {
		out = append(out, toDigits(v, endsTo))
	}
	return out
}
