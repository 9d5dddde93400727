package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"msharp/harness/record"

	"gonum.org/v1/plot/vg"
)

// Scatter is sharpness against the generalization gap, a dot a model, a panel for every m of the measure. Dots are coloured by the ρ of the
// training or, in a population without SAM, by the hyperparameter that ranks it best.
type Scatter struct {
	Gate Field // dots are filled where it is exactly 0; zero is train_error
}

func (f Scatter) Name() string { return "scatter" }

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
func hueOf(rs []run, by compared) hue {
	best, most := named{name: "ρ", column: "rho_trained", x: Rho}, 0.
	text := "trained with ρ ="
	if _, ascent := split(rs); len(ascent) == 0 {
		models := rankingOf(rs, by.gap, by.gate)
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

func dotsOf(rs []run, column string, by compared, h hue) (ds []dot) {
	for _, r := range rs {
		x, ok1 := Value(column).finite(r)
		y, ok2 := by.gap.finite(r)
		if ok1 && ok2 && !r.diverged {
			ds = append(ds, dot{r, x, 100 * y, h.of(r), passes(r, by.gate)})
		}
	}
	return ds
}

func (f Scatter) Draw(t *Trials) (Drawing, error) {
	by := comparedBy(f.Gate)
	rs := t.runs
	facts := t.facts(by)
	s := Sheet{Name: f.Name(), Title: "m-sharpness and " + by.gap.label() + ", model by model", Height: 2.1 * vg.Inch}
	ps := at(facts.ps, facts.rho)
	var all [][]dot
	var gaps, others []float64 // of the filled dots, or of all where none is; of the others
	diverged, open := 0, 0
	for _, r := range rs {
		if r.diverged {
			diverged++
		}
	}
	total, h := 0, hueOf(rs, by)
	shown := thinned(rs, mostDots)
	for _, p := range ps {
		ds := dotsOf(shown, p.column, by, h)
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
		s.Skipped = orText(facts.skipped, fmt.Sprintf("no finished model has %s(m=… rho=%s) and the %s", family, short(facts.rho), by.gap.label()))
		return s.Draw(), nil
	}
	low, high := bounds(gaps, others)
	s.Columns = columns(len(ps))
	s.Header = []string{"m", "rho_measured", "sharpness", "gap_points", h.column, "m_trained", "seed", "compared", "outside_axes", "id"}
	var outside Span // dots of a panel
	below := 0
	for i, p := range ps {
		pan, sides := scatterPanel(p, all[i], by, h, low, high, facts.passing == 0, s.axis(s.Columns))
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
			s.Rows = append(s.Rows, []string{mText(p.m), cellText(p.rho), cellText(o.x), cellText(o.y), cellText(o.hue), mOrEmpty(o.run),
				fmt.Sprint(o.seed), fmt.Sprint(o.filled), fmt.Sprint(sides[k]), o.ID})
		}
		outside.Add(beyond)
		s.Add(pan)
	}
	s.Legend = scatterLegend(h, rs, open, outside)
	note := fmt.Sprintf("Sharpness at ρ = %s. ", short(facts.rho))
	if facts.skipped != "" {
		note += "No τ: " + facts.skipped + "."
	} else {
		note += facts.interval("±: 95 % t interval")
	}
	s.Notes = []string{note + thinnedText(len(shown), len(rs), "models")}
	s.Caption = "One dot a model, coloured by the ρ it was trained with."
	if h.column != "rho_trained" {
		s.Caption = fmt.Sprintf("One dot a model, coloured by %s, the hyperparameter that ranks the models best.", h.name)
	}
	if open > 0 {
		s.More += fmt.Sprintf(" Open dots (%s) do not pass the gate, %s, and are not compared.", record.Plural(open, "model"), by.gate.label())
	}
	if outside.high > 0 {
		s.More += fmt.Sprintf(" %s of them lie outside the axes of a panel, which would squash the filled dots if they held them.", outside)
	}
	if below > 0 {
		s.More += fmt.Sprintf(" %s of sharpness ≤ 0 on the left edge.", record.Plural(below, "dot"))
	}
	if diverged > 0 {
		s.More += fmt.Sprintf(" %s diverged and have no place here.", record.Plural(diverged, "run"))
	}
	s.End = allSweptText(rs, "every model of a seed is compared with every other")
	return s.Draw(), nil
}

func mOrEmpty(r run) string {
	if r.m == 0 {
		return ""
	}
	return mText(r.m)
}

func scatterLegend(h hue, rs []run, open int, outside Span) []Entry {
	var es []Entry
	if base, _ := split(rs); len(base) > 0 && h.column == "rho_trained" {
		es = append(es, Entry{Text: "ρ = 0", Look: Look{color: baseDot, glyph: glyph{sides: 4}}})
	}
	ramp := Entry{Text: h.text}
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
		es = append(es, Entry{Text: text, Look: Look{color: muted, glyph: glyph{open: true}}})
	}
	return es
}

// scatterPanel draws the dots of one measure; outside[i] says that dot i is beyond the axes, which hold all filled dots.
func scatterPanel(p power, ds []dot, by compared, h hue, low, high float64, allOpen bool, length vg.Length) (pan Panel, outside []bool) {
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
	pan = Panel{Title: "m = " + mText(p.m), X: LogAxis("sharpness (nats, log scale)", left, right, length),
		Y: LinearAxis(by.gap.label()+" (points)", low, high, 5)}
	if p.within.N > 0 {
		pan.Title += ": τ = " + plusMinus(p.within, 2)
	}
	outside = make([]bool, len(ds))
	type kind struct {
		filled bool
		hue    float64
	}
	groups := map[kind]*Dots{}
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
			groups[k] = &Dots{Look: Look{color: faint(h.color(o.hue), 0xc8), glyph: glyph{open: !o.filled}}, radius: 1.55}
			if h.zero(o.hue) {
				*groups[k] = Dots{Look: Look{color: baseDot, glyph: glyph{sides: 4, open: !o.filled}}, radius: 2.1}
			}
		}
		groups[k].X, groups[k].Y = append(groups[k].X, x), append(groups[k].Y, o.y)
	}
	for _, filled := range []bool{false, true} { // open dots below, ρ = 0 on top
		for _, v := range append(append([]float64{math.Inf(-1)}, h.values...), 0) {
			if g := groups[kind{filled, v}]; g != nil && !(v == 0 && slices.Contains(h.values, 0)) {
				pan.Add(*g)
			}
		}
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
