package plots

import (
	"fmt"
	"math"
	"slices"

	"msharp/harness/stats"
)

// NoiseRho is the test error against ρ at each share of noisy labels, and the ρ of lowest validation error against that share.
type NoiseRho struct {
	File  string // empty is "label_noise_rho"
	Title string
}

func (f NoiseRho) Name() string { return orText(f.File, "label_noise_rho") }

func (f NoiseRho) Draw(t *Trials) (Drawing, error) {
	d := Drawing{Name: f.Name(), Title: orText(f.Title, "Test error against ρ, by label noise"), width: twoColumn}
	rs := t.runs
	if d.Skipped = noFinished(rs); d.Skipped != "" {
		return d, nil
	}
	levels := distinct(rs, noiseOf)
	if len(levels) == 1 {
		d.Skipped = fmt.Sprintf("the records have one share of noisy labels (%s): error_vs_rho draws it", short(levels[0]))
		return d, nil
	}
	d.header = []string{"panel", "label_noise_percent", "m", "rho", "error_percent", "low", "high", "seeds", "runs", "diverged", "above_axis"}
	lines := ErrorVsRho{}.defaults()
	const cols = 3
	var p rhoPanels
	for _, level := range levels {
		of := atNoise(rs, level)
		curves, base := lines.curves(of)
		pan, facts := rhoPanel(curves, base, lines.axes("ρ (log scale)", (d.width-2*margin)/cols-40, curves, base))
		facts.skipped = orText(noFinished(of), facts.skipped)
		pan.notes = baseText("ρ = 0", facts.base)
		p.add(short(100*level)+" % noisy labels", []string{cellText(100 * level)}, pan, facts)
	}
	if len(p.legend) == 0 {
		d.Skipped = "no share of noisy labels has a finished run"
		return d, nil
	}
	best, rows := bestOverNoise(rs, levels)
	best.title = fmt.Sprintf("(%s) Best ρ by validation", p.letter())
	for _, r := range rows {
		p.rows = append(p.rows, append([]string{p.letter()}, r...))
	}
	p.panels, p.cut, d.rows = append(p.panels, best), p.cut || best.cut, p.rows
	note := p.interval("ρ = 0")
	d.Caption = "Test error (%) on clean test labels; dashed: ρ = 0. " + note +
		" Last panel: the ρ > 0 of lowest noisy validation error, geometric mean and 95 % t interval over seeds." +
		p.text() + alsoSweptText(atNoise(rs, levels[0]), "averaged within each seed")
	p.on(&d, cols, note)
	return d, nil
}

// atNoise is the runs of one share of noisy labels.
func atNoise(rs []run, level float64) []run {
	return slices.DeleteFunc(slices.Clone(rs), func(r run) bool { return noiseOf(r) != level })
}

// bestOverNoise draws the best ρ of every m over the noise levels, and returns its points for the CSV.
func bestOverNoise(rs []run, levels []float64) (panel, [][]string) {
	p := newPlot("train labels that are noisy (%)", "best ρ (log scale)")
	axis := noiseAxis{100 * levels[0], 100 * levels[len(levels)-1]}
	_, ascent := split(rs)
	ms, radii := distinct(ascent, mOf), distinct(ascent, rhoOf)
	if len(radii) < 2 {
		return blank("", "There are not two ρ > 0 to choose from."), nil
	}
	pad := .06 * (axis.high - axis.low)
	p.X.Min, p.X.Max = axis.low-pad, axis.high+pad
	p.Y.Min, p.Y.Max = logRange(radii)
	grid{linearTicks(axis.low, axis.high, 5), sweptTicks(radii, math.Log10, 110)}.ticksOn(p)
	pan := panel{plot: p}
	byM := map[float64]*noiseLine{}
	ys := map[float64][]stats.Interval{}
	for _, level := range levels {
		of := atNoise(rs, level)
		if _, up := split(of); len(up) == 0 {
			continue
		}
		b := bestRhos(of, Value("val_error"))
		for i, m := range b.ms {
			if b.means[i].N == 0 {
				continue
			}
			if byM[m] == nil {
				byM[m] = &noiseLine{m: m}
			}
			byM[m].noise, ys[m] = append(byM[m].noise, 100*level), append(ys[m], b.means[i])
		}
	}
	var rows [][]string
	for i, m := range ms {
		if byM[m] == nil {
			continue
		}
		s := byM[m].look()
		s.x, s.y, s.shift = byM[m].noise, ys[m], beside(i, len(ms))
		pan.cut = pan.cut || s.cut(p.Y.Min, p.Y.Max)
		p.Add(s)
		for k, y := range s.y {
			rho := intervalCells(power10Of(y))
			rows = append(rows, []string{cellText(s.x[k]), mText(m), rho[0], "", rho[1], rho[2], rho[3], "", "", ""})
		}
	}
	if len(rows) == 0 {
		return blank("", "No run has a validation error."), nil
	}
	return pan, rows
}
