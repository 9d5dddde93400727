package plots

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"image"
	"image/color"
	"io"
	"os"
	"path/filepath"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"msharp/harness/disk"
	"msharp/harness/parallel"
)

// Drawing is a finished chart and the points it shows.
type Drawing struct {
	Name    string
	Title   string
	Caption string // what is drawn, of how many seeds, and what the intervals are
	// Skipped says why the records cannot make this figure; then there is nothing to write. It is empty for a figure that is drawn.
	Skipped string

	Header []string
	Rows   [][]string // the points, one a row

	width, height vg.Length
	dpi           int                              // of a picture
	paint         func(draw.Canvas) []vg.Rectangle // returns where the axes of each panel stand
	panels        []Panel                          // as they are drawn
	legend        []Entry                          // of all panels
	sheet         Sheet                            // what is laid out
}

// On is the drawing laid out for a paper.
func (d Drawing) On(p Paper) Drawing { return d.sheet.on(p) }

// Size is its width and height, in inches.
func (d Drawing) Size() (width, height float64) {
	return float64(d.width / vg.Inch), float64(d.height / vg.Inch)
}

// Narrow reports whether it fits one column of a paper.
func (d Drawing) Narrow() bool { return d.width <= oneColumn }

// Resolutions of pictures, in dots an inch.
const (
	screenDPI = 192
	printDPI  = 600
)

const margin = vg.Length(7)

func (d Drawing) on(c vg.CanvasSizer) []vg.Rectangle {
	dc := draw.New(c)
	dc.FillPolygon(color.White, box(dc.Min.X, dc.Min.Y, dc.Max.X, dc.Max.Y))
	return d.paint(draw.Crop(dc, margin, -margin, margin, -margin))
}

// WritePNG writes the chart on white, at 192 dots an inch or, for a paper, 600. The file says which.
func (d Drawing) WritePNG(w io.Writer) error {
	if d.Skipped != "" {
		return fmt.Errorf("%s: %s", d.Name, d.Skipped)
	}
	return writePNG(w, d.image(), d.dpi)
}

func (d Drawing) image() *image.RGBA {
	c := vgimg.NewWith(vgimg.UseWH(d.width, d.height), vgimg.UseDPI(d.dpi))
	d.on(c)
	return c.Image().(*image.RGBA)
}

// WriteSVG writes the chart as an SVG document. Its text can be searched, and is in DejaVu Sans or the sans serif that the reader has.
func (d Drawing) WriteSVG(w io.Writer) error {
	if d.Skipped != "" {
		return fmt.Errorf("%s: %s", d.Name, d.Skipped)
	}
	c := vgsvg.New(d.width, d.height)
	d.on(c)
	var raw bytes.Buffer
	if _, err := c.WriteTo(&raw); err != nil {
		return err
	}
	_, err := w.Write(portable(raw.Bytes(), d))
	return err
}

// WritePDF writes the chart as a page of a PDF, with the fonts of its text.
func (d Drawing) WritePDF(w io.Writer) error {
	if d.Skipped != "" {
		return fmt.Errorf("%s: %s", d.Name, d.Skipped)
	}
	c := newPDF(d.width, d.height, d.Title)
	d.on(c)
	_, err := c.WriteTo(w)
	return err
}

// WriteCSV writes exactly the points drawn, in the units of the axes. An empty cell is "no value".
func (d Drawing) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	if err := c.Write(d.Header); err != nil {
		return err
	}
	return c.WriteAll(d.Rows)
}

// Write writes dir/figures/X.png, X.svg and X.csv of each drawing. It removes the files of a skipped drawing, so that no file is older than
// the records.
func Write(dir string, ds []Drawing) error {
	folder := filepath.Join(dir, "figures")
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	for _, err := range parallel.Map(len(ds), func(i int) error { return ds[i].Write(folder) }) {
		if err != nil {
			return err
		}
	}
	return nil
}

// Write writes folder/X.png, X.svg and X.csv, or removes them where the drawing is skipped.
func (d Drawing) Write(folder string) error {
	for _, f := range []struct {
		ext   string
		write func(io.Writer) error
	}{{".png", d.WritePNG}, {".svg", d.WriteSVG}, {".csv", d.WriteCSV}} {
		path := filepath.Join(folder, d.Name+f.ext)
		if d.Skipped != "" {
			if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
				return err
			}
			continue
		}
		var b bytes.Buffer
		if err := f.write(&b); err != nil {
			return fmt.Errorf("figure %s: %w", d.Name, err)
		}
		if err := disk.WriteFile(path, b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}
