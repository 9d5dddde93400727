package plots

import (
	"cmp"
	"reflect"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// Series is numbers of one mark, in the units of their axes. What is not nil has one element for each of them.
type Series struct {
	Name      string    // empty for none
	X, Y      []float64 // X is nil for levels, which go across the panel
	Low, High []float64 // of an interval around Y, or around X where the series lies Across; NaN for none
	N         []int     // how many seeds or values are behind a number; 0 where that is not known
	Texts     []string  // what else there is to say of a number
	Across    bool      // X is the number, and Y only the row that it stands in
	Shift     float64   // to the right, in points

	look Look // of one without a name, which a legend may have
	line bool // through its numbers, of which some tell as much where there are very many
}

// add appends an estimate, which is Y, or X of a series across.
func (s *Series) add(at float64, of stats.Interval) {
	x, y := at, of.Mean
	if s.Across {
		x, y = of.Mean, at
	}
	s.X, s.Y = append(s.X, x), append(s.Y, y)
	s.Low, s.High, s.N = append(s.Low, of.Low), append(s.High, of.High), append(s.N, of.N)
}

func (s Curve) values(_, _ Axis) []Series {
	of := Series{Name: cmp.Or(s.series, s.Name), Shift: s.Shift.Points(), look: s.Look, line: true}
	for i, y := range s.Y {
		if !s.Band && !s.Bars {
			y.Low, y.High = nan, nan
		}
		of.add(s.X[i], y)
	}
	return []Series{of}
}

func (r Rule) values(_, _ Axis) []Series {
	if r.Name == "" { // it marks a place of the axis
		return nil
	}
	return []Series{level(r.Name, r.Y)}
}

// level is a number across a panel.
func level(name string, y stats.Interval) Series {
	return Series{Name: name, Y: []float64{y.Mean}, Low: []float64{y.Low}, High: []float64{y.High}, N: []int{y.N}}
}

func (ls levels) values(_, _ Axis) (all []Series) {
	for _, l := range ls {
		all = append(all, level(l.name, l.y))
	}
	return all
}

func (d Dots) values(_, _ Axis) []Series {
	return []Series{{Name: d.Name, X: d.X, Y: d.Y, Texts: d.texts, look: d.Look}}
}

func (d roundel) values(_, _ Axis) []Series { return counted(d.x, d.y, d.n, d.Look) }

func (b bunch) values(_, _ Axis) []Series { return counted(b.x, b.y, b.n, b.Look) }

// counted is one place that n seeds chose.
func counted(x, y float64, n int, look Look) []Series {
	return []Series{{look: look, X: []float64{x}, Y: []float64{y}, Texts: []string{record.Plural(n, "seed")}}}
}

func (b nullBand) values(_, _ Axis) []Series {
	return []Series{{Name: nullEntry().Text, X: b.x, Y: b.mean, Low: b.low, High: b.high}}
}

func (t track) values(_, _ Axis) []Series { return []Series{{Name: t.name, X: t.x, Y: t.y}} }

func (f forestRows) values(_, _ Axis) (all []Series) {
	heading := ""
	for i, r := range f.rows {
		if r.heading != "" {
			heading = r.heading
			continue
		}
		of := Series{Name: r.name, Across: true}
		if heading != "" {
			of.Name = heading + ": " + r.name
		}
		dots := Series{Name: of.Name + ", a seed", Across: true}
		if r.est.N > 0 {
			of.add(-float64(i), r.est)
		}
		for _, v := range r.dots {
			dots.X, dots.Y = append(dots.X, v), append(dots.Y, -float64(i)-.25)
		}
		all = append(all, of, dots)
	}
	return all
}

func (o offScale) values(_, y Axis) (all []Series) {
	for i, row := range o.rows {
		of := Series{look: row.Look, Across: true}
		for _, pt := range row.pts {
			of.X, of.Y = append(of.X, pt.x), append(of.Y, y.High-(y.High-o.top)*(float64(i)+.55)/float64(len(o.rows)))
			of.Texts = append(of.Texts, pt.text())
		}
		all = append(all, of)
	}
	return all
}

// named gives a series without a name that of the sample in a legend which looks as it does, or else has its colour.
func (s *Series) named(legends ...Entry) {
	for _, same := range []func(Look) bool{
		func(l Look) bool { return reflect.DeepEqual(l, s.look) },
		func(l Look) bool { return l.color == s.look.color },
	} {
		for _, e := range legends {
			if s.Name == "" && s.look.color.A > 0 && same(e.Look) {
				s.Name = e.Text
			}
		}
	}
}
