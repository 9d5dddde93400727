package plots

import (
	"fmt"

	"msharp/harness/record"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ErrorVsRho is the test error against ρ, one curve per m, as in Figure 3 (middle) of Foret et al. 2021.
type ErrorVsRho struct {
	File   string // empty is "error_vs_rho"
	Title  string
	X      Field // > 0, on a log axis; zero is ρ. Runs with ρ = 0 are the baseline whatever X says of them.
	XLabel string
	Y      Field // a fraction, drawn as a percentage; zero is test_error
	YLabel string
}

func (f ErrorVsRho) defaults() ErrorVsRho {
	f.X, f.Y = f.X.or(Rho), f.Y.or(Value("test_error"))
	f.File = orText(f.File, "error_vs_rho")
	f.Title = orText(f.Title, "Test error against ρ, by m")
	f.XLabel = orText(f.XLabel, "ρ, radius of the ascent (log scale)")
	f.YLabel = orText(f.YLabel, "test error (%)")
	return f
}

func (f ErrorVsRho) Name() string { return f.defaults().File }

// curves returns the series by m, and the baseline (N = 0 where there is none).
func (f ErrorVsRho) curves(rs []run) (curves []rhoCurve, base rhoPoint) {
	_, ascent := split(rs)
	zero := zeroOf(rs, f.Y)
	base = rhoPoint{0, zero.mean().Scale(100), zero.runs, zero.diverged}
	for _, c := range cells(ascent, M, f.X, f.Y) {
		if c.x <= 0 {
			continue
		}
		if n := len(curves); n == 0 || curves[n-1].m != c.m {
			curves = append(curves, rhoCurve{m: c.m})
		}
		last := &curves[len(curves)-1]
		last.pts = append(last.pts, rhoPoint{c.x, c.against(zero.seeds).Scale(100), c.runs, c.diverged})
	}
	return curves, base
}

// axes show the neighbourhood of the baseline.
func (f ErrorVsRho) axes(xlabel string, length vg.Length, curves []rhoCurve, base rhoPoint) rhoAxes {
	low, high := rhoRange(curves, base, true)
	return rhoAxes{xlabel, f.YLabel, length, low, high}
}

func (f ErrorVsRho) Draw(t *Trials) (Drawing, error) {
	x := "rho"
	if f.X.Of != nil {
		x = "x"
	}
	f = f.defaults()
	d := Drawing{Name: f.File, Title: f.Title, width: oneColumn, height: 3.7 * vg.Inch}
	rs := t.runs
	if d.Skipped = noFinished(rs); d.Skipped != "" {
		return d, nil
	}
	curves, base := f.curves(rs)
	p, facts := rhoPanel(curves, base, f.axes(f.XLabel, d.width-2*margin-60, curves, base))
	if d.Skipped = facts.skipped; d.Skipped != "" {
		return d, nil
	}
	d.header = []string{"m", x, "error_percent", "low", "high", "seeds", "runs", "diverged", "above_axis"}
	d.rows = facts.rows
	d.Caption = f.caption(rs, facts)
	head := heading(f.Title, []string{facts.interval()}, d.width-2*margin)
	d.paint = func(c draw.Canvas) { tile(head.draw(c), []panel{p}, 1, 0, 0) }
	return d, nil
}

func (f ErrorVsRho) caption(rs []run, facts rhoFacts) string {
	s := upper(f.YLabel) + ". " + facts.interval() + ". The dashed line is ρ = 0, the base optimizer, which is the same for every m."
	if facts.base.N == 0 {
		s = upper(f.YLabel) + ". " + facts.interval() + ". There is no ρ = 0 run to compare with."
	}
	if facts.above > 0 {
		s += fmt.Sprintf(" Above the axis: %d of %d points (a caret, in the row of its m).", facts.above, facts.points)
	}
	if facts.diverged > 0 {
		s += fmt.Sprintf(" %s diverged: open markers with their number; means are over the others.", record.Plural(facts.diverged, "run"))
	}
	return s + cutText(facts.cut) + alsoSweptText(rs, "averaged within each seed")
}
