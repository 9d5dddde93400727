package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strconv"
	"testing"

	"msharp/harness/study"
	"msharp/plots/plotstest"
)

// A page shows the numbers of the CSV: those that are drawn, under the name that the legend has, each with its interval and its n.
func TestShownAreTheNumbersDrawn(t *testing.T) {
	d, err := Lines{Base: true}.Draw(study.Of(plotstest.Small.Records()))
	if err != nil {
		t.Fatal(err)
	}
	shown := d.Shown()
	if len(shown) != 1 || shown[0].X.Label != "ρ" || !shown[0].X.Log || shown[0].Y.Label != "test error (%)" {
		t.Fatalf("%+v", shown)
	}
	number := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return math.NaN()
		}
		return v
	}
	same := func(a, b float64) bool { return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-4*math.Abs(b) }
	column := func(name string) int { return slices.Index(d.Header, name) }
	found := 0
	for _, row := range d.Rows {
		if row[0] == "" || row[column("above_axis")] == "true" || row[2] == "" {
			continue
		}
		i := slices.IndexFunc(shown[0].Series, func(s Series) bool { return s.Name == "m = "+row[0] })
		if i < 0 {
			t.Fatalf("no series m = %s", row[0])
		}
		s := shown[0].Series[i]
		k := slices.IndexFunc(s.X, func(x float64) bool { return same(x, number(row[1])) })
		if k < 0 {
			t.Errorf("m = %s has no ρ = %s", row[0], row[1])
			continue
		}
		if found++; !same(s.Y[k], number(row[2])) || !same(s.Low[k], number(row[3])) || !same(s.High[k], number(row[4])) || fmt.Sprint(s.N[k]) != row[5] {
			t.Errorf("%q is shown as %v [%v, %v], n = %d", row, s.Y[k], s.Low[k], s.High[k], s.N[k])
		}
	}
	if found < 5 {
		t.Errorf("%d numbers were compared", found)
	}
}

// A number stands where the picture has its marker: there the picture has its colour.
func TestShownStandWhereTheyAreDrawn(t *testing.T) {
	red := color.NRGBA{0xff, 0, 0, 0xff}
	s := Sheet{Name: "x", Title: "A title", Wide: true}
	xs := []float64{-1.5, -.25, .5}
	for range 3 {
		p := Panel{Title: "t", X: LogAxis("x (log scale)", -2, 1, 100), Y: LinearAxis("y", 0, 10, 5)}
		p.Add(Dots{X: xs, Y: []float64{1, 5, 8}, Look: Look{color: red}}, Dots{X: []float64{3}, Y: []float64{1}, Look: Look{color: red}})
		s.Add(p)
	}
	d := s.Draw()
	img, shown := d.image(), d.Shown()
	if len(shown) != 3 {
		t.Fatalf("%d panels", len(shown))
	}
	for _, p := range shown {
		if len(p.Series) != 1 || !p.X.Log || p.X.Label != "x" {
			t.Fatalf("%+v: what lies outside the axes is not drawn", p)
		}
		for k, x := range p.Series[0].X {
			if math.Abs(math.Log10(x)-xs[k]) > 1e-9 {
				t.Errorf("x = %v", x)
			}
			left := p.X.From + (p.X.To-p.X.From)*(math.Log10(x)-math.Log10(p.X.Low))/(math.Log10(p.X.High)-math.Log10(p.X.Low))
			top := p.Y.From + (p.Y.To-p.Y.From)*(p.Series[0].Y[k]-p.Y.Low)/(p.Y.High-p.Y.Low)
			r, g, _, _ := img.At(int(left*screenDPI/72), int(top*screenDPI/72)).RGBA()
			if r>>8 != 0xff || g>>8 > 8 {
				t.Errorf("no red at %.1f, %.1f", left, top)
			}
		}
	}
}

// A very long line is thinned, and keeps its ends; of dots each is shown.
func TestLongLinesAreThinned(t *testing.T) {
	s := Series{N: []int{}, line: true}
	for i := range 1000 {
		s.X, s.Y, s.N = append(s.X, float64(i)), append(s.Y, 1), append(s.N, i)
	}
	got := s.drawn(Axis{Low: -1, High: 1001}, Axis{High: 2})
	if n := len(got.X); n > mostShown+1 || n < mostShown/2 || got.X[0] != 0 || got.X[n-1] != 999 || got.N[n-1] != 999 || got.Low != nil {
		t.Errorf("%d of 1000: %+v", len(got.X), got)
	}
	s.line = false
	if got := s.drawn(Axis{Low: -1, High: 1001}, Axis{High: 2}); len(got.X) != 1000 {
		t.Errorf("%d of 1000 dots", len(got.X))
	}
}
