package plots

import (
	"bytes"
	"image"
	"image/color"
	"io"
	"math"
	"testing"

	"msharp/harness/study"
	"msharp/plots/plotstest"
)

// A picture of 256 colours, not one more, comes back as it was.
func TestFewColorsAreExact(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 40, 16))
	for y := range 16 {
		for x := range 40 {
			img.SetRGBA(x, y, color.RGBA{uint8(7 * (x % 16)), uint8(11 * y), uint8(3 * (x % 16)), 255})
		}
	}
	got := decode(t, written(t, func(w io.Writer) error { return writePNG(w, img, 192) }))
	for y := range 16 {
		for x := range 40 {
			if got.At(x, y) != img.At(x, y) {
				t.Fatalf("%v at %d, %d, want %v", got.At(x, y), x, y, img.At(x, y))
			}
		}
	}
}

// A figure keeps its white, its other colours nearly, and makes the same file twice.
func TestPaletteOfAFigure(t *testing.T) {
	d, err := Overview{}.Draw(study.Of(plotstest.Small.Records()))
	if err != nil {
		t.Fatal(err)
	}
	want := d.image()
	first := written(t, d.WritePNG)
	got := decode(t, first)
	var sum, most float64
	for y := range want.Rect.Dy() {
		for x := range want.Rect.Dx() {
			a, b := want.RGBAAt(x, y), color.RGBAModel.Convert(got.At(x, y)).(color.RGBA)
			if white := (color.RGBA{255, 255, 255, 255}); a == white && b != white {
				t.Fatalf("white is %v at %d, %d", b, x, y)
			}
			d := math.Sqrt(float64(squareDistance(a, b)))
			sum, most = sum+d, math.Max(most, d)
		}
	}
	if mean := sum / float64(want.Rect.Dx()*want.Rect.Dy()); mean > .2 || most > 25 {
		t.Errorf("a pixel is off by %.3f of 255 in the mean, %.1f at most", mean, most)
	}
	if !bytes.Equal(first, written(t, d.WritePNG)) {
		t.Error("the same drawing makes two files")
	}
	if trueColor := encode(t, want); 2*len(first) > len(trueColor) {
		t.Errorf("%d bytes, %d in true colour", len(first), len(trueColor))
	}
}
