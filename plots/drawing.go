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
	paint         func(draw.Canvas) []vg.Rectangle // returns where the axes of each panel stand
	panels        []Panel
	legend        []Entry // of all panels
}

// Narrow reports whether it fits one column of a paper.
func (d Drawing) Narrow() bool { return d.width <= oneColumn }

const (
	dpi    = 192
	margin = vg.Length(7)
)

func (d Drawing) on(c vg.CanvasSizer) []vg.Rectangle {
	dc := draw.New(c)
	dc.FillPolygon(color.White, box(dc.Min.X, dc.Min.Y, dc.Max.X, dc.Max.Y))
	return d.paint(draw.Crop(dc, margin, -margin, margin, -margin))
}

// WritePNG writes the chart at 192 DPI on white.
func (d Drawing) WritePNG(w io.Writer) error {
	if d.Skipped != "" {
		return fmt.Errorf("%s: %s", d.Name, d.Skipped)
	}
	return writePNG(w, d.image())
}

func (d Drawing) image() *image.RGBA {
	c := vgimg.NewWith(vgimg.UseWH(d.width, d.height), vgimg.UseDPI(dpi))
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
