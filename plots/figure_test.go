package plots

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/plots/plotstest"
)

var (
	update = flag.Bool("update", false, "write the golden files")
	look   = flag.String("look", "", "a folder to write figures to, for eyes")
)

// elsewhere is a panel of another source.
func elsewhere() Extra {
	e := Extra{Source: "elsewhere", Caption: "Elsewhere, a task."}
	e.Panel = Panel{Title: "Elsewhere", Notes: []string{"A task."}, X: SweptAxis("m (log scale)", []float64{1, 16}, 150), Y: LinearAxis("score", 0, 1, 5)}
	e.Panel.Add(Curve{Name: "task", X: []float64{0, math.Log10(16)}, Y: Exactly(.8, .3), Look: LookPale})
	for i, m := range []float64{1, 16} {
		e.Points = append(e.Points, Point{Series: "task", X: m, Y: []float64{.8, .3}[i]})
	}
	return e
}

// The figures of several experiments.
func sweepFigures() []Figure {
	return []Figure{Overview{File: "msweep", Below: []Extra{elsewhere(), elsewhere()}}, Lines{Base: true, Whole: true}, Collapse{}, Power{}, Scatter{}, BestRho{}, Forest{}, Curves{}}
}

func settingsFigures() []Figure {
	return []Figure{Lines{File: "robust", Base: true, Tuned: true}, Forest{BySetting: true}, AgainstTuned{}, BestRho{BySetting: true},
		Power{BySetting: true, File: "predictive_power_by_setting"}, Power{}}
}

func rankingFigures() []Figure {
	return []Figure{Scores{File: "predict", Gate: study.Stopped, Beside: []Extra{elsewhere()}}, Rivals{File: "predict_baselines", Gate: study.Stopped},
		Power{Gate: study.Stopped}, Scatter{Gate: study.Stopped}}
}

func noiseFigures() []Figure {
	return []Figure{Tuned{File: "label_noise", Over: study.Noise, Beside: []Extra{elsewhere()}}, Lines{File: "label_noise_rho", Panel: study.Noise, OwnY: true, Base: true, Best: true}}
}

func lookFigures() []Figure { return []Figure{alongFigure(), factorsFigure()} }

func drawAll(t *testing.T, recs []record.Record) []Drawing {
	t.Helper()
	ds, err := DrawAll(sweepFigures(), study.Of(recs))
	if err != nil {
		t.Fatal(err)
	}
	return ds
}

func written(t *testing.T, write func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// set is the figures of one experiment and records that make them all.
type set struct {
	name    string // of its folder below testdata; empty for testdata itself
	figures []Figure
	records []record.Record
}

func sets() []set {
	return []set{
		{"", sweepFigures(), plotstest.ByBlock(plotstest.Small.Records())}, {"robust", settingsFigures(), plotstest.ByBlock(plotstest.Several(3))},
		{"predict", rankingFigures(), plotstest.Counted(plotstest.Zoo(3), 10_000_000)}, {"labelnoise", noiseFigures(), plotstest.ByBlock(plotstest.Noisy.Records())},
		{"curvature", curvatureFigures(), plotstest.ByBlock(curved(plotstest.Small.Records()))},
		{"looks", lookFigures(), watching(plotstest.Small.Records(), false)},
	}
}

func (s set) draw(t *testing.T) []Drawing {
	t.Helper()
	ds, err := DrawAll(s.figures, study.Of(s.records))
	if err != nil {
		t.Fatal(err)
	}
	return ds
}

func TestLook(t *testing.T) {
	if *look == "" {
		t.Skip("no -look folder")
	}
	all := sets()
	for name, recs := range map[string][]record.Record{"whole": plotstest.Whole.Records(), "small": plotstest.Small.Records(), "one": plotstest.Whole.OneSeed().Records(),
		"diverged": plotstest.With(plotstest.Whole.Records(), plotstest.Diverge), "base": plotstest.Only(plotstest.Whole.Records(), func(r study.Trial) bool { return r.Rho == 0 }),
		"nobase": plotstest.Only(plotstest.Whole.Records(), func(r study.Trial) bool { return r.Rho > 0 && r.Seed < 4 })} {
		all = append(all, set{name, sweepFigures(), recs})
	}
	for _, c := range subsets() {
		all = append(all, set{"subset " + c.name, c.figures, c.recs})
	}
	for _, s := range all {
		if err := Write(filepath.Join(*look, s.name), s.draw(t)); err != nil {
			t.Fatal(err)
		}
	}
}

// CSV and captions are exact; of an image its thumbnail is, nearly.
func TestGolden(t *testing.T) {
	t.Parallel()
	files, images := map[string][]byte{}, map[string][]byte{}
	for _, s := range sets() {
		for _, d := range s.draw(t) {
			name := filepath.Join(s.name, d.Name)
			files[name+".csv"] = written(t, d.WriteCSV)
			captions := filepath.Join(s.name, "captions.txt")
			files[captions] = append(files[captions], "# "+d.Title+"\n"+sentences(d.Caption)+"\n\n"...)
			images[name+".png"] = written(t, d.WritePNG)
		}
	}
	for name, got := range files {
		if want := golden(t, name, got); !bytes.Equal(got, want) {
			t.Errorf("testdata/%s differs (go test ./plots -update writes it):\n%s", name, got)
		}
	}
	for name, picture := range images {
		got := thumbnail(t, picture)
		if why := differ(got, decode(t, golden(t, name, encode(t, got)))); why != "" {
			t.Errorf("testdata/%s, the thumbnail, differs (go test ./plots -update writes it): %s", name, why)
		}
	}
}

// sentences breaks a text so that a diff of it can be read.
func sentences(text string) string { return strings.ReplaceAll(text, ". ", ".\n") }

// golden returns what testdata holds; with -update, got, after writing it.
func golden(t *testing.T, name string, got []byte) []byte {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return want
}

// shrink is how many pixels of a picture one of its thumbnail stands for, in each direction.
const shrink = 12

// thumbnail is a picture in grey, every pixel the mean of shrink × shrink.
func thumbnail(t *testing.T, picture []byte) *image.Gray {
	t.Helper()
	img := decode(t, picture)
	b := img.Bounds()
	out := image.NewGray(image.Rect(0, 0, b.Dx()/shrink, b.Dy()/shrink))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			sum := 0
			for dy := range shrink {
				for dx := range shrink {
					sum += int(color.GrayModel.Convert(img.At(x*shrink+dx, y*shrink+dy)).(color.Gray).Y)
				}
			}
			out.SetGray(x, y, color.Gray{uint8(sum / (shrink * shrink))})
		}
	}
	return out
}

func decode(t *testing.T, picture []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func encode(t *testing.T, img image.Image) []byte {
	t.Helper()
	return written(t, func(w io.Writer) error { return png.Encode(w, img) })
}

// differ says how two thumbnails differ beyond what another rounding of the rasterizer makes; empty where they do not.
func differ(got *image.Gray, want image.Image) string {
	if got.Rect != want.Bounds() {
		return fmt.Sprintf("its size is %v, want %v", got.Rect, want.Bounds())
	}
	sum, most := 0, 0
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			d := int(got.GrayAt(x, y).Y) - int(color.GrayModel.Convert(want.At(x, y)).(color.Gray).Y)
			sum, most = sum+max(d, -d), max(most, d, -d)
		}
	}
	if mean := float64(sum) / float64(max(1, len(got.Pix))); mean > .2 || most > 24 {
		return fmt.Sprintf("by %.2f of 255 in the mean, %d at most", mean, most)
	}
	return ""
}

// A thumbnail tells a picture from one whose points lie a few pixels away.
func TestThumbnailsTell(t *testing.T) {
	draw := func(v float64) *image.Gray {
		line := ChartLine{X: []float64{1, 10, 100}, Y: []float64{1, v, 3}, Look: LookOfM(4)}
		return thumbnail(t, written(t, Chart{Panels: []ChartPanel{{Lines: []ChartLine{line}}}}.Draw().WritePNG))
	}
	if differ(draw(2), draw(2)) != "" || differ(draw(2), draw(2.1)) == "" {
		t.Error("a thumbnail differs from itself, or does not from another")
	}
}

func TestPNG(t *testing.T) {
	if testing.Short() {
		t.Skip("draws every figure once more than TestGolden")
	}
	for _, s := range sets() {
		for _, d := range s.draw(t) {
			img := decode(t, written(t, d.WritePNG))
			w, h := int(d.width.Points()/72*screenDPI+.5), int(d.height.Points()/72*screenDPI+.5)
			if b := img.Bounds(); b.Dx() != w || b.Dy() != h {
				t.Errorf("%s is %v, want %d × %d", d.Name, b, w, h)
			}
			colors := map[color.Color]bool{}
			for y := range h {
				for x := range w {
					colors[img.At(x, y)] = true
					edge := x == 0 || y == 0 || x == w-1 || y == h-1
					if edge && img.At(x, y) != (color.RGBA{255, 255, 255, 255}) {
						t.Fatalf("%s: ink %v on the edge at %d, %d: something is clipped", d.Name, img.At(x, y), x, y)
					}
				}
			}
			if len(colors) < 50 {
				t.Errorf("%s has %d colours: blank?", d.Name, len(colors))
			}
		}
	}
}

func TestSVG(t *testing.T) {
	for _, d := range drawAll(t, plotstest.Whole.Records()) {
		svg := written(t, d.WriteSVG)
		wellFormed(t, d.Name, svg)
		s := string(svg)
		if !strings.HasPrefix(s, "<svg role=") || strings.Contains(s, "@font-face") || strings.Contains(s, " id=") {
			t.Errorf("%s: %.200s", d.Name, s)
		}
		if n := strings.Count(s, "<text"); n == 0 || n != strings.Count(s, "textLength=") || n != strings.Count(s, fontFamily) {
			t.Errorf("%s: %d texts, %d with a width, %d with the font", d.Name, n, strings.Count(s, "textLength="), strings.Count(s, fontFamily))
		}
		if len(svg) > 400_000 {
			t.Errorf("%s: %d bytes", d.Name, len(svg))
		}
	}
}

func wellFormed(t *testing.T, name string, doc []byte) {
	t.Helper()
	for dec := xml.NewDecoder(bytes.NewReader(doc)); ; {
		if _, err := dec.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

func TestSameRecordsSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("draws every figure four times")
	}
	recs := append(plotstest.Small.Records(), plotstest.Zoo(2)...)
	blob, err := json.Marshal(recs)
	if err != nil {
		t.Fatal(err)
	}
	var read []record.Record
	if err := json.Unmarshal(blob, &read); err != nil {
		t.Fatal(err)
	}
	everything := func(recs []record.Record) string {
		var all []byte
		for _, d := range slices.Concat(drawAll(t, recs), set{figures: rankingFigures(), records: recs}.draw(t)) {
			if d.Skipped != "" {
				continue
			}
			for _, write := range []func(io.Writer) error{d.WriteCSV, d.WriteSVG, d.WritePNG} {
				all = append(all, written(t, write)...)
			}
		}
		return string(all)
	}
	want := everything(recs)
	for name, other := range map[string][]record.Record{"again": recs, "shuffled": plotstest.Shuffled(recs), "through JSON": plotstest.Shuffled(read)} {
		if everything(other) != want {
			t.Errorf("%s: other bytes", name)
		}
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	names := func() (out []string) {
		paths, err := filepath.Glob(filepath.Join(dir, "figures", "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range paths {
			out = append(out, filepath.Base(p))
		}
		return out
	}
	if err := writeAll(dir, plotstest.Small.Records()); err != nil {
		t.Fatal(err)
	}
	if got := names(); len(got) != 9 {
		t.Errorf("%d files: %v", len(got), got)
	}
	bare := plotstest.Small
	bare.Measures = nil
	if err := writeAll(dir, bare.Records()); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(names(), " ")
	if strings.Contains(got, "scatter") || strings.Contains(got, "power") || !strings.Contains(got, "msweep.png") {
		t.Errorf("stale or missing figures: %s", got)
	}
}

func writeAll(dir string, recs []record.Record) error {
	ds, err := DrawAll([]Figure{Overview{File: "msweep"}, Power{}, Scatter{}}, study.Of(recs))
	if err != nil {
		return err
	}
	return Write(dir, ds)
}
