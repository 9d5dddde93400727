package plots

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// bowl is x² + 2y² on a grid of n × n points in [−1, 1]².
func bowl(n int) *LossMap {
	m := &LossMap{}
	for i := range n {
		m.X = append(m.X, 2*float64(i)/float64(n-1)-1)
	}
	m.Y = m.X
	for _, y := range m.Y {
		var row []float64
		for _, x := range m.X {
			row = append(row, x*x+2*y*y)
		}
		m.Loss, m.Error = append(m.Loss, row), append(m.Error, row)
	}
	return m
}

func (m LossMap) tracer() tracer {
	t := tracer{contours: contours{x: m.X, y: m.Y, z: m.Loss}}
	for i := range m.X {
		t.x, t.y = append(t.x, vg.Length(m.X[i])), append(t.y, vg.Length(m.Y[i]))
	}
	return t
}

// area is what loops enclose, holes taken away.
func area(ls []loop) (sum float64) {
	for _, l := range ls {
		for i, a := range l {
			b := l[(i+1)%len(l)]
			sum += float64(a.X*b.Y-a.Y*b.X) / 2
		}
	}
	return sum
}

// Contours lie at their level, and enclose what is higher: the square without an ellipse.
func TestContours(t *testing.T) {
	b := bowl(41)
	tr := b.tracer()
	for _, level := range []float64{.1, .5} {
		loops := tr.loops(level)
		if len(loops) != 2 {
			t.Fatalf("level %v: %d loops, want the square's and the ellipse's", level, len(loops))
		}
		if got, want := area(loops), 4-math.Pi*level/math.Sqrt2; math.Abs(got-want) > .005 {
			t.Errorf("level %v: an area of %v, want %v", level, got, want)
		}
		n := 0
		for _, l := range loops {
			for _, line := range l.lines() {
				for _, p := range line {
					n++
					if z := float64(p.X*p.X + 2*p.Y*p.Y); math.Abs(z-level) > .004 {
						t.Errorf("level %v: a contour at %v, where the map is %v", level, p, z)
					}
				}
			}
		}
		if n < 20 {
			t.Errorf("level %v: %d points on contours", level, n)
		}
	}
	if got := area(tr.loops(-math.MaxFloat64)); math.Abs(got-4) > 1e-12 {
		t.Errorf("all of it is %v, want 4", got)
	}
	if loops := tr.loops(3.1); len(loops) != 0 {
		t.Errorf("%d loops above the map", len(loops))
	}
	// Where a corner is NaN the four squares around it are white, and their borders are no contours.
	b.Loss[10][20] = nan
	if got, want := area(tr.loops(-math.MaxFloat64)), 4-2*.05*.05; math.Abs(got-want) > 1e-12 {
		t.Errorf("with a hole it is %v, want %v", got, want)
	}
	for _, l := range tr.loops(-math.MaxFloat64) {
		if len(l.lines()) > 0 {
			t.Error("the border of a hole is a contour")
		}
	}
	saddle := LossMap{X: []float64{0, 1}, Y: []float64{0, 1}, Loss: [][]float64{{1, 0}, {0, 1}}}
	if joined, apart := len(saddle.tracer().loops(.4)), len(saddle.tracer().loops(.6)); joined != 1 || apart != 2 {
		t.Errorf("a saddle has %d and %d loops below and above its middle, want 1 and 2", joined, apart)
	}
}

func TestScales(t *testing.T) {
	texts := func(ts plot.ConstantTicks) string {
		var labels []string
		for _, l := range ts {
			labels = append(labels, l.Label)
		}
		return strings.Join(labels, " ")
	}
	for _, of := range []struct {
		values []float64
		log    bool
		levels string
	}{
		{[]float64{1, nan, 3, math.Inf(1)}, false, "1.2 1.4 1.6 1.8 2.0 2.2 2.4 2.6 2.8"}, {[]float64{.002, 2}, true, ".005 .01 .02 .05 .1 .2 .5 1"},
		{[]float64{0, 100}, false, "10 20 30 40 50 60 70 80 90"}, {[]float64{5, 5}, false, ""}, {[]float64{1e-30, 1e30}, true, ""},
	} {
		s := scaleOf(of.values)
		got := s.levels()
		if s.log != of.log || len(got) > mostBands || of.levels != "" && texts(got) != of.levels {
			t.Errorf("%v: logarithmic is %v, levels %q", of.values, s.log, texts(got))
		}
	}
	if s := scaleOf([]float64{nan}); !(s.low > s.high) {
		t.Errorf("without values the scale is %v", s)
	}
}

// A landscape says what is not finite, and writes the points that it draws; equal ones have equal bytes.
func TestLandscape(t *testing.T) {
	m := bowl(11)
	m.Loss[0][0], m.Loss[3][4] = nan, math.Inf(1)
	line := LossLine{Name: "along direction 1", X: m.X, Loss: m.Loss[5], Error: m.Error[5], Parabola: m.Error[5], ParabolaName: "parabola"}
	f := Landscape{Name: "landscape", Title: "A bowl", Split: "training", XLabel: "x", YLabel: "y", LineLabel: "x", Map: m, Lines: []LossLine{line},
		Marks: []LossMark{{Text: "A", Loss: 0, OnLines: true}}, Caption: "A bowl."}
	d := f.Draw()
	if want := "The loss of 2 of 121 points is not finite: there it is white, and lines are broken."; !strings.Contains(d.Caption, want) {
		t.Errorf("the caption is %q", d.Caption)
	}
	if len(d.Rows) != 2*121+3*11 || strings.Join(d.Rows[1], " ") != "a training loss -0.8 -1 2.64" || d.Rows[0][4] != "" {
		t.Errorf("%d rows: %q", len(d.Rows), d.Rows[:2])
	}
	svg := written(t, d.WriteSVG)
	wellFormed(t, "landscape", svg)
	for _, bad := range []string{"NaN", "Inf"} {
		if bytes.Contains(svg, []byte(bad)) {
			t.Errorf("the SVG has a position %s", bad)
		}
	}
	again := f.Draw()
	if !bytes.Equal(svg, written(t, again.WriteSVG)) || !bytes.Equal(written(t, d.WritePNG), written(t, again.WritePNG)) {
		t.Error("drawn again it has other bytes")
	}
	for _, row := range m.Loss {
		for i := range row {
			row[i] = nan
		}
	}
	f.Lines = nil
	if d := f.Draw(); !strings.Contains(d.Caption, "no training loss is finite") || len(written(t, d.WriteSVG)) == 0 {
		t.Errorf("without a finite loss the caption is %q", d.Caption)
	}
}

// A path is on both maps, in the legend and among the points that are written; what leaves the map breaks nothing.
func TestLandscapeWithAPath(t *testing.T) {
	m := bowl(11)
	f := Landscape{Name: "landscape", Title: "A bowl", Split: "training", XLabel: "first,\n78 %", YLabel: "second,\n9 %", Map: m, Caption: "A bowl.",
		Marks: []LossMark{{Text: "start", X: -.9, Y: -.8}, {Text: "end"}},
		Path: &LossPath{Name: "weights after every epoch", Names: []string{"path, epoch 0", "path, epoch 1", "path, epoch 2", "path, epoch 3"},
			X: []float64{-.9, -.2, 1.4, 0}, Y: []float64{-.8, .3, .1, 0}, Loss: []float64{2, .5, nan, 0}, Error: []float64{90, 20, 30, 0}}}
	d := f.Draw()
	if want := 2 * (121 + 4); len(d.Rows) != want || strings.Join(d.Rows[121], " ") != "a path, epoch 0 -0.9 -0.8 2" || strings.Join(d.Rows[want-4], " ") != "b path, epoch 0 -0.9 -0.8 90" ||
		d.Rows[123][4] != "" {
		t.Errorf("%d rows, of the path %q", len(d.Rows), d.Rows[121:125])
	}
	svg := written(t, d.WriteSVG)
	wellFormed(t, "landscape", svg)
	for text, times := range map[string]int{"weights after every epoch": 1, ">start<": 2, ">end<": 2, "78 %": 2, "9 %": 2, "NaN": 0, ">solution<": 0} {
		if n := bytes.Count(svg, []byte(text)); n != times {
			t.Errorf("the SVG has %q %d times, want %d", text, n, times)
		}
	}
	again := f.Draw()
	if !bytes.Equal(svg, written(t, again.WriteSVG)) || !bytes.Equal(written(t, d.WritePNG), written(t, again.WritePNG)) {
		t.Error("drawn again it has other bytes")
	}
	f.Path = nil
	if bytes.Equal(svg, written(t, f.Draw().WriteSVG)) {
		t.Error("the path is not drawn")
	}
}
