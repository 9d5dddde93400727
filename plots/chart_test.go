package plots

import (
	"strings"
	"testing"
)

func TestChartsWriteThePointsDrawn(t *testing.T) {
	line := ChartLine{Name: "a, b", X: []float64{1, 16}, Y: []float64{.5, 1000}, Look: LookOfM(1)}
	panels := []ChartPanel{{Title: "first", Lines: []ChartLine{line}}, {Title: "second", LogY: true, Level: 1, Lines: []ChartLine{line}}}
	d := Chart{Name: "lines", Panels: panels}.Draw()
	want := "panel,series,x,y\na,\"a, b\",1,0.5\na,\"a, b\",16,1000\nb,\"a, b\",1,0.5\nb,\"a, b\",16,1000\n"
	if got := string(written(t, d.WriteCSV)); got != want {
		t.Errorf("%s, want\n%s", got, want)
	}
	if svg := string(written(t, d.WriteSVG)); strings.Contains(svg, "NaN") || !strings.Contains(svg, "a, b") {
		t.Error("the SVG has no legend, or a position that is no number")
	}
}
