package plots

import (
	"image"
	"testing"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// A curve under a strip lies where the axis says: at the height of a rule of the same value.
func TestCurveLiesOnItsAxis(t *testing.T) {
	height := func(of func(c draw.Canvas)) int {
		c := vgimg.New(100, 100)
		of(draw.New(c))
		return darkest(c.Image())
	}
	p := newPlot(Axis{High: 1}, Axis{High: 10})
	line := Curve{X: []float64{0, 1}, Y: Exactly(3, 3), Look: Look{color: ink, width: 1}, capped: true, top: 6}
	level := Rule{Y: exactly(3), Look: Look{color: ink, width: 1}}
	a := height(func(c draw.Canvas) { line.Plot(c, p) })
	b := height(func(c draw.Canvas) { level.Plot(c, p) })
	if a != b || a < 0 {
		t.Errorf("the curve lies at row %d, the rule at %d", a, b)
	}
	above := Curve{X: []float64{0, 1}, Y: Exactly(7, 7), Look: Look{color: ink, width: 1}, capped: true, top: 6}
	if row := height(func(c draw.Canvas) { above.Plot(c, p) }); row >= 0 {
		t.Errorf("a curve above its top is drawn at row %d", row)
	}
}

// darkest is the first row with ink in the middle of a picture; −1 for none.
func darkest(img image.Image) int {
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		if r, g, bl, a := img.At((b.Min.X+b.Max.X)/2, y).RGBA(); a > 0x8000 && r+g+bl < 0x18000 {
			return y
		}
	}
	return -1
}
