package plots

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
)

// Scatter draws the generalization gap against sharpness, a dot for each model and a panel for each m of the measure. The colour of a dot is
// the ρ that the model was trained with or, in a population without SAM, the hyperparameter that ranks the models best.
type Scatter struct {
	Gate study.Gate // of the filled dots; zero is study.ByDesign
}

func (f Scatter) Name() string { return "scatter" }

// dot is a model in a panel.
type dot struct {
	study.Trial
	x, y   float64 // sharpness as measured; gap in percentage points
	hue    float64 // what colours it
	filled bool    // is compared: it passes the gate and has every measure of the ρ that is shown
}

// text is the model in words.
func (o dot) text(h hue) string {
	s := fmt.Sprintf("%s %s, seed %d", h.Column, stats.Short(o.hue), o.Seed)
	if o.M > 0 {
		s = fmt.Sprintf("ρ = %s, m = %s, seed %d", stats.Short(o.Rho), study.GroupText(o.M), o.Seed)
	} else if h.Column == "rho_trained" {
		s = fmt.Sprintf("ρ = 0, seed %d", o.Seed)
	}
	return s
}

// hue is what colours the dots.
type hue struct {
	study.Rival
	values []float64 // beside ρ = 0, ascending
	text   string    // for a legend
}

// hueOf is ρ or, where no run has one, the hyperparameter of the largest mean τ with the gap within seed, of either sign; none where there
// is none.
func hueOf(t *study.Trials, by compared) hue {
	best, most := study.Rival{Field: study.Rho, Column: "rho_trained"}, 0.
	text := "trained with ρ ="
	if len(t.Ms()) == 0 {
		models := t.Ranking(by.gap, by.gate)
		for _, h := range t.Hyperparameters() {
			if tau := math.Abs(models.By(h.Field).Taus().Mean().Mean); tau > most {
				best, most, text = h, tau, h.Label+" ="
			}
		}
	}
	h := hue{Rival: best, text: text}
	h.values = slices.DeleteFunc(t.Distinct(best.Field), func(v float64) bool { return v == 0 && best.Column == "rho_trained" })
	return h
}

// at is NaN where the trial lacks it.
func (h hue) at(r study.Trial) float64 {
	if v, ok := h.Of(r); ok {
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

func (h hue) zero(v float64) bool { return v == 0 && h.Column == "rho_trained" }

func dotsOf(ts []study.Trial, p power, all []power, by compared, h hue) (ds []dot) {
	for _, r := range ts {
		x, ok1 := p.Of(r)
		y, ok2 := by.gap.Of(r)
		if ok1 && ok2 && !r.Diverged {
			lacks := slices.ContainsFunc(all, func(q power) bool { _, ok := q.Of(r); return !ok })
			ds = append(ds, dot{r, x, 100 * y, h.at(r), by.gate.Passes(r) && !lacks})
		}
	}
	return ds
}

func (f Scatter) Draw(t *study.Trials) (Drawing, error) {
	by := comparedBy(f.Gate)
	facts := by.facts(t)
	s := Sheet{Name: f.Name(), Title: "m-sharpness and " + by.gap.Label + ", model by model", Height: 2.1 * vg.Inch}
	ps := measuredAt(facts.ps, facts.rho)
	var all [][]dot
	var gaps, others []float64 // of the filled dots, or of all where none is; of the others
	diverged, open := t.Diverged(), 0
	total, h := 0, hueOf(t, by)
	shown := study.Some(t.Final(), mostDots)
	for _, p := range ps {
		ds := dotsOf(shown, p, ps, by, h)
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
		s.Skipped = cmp.Or(facts.skipped, fmt.Sprintf("no finished model has msharp(m=… rho=%s) and the %s", stats.Short(facts.rho), by.gap.Label))
		return s.Draw(), nil
	}
	low, high := bounds(gaps, others)
	s.Columns = columns(len(ps))
	s.Header = []string{"m", "rho_measured", "sharpness", "gap_points", h.Column, "m_trained", "seed", "compared", "outside_axes", "id"}
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
			s.Rows = append(s.Rows, []string{study.GroupText(p.M), cellText(p.Rho), cellText(o.x), cellText(o.y), cellText(o.hue), mOrEmpty(o.M),
				fmt.Sprint(o.Seed), fmt.Sprint(o.filled), fmt.Sprint(sides[k]), o.ID})
		}
		outside.Add(beyond)
		s.Add(pan)
	}
	s.Legend = scatterLegend(h, t, open, outside)
	note := fmt.Sprintf("Sharpness at ρ = %s. ", stats.Short(facts.rho))
	if facts.skipped != "" {
		note += "No τ: " + facts.skipped + "."
	} else {
		note += facts.interval("±: " + facts.over)
	}
	s.Notes = []string{note + study.SomeText(len(shown), len(t.Final()), "models")}
	s.Caption = "Each dot is a model, coloured by the ρ it was trained with."
	if h.Column != "rho_trained" {
		s.Caption = fmt.Sprintf("Each dot is a model, coloured by %s, the hyperparameter that ranks the models best.", h.Label)
	}
	if open > 0 {
		s.More += fmt.Sprintf(" Open dots (%s) are not compared: they do not pass the gate (%s)", record.Plural(open, "model"), by.gate.Text)
		if facts.lacking > 0 {
			s.More += " or lack a measure at this ρ"
		}
		s.More += "."
	}
	if outside.high > 0 {
		s.More += fmt.Sprintf(" In each panel %s of them lie outside the axes, which are fitted to the filled dots: each is a triangle at the edge that it lies beyond.", outside)
	}
	if below > 0 {
		s.More += fmt.Sprintf(" %s of sharpness ≤ 0 on the left edge.", record.Plural(below, "dot"))
	}
	if diverged > 0 {
		s.More += fmt.Sprintf(" %s diverged: without a sharpness and a gap, not drawn.", record.Plural(diverged, "run"))
	}
	s.End = t.SweptText("every model of a seed is compared with every other")
	return s.Draw(), nil
}

func mOrEmpty(m float64) string {
	if m == 0 {
		return ""
	}
	return study.GroupText(m)
}

func scatterLegend(h hue, t *study.Trials, open int, outside Span) []Entry {
	var es []Entry
	if len(t.Base().Final()) > 0 && h.Column == "rho_trained" {
		es = append(es, Entry{Text: "ρ = 0", Look: Look{color: baseDot, glyph: glyph{sides: 4}}})
	}
	ramp := Entry{Text: h.text}
	for _, v := range h.values {
		ramp.ramp, ramp.labels = append(ramp.ramp, h.color(v)), append(ramp.labels, stats.Short(v))
	}
	if len(h.values) > 0 {
		es = append(es, ramp)
	}
	if open > 0 {
		text := "not compared: " + record.Plural(open, "model")
		if outside.high > 0 {
			text += fmt.Sprintf(", %s outside the axes: triangles", outside)
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
	pan = Panel{Title: "m = " + study.GroupText(p.M), X: LogAxis("sharpness (nats, log scale)", left, right, length),
		Y: LinearAxis(by.gap.Label+" (points)", low, high, 5)}
	if p.within.N > 0 {
		pan.Title += ": τ = " + p.within.PlusMinus(2)
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
			groups[k] = &Dots{Look: Look{color: h.color(o.hue), glyph: glyph{open: !o.filled}}, radius: 1.55}
			if h.zero(o.hue) {
				*groups[k] = Dots{Look: Look{color: baseDot, glyph: glyph{sides: 4, open: !o.filled}}, radius: 2.1}
			}
		}
		groups[k].X, groups[k].Y = append(groups[k].X, x), append(groups[k].Y, o.y)
		groups[k].texts = append(groups[k].texts, o.text(h))
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
