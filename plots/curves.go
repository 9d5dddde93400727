package plots

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
)

// Curves draws training over epochs at the swept ρ of lowest mean validation error, a line for each m and one for ρ = 0: the clean and the perturbed
// train loss, and the validation error, whose last value has the interval of its difference to ρ = 0, paired by seed. Runs that diverged are
// left out, because they have no loss at the end.
type Curves struct{}

func (f Curves) Name() string { return "training_curves" }

func (f Curves) Draw(t *study.Trials) (Drawing, error) {
	hs, rho, by, why := histories(t)
	s := Sheet{Name: f.Name(), Title: "Training at ρ = " + stats.Short(rho), Skipped: why}
	if why != "" {
		s.Title = "Training curves"
		return s.Draw(), nil
	}
	diverged := 0
	s.Header = []string{"m", "rho", "epoch", "train_loss", "perturbed_loss", "val_error_percent", "end", "end_low", "end_high", "seeds"}
	for _, h := range hs {
		s.Seeds.Add(h.seeds)
		diverged += h.diverged
		m, r := study.GroupText(h.m), rho
		if h.m == 0 {
			m, r = "", 0
		}
		for e := range h.clean {
			end := exactly(nan)
			if e == len(h.clean)-1 {
				end = h.end
			}
			s.Rows = append(s.Rows, []string{m, cellText(r), fmt.Sprint(e + 1), cellText(h.clean[e].Mean), cellText(h.perturbed[e].Mean),
				cellText(h.val[e].Mean), cellText(end.Mean), cellText(end.Low), cellText(end.High), fmt.Sprint(h.seeds)})
		}
	}
	s.Interval = "b, right of the last epoch: the validation error, " + t.IntervalText(study.ValError)
	switch {
	case hs[0].m == 0 && len(hs) == 1:
		s.Interval = "b, right of the last epoch: the validation error"
	case hs[0].m == 0:
		s.Interval = "b, right of the last epoch: the validation error minus that of ρ = 0, paired by seed, " + t.IntervalText(study.ValError)
	}
	s.More = "a: train loss of the minibatches, clean (solid) and at the ascent points (dashed). " +
		"A line ends at the last epoch that all its runs reached; the early validation errors may lie above the axis."
	if rho != 0 {
		s.More += fmt.Sprintf(" ρ = %s has the lowest mean %s over m, among the radii with the fewest missing runs.", stats.Short(rho), by.Label)
	}
	if diverged > 0 {
		s.More += fmt.Sprintf(" The curves leave out %s: a diverged run has no loss at the end. The choice of ρ counts it as an error of 100 %%.",
			record.Plural(diverged, "diverged run"))
	}
	loss, val, legend := curvePanels(hs)
	loss.Title, val.Title = "Train loss of the minibatches", "Validation error"
	s.Legend = legend
	s.Add(loss)
	s.Add(val)
	s.End = t.SweptBesideText("averaged within each seed")
	return s.Draw(), nil
}

// endGap is between the intervals right of the last epoch.
const endGap = vg.Length(6)

// curvePanels draws the histories; val is blank where there is no validation error.
func curvePanels(hs []history) (loss, val Panel, legend []Entry) {
	last, hasPerturbed := 1, false
	lowLoss, highLoss := math.Inf(1), math.Inf(-1)
	lowVal, highVal := math.Inf(1), math.Inf(-1)
	lowEnd, highEnd := math.Inf(1), math.Inf(-1) // of the intervals at the last epoch
	tail := math.Inf(-1)                         // the highest validation error after the first quarter of training
	var onLoss, onVal, ends []Curve
	for i, h := range hs {
		look, name := LookOfM(h.m), "m = "+study.GroupText(h.m)
		if look.dashes = nil; h.m == 0 {
			name = "ρ = 0"
		}
		look.width = 1.2
		legend = append(legend, Entry{Text: name, Look: look})
		every, start := markersOf(len(h.clean), i, len(hs))
		clean := Curve{Look: look, every: every, start: start}
		perturbed := Curve{series: name + ", perturbed", Look: Look{color: look.color, width: .9, dashes: perturbedDashes}}
		v := clean
		last = max(last, len(h.clean))
		for e := range h.clean {
			x := float64(e + 1)
			a, b := math.Log10(h.clean[e].Mean), math.Log10(h.perturbed[e].Mean)
			lowLoss, highLoss = spread(lowLoss, highLoss, a)
			clean.X, clean.Y = append(clean.X, x), append(clean.Y, exactly(noInf(a)))
			if h.m != 0 {
				lowLoss, highLoss = spread(lowLoss, highLoss, b)
				perturbed.X, perturbed.Y = append(perturbed.X, x), append(perturbed.Y, exactly(noInf(b)))
				hasPerturbed = hasPerturbed || !math.IsNaN(noInf(b))
			}
			if !math.IsNaN(h.val[e].Mean) { // the line goes on over epochs without validation
				v.X, v.Y = append(v.X, x), append(v.Y, h.val[e])
			}
			lowVal, highVal = spread(lowVal, highVal, h.val[e].Mean)
			if e >= len(h.clean)/4 {
				_, tail = spread(0, tail, h.val[e].Mean)
			}
		}
		lowEnd, highEnd = spread(lowEnd, highEnd, h.end.Low, h.end.High)
		v.every, v.start = markersOf(len(v.X), i, len(hs))
		onLoss, onVal = append(onLoss, perturbed, clean), append(onVal, v)
		ends = append(ends, Curve{X: []float64{float64(len(h.clean))}, Y: []stats.Interval{h.end}, Shift: endGap * vg.Length(i+1), Look: look, Bars: true, free: true})
	}
	if hasPerturbed {
		legend = append(legend, Entry{Text: "clean", Look: Look{color: neutral[0], width: 1.2}},
			Entry{Text: "perturbed", Look: Look{color: neutral[0], width: .9, dashes: perturbedDashes}})
	}
	epochs := Axis{Label: "epoch", Low: 1, High: math.Max(float64(last), 2), Ticks: WholeTicks(1, float64(last), 6)}
	if highLoss < lowLoss {
		lowLoss, highLoss = -1, 0
	}
	lowLoss, highLoss = padded(lowLoss, highLoss, .04, 1e-3)
	loss = Panel{X: epochs, Y: LogAxis("train loss (nats, log scale)", lowLoss, highLoss, 150)}
	for _, l := range onLoss {
		loss.Add(l)
	}
	if highVal < lowVal {
		val.Blank = "no run has a validation error"
		return loss, val, legend
	}
	if tail > lowVal {
		highVal = math.Min(highVal, math.Max(tail, lowVal+1))
	}
	room := 1.2 * math.Max(highVal-lowVal, 1) // for the intervals; wider ones are cut
	lowVal, highVal = math.Min(lowVal, math.Max(lowEnd, math.Max(lowVal-room, 0))), math.Max(highVal, math.Min(highEnd, highVal+room))
	lowVal, highVal = padded(lowVal, highVal, .04, 1e-3)
	right := endGap * vg.Length(len(hs)+1)
	epochs.High += (epochs.High - 1) * float64(right/(180-right))
	val = Panel{X: epochs, Y: LinearAxis("validation error (%)", lowVal, highVal, 6)}
	val.Add(apartFrom(last))
	for _, l := range append(onVal, ends...) {
		val.Add(l)
	}
	return loss, val, legend
}

// apartFrom is the part of a panel to the right of an x, where the axis has no meaning.
type apartFrom float64

func (a apartFrom) Plot(c draw.Canvas, p *plot.Plot) {
	tx, _ := p.Transforms(&c)
	if x := tx(float64(a)) + endGap/2; x < c.Max.X {
		c.FillPolygon(faint(gridline, 0xa0), box(x, c.Min.Y, c.Max.X, c.Max.Y))
	}
}

var perturbedDashes = []vg.Length{2.5, 1.8}

// noInf is the logarithm of a loss, NaN where the loss is 0.
func noInf(v float64) float64 {
	if math.IsInf(v, 0) {
		return nan
	}
	return v
}
