package plots

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// Curves is training over epochs at one ρ, a line for each m and one for ρ = 0: clean and perturbed train loss, and
// the validation error, at the last epoch with the interval of its difference to ρ = 0, paired by seed.
type Curves struct {
	File  string // empty is "training_curves"
	Title string
	Rho   float64 // of the lines; 0 is the swept ρ of lowest mean test error
}

func (f Curves) Name() string { return orText(f.File, "training_curves") }

// history is a mean over seeds at every epoch, in the units of the axes.
type history struct {
	m                     float64 // 0 at ρ = 0
	clean, perturbed, val []stats.Interval
	last                  map[uint64]float64 // validation error at the last epoch, by seed
	end                   stats.Interval     // what is drawn of it: see ends
	seeds, diverged       int
}

// bestRho is the ρ > 0 of lowest y, the mean over m of means over seeds, among those that have every m, most seeds and
// no diverged run; if there is none, among those with the most m. Then why is not the plain rule.
func bestRho(ascent []run, y Field) (rho float64, ok bool) {
	type score struct{ cells, diverged, seeds, sum float64 }
	scores := map[float64]score{}
	for _, c := range cells(ascent, M, Rho, y) {
		s := scores[c.x]
		s.diverged += float64(c.diverged)
		if len(c.seeds) > 0 {
			s.cells, s.seeds, s.sum = s.cells+1, s.seeds+float64(len(c.seeds)), s.sum+c.mean().Mean
		}
		scores[c.x] = s
	}
	var best score
	for _, r := range distinct(ascent, rhoOf) {
		s := scores[r]
		if s.cells == 0 {
			continue
		}
		fuller := s.cells - best.cells
		if fuller == 0 {
			fuller = best.diverged - s.diverged
		}
		if fuller == 0 {
			fuller = s.seeds - best.seeds
		}
		if !ok || fuller > 0 || fuller == 0 && s.sum < best.sum {
			rho, best, ok = r, s, true
		}
	}
	return rho, ok
}

func (f Curves) histories(rs []run) (hs []history, rho float64, why string) {
	base, ascent := split(rs)
	rho, ok := f.Rho, f.Rho != 0
	if !ok {
		rho, ok = bestRho(ascent, Value("test_error"))
	}
	var groups [][]run
	for _, m := range distinct(ascent, mOf) {
		var g []run
		for _, r := range ascent {
			if ok && r.m == m && r.rho == rho {
				g = append(g, r)
			}
		}
		groups = append(groups, g)
	}
	for _, g := range append([][]run{partners(base, ascent)}, groups...) {
		if h := epochs(g); len(h.clean) > 0 {
			hs = append(hs, h)
		}
	}
	if len(hs) == 0 {
		return nil, 0, "no finished trial has epochs"
	}
	ends(hs)
	return hs, rho, ""
}

// ends sets the last validation errors: that of ρ = 0, which comes first, without an interval, the others as that plus
// the difference to it, paired by seed; without ρ = 0, each with an interval of its own.
func ends(hs []history) {
	base := hs[0]
	for i := range hs {
		hs[i].end = stats.MeanT(bySeed(hs[i].last), level)
		if base.m == 0 {
			zero, d := mean(bySeed(base.last)), stats.Paired(hs[i].last, base.last, level)
			hs[i].end = stats.Interval{Mean: zero + d.Mean, Low: zero + d.Low, High: zero + d.High, N: d.N}
		}
	}
	if base.m == 0 {
		hs[0].end = exactly(hs[0].end.Mean)
	}
}

// epochs averages the finished runs of one setting, within seeds and then over them, as far as all of them go.
func epochs(rs []run) (h history) {
	length := math.MaxInt
	var done []run
	for _, r := range rs {
		if r.diverged {
			h.diverged++
		} else if len(r.Epochs) > 0 {
			done, length = append(done, r), min(length, len(r.Epochs))
		}
		h.m = r.m
	}
	if len(done) == 0 {
		return h
	}
	h.seeds = len(distinct(done, seedOf))
	var means map[uint64]float64 // of the last epoch
	over := func(scale float64, of func(record.Epoch) record.Number) (out []stats.Interval) {
		for e := range length {
			sums := map[uint64][]float64{}
			for _, r := range done {
				if v := scale * float64(of(r.Epochs[e])); !math.IsNaN(v) && !math.IsInf(v, 0) {
					sums[r.seed] = append(sums[r.seed], v)
				}
			}
			means = map[uint64]float64{}
			for s, vs := range sums {
				means[s] = mean(vs)
			}
			out = append(out, stats.MeanT(bySeed(means), level))
		}
		return out
	}
	h.clean = over(1, func(e record.Epoch) record.Number { return e.TrainLoss })
	h.perturbed = over(1, func(e record.Epoch) record.Number { return e.PerturbedLoss })
	h.val = over(100, func(e record.Epoch) record.Number { return e.ValError })
	h.last = means
	return h
}

func (f Curves) Draw(t *Trials) (Drawing, error) {
	rs := t.runs
	hs, rho, why := f.histories(rs)
	d := Drawing{Name: f.Name(), Title: orText(f.Title, "Training at ρ = "+short(rho)), Skipped: why, width: twoColumn, height: 3.4 * vg.Inch}
	if rho == 0 {
		d.Title = orText(f.Title, "Training at ρ = 0")
	}
	if d.Skipped != "" {
		d.Title = orText(f.Title, "Training curves")
		return d, nil
	}
	var seeds span
	diverged := 0
	d.header = []string{"m", "rho", "epoch", "train_loss", "perturbed_loss", "val_error_percent", "end", "end_low", "end_high", "seeds"}
	for _, h := range hs {
		seeds.add(h.seeds)
		diverged += h.diverged
		m, r := mText(h.m), rho
		if h.m == 0 {
			m, r = "", 0
		}
		for e := range h.clean {
			end := exactly(nan)
			if e == len(h.clean)-1 {
				end = h.end
			}
			d.rows = append(d.rows, []string{m, cellText(r), fmt.Sprint(e + 1), cellText(h.clean[e].Mean), cellText(h.perturbed[e].Mean),
				cellText(h.val[e].Mean), cellText(end.Mean), cellText(end.Low), cellText(end.High), fmt.Sprint(h.seeds)})
		}
	}
	note := fmt.Sprintf("Mean over seeds, n = %s. b, right of the last epoch: 95 %% t interval of the validation error", seeds)
	if hs[0].m == 0 {
		note += " minus that of ρ = 0, paired by seed"
	}
	note += "."
	if seeds.high == 1 {
		note = "One seed (n = 1): no interval."
	}
	d.Caption = note + " a: train loss of the minibatches, clean (solid) and at the ascent points (dashed). " +
		"A line ends at the last epoch that all its runs reached; the early validation errors may lie above the axis."
	if f.Rho == 0 && rho != 0 {
		d.Caption += fmt.Sprintf(" ρ = %s has the lowest mean test error over m, among the radii with the fewest missing or diverged runs.",
			short(rho))
	}
	if diverged > 0 {
		d.Caption += fmt.Sprintf(" Without %s.", record.Plural(diverged, "diverged run"))
	}
	loss, val, legend := curvePanels(hs)
	loss.title, val.title = "(a) Train loss of the minibatches", "(b) Validation error"
	d.Caption += cutText(val.cut) + alsoSweptText(rs, "averaged within each seed")

	panels := []panel{loss}
	if val.plot != nil {
		panels = append(panels, val)
	}
	if len(panels) == 1 {
		d.width = oneColumn
	}
	head := heading(d.Title, []string{note}, d.width-2*margin)
	head.legend = legendRows(legend, d.width-2*margin)
	head.gap = 8
	d.paint = func(c draw.Canvas) { tile(head.draw(c), panels, len(panels), 14, 0) }
	return d, nil
}

// endGap is between the intervals right of the last epoch.
const endGap = vg.Length(6)

// curvePanels draws the histories; val has no plot where there is no validation error.
func curvePanels(hs []history) (loss, val panel, legend []entry) {
	last, hasPerturbed := 1, false
	lowLoss, highLoss := math.Inf(1), math.Inf(-1)
	lowVal, highVal := math.Inf(1), math.Inf(-1)
	lowEnd, highEnd := math.Inf(1), math.Inf(-1) // of the intervals at the last epoch
	tail := math.Inf(-1)                         // the highest validation error after the first quarter of training
	var onLoss, onVal, ends []curve
	for i, h := range hs {
		col, shown := mColor(h.m), entry{text: "m = " + mText(h.m), glyph: mGlyph(h.m)}
		if h.m == 0 {
			col, shown.text, shown.glyph = baseColor, "ρ = 0", glyph{sides: 4}
		}
		shown.color, shown.width = col, 1.3
		legend = append(legend, shown)
		every, start := markersOf(len(h.clean), i, len(hs))
		clean := curve{color: col, width: 1.2, glyph: shown.glyph, every: every, start: start, top: nan}
		perturbed := curve{color: col, width: .9, dashes: []vg.Length{2.5, 1.8}, top: nan}
		v := clean
		last = max(last, len(h.clean))
		for e := range h.clean {
			x := float64(e + 1)
			a, b := math.Log10(h.clean[e].Mean), math.Log10(h.perturbed[e].Mean)
			lowLoss, highLoss = spread(lowLoss, highLoss, a)
			clean.x, clean.y = append(clean.x, x), append(clean.y, exactly(noInf(a)))
			if h.m != 0 {
				lowLoss, highLoss = spread(lowLoss, highLoss, b)
				perturbed.x, perturbed.y = append(perturbed.x, x), append(perturbed.y, exactly(noInf(b)))
				hasPerturbed = hasPerturbed || !math.IsNaN(noInf(b))
			}
			v.x, v.y = append(v.x, x), append(v.y, h.val[e])
			lowVal, highVal = spread(lowVal, highVal, h.val[e].Mean)
			if e >= len(h.clean)/4 {
				_, tail = spread(0, tail, h.val[e].Mean)
			}
		}
		lowEnd, highEnd = spread(lowEnd, highEnd, h.end.Low, h.end.High)
		onLoss, onVal = append(onLoss, perturbed, clean), append(onVal, v)
		ends = append(ends, curve{
			x: v.x[len(v.x)-1:], y: []stats.Interval{h.end}, shift: endGap * vg.Length(i+1),
			color: col, width: 1.2, bars: true, glyph: shown.glyph, top: nan,
		})
	}
	if hasPerturbed {
		legend = append(legend, entry{text: "clean", color: neutral[0], width: 1.2},
			entry{text: "perturbed", color: neutral[0], width: .9, dashes: []vg.Length{2.5, 1.8}})
	}
	draw := func(label string, lines []curve, room vg.Length, low, high float64, ys func(low, high float64) grid) panel {
		p := newPlot("epoch", label)
		p.X.Min, p.X.Max = 1, math.Max(float64(last), 2)
		p.X.Max += (p.X.Max - 1) * float64(room/(180-room))
		pad := math.Max(.04*(high-low), 1e-3)
		p.Y.Min, p.Y.Max = low-pad, high+pad
		ys(p.Y.Min, p.Y.Max).ticksOn(p)
		pan := panel{plot: p}
		for _, l := range lines {
			pan.cut = pan.cut || l.cut(p.Y.Min, p.Y.Max)
			p.Add(l)
		}
		return pan
	}
	epochTicks := linearTicks(1, float64(last), max(1, min(6, last-1))) // whole epochs
	if highLoss < lowLoss {
		lowLoss, highLoss = -1, 0
	}
	logs := func(low, high float64) grid { return grid{epochTicks, logTicks(low, high, 150)} }
	loss = draw("train loss (nats, log scale)", onLoss, 0, lowLoss, highLoss, logs)
	if highVal >= lowVal {
		if tail > lowVal {
			highVal = math.Min(highVal, math.Max(tail, lowVal+1))
		}
		room := 1.2 * math.Max(highVal-lowVal, 1) // for the intervals; wider ones are cut
		lowVal, highVal = math.Min(lowVal, math.Max(lowEnd, math.Max(lowVal-room, 0))), math.Max(highVal, math.Min(highEnd, highVal+room))
		linear := func(low, high float64) grid { return grid{epochTicks, linearTicks(low, high, 6)} }
		val = draw("validation error (%)", append(onVal, ends...), endGap*vg.Length(len(hs)+1), lowVal, highVal, linear)
	}
	return loss, val, legend
}

// markersOf says which epochs of the i-th of n lines have a marker: about four, and none where another line has its own.
func markersOf(epochs, i, n int) (every, start int) {
	every = max(1, epochs/4)
	return every, min(epochs-1, every*(i+1)/(n+1))
}

// noInf is the logarithm of a loss, NaN where the loss is 0.
func noInf(v float64) float64 {
	if math.IsInf(v, 0) {
		return nan
	}
	return v
}
