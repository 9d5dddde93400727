package plots

import (
	"bytes"
	"image"
	"image/color"
	"io"
	"math"
	"time"

	"codeberg.org/go-fonts/dejavu/dejavusans"
	"codeberg.org/go-fonts/dejavu/dejavusansbold"
	"codeberg.org/go-pdf/fpdf"
	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// pdfCanvas is a page of a PDF. It embeds what of DejaVu Sans its text needs, each letter under its own code, so that the text can be searched
// and copied. The canvas of gonum writes its text in code page 1252, which has no Greek letters.
type pdfCanvas struct {
	doc           *fpdf.Fpdf
	width, height vg.Length
	states        []pdfState // the last is the current one
}

// pdfState is what Push keeps.
type pdfState struct {
	color  color.Color
	line   vg.Length
	dashes []vg.Length
	offset vg.Length
	at     affine
}

// affine takes (x, y) to (a x + c y + e, b x + d y + f).
type affine struct{ a, b, c, d, e, f float64 }

// before is the map of n followed by m.
func (m affine) before(n affine) affine {
	return affine{
		m.a*n.a + m.c*n.b, m.b*n.a + m.d*n.b, m.a*n.c + m.c*n.d, m.b*n.c + m.d*n.d,
		m.a*n.e + m.c*n.f + m.e, m.b*n.e + m.d*n.f + m.f,
	}
}

const pdfFamily = "dejavu"

func newPDF(width, height vg.Length, title string) *pdfCanvas {
	doc := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: width.Points(), Ht: height.Points()}})
	doc.SetCatalogSort(true) // and no clock: the same figure is the same bytes
	doc.SetCreationDate(time.Unix(0, 0).UTC())
	doc.SetModificationDate(time.Unix(0, 0).UTC())
	doc.SetTitle(title, true)
	doc.SetMargins(0, 0, 0)
	doc.SetAutoPageBreak(false, 0)
	doc.AddUTF8FontFromBytes(pdfFamily, "", bytes.Clone(dejavusans.TTF))
	doc.AddUTF8FontFromBytes(pdfFamily, "B", bytes.Clone(dejavusansbold.TTF))
	doc.SetLineJoinStyle("round") // as the PNG has it; a circle that ends where it began would have a thorn there
	doc.AddPage()
	c := &pdfCanvas{doc: doc, width: width, height: height}
	c.states = []pdfState{{at: affine{1, 0, 0, -1, 0, height.Points()}}} // a PDF of fpdf begins at the top
	vg.Initialize(c)
	return c
}

func (c *pdfCanvas) state() *pdfState { return &c.states[len(c.states)-1] }

func (c *pdfCanvas) Size() (x, y vg.Length) { return c.width, c.height }

func (c *pdfCanvas) SetLineWidth(w vg.Length) { c.state().line = w }

func (c *pdfCanvas) SetLineDash(pattern []vg.Length, offset vg.Length) {
	c.state().dashes, c.state().offset = pattern, offset
}

func (c *pdfCanvas) SetColor(col color.Color) {
	if col == nil {
		col = color.Black
	}
	c.state().color = col
}

func (c *pdfCanvas) Rotate(rad float64) {
	sin, cos := math.Sincos(rad)
	c.state().at = c.state().at.before(affine{cos, sin, -sin, cos, 0, 0})
}

func (c *pdfCanvas) Translate(pt vg.Point) {
	c.state().at = c.state().at.before(affine{1, 0, 0, 1, pt.X.Points(), pt.Y.Points()})
}

func (c *pdfCanvas) Scale(x, y float64) { c.state().at = c.state().at.before(affine{x, 0, 0, y, 0, 0}) }

func (c *pdfCanvas) Push() { c.states = append(c.states, *c.state()) }

func (c *pdfCanvas) Pop() { c.states = c.states[:len(c.states)-1] }

// place is a point on the page of fpdf.
func (c *pdfCanvas) place(pt vg.Point) (x, y float64) {
	m := c.state().at
	return m.a*pt.X.Points() + m.c*pt.Y.Points() + m.e, m.b*pt.X.Points() + m.d*pt.Y.Points() + m.f
}

// paint sets the colour and the opacity.
func (c *pdfCanvas) paint() {
	n := color.NRGBAModel.Convert(c.state().color).(color.NRGBA)
	r, g, b := int(n.R), int(n.G), int(n.B)
	c.doc.SetFillColor(r, g, b)
	c.doc.SetDrawColor(r, g, b)
	c.doc.SetTextColor(r, g, b)
	c.doc.SetAlpha(float64(n.A)/255, "Normal")
}

func (c *pdfCanvas) Stroke(p vg.Path) {
	s := c.state()
	if s.line <= 0 || len(p) == 0 {
		return
	}
	dashes := make([]float64, len(s.dashes))
	for i, d := range s.dashes {
		dashes[i] = d.Points()
	}
	c.paint()
	c.doc.SetLineWidth(s.line.Points())
	c.doc.SetDashPattern(dashes, s.offset.Points())
	c.path(p)
	c.doc.DrawPath("D")
}

func (c *pdfCanvas) Fill(p vg.Path) {
	if len(p) == 0 {
		return
	}
	c.paint()
	c.path(p)
	c.doc.DrawPath("F")
}

func (c *pdfCanvas) path(p vg.Path) {
	begun := false
	for _, comp := range p {
		x, y := c.place(comp.Pos)
		switch comp.Type {
		case vg.MoveComp:
			c.doc.MoveTo(x, y)
		case vg.LineComp:
			c.doc.LineTo(x, y)
		case vg.ArcComp:
			c.arc(comp, begun)
		case vg.CurveComp:
			x0, y0 := c.place(comp.Control[0])
			if len(comp.Control) == 1 {
				c.doc.CurveTo(x0, y0, x, y)
				break
			}
			x1, y1 := c.place(comp.Control[1])
			c.doc.CurveBezierCubicTo(x0, y0, x1, y1, x, y)
		case vg.CloseComp:
			c.doc.ClosePath()
		}
		begun = comp.Type != vg.CloseComp
	}
}

// arc is a line to where it begins, and curves of at most a quarter of the circle.
func (c *pdfCanvas) arc(a vg.PathComp, begun bool) {
	on := func(angle, out float64) (x, y float64) { // the end of the radius, and from there along the tangent
		sin, cos := math.Sincos(angle)
		return c.place(vg.Point{X: a.Pos.X + a.Radius*vg.Length(cos-out*sin), Y: a.Pos.Y + a.Radius*vg.Length(sin+out*cos)})
	}
	if x, y := on(a.Start, 0); begun {
		c.doc.LineTo(x, y)
	} else {
		c.doc.MoveTo(x, y)
	}
	n := max(1, math.Ceil(math.Abs(a.Angle)/(math.Pi/2)-1e-9))
	step := a.Angle / n
	out := 4. / 3 * math.Tan(step/4)
	for i := range int(n) {
		from := a.Start + float64(i)*step
		x0, y0 := on(from, out)
		x1, y1 := on(from+step, -out)
		x, y := on(from+step, 0)
		c.doc.CurveBezierCubicTo(x0, y0, x1, y1, x, y)
	}
}

func (c *pdfCanvas) FillString(f font.Face, pt vg.Point, text string) {
	if f.Font.Size == 0 || text == "" {
		return
	}
	style := ""
	if f.Font.Weight == stdfont.WeightBold {
		style = "B"
	}
	c.paint()
	c.doc.SetFont(pdfFamily, style, f.Font.Size.Points())
	x, y := c.place(pt)
	m := c.state().at
	turn := math.Atan2(m.b, m.a) // clockwise, for the page goes down
	if turn == 0 {
		c.doc.Text(x, y, text)
		return
	}
	c.doc.TransformBegin()
	c.doc.TransformRotate(-turn*180/math.Pi, x, y)
	c.doc.Text(x, y, text)
	c.doc.TransformEnd()
}

// DrawImage is for pictures, which no figure has.
func (c *pdfCanvas) DrawImage(vg.Rectangle, image.Image) { panic("a figure has no pictures") }

// WriteTo writes the document, which ends it.
func (c *pdfCanvas) WriteTo(w io.Writer) (int64, error) {
	var b bytes.Buffer
	if err := c.doc.Output(&b); err != nil {
		return 0, err
	}
	n, err := w.Write(b.Bytes())
	return int64(n), err
}
