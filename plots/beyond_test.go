package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"

	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/plots/plotstest"
)

// extreme is records of which some numbers lie far from all others, in ways that an axis may cut: a seed in ruin, a number near 0.
func extreme(recs []record.Record) []record.Record {
	return plotstest.With(recs, func(r *record.Record) {
		t := study.Of([]record.Record{*r}).Final()
		if len(t) == 0 || t[0].Diverged {
			return
		}
		n := r.Values.Numbers
		switch {
		case t[0].Seed == 2 && t[0].Rho > .1:
			n["test_error"], n["val_error"], n["error_gap"] = .97, n["val_error"]-.02, .95
		case t[0].Seed == 4 && t[0].M == 1:
			n["test_error"] = .97
		case t[0].Seed == 1 && t[0].Rho > 0 && t[0].Rho < .03:
			n["test_error"] = .0001
		}
		for name := range n {
			if strings.HasPrefix(name, "msharp(") && t[0].Seed == 3 && t[0].Rho > .1 {
				n[name] *= 1e4
			}
		}
		for i := range r.Epochs {
			if i == 0 {
				r.Epochs[i].ValError = .9
			}
		}
		if !r.Watch.IsZero() {
			r.Watch.Values["gradnorm"][0] = 1e-9
			last := r.Watch.Values["hessian_max(steps=20)"]
			last[len(last)-1] *= 1e5
		}
	})
}

// What a panel draws of a datum beyond its axis, as the marks say it.
type cutData struct{ above, below int }

// beyondAxes counts the data of a panel beyond its y axis, from the data themselves.
func beyondAxes(t *testing.T, name string, p Panel) (n cutData) {
	t.Helper()
	count := func(high float64, vs ...float64) {
		for _, v := range vs {
			if v > high+1e-9 {
				n.above++
			} else if v < p.Y.Low-1e-9 {
				n.below++
			}
		}
	}
	for _, m := range p.Marks {
		switch m := m.(type) {
		case Curve:
			if m.guide {
				continue
			}
			high := p.Y.High
			if m.capped {
				high = m.top
			}
			for i, y := range m.Y {
				count(high, y.Mean)
				if !math.IsNaN(y.Mean) && (m.X[i] < p.X.Low-1e-9 || m.X[i] > p.X.High+1e-9) && y.Mean <= high {
					t.Errorf("%s, %s: a point at x = %v lies beside the axis from %v to %v, and nothing marks it", name, p.Title, m.X[i], p.X.Low, p.X.High)
				}
			}
		case Rule:
			count(p.Y.High, m.Y.Mean)
		case othersAt:
			for _, l := range m.levels {
				if l.y.Mean > p.Y.High || l.y.Mean < p.Y.Low {
					t.Errorf("%s: the level %s is off the axis", name, l.name)
				}
			}
		case forestRows:
			for _, r := range m.rows {
				if r.est.N > 0 && p.X.sideOf(r.est.Mean) != inside {
					t.Errorf("%s: the mean of %s, %v, is off the axis", name, r.name, r.est.Mean)
				}
			}
		case nullBand:
			for i := range m.x {
				count(p.Y.High, m.mean[i])
			}
		case rivalColumn:
			for _, r := range m.rows {
				if e := r.scores[m.column].est; e.N > 0 && p.X.sideOf(e.Mean) != inside {
					t.Errorf("%s: %s, %v, is off the axis", name, r.name, e.Mean)
				}
			}
		case bunch:
			count(p.Y.High, m.y)
		case roundel:
			count(p.Y.High, m.y)
		case track:
			count(p.Y.High, m.y...)
		case pin:
			count(p.Y.High, m.y)
		case Dots, offScale, powerLaw, apartFrom, corridor, contours, colorBar, claimRows: // Dots: see TestDotsBeyond
		default:
			t.Errorf("%s: what does %T do beyond the axis?", name, m)
		}
	}
	return n
}

// marked counts the data beyond the y axis that a panel marks.
func marked(p Panel) (n cutData) {
	for _, e := range p.edges() {
		if e.below {
			n.below += e.points
		} else {
			n.above += e.points
		}
	}
	for _, m := range p.Marks {
		if s, ok := m.(offScale); ok {
			for _, r := range s.rows {
				for _, pt := range r.pts {
					if pt.above {
						n.above++
					}
				}
			}
		}
	}
	return n
}

// texts are what a drawing writes.
func texts(d Drawing) (out []string) {
	var c recorder.Canvas
	d.paint(draw.NewCanvas(&c, d.width, d.height))
	for _, a := range c.Actions {
		if s, ok := a.(*recorder.FillString); ok {
			out = append(out, s.String)
		}
	}
	return out
}

// No figure cuts a datum without a mark, whatever its records hold, and the value of every mark is written.
func TestNothingIsCutUnmarked(t *testing.T) {
	t.Parallel()
	many := plotstest.Population{
		Seeds: 12, Ms: []float64{1, 16}, Rhos: []float64{0, .02, .05, .2, .5}, Measures: []string{"1", "16"}, At: []float64{.05}, Epochs: 20,
	}
	all, found := 0, map[string]int{} // by kind of mark
	for _, s := range append(sets(), set{"many", sweepFigures(), many.Records()}) {
		s.records = extreme(s.records)
		for _, d := range append(s.draw(t), landscapes()...) {
			if d.Skipped != "" {
				if d.Name != "collapse" || s.name != "many" { // its m = 1 is off the axis
					t.Errorf("%s: %s", d.Name, d.Skipped)
				}
				continue
			}
			written := texts(d)
			for _, p := range withRoom(d.sheet.Panels) {
				if p.Blank != "" {
					continue
				}
				got, want := marked(p), beyondAxes(t, d.Name, p)
				if d.Name == "collapse" { // a mark a curve
					got, want = cutData{min(got.above, 1), got.below}, cutData{min(want.above, 1), want.below}
				}
				if got != want {
					t.Errorf("%s, %s: %+v marked of %+v beyond the axis", d.Name, p.Title, got, want)
				}
				all += want.above + want.below
				for _, m := range p.Marks {
					if b, ok := m.(beyonds); ok {
						found[fmt.Sprintf("%T", m)] += len(b.beyond(p.X, p.Y))
					}
				}
				for _, e := range p.edges() {
					if !slices.Contains(written, e.text) {
						t.Errorf("%s, %s: %q is not written", d.Name, p.Title, e.text)
					}
				}
				for _, m := range p.Marks {
					if f, ok := m.(forestRows); ok {
						found["forest"] += checkForest(t, d.Name, f, p.X, written)
					}
				}
			}
		}
	}
	if all < 20 || found["plots.Curve"] == 0 || found["forest"] == 0 {
		t.Errorf("%d data beyond axes, %v: the records are too tame to tell", all, found)
	}
}

// checkForest looks for the value of every dot beyond the axis.
func checkForest(t *testing.T, name string, f forestRows, x Axis, written []string) (n int) {
	t.Helper()
	for _, r := range f.rows {
		var high, low []float64
		for _, v := range r.dots {
			switch x.sideOf(v) {
			case above:
				high = append(high, v)
			case below:
				low = append(low, v)
			}
		}
		for _, vs := range [][]float64{high, low} {
			if n += len(vs); len(vs) > 0 && !slices.Contains(written, r.beyondText(vs)) {
				t.Errorf("%s, %s: %v lie beyond the axis, and %q is not written", name, r.name, vs, r.beyondText(vs))
			}
		}
	}
	return n
}

// landscapes are figures of losses.
func landscapes() []Drawing {
	line := LossLine{Name: "a", X: []float64{-1, 0, 1}, Loss: []float64{.1, 1e-9, 1e6}, Error: []float64{0, 0, 90}, Parabola: []float64{1, 0, 1e9}, ParabolaName: "p"}
	return []Drawing{Landscape{Name: "lines", Split: "training", LineLabel: "distance", Lines: []LossLine{line}}.Draw()}
}

// A line off its axis in runs above and below has a mark for each run, with the farthest value; points on the axis are drawn, and no stroke
// goes to where none is.
func TestEdgesOfACurve(t *testing.T) {
	y := LinearAxis("y", 0, 10, 5)
	c := Curve{X: []float64{0, 1, 2, 3, 4, 5}, Y: Exactly(5, 20, 43.2, 6, -3, nan), Look: LookOurs}
	var got []string
	for _, e := range c.beyond(Axis{}, y) {
		got = append(got, fmt.Sprintf("%v %v %s %d", e.x, e.below, e.text, e.points))
	}
	if want := "[2 false to 43 2 4 true −3.0 1]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
	p := Panel{X: LinearAxis("x", 0, 5, 5), Y: y}
	p.Add(c)
	s := Sheet{Name: "edges", Panels: []Panel{p}}
	d := s.Draw()
	if w := texts(d); !slices.Contains(w, "to 43") || !slices.Contains(w, "−3.0") {
		t.Errorf("%v is written", w)
	}
	var r recorder.Canvas
	d.paint(draw.NewCanvas(&r, d.width, d.height))
	for _, a := range r.Actions {
		if stroke, ok := a.(*recorder.Stroke); ok {
			for _, at := range stroke.Path {
				if at.Type == vg.LineComp && at.Pos.Y > d.height {
					t.Errorf("a stroke to %v leaves the figure", at.Pos)
				}
			}
		}
	}
}

// Dots beyond the axes are triangles on the edge; of NaN there is nothing.
func TestDotsBeyond(t *testing.T) {
	c := draw.NewCanvas(new(recorder.Canvas), 100, 100)
	for _, at := range []vg.Point{{X: 200, Y: 50}, {X: -3, Y: 50}, {X: 50, Y: 101}, {X: 50, Y: -1}, {X: 500, Y: 500}} {
		for _, corner := range outward(c, at) {
			if corner.Type != vg.CloseComp && !c.Contains(corner.Pos) {
				t.Errorf("%v: a corner at %v", at, corner.Pos)
			}
		}
	}
	var r recorder.Canvas
	p := newPlot(LinearAxis("", 0, 1, 2), LinearAxis("", 0, 1, 2))
	p.Add(Dots{X: []float64{.5, 2, nan}, Y: []float64{.5, .5, .5}, Look: LookOurs})
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, 0, 1
	p.Draw(draw.NewCanvas(&r, 100, 100))
	fills := 0
	for _, a := range r.Actions {
		if _, ok := a.(*recorder.Fill); ok {
			fills++
		}
	}
	if fills != 2 {
		t.Errorf("%d fills, want one of dots and one of triangles", fills)
	}
}

// The strip writes every value, or a caret.
func TestStripHasEveryPoint(t *testing.T) {
	var row offRow
	row.Look = LookOurs
	for _, x := range []float64{0, .5, .51, .52, 1} {
		row.pts = append(row.pts, offPoint{x: x, above: true, label: "90"})
	}
	var r recorder.Canvas
	p := newPlot(LinearAxis("", 0, 1, 2), LinearAxis("", 0, 2, 2))
	p.Add(offScale{top: 1, rows: []offRow{row}})
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, 0, 2
	p.Draw(draw.NewCanvas(&r, 150, 100))
	numbers, carets := 0, 0
	for _, a := range r.Actions {
		switch a := a.(type) {
		case *recorder.FillString:
			if a.String == "90" {
				numbers++
			}
		case *recorder.Stroke:
			if n := len(a.Path); n == 6 {
				carets++
			}
		}
	}
	if numbers < 3 || numbers+carets != 5 {
		t.Errorf("%d numbers and %d carets of 5 points", numbers, carets)
	}
}

// No mark is paler than 3 to 1 on white, and no text of a mark than 4.5.
func TestContrast(t *testing.T) {
	if c := contrast(color.NRGBA{0xff, 0xff, 0xff, 0xff}); math.Abs(c-1) > 1e-9 {
		t.Errorf("white on white is %v", c)
	}
	if c := contrast(color.NRGBA{0, 0, 0, 0xff}); math.Abs(c-21) > 1e-9 {
		t.Errorf("black on white is %v", c)
	}
	check := func(what string, c color.NRGBA) {
		t.Helper()
		if got := contrast(c); got < 3 {
			t.Errorf("%s, %v: %.2f, want 3", what, c, got)
		}
		if got := contrast(readable(c)); got < 4.5 {
			t.Errorf("text of %s, %v: %.2f, want 4.5", what, c, got)
		}
	}
	for _, m := range []float64{0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 1024} {
		check(fmt.Sprint("m = ", m), LookOfM(m).color)
	}
	radii := []float64{.005, .01, .02, .035, .05, .07, .1, .15, .2}
	for n := 1; n <= len(radii); n++ {
		for _, rho := range radii[:n] {
			check(fmt.Sprint("ρ = ", rho, " of ", n), rhoColor(rho, radii[:n]))
		}
	}
	for i, l := range []Look{LookBase, LookUsual, LookOurs, LookOursOpen, LookBlue, LookGreen, LookGrey, LookPale, LookDark, LookOpenBase, LookOpen, lookZero, lookTuned, lookRandom} {
		check(fmt.Sprint("look ", i), l.color)
	}
	for v, c := range claimColors {
		check(v, c)
	}
	for _, s := range sets() { // as the figures use them
		for _, d := range s.draw(t) {
			for _, p := range d.sheet.Panels {
				for _, m := range p.Marks {
					switch m := m.(type) {
					case Curve:
						check(d.Name, m.color)
					case Dots:
						check(d.Name, m.color)
					case forestRows:
						for _, r := range m.rows {
							if r.heading == "" {
								check(d.Name, r.color)
							}
						}
					}
				}
			}
		}
	}
}

// No shift takes a point as far as half the way to its neighbour or to a label of the axis.
func TestShiftsStayBeforeTicks(t *testing.T) {
	t.Parallel()
	shifted := 0
	for _, s := range sets() {
		for _, d := range s.draw(t) {
			for _, width := range []vg.Length{d.width, 3.25 * vg.Inch} {
				for _, p := range d.sheet.Panels {
					scale := (width/vg.Length(d.sheet.columns()) - 60) / vg.Length(p.X.High-p.X.Low)
					tx := func(x float64) vg.Length { return scale * vg.Length(x) }
					var marks []plot.Plotter
					if p.Blank == "" {
						marks = p.spaced()
					}
					for _, m := range marks {
						c, ok := m.(Curve)
						if !ok || c.Shift == 0 || c.free || c.gap == 0 {
							continue
						}
						shifted++
						for _, x := range c.X {
							for _, tick := range p.X.Ticks {
								far := tx(tick.Value) - tx(x)
								if tick.Label != "" && math.Abs(tick.Value-x) > 1e-6 && math.Abs(float64(far)) < 2*math.Abs(float64(c.shift(tx))) && far*c.shift(tx) > 0 {
									t.Errorf("%s, %s: a point at %v is shifted by %v; the tick %s is %v away", d.Name, p.Title, x, c.shift(tx), tick.Label, far)
								}
							}
						}
					}
				}
			}
		}
	}
	if shifted < 10 {
		t.Errorf("%d shifted curves", shifted)
	}
}

func TestEdgeText(t *testing.T) {
	for v, want := range map[float64]string{90.2: "90", 6.73: "6.7", 9.96: "10", 99.6: "100", 1234: "1234", .0123: ".012", -3: "−3.0", 0: "0", 2e-5: "2·10⁻⁵", 4.2e6: "4·10⁶", math.Inf(1): "+Inf"} {
		if got := edgeText(v); got != want {
			t.Errorf("%v is %q, want %q", v, got, want)
		}
	}
	for _, c := range []struct {
		v, end float64
		want   string
	}{{11.27, 11.2, "11.3"}, {11.21, 11.2, "11.21"}, {90.2, 10.5, "90"}, {-.304, -.3, "−.304"}, {9.96, 9.9, "10"}, {2e-5, 1e-5, "2·10⁻⁵"}, {nan, 1, "–"}} {
		if got := pastText(c.v, c.end); got != c.want {
			t.Errorf("%v past %v is %q, want %q", c.v, c.end, got, c.want)
		}
	}
	if got := edgeText(nan) + signedText(13.2) + signedText(-13.2); got != "–+13−13" {
		t.Error(got)
	}
}
