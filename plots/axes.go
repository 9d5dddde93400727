package plots

import (
	"image/color"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"msharp/harness/stats"
)

// Axis is one axis of a panel. Each figure chooses whether its axes are logarithmic; where ticks and labels stand, LinearTicks, LogTicks and
// SweptAxis say. A log axis is a linear axis in log₁₀ units with labels of its own; a figure decides what to do with a value
// ≤ 0, at which a log axis of gonum panics.
type Axis struct {
	Label     string
	Low, High float64 // in the units of the axis
	Ticks     plot.ConstantTicks
	Hidden    bool // neither line nor ticks

	means string                                    // what it is, where the label stands on another panel alone
	span  float64                                   // High − Low, as again takes it
	log   bool                                      // its units are log₁₀
	names bool                                      // its ticks name 0, 1, 2, ...
	again func(length vg.Length) plot.ConstantTicks // the ticks where the axis has another length; nil keeps those there are
}

// value is the number at a position of the axis.
func (a Axis) value(at float64) float64 {
	if a.log {
		return math.Pow(10, at)
	}
	return at
}

// ticksOn are the ticks on an axis of the given length. upright says that it is a y axis, on which labels need their height alone.
func (a Axis) ticksOn(length vg.Length, upright bool) plot.ConstantTicks {
	if a.High <= a.Low || a.Hidden {
		return a.Ticks
	}
	if a.again != nil {
		return a.again(length * vg.Length(a.span/(a.High-a.Low)))
	}
	if upright {
		return a.Ticks
	}
	return declutter(slices.Clone(a.Ticks), func(plot.Tick) int { return 0 }, length/vg.Length(a.High-a.Low))
}

// LinearAxis has at most n labelled round numbers.
func LinearAxis(label string, low, high float64, n int) Axis {
	a := Axis{Label: label, Low: low, High: high, Ticks: LinearTicks(low, high, n), span: high - low}
	a.again = func(length vg.Length) plot.ConstantTicks {
		for k := n; k > 2; k-- {
			ts := LinearTicks(low, high, k)
			if room := declutter(slices.Clone(ts), func(plot.Tick) int { return 0 }, length/vg.Length(high-low)); labelled(room) == len(ts) {
				return ts
			}
		}
		return LinearTicks(low, high, min(n, 2))
	}
	return a
}

// LogAxis goes from 10^low to 10^high. Its labels have room on about the given length.
func LogAxis(label string, low, high float64, length vg.Length) Axis {
	return Axis{Label: label, Low: low, High: high, Ticks: LogTicks(low, high, length), log: true, span: high - low,
		again: func(length vg.Length) plot.ConstantTicks { return LogTicks(low, high, length) }}
}

// OrdinalAxis has names at 0, 1, 2, ..., and room of the length pad beside the first and the last.
func OrdinalAxis(label string, names []string, pad float64) Axis {
	a := Axis{Label: label, Low: -pad, High: float64(len(names)) - 1 + pad, names: true}
	for i, name := range names {
		a.Ticks = append(a.Ticks, plot.Tick{Value: float64(i), Label: name})
	}
	return a
}

// SweptAxis is a log axis around ascending positive values, with a tick at each value and a label where there is room.
func SweptAxis(label string, values []float64, length vg.Length) Axis {
	a := Axis{Label: label, Ticks: sweptTicks(values, math.Log10, length), log: true}
	a.again = func(length vg.Length) plot.ConstantTicks { return sweptTicks(values, math.Log10, .92*length) }
	a.Low, a.High = logRange(values)
	a.span = a.High - a.Low
	return a
}

// logRange is a log₁₀ axis around sorted positive values.
func logRange(xs []float64) (low, high float64) {
	if len(xs) == 0 {
		return -2, 0
	}
	low, high = math.Log10(xs[0]), math.Log10(xs[len(xs)-1])
	pad := math.Max(.045*(high-low), .04)
	return low - pad, high + pad
}

// padded is an axis around [low, high] with a share of its length on either side, and no less than least.
func padded(low, high, share, least float64) (float64, float64) {
	pad := math.Max(share*(high-low), least)
	return low - pad, high + pad
}

// newPlot is an empty plot with thin spines and no title.
func newPlot(x, y Axis) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for at, of := range map[*plot.Axis]Axis{&p.X: x, &p.Y: y} {
		at.Label.Text, at.Min, at.Max, at.Tick.Marker = of.Label, of.Low, of.High, of.Ticks
		at.Padding = 0
		at.Color, at.Width = spine, .5
		at.Label.TextStyle.Font = font.From(plot.DefaultFont, textSize)
		at.Label.TextStyle.Color = ink
		at.Label.Padding = 2
		at.Tick.Label.Font = font.From(plot.DefaultFont, tickSize)
		at.Tick.Label.Color = ink
		at.Tick.Color, at.Tick.Width, at.Tick.Length = spine, .5, 3
		if of.Hidden {
			at.Color, at.Tick.Length = color.Transparent, 0
		}
	}
	p.Add(grid{})
	return p
}

// LinearTicks are at most n labelled round numbers in [low, high].
func LinearTicks(low, high float64, n int) plot.ConstantTicks {
	return roundTicks(low, high, float64(n), []float64{1, 2, 2.5, 5})
}

// WholeTicks are at most n labelled whole numbers in [low, high].
func WholeTicks(low, high float64, n int) plot.ConstantTicks {
	return roundTicks(math.Ceil(low), high, math.Min(float64(n), high-math.Ceil(low)), []float64{1, 2, 5})
}

// roundTicks are the multiples in [low, high] of the least step that makes at most n of it, a power of ten times one of steps.
func roundTicks(low, high, n float64, steps []float64) (ts plot.ConstantTicks) {
	raw := (high - low) / n
	if !(raw > 0) || math.IsInf(raw, 0) {
		return plot.ConstantTicks{{Value: low, Label: stats.Short(low)}}
	}
	unit := math.Pow(10, math.Floor(math.Log10(raw)+1e-9))
	step := 10 * unit
	for _, k := range steps {
		if k*unit >= raw*(1-1e-9) {
			step = k * unit
			break
		}
	}
	places := max(0, int(math.Ceil(-math.Log10(step)-1e-9)))
	if k := step * math.Pow(10, float64(places)); math.Abs(k-math.Round(k)) > 1e-6 {
		places++ // steps of 2.5
	}
	for i := math.Ceil(low/step - 1e-9); i*step <= high+1e-9*step; i++ {
		label := stats.Decimals(i*step, places)
		if i == 0 {
			label = "0"
		}
		ts = append(ts, plot.Tick{Value: i * step, Label: label})
	}
	return ts
}

// LogTicks label a log₁₀ axis from low to high, of about the given length: whole decades, and numbers between them where there is room.
// At least two have a label.
func LogTicks(low, high float64, length vg.Length) plot.ConstantTicks {
	sets := [][]float64{{1}, {1, 3}, {1, 2, 5}, {1, 1.5, 2, 3, 5, 7}}
	first := 0
	switch decades := high - low; {
	case decades < .9:
		first = 3
	case decades < 1.6:
		first = 2
	case decades < 2.4:
		first = 1
	}
	var ts plot.ConstantTicks
	for _, digits := range sets[first:] {
		if ts = digitTicks(low, high, digits, length); labelled(ts) > 1 {
			return ts
		}
	}
	for _, n := range []int{5, 3, 2} {
		if ts = evenTicks(low, high, n, length); labelled(ts) > 1 {
			break
		}
	}
	return ts
}

func labelled(ts plot.ConstantTicks) (n int) {
	for _, t := range ts {
		if t.Label != "" {
			n++
		}
	}
	return n
}

// digitTicks are numbers of one of the digits times a power of ten, the others without a label.
func digitTicks(low, high float64, digits []float64, length vg.Length) (ts plot.ConstantTicks) {
	every := max(1, int(math.Ceil((high-low)/6)))
	for e := int(math.Floor(low)); e <= int(math.Ceil(high)); e++ {
		for d := 1.; d < 10; d++ {
			if v := float64(e) + math.Log10(d); !slices.Contains(digits, d) && v >= low && v <= high {
				ts = append(ts, plot.Tick{Value: v})
			}
		}
		for _, d := range digits {
			v := float64(e) + math.Log10(d)
			if v < low || v > high {
				continue
			}
			label := power10(e)
			if e >= -3 && e <= 3 {
				label = stats.Short(d * math.Pow(10, float64(e)))
			} else if d != 1 {
				label = stats.Short(d) + "·" + label
			}
			if e%every != 0 {
				label = "" // too many decades
			}
			ts = append(ts, plot.Tick{Value: v, Label: label})
		}
	}
	rank := func(t plot.Tick) int { return roundness(math.Pow(10, t.Value)) }
	return declutter(ts, rank, length/vg.Length(high-low))
}

// evenTicks are at most n numbers at even distances, for an axis too short to hold two of few digits.
func evenTicks(low, high float64, n int, length vg.Length) (ts plot.ConstantTicks) {
	e := math.Floor(low)
	unit := math.Pow(10, e)
	for _, t := range LinearTicks(math.Pow(10, low-e), math.Pow(10, high-e), n) {
		v := e + math.Log10(t.Value)
		if v < low-1e-9 || v > high+1e-9 {
			continue
		}
		label := t.Label + "·" + power10(int(e))
		if e >= -3 && e <= 3 {
			places := 0
			if _, digits, ok := strings.Cut(t.Label, "."); ok {
				places = len(digits)
			}
			label = stats.Decimals(t.Value*unit, max(0, places-int(e)))
		}
		ts = append(ts, plot.Tick{Value: v, Label: label})
	}
	return declutter(ts, func(plot.Tick) int { return 0 }, length/vg.Length(high-low))
}

// declutter empties the labels that would touch another; those of lowest rank go first. scale is points per unit.
func declutter(ts plot.ConstantTicks, rank func(plot.Tick) int, scale vg.Length) plot.ConstantTicks {
	style := textStyle(tickSize, ink)
	order := make([]int, len(ts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return rank(ts[a]) - rank(ts[b]) })
	type box struct{ low, high vg.Length }
	var taken []box
	for _, i := range order {
		if ts[i].Label == "" {
			continue
		}
		w, x := style.Width(ts[i].Label)/2+2, scale*vg.Length(ts[i].Value)
		if slices.ContainsFunc(taken, func(b box) bool { return x-w < b.high && x+w > b.low }) {
			ts[i].Label = ""
			continue
		}
		taken = append(taken, box{x - w, x + w})
	}
	return ts
}

// sweptTicks put a tick at every swept value, at position at(value), and a label where it does not touch another on an
// axis of the given length; round numbers go first.
func sweptTicks(values []float64, at func(float64) float64, length vg.Length) plot.ConstantTicks {
	if len(values) == 0 {
		return nil
	}
	scale := length
	if low, high := at(slices.Min(values)), at(slices.Max(values)); high > low {
		scale = length / vg.Length(high-low)
	}
	var ts plot.ConstantTicks
	rank := map[float64]int{}
	for _, v := range values {
		ts = append(ts, plot.Tick{Value: at(v), Label: stats.Short(v)})
		rank[at(v)] = roundness(v)
	}
	return declutter(ts, func(t plot.Tick) int { return rank[t.Value] }, scale)
}

// roundness orders numbers by how natural a label they make: 1, then 5 and 2, then other single digits, then the rest.
func roundness(v float64) int {
	switch digits := strings.Trim(strings.Split(strconv.FormatFloat(v, 'e', 5, 64), "e")[0], "0."); {
	case digits == "1":
		return 0
	case digits == "5" || digits == "2":
		return 1
	case len(digits) == 1:
		return 2
	}
	return 3
}

// grid draws a light line at every labelled tick of the plot.
type grid struct{}

func (grid) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	ticks := func(a plot.Axis) []plot.Tick { return a.Tick.Marker.Ticks(a.Min, a.Max) }
	sty := draw.LineStyle{Color: gridline, Width: .5}
	for _, t := range ticks(p.X) {
		if x := tx(t.Value); t.Label != "" && c.ContainsX(x) {
			c.StrokeLine2(sty, x, c.Min.Y, x, c.Max.Y)
		}
	}
	for _, t := range ticks(p.Y) {
		if y := ty(t.Value); t.Label != "" && c.ContainsY(y) {
			c.StrokeLine2(sty, c.Min.X, y, c.Max.X, y)
		}
	}
}
