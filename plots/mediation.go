package plots

import (
	"cmp"
	"fmt"
	"strings"

	"gonum.org/v1/plot/vg"

	"msharp/harness/study"
)

// Mediation draws how much of the effect of the m of the training on a number goes through measures: through each by itself, through all of them
// together, and what is left: see study.Trials.Mediated.
type Mediation struct {
	File    string        // empty is "mediation"
	Of      study.Field   // the test error, say
	Through []study.Field // at least one
}

func (f Mediation) Name() string { return cmp.Or(f.File, "mediation") }

// path is a row: an effect, and by what it is defined.
type path struct {
	heading, name, column string
	of                    func(t *study.Trials) (study.PerSeed, string)
}

// paths are the rows.
func (f Mediation) paths() (rows []path) {
	direct := func(m study.Mediated) study.PerSeed { return m.Total.Minus(m.Indirect) }
	indirect := func(m study.Mediated) study.PerSeed { return m.Indirect }
	row := func(heading, name, column string, value func(study.Mediated) study.PerSeed, through ...study.Field) {
		rows = append(rows, path{heading, name, column, func(t *study.Trials) (study.PerSeed, string) {
			m, said := t.Mediated(f.Of, through...)
			return value(m), said
		}})
	}
	row("The effect of a step of m", "total", "total", func(m study.Mediated) study.PerSeed { return m.Total }, f.Through...)
	for _, x := range f.Through {
		row("Of it, through the logarithm of one measure", x.Label, "through "+x.Name, indirect, x)
	}
	if len(f.Through) > 1 {
		row("Through all of these together, and not", "through", "through all", indirect, f.Through...)
		row("Through all of these together, and not", "rest", "rest", direct, f.Through...)
	}
	return rows
}

func (f Mediation) Draw(t *study.Trials) (Drawing, error) {
	s := Sheet{Name: f.Name(), Wide: true, Title: fmt.Sprintf("How much of the effect of m on the %s goes through curvature and noise", f.Of.Label)}
	if s.Skipped = t.Unfinished(); s.Skipped != "" {
		return s.Draw(), nil
	}
	paths := f.paths()
	all, said := paths[0].of(t)
	if s.Skipped = ""; len(all) == 0 {
		s.Skipped = said
		return s.Draw(), nil
	}
	intervals := t.Intervals(func(t *study.Trials) (out []study.PerSeed) {
		for _, p := range paths {
			values, _ := p.of(t)
			out = append(out, values)
		}
		return out
	})
	s.Header = []string{"effect", "points_a_step_of_m", "low", "high", "seeds"}
	marks := forestRows{heads: []forestHead{{"points a step of m [95 % interval]", 10}, {"n", 160}}}
	low, high, heading := 0., 0., ""
	for i, p := range paths {
		if p.heading != heading {
			heading = p.heading
			marks.rows = append(marks.rows, forestRow{heading: heading})
		}
		e := intervals[i]
		s.Seeds.Add(e.N)
		s.Rows = append(s.Rows, append([]string{p.column}, intervalCells(e)...))
		low, high = spread(low, high, e.Mean, e.Low, e.High)
		look := LookOurs
		if i == 0 || p.name == "rest" {
			look = LookUsual
		}
		value, between := e.Digits()
		marks.rows = append(marks.rows, forestRow{name: p.name, Look: look, est: e, columns: []string{strings.TrimSpace(value + " " + between), fmt.Sprint(e.N)}})
	}
	low, high = padded(low, high, .05, .005)
	pan := Panel{X: LinearAxis("points of "+f.Of.Label+" a step of m", low, high, 6), Y: Axis{Low: .5 - float64(len(marks.rows)), High: 1.5, Hidden: true}}
	pan.Add(marks)
	s.Add(pan)
	s.Height = forestStep*vg.Length(len(marks.rows)+1) + 34
	s.Interval = barText(t, f.Of)
	s.Notes = []string{upper(said) + "."}
	s.Caption = fmt.Sprintf("The slope of the %s over the index of m within each seed, with an intercept for each ρ and setting, and how much of it goes "+
		"through the logarithms of measures at the end of training: the slope less the slope beside them.", f.Of.Label)
	s.More = "That is the effect through a measure where its logarithm acts along one straight line at every m and ρ, and where nothing else that differs " +
		"between runs drives both it and the error. Training holds much that does; a measure that only goes along with the cause shows the same."
	return s.Draw(), nil
}
