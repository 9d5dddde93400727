package plots

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image/color"
	"io"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"

	"msharp/models/kind"
)

// In a paper no text is smaller than 6 points, and a plain figure has neither its title nor a note; the caption has what the notes say.
func TestPaper(t *testing.T) {
	t.Parallel()
	for _, s := range sets() {
		for _, d := range s.draw(t) {
			for _, width := range []string{"", "column", "two-columns"} {
				p := Paper{Plain: true}
				if width != "" {
					w, err := PaperWidth(width)
					if err != nil {
						t.Fatal(err)
					}
					p.Width = w
				}
				on := d.On(p)
				if want := max(p.Width, d.sheet.least); width != "" && on.width != want {
					t.Errorf("%s at %s is %v wide, want %v", d.Name, width, on.width, want)
				}
				var c recorder.Canvas
				on.paint(draw.NewCanvas(&c, on.width, on.height))
				n := 0
				for _, a := range c.Actions {
					f, ok := a.(*recorder.FillString)
					if !ok {
						continue
					}
					if n++; f.Size < 6 {
						t.Errorf("%s at %s: %q has %v points", d.Name, width, f.String, f.Size)
					}
					if f.String == d.Title || strings.HasPrefix(f.String, "Mean over seeds") {
						t.Errorf("%s at %s: %q is written", d.Name, width, f.String)
					}
				}
				if n < 5 || !strings.Contains(on.Caption, d.Caption) {
					t.Errorf("%s at %s: %d texts; %s", d.Name, width, n, on.Caption)
				}
			}
		}
	}
}

// The caption of a plain figure says nothing twice: not what the notes of its panels say that it has in other words.
func TestPlainCaptionSaysItOnce(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range sets() {
		for _, d := range s.draw(t) {
			plain := d.On(Paper{Plain: true}).Caption
			for text, figure := range map[string]string{"a task": "", "slope": "best_rho", "models a seed": "predictive_power"} {
				if figure != "" && d.Name != figure || !strings.Contains(strings.ToLower(d.Caption), text) {
					continue
				}
				seen[text] = true
				if want, got := strings.Count(strings.ToLower(d.Caption), text), strings.Count(strings.ToLower(plain), text); got != want {
					t.Errorf("%s says %q %d times, want %d: %s", d.Name, text, got, want, plain)
				}
			}
		}
	}
	if len(seen) != 3 {
		t.Errorf("only %v is in a caption", seen)
	}
}

// A note that the caption does not tell goes into the caption of a plain figure.
func TestPlainCaptionHasTheNotes(t *testing.T) {
	s := Sheet{Caption: "Errors.", Columns: 2}
	axis := LinearAxis("x", 0, 1, 5)
	for _, p := range []Panel{{Notes: []string{"new"}}, {Notes: []string{"told"}, told: true}, {Notes: []string{"Errors."}}} {
		p.X, p.Y = axis, axis
		s.Add(p)
	}
	if got := s.on(Paper{Plain: true}).Caption; got != "Errors. a: new." {
		t.Errorf("%q", got)
	}
}

// In a column nothing is drawn beyond the edge.
func TestColumnHoldsItsInk(t *testing.T) {
	if testing.Short() {
		t.Skip("draws every figure in a column")
	}
	t.Parallel()
	for _, s := range sets() {
		for _, d := range s.draw(t) {
			on := d.On(Paper{Width: 3.25 * vg.Inch})
			on.dpi = 96
			img := on.image()
			b := img.Rect
			for y := range b.Dy() {
				for _, x := range []int{0, b.Dx() - 1} {
					if got := img.RGBAAt(x, y); got != (color.RGBA{255, 255, 255, 255}) {
						t.Fatalf("%s: ink %v on the edge at %d, %d of %v", d.Name, got, x, y, b)
					}
				}
			}
		}
	}
}

func TestPaperWidth(t *testing.T) {
	for text, want := range map[string]vg.Length{"column": 234, "two-columns": 486, "5in": 360, "140mm": 140 * vg.Millimeter, "14cm": 14 * vg.Centimeter, "397pt": 397} {
		if got, err := PaperWidth(text); err != nil || got != want {
			t.Errorf("%s is %v, %v; want %v", text, got, err, want)
		}
	}
	for text, nearest := range map[string]string{"colum": "column", "two-column": "two-columns", "1in": "", "21in": "", "-3in": "", "NaNin": "", "in": "", "3": "", "": ""} {
		_, err := PaperWidth(text)
		var e *kind.Error
		if !errors.As(err, &e) || e.Value != text || nearest != "" && e.Nearest != nearest {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestNamed(t *testing.T) {
	all := sweepFigures()
	some, err := Named(all, []string{"collapse", "msweep"})
	if err != nil || len(some) != 2 || some[0].Name() != "collapse" || some[1].Name() != "msweep" {
		t.Errorf("%v, %v", some, err)
	}
	some, err = Named(all, []string{"msweep", " collapse", "msweep", "collapse "})
	if err != nil || len(some) != 2 || some[0].Name() != "msweep" || some[1].Name() != "collapse" {
		t.Errorf("%v, %v", some, err)
	}
	_, err = Named(all, []string{"collapse", "mswep"})
	if err == nil || !strings.Contains(err.Error(), "mswep") || !strings.Contains(err.Error(), "training_curves") || !strings.Contains(err.Error(), `did you mean "msweep"`) {
		t.Error(err)
	}
}

// A PNG says its resolution, in a chunk that readers check.
func TestResolution(t *testing.T) {
	d := Chart{Panels: []ChartPanel{{Lines: []ChartLine{{X: []float64{1, 2}, Y: []float64{1, 2}, Look: LookOurs}}}}}.Draw()
	for _, c := range []struct {
		Drawing
		dpi int
	}{{d, 192}, {d.On(Paper{Width: 3 * vg.Inch}), 600}} {
		b := written(t, c.WritePNG)
		i := bytes.Index(b, []byte("pHYs"))
		if i < 0 {
			t.Fatal("there is no pHYs")
		}
		if n := binary.BigEndian.Uint32(b[i-4:]); n != 9 || b[i+12] != 1 || binary.BigEndian.Uint32(b[i+13:]) != crc32.ChecksumIEEE(b[i:i+13]) {
			t.Errorf("% x", b[i-4:i+17])
		}
		perMetre := binary.BigEndian.Uint32(b[i+4:])
		if got := float64(perMetre) * .0254; got < float64(c.dpi)-.02 || got > float64(c.dpi)+.02 {
			t.Errorf("%v dots an inch, want %d", got, c.dpi)
		}
		w, _ := c.Size()
		if px := decode(t, b).Bounds().Dx(); px != int(w*float64(c.dpi)+.5) {
			t.Errorf("%d pixels for %v in at %d", px, w, c.dpi)
		}
	}
}

// A PDF has its fonts inside, is the same twice, and says how large its page is.
func TestPDF(t *testing.T) {
	d := sets()[0].draw(t)[0].On(Paper{Width: 3.25 * vg.Inch, Plain: true})
	b := written(t, d.WritePDF)
	for _, want := range []string{"%PDF-", "/FontFile2", "/ToUnicode", fmt.Sprintf("/MediaBox [0 0 %.2f %.2f]", d.width.Points(), d.height.Points())} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("there is no %s", want)
		}
	}
	if !bytes.Equal(b, written(t, d.WritePDF)) {
		t.Error("twice it is other bytes")
	}
	if len(b) > 300_000 {
		t.Errorf("%d bytes: whole fonts?", len(b))
	}
}

func TestWriteAs(t *testing.T) {
	d := Chart{Panels: []ChartPanel{{Lines: []ChartLine{{X: []float64{1, 2}, Y: []float64{1, 2}, Look: LookOurs}}}}}.Draw()
	starts := map[string]string{"pdf": "%PDF", "svg": "<svg", "png": "\x89PNG", "csv": "panel,"}
	for _, f := range Formats {
		if b := written(t, func(w io.Writer) error { return d.WriteAs(f, w) }); !strings.HasPrefix(string(b), starts[f]) {
			t.Errorf("%s begins with %.8q", f, b)
		}
	}
	if err := d.WriteAs("gif", io.Discard); err == nil || !strings.Contains(err.Error(), "gif") || slices.Contains(Formats, "gif") {
		t.Error(err)
	}
}
