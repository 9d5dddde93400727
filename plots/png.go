package plots

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"slices"
)

// mostColors is how many a palette of one byte a pixel holds.
const mostColors = 256

// writePNG writes an opaque picture of so many dots an inch with a palette, which makes a figure about a third of its size in true colour. A picture of
// at most 256 colours stays as it is, and the most frequent colour always does.
func writePNG(w io.Writer, img *image.RGBA, dpi int) error {
	e := png.Encoder{CompressionLevel: png.BestCompression}
	var b bytes.Buffer
	if err := e.Encode(&b, paletted(img)); err != nil {
		return err
	}
	_, err := w.Write(slices.Insert(b.Bytes(), afterIHDR, resolution(dpi)...))
	return err
}

// afterIHDR is where the first chunk of a PNG ends: after 8 bytes of signature and 25 of IHDR.
const afterIHDR = 8 + 25

// resolution is the chunk pHYs, in pixels a metre.
func resolution(dpi int) []byte {
	perMetre := uint32(math.Round(float64(dpi) / .0254))
	chunk := []byte("pHYs")
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = append(chunk, 1) // the unit is the metre
	out := binary.BigEndian.AppendUint32(nil, uint32(len(chunk)-4))
	return binary.BigEndian.AppendUint32(append(out, chunk...), crc32.ChecksumIEEE(chunk))
}

// tone is a colour of a picture.
type tone struct {
	color  color.RGBA
	pixels int
	index  uint8 // of the nearest colour in the palette
	square int   // of the distance to it
}

// paletted maps every colour of a picture to the nearest in its palette.
func paletted(img *image.RGBA) *image.Paletted {
	tones := tonesOf(img)
	out := image.NewPaletted(img.Rect, choose(tones))
	index := make(map[color.RGBA]uint8, len(tones))
	for _, t := range tones {
		index[t.color] = t.index
	}
	for y := img.Rect.Min.Y; y < img.Rect.Max.Y; y++ {
		for x := img.Rect.Min.X; x < img.Rect.Max.X; x++ {
			out.SetColorIndex(x, y, index[img.RGBAAt(x, y)])
		}
	}
	return out
}

// tonesOf counts the colours, the most frequent first, equals by value.
func tonesOf(img *image.RGBA) (tones []tone) {
	pixels := map[color.RGBA]int{}
	for y := img.Rect.Min.Y; y < img.Rect.Max.Y; y++ {
		for x := img.Rect.Min.X; x < img.Rect.Max.X; x++ {
			pixels[img.RGBAAt(x, y)]++
		}
	}
	for c, n := range pixels {
		tones = append(tones, tone{color: c, pixels: n})
	}
	slices.SortFunc(tones, func(a, b tone) int {
		return cmp.Or(cmp.Compare(b.pixels, a.pixels), cmp.Compare(a.color.R, b.color.R), cmp.Compare(a.color.G, b.color.G),
			cmp.Compare(a.color.B, b.color.B), cmp.Compare(a.color.A, b.color.A))
	})
	return tones
}

// choose returns a palette, and sets the index and square of every tone. The most frequent colour comes first, and then, each
// time, the one that the palette serves worst: of largest n·d⁴ over its n pixels at distance d. On figures of this package the
// largest d is then 20 of 255 and its mean .1, against 75 and .2 with the 256 most frequent colours.
func choose(tones []tone) (palette color.Palette) {
	worst := 0
	for len(palette) < min(mostColors, len(tones)) {
		c, index := tones[worst].color, uint8(len(palette))
		palette = append(palette, c)
		worst = 0
		for i := range tones {
			t := &tones[i]
			if d := squareDistance(t.color, c); index == 0 || d < t.square {
				t.index, t.square = index, d
			}
			if t.cost() > tones[worst].cost() {
				worst = i
			}
		}
	}
	return palette
}

func (t tone) cost() int { return t.pixels * t.square * t.square }

func squareDistance(a, b color.RGBA) int {
	dr, dg, db := int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B)
	return dr*dr + dg*dg + db*db
}
