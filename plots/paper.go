package plots

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"

	"msharp/models/kind"
)

// Paper is how a figure is laid out for a paper. Its text keeps its size, 6 points or more, whatever the width: panels that do not fit beside
// each other stand below each other. The zero value is the figure as it stands on a screen.
type Paper struct {
	Width vg.Length // 0 is the figure's own: 4.3 or 7.2 inches
	Plain bool      // without the title and the grey notes, which its caption has
}

// Widths of a paper that have names. Papers differ; these are those of ICML's style.
var paperWidths = map[string]vg.Length{"column": 3.25 * vg.Inch, "two-columns": 6.75 * vg.Inch}

// NamedWidths are the names of widths that PaperWidth reads, each with its inches, the narrowest first.
func NamedWidths() (names []string, inches []float64) {
	names = slices.SortedFunc(maps.Keys(paperWidths), func(a, b string) int { return cmp.Compare(paperWidths[a], paperWidths[b]) })
	for _, name := range names {
		inches = append(inches, float64(paperWidths[name]/vg.Inch))
	}
	return names, inches
}

// The widths that a figure can have.
const (
	leastWidth = 2.5 * vg.Inch
	mostWidth  = 20 * vg.Inch
)

// PaperWidth reads a width: column (3.25 inches), two-columns (6.75 inches), or a number with in, cm, mm or pt, from 2.5 to 20 inches.
func PaperWidth(text string) (vg.Length, error) {
	const expected = "column (3.25in), two-columns (6.75in), or from 2.5in to 20in, as 5.5in, 14cm, 140mm or 397pt"
	if w, ok := paperWidths[text]; ok {
		return w, nil
	}
	for _, u := range []struct {
		name   string
		length vg.Length
	}{{"in", vg.Inch}, {"cm", vg.Centimeter}, {"mm", vg.Millimeter}, {"pt", 1}} {
		number, ok := strings.CutSuffix(text, u.name)
		if v, err := strconv.ParseFloat(number, 64); ok && err == nil {
			if w := vg.Length(v) * u.length; w >= leastWidth && w <= mostWidth {
				return w, nil
			}
			return 0, &kind.Error{Value: text, Problem: "no width that a figure can have", Expected: expected}
		}
	}
	names, _ := NamedWidths()
	return 0, &kind.Error{Value: text, Problem: "no width", Expected: expected, Nearest: kind.Nearest(text, names)}
}

// Formats are the kinds of file that WriteAs writes.
var Formats = []string{"pdf", "svg", "png", "csv"}

// WriteAs writes the drawing in one of Formats.
func (d Drawing) WriteAs(format string, w io.Writer) error {
	write := map[string]func(io.Writer) error{"pdf": d.WritePDF, "svg": d.WriteSVG, "png": d.WritePNG, "csv": d.WriteCSV}[format]
	if write == nil {
		return fmt.Errorf("no format %q; expected one of %s", format, strings.Join(Formats, ", "))
	}
	return write(w)
}
