package plots

import (
	"cmp"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Shown is the numbers of one panel of a drawing, and where its axes stand on the drawing's SVG.
type Shown struct {
	Title  string // empty for none
	X, Y   ShownAxis
	Series []Series // in natural units: of a log axis, not logarithms. A line through very many numbers is thinned
}

// ShownAxis is an axis from Low to High.
type ShownAxis struct {
	Label     string   // without words on its scale; empty for none
	Log       bool     // which needs Low > 0
	Names     []string // of 0, 1, 2, ...; nil where the numbers say it
	Low, High float64
	From, To  float64 // where its ends stand, in the units of the SVG's viewBox; y goes down
}

// mostShown is the longest line of which all numbers are shown.
const mostShown = 128

// Shown returns the numbers of every panel that has some; none of a drawing that is skipped.
func (d Drawing) Shown() (all []Shown) {
	if d.Skipped != "" {
		return nil
	}
	row := "" // the words above a row of panels
	for i, at := range d.on(vgsvg.New(d.width, d.height)) {
		p := d.panels[i]
		if p.Blank != "" {
			continue
		}
		if p.Row != "" {
			row = p.Row + ", "
		}
		of := Shown{Title: row + p.Title, X: p.X.shown(at.Min.X.Points(), at.Max.X.Points()),
			Y: p.Y.shown((d.height - at.Min.Y).Points(), (d.height - at.Max.Y).Points())}
		scale := (at.Max.X - at.Min.X) / vg.Length(p.X.High-p.X.Low)
		for _, m := range p.spaced() {
			if v, ok := m.(valued); ok {
				for _, s := range v.values(p.X, p.Y) {
					if c, ok := m.(Curve); ok {
						s.Shift = c.shift(func(x float64) vg.Length { return scale * vg.Length(x) }).Points()
					}
					s.named(append(p.legend(), d.legend...)...)
					if s = s.drawn(p.X, p.Y).natural(p.X.log, p.Y.log); len(s.Y) > 0 {
						of.Series = append(of.Series, s)
					}
				}
			}
		}
		if len(of.Series) > 0 {
			all = append(all, of)
		}
	}
	return all
}

func (a Axis) shown(from, to float64) ShownAxis {
	label := cmp.Or(a.Label, a.means)
	s := ShownAxis{Label: strings.TrimSuffix(strings.Replace(strings.Replace(label, ", log scale)", ")", 1), " (log scale)", "", 1), "log scale"),
		Log: a.log, Low: natural(a.Low, a.log), High: natural(a.High, a.log), From: from, To: to}
	for _, t := range a.Ticks {
		if a.names {
			s.Names = append(s.Names, t.Label)
		}
	}
	return s
}

func natural(v float64, log bool) float64 {
	if log {
		return math.Pow(10, v)
	}
	return v
}

// natural is the series in the units of its numbers. It shares no memory with s.
func (s Series) natural(x, y bool) Series {
	of := func(vs []float64, log bool) (out []float64) {
		for _, v := range vs {
			out = append(out, natural(v, log))
		}
		return out
	}
	ends := y
	if s.Across {
		ends = x
	}
	s.X, s.Y, s.Low, s.High = of(s.X, x), of(s.Y, y), of(s.Low, ends), of(s.High, ends)
	return s
}

// drawn is the numbers inside the axes, and of a line of more than mostShown one in every so many, and the last.
func (s Series) drawn(x, y Axis) Series {
	var keep []int
	for i, v := range s.Y {
		if v >= y.Low && v <= y.High && (s.X == nil || s.X[i] >= x.Low && s.X[i] <= x.High) {
			keep = append(keep, i)
		}
	}
	step := 1
	if s.line {
		step = max(1, (len(keep)+mostShown-1)/mostShown)
	}
	out := s
	out.X, out.Y, out.Low, out.High, out.N, out.Texts = nil, nil, nil, nil, nil, nil
	for k, i := range keep {
		if k%step != 0 && k < len(keep)-1 {
			continue
		}
		out.X, out.Y = appended(out.X, s.X, i), appended(out.Y, s.Y, i)
		out.Low, out.High = appended(out.Low, s.Low, i), appended(out.High, s.High, i)
		out.N, out.Texts = appended(out.N, s.N, i), appended(out.Texts, s.Texts, i)
	}
	return out
}

// appended appends element i of a slice that may be nil.
func appended[T any](to, from []T, i int) []T {
	if from == nil {
		return nil
	}
	return append(to, from[i])
}
