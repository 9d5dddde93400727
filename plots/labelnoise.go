package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// LabelNoise is the figures of the label noise experiment: Table 4 of Foret et al. 2021.
func LabelNoise() []Figure { return []Figure{NoiseCurves{}, NoiseRho{}} }

// NoiseCurves is the test error against the share of noisy labels, a line a method: ρ = 0 and each m at its tuned ρ, after the last epoch
// and after that of best validation, as it is and minus ρ = 0; and the published table.
type NoiseCurves struct {
	File  string // empty is "label_noise"
	Title string
}

func (n NoiseCurves) Name() string { return orText(n.File, "label_noise") }

// noiseKey is the share of noisy train and validation labels.
const noiseKey = "data.label_noise"

// noiseOf is 0 for a trial that knows of no noise.
func noiseOf(r run) float64 {
	if v, ok := record.Float(r.config[noiseKey]); ok {
		return v
	}
	return 0
}

// stop is when training ends: its test error, and the validation error that picks ρ for it.
type stop struct {
	name  string
	y, by string // columns
}

var (
	lastEpoch = stop{"last epoch", "test_error", "val_error"}
	bestEpoch = stop{"epoch of best validation", "test_error_at_best_val", "best_val_error"}
)

// noiseLine is one method over the noise levels, in percent.
type noiseLine struct {
	m      float64 // 0 at ρ = 0
	noise  []float64
	values []map[uint64]float64 // by seed
	rhos   []string             // picked
	// Seeds without a value at the ρ picked, and with one of a run that diverged.
	lost, diverged int
}

// noiseLines returns ρ = 0 first, and then every m.
func noiseLines(rs []run, s stop) (lines []noiseLine) {
	for _, m := range distinct(rs, mOf) {
		l := noiseLine{m: m}
		for _, noise := range distinct(rs, noiseOf) {
			of := slices.DeleteFunc(slices.Clone(rs), func(r run) bool { return r.m != m || noiseOf(r) != noise })
			t := tune(of, Value(s.by), Value(s.y), noiseKey)
			l.lost, l.diverged = l.lost+t.lost, l.diverged+t.diverged
			if len(t.values) == 0 {
				continue
			}
			for seed := range t.values {
				t.values[seed] *= 100
			}
			l.noise, l.values, l.rhos = append(l.noise, 100*noise), append(l.values, t.values), append(l.rhos, t.rhoText())
		}
		if len(l.noise) > 0 {
			lines = append(lines, l)
		}
	}
	return lines
}

// estimates are the means over seeds, with their intervals.
func (l noiseLine) estimates() (out []stats.Interval) {
	for _, v := range l.values {
		out = append(out, stats.MeanT(bySeed(v), level))
	}
	return out
}

// minus returns the line's paired differences to another.
func (l noiseLine) minus(other noiseLine) (xs []float64, ds []stats.Interval) {
	for i, noise := range l.noise {
		k := slices.Index(other.noise, noise)
		if k < 0 {
			continue
		}
		if d := stats.Paired(l.values[i], other.values[k], level); d.N > 0 {
			xs, ds = append(xs, noise), append(ds, d.Interval)
		}
	}
	return xs, ds
}

func (l noiseLine) name(base string) string {
	if l.m == 0 {
		return base + " (ρ = 0)"
	}
	return "SAM, m = " + mText(l.m)
}

// look is the line's colour, marker and stroke, of all figures.
func (l noiseLine) look() curve {
	if l.m == 0 {
		return curve{color: baseColor, width: 1.2, dashes: dashed, glyph: glyph{sides: 4}, bars: true, top: nan}
	}
	return curve{color: mColor(l.m), width: 1.2, glyph: mGlyph(l.m), bars: true, top: nan}
}

func (n NoiseCurves) Draw(t *Trials) (Drawing, error) {
	d := Drawing{Name: n.Name(), Title: orText(n.Title, "Test error against label noise"), width: twoColumn, height: 5.6 * vg.Inch}
	rs := t.runs
	if d.Skipped = noFinished(rs); d.Skipped != "" {
		return d, nil
	}
	if levels := distinct(rs, noiseOf); len(levels) == 1 {
		d.Skipped = fmt.Sprintf("the records have one share of noisy labels (%s): there is nothing to draw it over", short(levels[0]))
		return d, nil
	}
	last, best := noiseLines(rs, lastEpoch), noiseLines(rs, bestEpoch)
	if len(last)+len(best) == 0 {
		d.Skipped = "no method has a test error at a ρ that the other seeds' validation error picks: that needs 2 or more seeds"
		return d, nil
	}
	d.header = []string{"panel", "source", "series", "label_noise_percent", "error_percent", "low", "high", "seeds", "rho_picked"}
	high := 0.
	var seeds span
	lost, diverged := 0, 0
	for _, l := range slices.Concat(last, best) {
		for _, e := range l.estimates() {
			_, high = spread(0, high, e.Mean, e.High)
			seeds.add(e.N)
		}
		lost, diverged = lost+l.lost, diverged+l.diverged
	}
	high = math.Min(1.05*high, 103)
	levels := distinct(rs, noiseOf)
	axis := noiseAxis{100 * levels[0], 100 * levels[len(levels)-1]}
	a := axis.panel("(a) "+upper(lastEpoch.name), "test error (%)", last, 0, high)
	b := axis.panel("(b) "+upper(bestEpoch.name), "test error (%)", best, 0, high)
	if len(best) == 0 {
		b = blank(b.title, "Not recorded: the test error after the epoch of best validation ("+bestEpoch.y+").")
	}
	c, published := axis.published()
	least, most := differenceRange(last, best)
	e := axis.differences("(d) Last epoch, minus ρ = 0", last, least, most)
	f := axis.differences("(e) Best validation, minus ρ = 0", best, least, most)
	d.rows = slices.Concat(noiseRows("a", last), noiseRows("b", best), published, differenceRows("d", last), differenceRows("e", best))

	note := fmt.Sprintf("Mean and 95 %% t interval over seeds, n = %s. ", seeds) +
		"ρ of each seed is picked by the noisy validation error of the others."
	if seeds.high == 1 {
		note = "One seed (n = 1): no interval."
	}
	head := heading(d.Title, []string{upper(models(rs)) + ". " + note}, d.width-2*margin)
	zero, _ := split(rs)
	name := baseName(zero)
	var legend []entry
	for _, l := range slices.MaxFunc([][]noiseLine{last, best}, func(a, b []noiseLine) int { return len(a) - len(b) }) {
		legend = append(legend, l.look().entry(l.name(name)))
	}
	head.legend, head.gap = legendRows(legend, d.width-2*margin), 7
	d.Caption = "Test error (%) on clean test labels, after training and tuning on noisy ones. " + note +
		" a: " + lastEpoch.name + "; b: " + bestEpoch.name + ", with ρ picked for it; the lines stand side by side; " +
		"c: " + noiseCitation + ", on CIFAR-10: another model and another data set, so compare shapes, not heights; " +
		"d, e: difference to ρ = 0, paired by seed, negative is better."
	if lost > 0 {
		d.Caption += fmt.Sprintf(" Left out: %s whose run at the ρ picked is missing.", record.Plural(lost, "seed"))
	}
	if diverged > 0 {
		d.Caption += fmt.Sprintf(" A run that diverged counts as an error of 100 %%: %s.", record.Plural(diverged, "time"))
	}
	d.Caption += cutText(a.cut || b.cut || e.cut || f.cut) + alsoSweptText(atNoise(rs, levels[0]), "picked with ρ")
	panels := []panel{a, b, c, e, f}
	d.paint = func(cv draw.Canvas) { tile(head.draw(cv), panels, 3, 12, 8) }
	return d, nil
}

// noiseRows are the points of a panel for the CSV.
func noiseRows(panel string, lines []noiseLine) (rows [][]string) {
	for _, l := range lines {
		for i, est := range l.estimates() {
			start := []string{panel, "records", seriesOf(l.m), cellText(l.noise[i])}
			rows = append(rows, slices.Concat(start, intervalCells(est), []string{l.rhos[i]}))
		}
	}
	return rows
}

// differenceRows are those of the panel of differences to ρ = 0, the first line where there is one.
func differenceRows(panel string, lines []noiseLine) (rows [][]string) {
	if len(lines) == 0 || lines[0].m != 0 {
		return nil
	}
	for _, l := range lines[1:] {
		xs, ds := l.minus(lines[0])
		for i, est := range ds {
			start := []string{panel, "records", seriesOf(l.m) + " minus rho=0", cellText(xs[i])}
			rows = append(rows, slices.Concat(start, intervalCells(est), []string{""}))
		}
	}
	return rows
}

const noiseCitation = "Foret et al. 2021, Table 4 (arXiv:2010.01412)"

func seriesOf(m float64) string {
	if m == 0 {
		return "rho=0"
	}
	return "m=" + mText(m)
}

// noiseAxis is the range of noise, in percent.
type noiseAxis struct{ low, high float64 }

func (a noiseAxis) plot(title, ylabel string, low, high float64) panel {
	p := newPlot("train labels that are noisy (%)", ylabel)
	pad := .06 * (a.high - a.low)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = a.low-pad, a.high+pad, low, high
	grid{linearTicks(a.low, a.high, 5), linearTicks(low, high, 6)}.ticksOn(p)
	return panel{title: title, plot: p}
}

// panel draws the lines side by side, so that their bars do not hide each other.
func (a noiseAxis) panel(title, ylabel string, lines []noiseLine, low, high float64) panel {
	pan := a.plot(title, ylabel, low, high)
	for i, l := range lines {
		s := l.look()
		s.x, s.y, s.shift = l.noise, l.estimates(), beside(i, len(lines))
		pan.cut = pan.cut || s.cut(low, high)
		pan.plot.Add(s)
	}
	return pan
}

// beside is the shift of the i-th of n lines.
func beside(i, n int) vg.Length { return 3.2 * (vg.Length(i) - vg.Length(n-1)/2) }

// differenceRange is an axis for the differences of lines to their first one, where that is ρ = 0.
func differenceRange(of ...[]noiseLine) (low, high float64) {
	for _, lines := range of {
		if len(lines) == 0 || lines[0].m != 0 {
			continue
		}
		for _, l := range lines[1:] {
			_, ds := l.minus(lines[0])
			for _, d := range ds {
				low, high = spread(low, high, d.Mean, d.Low, d.High)
			}
		}
	}
	pad := math.Max(.06*(high-low), .1)
	return low - pad, high + pad
}

// differences draws each m minus ρ = 0.
func (a noiseAxis) differences(title string, lines []noiseLine, low, high float64) panel {
	switch {
	case len(lines) == 0 || lines[0].m != 0:
		return blank(title, "There is no ρ = 0 to compare with.")
	case len(lines) == 1:
		return blank(title, "There is no m to compare with ρ = 0.")
	}
	pan := a.plot(title, "difference in test error (points)", low, high)
	pan.plot.Add(rule{y: exactly(0), color: baseColor, width: 1, dashes: dashed})
	for i, l := range lines[1:] {
		s := l.look()
		s.x, s.y = l.minus(lines[0])
		s.shift = beside(i, len(lines)-1)
		pan.cut = pan.cut || s.cut(low, high)
		pan.plot.Add(s)
	}
	return pan
}

// published draws Table 4 of the paper, as open markers.
func (a noiseAxis) published() (panel, [][]string) {
	t := readPublished(foretNoise)
	var rows [][]string
	a = noiseAxis{math.Min(a.low, 20), math.Max(a.high, 80)}
	pan := a.plot("(c) Published, on CIFAR-10", "test error (%)", 0, 80)
	looks := []curve{
		{color: baseColor, width: 1, dashes: dashed, glyph: glyph{sides: 4, open: true}, top: nan},
		{color: neutral[1], width: 1, glyph: glyph{open: true}, top: nan},
	}
	for k, name := range t.columns[1:] {
		s := looks[k]
		for _, row := range t.rows {
			s.x, s.y = append(s.x, 100*row[0]), append(s.y, exactly(100-row[k+1]))
			point := []string{cellText(100 * row[0]), cellText(100 - row[k+1])}
			rows = append(rows, slices.Concat([]string{"c", noiseCitation, strings.ToUpper(name)}, point, make([]string, 4)))
		}
		pan.plot.Add(s)
		pan.legend = append(pan.legend, s.entry(strings.ToUpper(name)))
	}
	return pan, rows
}
