package plots

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"msharp/harness/record"
)

var (
	update = flag.Bool("update", false, "write the golden files")
	look   = flag.String("look", "", "a folder to write figures and report to, for eyes")
)

var manifest = record.Manifest{
	Name: "msweep", Command: []string{"msweep", "run", "seed=1,2,3"}, Started: time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC),
	Seconds: 85.25, Trained: 27, Revision: "0123abc", Dirty: true, Go: "go1.25", Kernel: "avx2", CPU: "a <CPU> & co", Cores: 2, Workers: 2, Host: "lab",
	Modules: map[string]string{"gonum.org/v1/plot": "v0.17.0", "gonum.org/v1/gonum": "v0.17.0"},
	Data:    []record.DataSource{{Kind: "mnist", Origin: "golearn", SHA256: "a65175f5"}},
}

func drawAll(t *testing.T, recs []record.Record) []Drawing {
	t.Helper()
	ds, err := DrawAll(MSweep(), recs)
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

func report(t *testing.T, recs []record.Record, ds []Drawing) []byte {
	t.Helper()
	return written(t, func(w io.Writer) error { return Report(w, recs, manifest, ds...) })
}

func TestLook(t *testing.T) {
	if *look == "" {
		t.Skip("no -look folder")
	}
	for name, recs := range map[string][]record.Record{"whole": whole.records(), "small": small.records(), "one": one(whole).records(),
		"diverged": with(whole.records(), diverge), "base": only(whole.records(), func(r run) bool { return r.rho == 0 }),
		"nobase": only(whole.records(), func(r run) bool { return r.rho > 0 && r.seed < 4 })} {
		dir := filepath.Join(*look, name)
		if err := writeAll(dir, recs); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "report.html"), report(t, recs, drawAll(t, recs)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func one(p population) population { p.seeds = 1; return p }

func TestGolden(t *testing.T) {
	recs := small.records()
	files := map[string][]byte{"finding.txt": []byte(Finding(recs) + "\n")}
	for _, d := range drawAll(t, recs) {
		files[d.Name+".csv"] = written(t, d.WriteCSV)
		files["captions.txt"] = append(files["captions.txt"], d.Title+": "+d.Caption+"\n"...)
	}
	for name, got := range files {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, got, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs (go test ./plots -update writes it):\n%s", path, got)
		}
	}
}

func TestPNG(t *testing.T) {
	for _, d := range drawAll(t, small.records()) {
		img, err := png.Decode(bytes.NewReader(written(t, d.WritePNG)))
		if err != nil {
			t.Fatal(d.Name, err)
		}
		w, h := int(d.width.Points()/72*dpi+.5), int(d.height.Points()/72*dpi+.5)
		if b := img.Bounds(); b.Dx() != w || b.Dy() != h {
			t.Errorf("%s is %v, want %d × %d", d.Name, b, w, h)
		}
		colors := map[color.Color]bool{}
		for y := range h {
			for x := range w {
				colors[img.At(x, y)] = true
				if edge := x == 0 || y == 0 || x == w-1 || y == h-1; edge && img.At(x, y) != (color.NRGBA{255, 255, 255, 255}) && img.At(x, y) != (color.RGBA{255, 255, 255, 255}) {
					t.Fatalf("%s: ink %v on the edge at %d, %d: something is clipped", d.Name, img.At(x, y), x, y)
				}
			}
		}
		if len(colors) < 50 {
			t.Errorf("%s has %d colours: blank?", d.Name, len(colors))
		}
	}
}

func TestSVG(t *testing.T) {
	for _, d := range drawAll(t, whole.records()) {
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
	recs := small.records()
	blob, err := json.Marshal(recs)
	if err != nil {
		t.Fatal(err)
	}
	var read []record.Record
	if err := json.Unmarshal(blob, &read); err != nil {
		t.Fatal(err)
	}
	everything := func(recs []record.Record) string {
		ds := drawAll(t, recs)
		all := report(t, recs, ds)
		for _, d := range ds {
			for _, write := range []func(io.Writer) error{d.WriteCSV, d.WriteSVG, d.WritePNG} {
				all = append(all, written(t, write)...)
			}
		}
		return string(all)
	}
	want := everything(recs)
	for name, other := range map[string][]record.Record{"again": recs, "shuffled": shuffled(recs), "through JSON": shuffled(read)} {
		if everything(other) != want {
			t.Errorf("%s: other bytes", name)
		}
	}
}

func TestWrite(t *testing.T) {
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
	if err := writeAll(dir, small.records()); err != nil {
		t.Fatal(err)
	}
	if got := names(); len(got) != 15 {
		t.Errorf("%d files: %v", len(got), got)
	}
	bare := small
	bare.measure = nil
	if err := writeAll(dir, bare.records()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(names(), " "); strings.Contains(got, "scatter") || strings.Contains(got, "power") || !strings.Contains(got, "msweep.png") {
		t.Errorf("stale or missing figures: %s", got)
	}
}

func writeAll(dir string, recs []record.Record) error {
	ds, err := DrawAll(MSweep(), recs)
	if err != nil {
		return err
	}
	return Write(dir, ds)
}
