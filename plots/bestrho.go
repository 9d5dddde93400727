package plots

import (
	"fmt"
	"image/color"
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/stats"
)

// BestRho is the best ρ against m: of every seed, and their geometric mean, with the slope of a power law. It moves right with m in Foret
// et al. 2021, Figure 3 (middle).
type BestRho struct {
	File  string // empty is "best_rho"
	Title string
	// BySetting asks for a panel for each setting of what else was swept. Without it, that is averaged.
	BySetting bool
}

func (f BestRho) Name() string { return orText(f.File, "best_rho") }

// bests are the best radii by one error.
type bests struct {
	ms     []float64
	radii  []float64            // tried: ρ > 0, ascending
	chosen []map[uint64]float64 // by m: log₁₀ of the best ρ of each seed, the geometric mean of equals
	means  []stats.Interval     // by m: of log₁₀ ρ
	slope  stats.Interval       // of log ρ over log m, over the seeds that have every m
	center stats.Interval       // of log₁₀ ρ, over the same seeds and every m
	ends   int                  // choices at the smallest or largest ρ tried
	zero   int                  // choices that ρ = 0 beats
	all    int                  // choices
}

// bestRhos takes from every seed and m the ρ > 0 of lowest y. A radius at which a run of the seed diverged or lacks y is none.
func bestRhos(rs []run, y Field) bests {
	_, ascent := split(rs)
	b := bests{ms: distinct(ascent, mOf), radii: distinct(ascent, rhoOf)}
	zeros := atZero(rs, y)
	type key struct {
		seed   uint64
		m, rho float64
	}
	out := map[key]bool{}
	for _, r := range ascent {
		if _, ok := y.finite(r); !ok || r.diverged {
			out[key{r.seed, r.m, r.rho}] = true
		}
	}
	least, logs := map[key]float64{}, map[key][]float64{} // rho = 0: the lowest y, and log₁₀ ρ where it is
	for _, c := range cells(ascent, M, Rho, y) {
		for seed, v := range c.seeds {
			k := key{seed, c.m, 0}
			if low, seen := least[k]; out[key{seed, c.m, c.x}] || seen && v > low {
				continue
			} else if !seen || v < low {
				least[k], logs[k] = v, nil
			}
			logs[k] = append(logs[k], math.Log10(c.x))
		}
	}
	for _, m := range b.ms {
		chosen := map[uint64]float64{}
		for _, seed := range distinct(ascent, seedOf) {
			k := key{seed, m, 0}
			if len(logs[k]) == 0 {
				continue
			}
			chosen[seed] = mean(logs[k])
			b.all++
			if first, last := math.Log10(b.radii[0]), math.Log10(b.radii[len(b.radii)-1]); chosen[seed] == first || chosen[seed] == last {
				b.ends++
			}
			if zero, ok := zeros[seed]; ok && zero < least[k] {
				b.zero++
			}
		}
		b.chosen, b.means = append(b.chosen, chosen), append(b.means, stats.MeanT(bySeed(chosen), level))
	}
	b.fit()
	return b
}

// fit sets slope and center.
func (b *bests) fit() {
	slopes, centers := map[uint64]float64{}, map[uint64]float64{}
	for seed := range b.chosen[0] {
		var xs, ys []float64
		for i, m := range b.ms {
			if log, ok := b.chosen[i][seed]; ok {
				xs, ys = append(xs, math.Log10(m)), append(ys, log)
			}
		}
		if len(ys) == len(b.ms) && len(ys) > 1 {
			_, slopes[seed] = stat.LinearRegression(xs, ys, nil, false)
			centers[seed] = mean(ys)
		}
	}
	b.slope, b.center = stats.MeanT(bySeed(slopes), level), stats.MeanT(bySeed(centers), level)
}

func (f BestRho) Draw(t *Trials) (Drawing, error) {
	d := Drawing{Name: f.Name(), Title: orText(f.Title, "The best ρ against m"), width: twoColumn, height: 3.5 * vg.Inch}
	rs := t.runs
	if d.Skipped = noFinished(rs); d.Skipped != "" {
		return d, nil
	}
	_, ascent := split(rs)
	switch ms, radii := distinct(ascent, mOf), distinct(ascent, rhoOf); {
	case len(ms) == 0:
		d.Skipped = "no run has ρ > 0"
	case len(ms) == 1:
		d.Skipped = fmt.Sprintf("the records have one m (%s): nothing to compare the best ρ over", mText(ms[0]))
	case len(radii) == 1:
		d.Skipped = fmt.Sprintf("the records have one ρ > 0 (%s): there is no best one", short(radii[0]))
	}
	if d.Skipped != "" {
		return d, nil
	}
	of := []atSetting{{runs: rs}}
	how := "averaged within each seed"
	if f.BySetting {
		of, how = settingsApart(rs), "each by itself"
		d.Title = orText(f.Title, "The best ρ against m, by setting")
	}
	p := bestPanels{several: len(of) > 1}
	for _, s := range of {
		for _, by := range []bestBy{{"test_error", "test error"}, {"val_error", "validation error"}} {
			p.add(by, s)
		}
	}
	if len(p.texts) == 0 {
		d.Skipped = "no finished run with ρ > 0 has a test or validation error"
		return d, nil
	}
	d.header, d.rows = []string{"by", "m", "seed", "best_rho", "mean", "low", "high", "seeds"}, p.rows
	if p.several {
		d.header = append([]string{"setting"}, d.header...)
	}
	note := fmt.Sprintf("%s; diamonds, to the right of their m: geometric mean and 95 %% t interval over seeds, n = %s.", p.markers(), p.seeds)
	if p.seeds.high == 1 {
		note = p.markers() + "; one seed (n = 1): no interval."
	}
	head := heading(d.Title, []string{note}, d.width-2*margin)
	legend := slices.MaxFunc(p.panels, func(a, b panel) int { return len(a.legend) - len(b.legend) }).legend
	head.legend, head.gap = legendRows(legend, d.width-2*margin), 7
	for i := range p.panels {
		p.panels[i].legend = nil
	}
	if rows := vg.Length(len(of)); rows > 1 {
		d.height = 2*margin + head.height() + rows*2.3*vg.Inch + 8*(rows-1)
	}
	d.Caption = "The ρ > 0 of lowest error, by m, in every seed, the geometric mean of equals. " + note +
		" Line: the power law ρ ∝ mˢ of the mean slope, each seed's by least squares over log m. " +
		strings.Join(p.texts, " ") + cutText(p.cut) + alsoSweptText(rs, how)
	d.paint = func(c draw.Canvas) { tile(head.draw(c), p.panels, 2, 16, 8) }
	return d, nil
}

// bestBy is an error that chooses.
type bestBy struct{ column, name string }

// bestPanels is the figure on its way.
type bestPanels struct {
	several bool // settings
	panels  []panel
	rows    [][]string
	texts   []string // what each panel shows
	seeds   span
	cut     bool
	counted bool // a marker stands for several seeds somewhere
}

// markers says what a marker is.
func (p *bestPanels) markers() string {
	if p.counted {
		return "A marker's area is the number of seeds"
	}
	return "A dot a seed"
}

// add draws the next panel.
func (p *bestPanels) add(by bestBy, s atSetting) {
	letter := 'a' + rune(len(p.panels))
	title := fmt.Sprintf("(%c) ρ of lowest %s", letter, by.name)
	if p.several {
		title = fmt.Sprintf("(%c) %s: %s", letter, s.name, by.name)
	}
	b := bestRhos(s.runs, Value(by.column))
	if b.all == 0 {
		p.panels = append(p.panels, blank(title, "No seed has the "+by.name+" of a finished run with ρ > 0."))
		return
	}
	for _, m := range b.means {
		p.seeds.add(m.N)
	}
	pan := b.panel()
	slope := "slope " + plusMinus(b.slope, 2)
	switch {
	case p.several:
		if b.slope.N > 0 {
			pan.notes = []string{slope}
		}
	case b.slope.N > 0:
		title += ": " + slope
	}
	pan.title = title
	p.texts = append(p.texts, fmt.Sprintf("%c: %s", letter, b.text()))
	p.panels, p.cut, p.counted = append(p.panels, pan), p.cut || pan.cut, p.counted || b.most() > mostBunched
	for _, row := range b.rows(by.column) {
		if p.several {
			row = append([]string{s.name}, row...)
		}
		p.rows = append(p.rows, row)
	}
}

// text is what one panel shows in words.
func (b bests) text() string {
	s := fmt.Sprintf("slope s = %s, n = %s.", plusMinus(b.slope, 2), b.slopeSeeds())
	if b.slope.N == 0 {
		s = "no slope, for no seed has every m."
	}
	if b.ends > 0 {
		s += fmt.Sprintf(" %d of %d choices lie at an end of the values tried (%s, %s): the best may be beyond.",
			b.ends, b.all, short(b.radii[0]), short(b.radii[len(b.radii)-1]))
	}
	if b.zero > 0 {
		s += fmt.Sprintf(" In %d of %d ρ = 0 is better still.", b.zero, b.all)
	}
	return s
}

func (b bests) slopeSeeds() string { return span{b.slope.N, b.slope.N, true}.seeds() }

func (b bests) rows(by string) (rows [][]string) {
	for i, m := range b.ms {
		for _, seed := range slices.Sorted(maps.Keys(b.chosen[i])) {
			rows = append(rows, []string{by, mText(m), fmt.Sprint(seed), cellText(math.Pow(10, b.chosen[i][seed])), "", "", "", ""})
		}
		rows = append(rows, append([]string{by, mText(m), "", ""}, intervalCells(power10Of(b.means[i]))...))
	}
	return rows
}

// power10Of takes the logarithm off an interval.
func power10Of(i stats.Interval) stats.Interval {
	return stats.Interval{Mean: math.Pow(10, i.Mean), Low: math.Pow(10, i.Low), High: math.Pow(10, i.High), N: i.N}
}

// counts are the seeds of the i-th m that choose each log₁₀ ρ.
func (b bests) counts(i int) map[float64]int {
	counts := map[float64]int{}
	for _, log := range b.chosen[i] {
		counts[log]++
	}
	return counts
}

// most is the largest number of seeds of one m that choose the same ρ.
func (b bests) most() (n int) {
	for i := range b.ms {
		for _, k := range b.counts(i) {
			n = max(n, k)
		}
	}
	return n
}

func (b bests) panel() panel {
	p := newPlot("m, examples per ascent group (log scale)", "best ρ (log scale)")
	p.X.Min, p.X.Max = math.Log10(b.ms[0])-.22, math.Log10(b.ms[len(b.ms)-1])+.22
	p.Y.Min, p.Y.Max = math.Log10(b.radii[0])-.12, math.Log10(b.radii[len(b.radii)-1])+.12
	grid{sweptTicks(b.ms, math.Log10, 180), sweptTicks(b.radii, math.Log10, 170)}.ticksOn(p)
	pan := panel{plot: p}
	if b.slope.N > 0 {
		var middle float64
		for _, m := range b.ms {
			middle += math.Log10(m) / float64(len(b.ms))
		}
		law := func(name string, slope float64, e entry) {
			e.text = name
			pan.legend = append(pan.legend, e)
			p.Add(powerLaw{middle, b.center.Mean, slope, draw.LineStyle{Color: e.color, Width: e.width, Dashes: e.dashes}})
		}
		law("ρ ∝ m", 1, entry{color: neutral[0], width: .9, dashes: []vg.Length{1, 1.8}})
		law("ρ ∝ √m", .5, entry{color: neutral[0], width: .9, dashes: dashed})
		law("mean slope", b.slope.Mean, entry{color: baseColor, width: 1.1})
	}
	most := b.most()
	for i, m := range b.ms {
		counts := b.counts(i)
		for _, log := range slices.Sorted(maps.Keys(counts)) {
			if most > mostBunched {
				share := math.Sqrt(float64(counts[log]) / float64(most))
				p.Add(disk{math.Log10(m), log, vg.Length(share) * mostRadius, mColor(m), mGlyph(m)})
				continue
			}
			p.Add(bunch{math.Log10(m), log, counts[log], mColor(m), mGlyph(m)})
		}
		mean := curve{color: baseColor, width: 1.2, glyph: glyph{sides: 4}, bars: true, shift: meanShift, top: nan}
		mean.x, mean.y = []float64{math.Log10(m)}, b.means[i:i+1]
		pan.cut = pan.cut || mean.cut(p.Y.Min, p.Y.Max)
		p.Add(mean)
		pan.legend = append(pan.legend, entry{text: "m = " + mText(m), color: mColor(m), glyph: mGlyph(m)})
	}
	return pan
}

// meanShift is to the right of a bunch.
const meanShift = vg.Length(11.5)

// powerLaw is a line through a point of log axes.
type powerLaw struct {
	x, y, slope float64
	style       draw.LineStyle
}

func (l powerLaw) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	at := func(x float64) vg.Point { return vg.Point{X: tx(x), Y: ty(l.y + l.slope*(x-l.x))} }
	c.StrokeLines(l.style, c.ClipLinesXY([]vg.Point{at(p.X.Min), at(p.X.Max)})...)
}

// mostRadius is that of the largest disk.
const mostRadius = vg.Length(5)

// disk is a marker of some size.
type disk struct {
	x, y   float64
	radius vg.Length
	color  color.NRGBA
	glyph  glyph
}

func (d disk) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: d.color, Radius: d.radius, Shape: d.glyph}, vg.Point{X: tx(d.x), Y: ty(d.y)})
}

// bunch is n markers close around one position, in short rows.
type bunch struct {
	x, y  float64
	n     int
	color color.NRGBA
	glyph glyph
}

func (b bunch) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	const radius, step, longest = vg.Length(1.7), vg.Length(3.9), 4
	rows := (b.n + longest - 1) / longest
	for i := range b.n {
		row := i / longest
		inRow := min(longest, b.n-row*longest)
		at := vg.Point{
			X: tx(b.x) + step*(vg.Length(i%longest)-vg.Length(inRow-1)/2),
			Y: ty(b.y) - step*(vg.Length(row)-vg.Length(rows-1)/2),
		}
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: b.color, Radius: radius, Shape: b.glyph}, at)
	}
}
