package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"msharp/harness/record"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Scatter is sharpness against the generalization gap, a dot a model, a panel for every m of the measure. Dots are coloured by the ρ of the
// training or, in a population without SAM, by the hyperparameter that ranks it best.
type Scatter struct {
	File     string // empty is "scatter"
	Title    string
	compared // the gap in percentage points; dots that pass the gate are filled
}

func (f Scatter) defaults() Scatter {
	f.compared = f.compared.defaults()
	f.File = orText(f.File, "scatter")
	f.Title = orText(f.Title, "m-sharpness and "+f.GapLabel+", model by model")
	return f
}

func (f Scatter) Name() string { return f.defaults().File }

// dot is a model in a panel.
type dot struct {
	run
	x, y   float64 // sharpness as measured; gap in percentage points
	hue    float64 // what colours it
	filled bool    // passes the gate
}

// hue is what colours the dots.
type hue struct {
	named
	values []float64 // beside ρ = 0, ascending
	text   string    // for a legend
}

// hueOf is ρ or, where no run has one, the hyperparameter of the largest mean τ with the gap within seed, of either sign; none where there
// is none.
func (f Scatter) hueOf(rs []run) hue {
	best, most := named{name: "ρ", column: "rho_trained", x: Rho}, 0.
	text := "trained with ρ ="
	if _, ascent := split(rs); len(ascent) == 0 {
		models := rankingOf(rs, f.Gap, f.Gate)
		for _, h := range hyperparameters(rs) {
			if tau := math.Abs(correlate(models.by(h.x)).within.Mean); tau > most {
				best, most, text = h, tau, h.name+" ="
			}
		}
	}
	h := hue{named: best, text: text}
	h.values = slices.DeleteFunc(distinct(rs, h.of), func(v float64) bool { return v == 0 && best.column == "rho_trained" || math.IsNaN(v) })
	return h
}

// of is NaN where the run lacks it.
func (h hue) of(r run) float64 {
	if v, ok := h.x.finite(r); ok {
		return v
	}
	return nan
}

// color and glyph of a value: ρ = 0 stands apart.
func (h hue) color(v float64) color.NRGBA {
	if h.zero(v) {
		return baseDot
	}
	return rhoColor(v, h.values)
}

func (h hue) zero(v float64) bool { return v == 0 && h.column == "rho_trained" }

func (f Scatter) dots(rs []run, column string, h hue) (ds []dot) {
	for _, r := range rs {
		x, ok1 := Value(column).finite(r)
		y, ok2 := f.Gap.finite(r)
		if ok1 && ok2 && !r.diverged {
			ds = append(ds, dot{r, x, 100 * y, h.of(r), passes(r, f.Gate)})
		}
	}
	return ds
}

func (f Scatter) Draw(t *Trials) (Drawing, error) {
	f = f.defaults()
	rs := t.runs
	facts := t.facts(f.compared)
	d := Drawing{Name: f.File, Title: f.Title, width: twoColumn}
	ps := at(facts.ps, facts.rho)
	var all [][]dot
	var gaps, others []float64 // of the filled dots, or of all where none is; of the others
	diverged, open := 0, 0
	for _, r := range rs {
		if r.diverged {
			diverged++
		}
	}
	total, h := 0, f.hueOf(rs)
	shown := thinned(rs, mostDots)
	for _, p := range ps {
		ds := f.dots(shown, p.column, h)
		all, total = append(all, ds), total+len(ds)
		for _, o := range ds {
			if o.filled || facts.passing == 0 {
				gaps = append(gaps, o.y)
			} else {
				others = append(others, o.y)
			}
		}
	}
	if total == 0 {
		d.Skipped = orText(facts.skipped, fmt.Sprintf("no finished model has %s(m=… rho=%s) and the %s", f.Family, short(facts.rho), f.GapLabel))
		return d, nil
	}
	low, high := bounds(gaps, others)
	cols := columns(len(ps))
	if cols == 1 {
		d.width = oneColumn
	}
	length := (d.width-2*margin)/vg.Length(cols) - 50
	d.header = []string{"m", "rho_measured", "sharpness", "gap_points", h.column, "m_trained", "seed", "compared", "outside_axes", "id"}
	var panels []panel
	var outside span // dots of a panel
	below := 0
	for i, p := range ps {
		pan, sides := f.panel(p, all[i], h, low, high, facts.passing == 0, length)
		panels = append(panels, pan)
		beyond := 0
		for k, o := range all[i] {
			if i == 0 && !o.filled {
				open++
			}
			if sides[k] {
				beyond++
			}
			if o.x <= 0 {
				below++
			}
			d.rows = append(d.rows, []string{mText(p.m), cellText(p.rho), cellText(o.x), cellText(o.y), cellText(o.hue), mOrEmpty(o.run),
				fmt.Sprint(o.seed), fmt.Sprint(o.filled), fmt.Sprint(sides[k]), o.ID})
		}
		outside.add(beyond)
	}
	nrows := (len(panels) + cols - 1) / cols
	d.height = vg.Length(nrows)*2.05*vg.Inch + .8*vg.Inch

	note := fmt.Sprintf("Sharpness at ρ = %s. %s.", short(facts.rho), facts.interval())
	if facts.skipped != "" {
		note = fmt.Sprintf("Sharpness at ρ = %s. No τ: %s.", short(facts.rho), facts.skipped)
	}
	note += thinnedText(len(shown), len(rs), "models")
	head := heading(f.Title, []string{note}, d.width-2*margin)
	head.legend = legendRows(f.legend(h, rs, open, outside), d.width-2*margin)
	head.gap = 6
	d.Caption = fmt.Sprintf("One dot a model, coloured by the ρ it was trained with. %s", note)
	if h.column != "rho_trained" {
		d.Caption = fmt.Sprintf("One dot a model, coloured by %s, the hyperparameter that ranks the models best. %s", h.name, note)
	}
	if open > 0 {
		d.Caption += fmt.Sprintf(" Open dots (%s) do not pass the gate, %s, and are not compared.", record.Plural(open, "model"), f.GateText)
	}
	if outside.high > 0 {
		d.Caption += fmt.Sprintf(" %s of them lie outside the axes of a panel, which would squash the filled dots if they held them.", outside)
	}
	if below > 0 {
		d.Caption += fmt.Sprintf(" %s of sharpness ≤ 0 on the left edge.", record.Plural(below, "dot"))
	}
	if diverged > 0 {
		d.Caption += fmt.Sprintf(" %s diverged and have no place here.", record.Plural(diverged, "run"))
	}
	d.Caption += allSweptText(rs, "every model of a seed is compared with every other")
	d.paint = func(c draw.Canvas) { tile(head.draw(c), panels, cols, 10, 8) }
	return d, nil
}

// columns of a grid of n panels.
func columns(n int) int {
	switch {
	case n <= 3:
		return n
	case n == 4:
		return 2
	case n <= 9:
		return 3
	}
	return 4
}

func mOrEmpty(r run) string {
	if r.m == 0 {
		return ""
	}
	return mText(r.m)
}

func (f Scatter) legend(h hue, rs []run, open int, outside span) []entry {
	var es []entry
	if base, _ := split(rs); len(base) > 0 && h.column == "rho_trained" {
		es = append(es, entry{text: "ρ = 0", color: baseDot, glyph: glyph{sides: 4}})
	}
	ramp := entry{text: h.text}
	for _, v := range h.values {
		ramp.ramp, ramp.labels = append(ramp.ramp, h.color(v)), append(ramp.labels, short(v))
	}
	if len(h.values) > 0 {
		es = append(es, ramp)
	}
	if open > 0 {
		text := "not compared: " + record.Plural(open, "model")
		if outside.high > 0 {
			text += fmt.Sprintf(", %s outside the axes", outside)
		}
		es = append(es, entry{text: text, color: muted, glyph: glyph{open: true}})
	}
	return es
}

// panel draws the dots of one measure; outside[i] says that dot i is beyond the axes, which hold all filled dots.
func (f Scatter) panel(p power, ds []dot, h hue, low, high float64, allOpen bool, length vg.Length) (pan panel, outside []bool) {
	var xs, others []float64
	for _, o := range ds {
		switch {
		case o.x <= 0 || o.y < low || o.y > high:
		case o.filled || allOpen:
			xs = append(xs, math.Log10(o.x))
		default:
			others = append(others, math.Log10(o.x))
		}
	}
	left, right := bounds(xs, others)
	pl := newPlot("sharpness (nats, log scale)", f.GapLabel+" (points)")
	pl.X.Min, pl.X.Max, pl.Y.Min, pl.Y.Max = left, right, low, high
	grid{logTicks(left, right, length), linearTicks(low, high, 5)}.ticksOn(pl)
	outside = make([]bool, len(ds))
	type kind struct {
		filled bool
		hue    float64
	}
	groups := map[kind]*dots{}
	for i, o := range ds {
		x := left
		if o.x > 0 {
			x = math.Log10(o.x)
		}
		outside[i] = x < left || x > right || o.y < low || o.y > high
		k := kind{o.filled, o.hue}
		if math.IsNaN(o.hue) {
			k.hue = math.Inf(-1)
		}
		if groups[k] == nil {
			groups[k] = &dots{color: faint(h.color(o.hue), 0xc8), radius: 1.55, glyph: glyph{open: !o.filled}}
			if h.zero(o.hue) {
				*groups[k] = dots{color: baseDot, radius: 2.1, glyph: glyph{sides: 4, open: !o.filled}}
			}
		}
		groups[k].x, groups[k].y = append(groups[k].x, x), append(groups[k].y, o.y)
	}
	for _, filled := range []bool{false, true} { // open dots below, ρ = 0 on top
		for _, v := range append(append([]float64{math.Inf(-1)}, h.values...), 0) {
			if g := groups[kind{filled, v}]; g != nil && !(v == 0 && slices.Contains(h.values, 0)) {
				pl.Add(*g)
			}
		}
	}
	pan = panel{plot: pl, title: "m = " + mText(p.m)}
	if p.within.N > 0 {
		pan.title += ":  τ = " + plusMinus(p.within, 2)
	}
	return pan, outside
}

// bounds is an axis around values, and around those others that take at most a fifth of their range more on either side.
func bounds(vs, others []float64) (low, high float64) {
	if len(vs) == 0 {
		return 0, 1
	}
	low, high = slices.Min(vs), slices.Max(vs)
	least, most := low-.2*(high-low), high+.2*(high-low)
	for _, v := range others {
		if v >= least && v <= most {
			low, high = math.Min(low, v), math.Max(high, v)
		}
	}
	pad := math.Max(.06*(high-low), .02*math.Max(math.Abs(low), math.Abs(high)))
	if pad == 0 {
		pad = .5
	}
	return low - pad, high + pad
}
