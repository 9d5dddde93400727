package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Every line that earlier versions wrote has the same bytes when read and written again. testdata/written.jsonl holds lines of done, diverged
// and failed trials, and of a later measurement.
func TestLinesKeepTheirBytes(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "written.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	d := newDecoder(0)
	n := 0
	for l := range bytes.Lines(text) {
		slow, err1 := parse(l)
		fast, ok := d.usual(l)
		if err1 != nil || !ok {
			t.Fatalf("%.100s: %v, usual %v", l, err1, ok)
		}
		for _, r := range []Record{slow, fast} {
			if got := line(t, r) + "\n"; got != string(l) {
				t.Errorf("written again:\n%swas\n%s", got, l)
			}
		}
		n++
	}
	if n != 7 {
		t.Errorf("%d lines", n)
	}
	// Two lines of one trial become one; the failed trial is superseded.
	recs, warnings := loaded(t, folder(t, string(text)))
	if len(recs) != 4 || len(warnings) > 0 {
		t.Errorf("%d records, warnings %v", len(recs), warnings)
	}
}

// Warnings name the right line, however long lines are and however blocks cut the file.
func TestWarningsKnowTheirLine(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var files, want []string
	trials := 0
	for f := range 3 {
		var b strings.Builder
		for n := 1; b.Len() < 3*blockSize; n++ {
			pad := strings.Repeat("x", 1+int(2*float64(blockSize)*r.Float64()*r.Float64()*r.Float64()*r.Float64()*r.Float64()))
			switch r.IntN(3) {
			case 0:
				b.WriteString(pad + "\n")
				want = append(want, fmt.Sprintf("%c.jsonl:%d: not a record, dropped: invalid character", 'a'+f, n))
			default:
				fmt.Fprintf(&b, `{"id":"%d-%d","status":"done","values":{"%s":1}}`+"\n", f, n, pad)
				trials++
			}
		}
		files = append(files, b.String())
	}
	recs, warnings, err := load(folder(t, files...), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	if got := short(warnings); !slices.EqualFunc(got, want, strings.HasPrefix) {
		t.Errorf("%d warnings, want %d", len(got), len(want))
	}
	if len(recs) != trials {
		t.Errorf("%d records of %d trials", len(recs), trials)
	}
}

// Among many lines of one trial the first line of the first file wins, however the lines are spread over processors.
func TestFirstLineIsTaken(t *testing.T) {
	var files []string
	for f := range 3 {
		var b strings.Builder
		for n := range 2000 {
			fmt.Fprintf(&b, `{"id":"%d","status":"done","values":{},"run":{"host":"%s","train_seconds":%d,"measure_seconds":0}}`+"\n", n%300, strings.Repeat("h", 500), f*10000+n)
		}
		files = append(files, b.String())
	}
	recs, warnings := loaded(t, folder(t, files...))
	if len(recs) != 300 || len(warnings) > 0 {
		t.Fatalf("%d records, warnings %v", len(recs), warnings)
	}
	for _, r := range recs {
		if want := fmt.Sprint(r.Run.TrainSeconds); r.ID != want {
			t.Errorf("trial %s is that of line %s", r.ID, want)
		}
	}
}

// The parts left out are empty, and nothing else changes.
func TestLoadWithout(t *testing.T) {
	unusual := strings.Replace(line(t, full("b")), `","`, `", "`, 1) // encoding/json reads it
	out := folder(t, line(t, full("a"))+"\n"+unusual+"\n", `{"id":"a","values":{"y":2}}`+"\n"+`{"id":"c","status":"done","values":{"x":1e999}}`+"\n")
	_, all := loaded(t, out)
	for _, w := range reads {
		var parts []Without
		for _, part := range []Without{WithoutEpochs, WithoutConfusion, WithoutNumbers} {
			if w&part != 0 {
				parts = append(parts, part)
			}
		}
		recs, warnings, err := Load(out, parts...)
		if err != nil || !slices.Equal(warnings, all) || len(warnings) != 1 || len(recs) != 2 {
			t.Fatalf("without %b: %d records, warnings %v, want %v, error %v", w, len(recs), warnings, all, err)
		}
		for _, r := range recs {
			want := full(r.ID)
			if r.ID == "a" {
				want.Values.Numbers["y"] = 2
			}
			if got, want := shown(r), shown(w.from(want)); got != want {
				t.Errorf("without %b:\n got %s\nwant %s", w, got, want)
			}
		}
	}
}

// Neither file times nor the clock decide which record wins, because the clock may have been set back between two runs.
func TestTimesDoNotMatter(t *testing.T) {
	one, two := line(t, full("a")), strings.Replace(line(t, full("a")), `"test_error":0.125`, `"test_error":0.5`, 1)
	out := folder(t, one+"\n", two+"\n")
	for i, name := range []string{"a.jsonl", "b.jsonl"} {
		for _, years := range []int{-60, 0, 60} {
			at := time.Now().AddDate(years, 0, i)
			if err := os.Chtimes(filepath.Join(out, "records", name), at, at); err != nil {
				t.Fatal(err)
			}
			if recs, _ := loaded(t, out); len(recs) != 1 || line(t, recs[0]) != one {
				t.Errorf("%s of %v: %q", name, at, lines(t, recs))
			}
		}
	}
}

// Records whose configurations share some values keep the values in which they differ.
func TestSharedSettings(t *testing.T) {
	var b strings.Builder
	for i := range 100 {
		fmt.Fprintf(&b, `{"id":"%03d","status":"done","config":{"a":{"b":%d,"c":[%d]},"d":%d},"values":{}}`+"\n", i, i%3, i%5, i%7)
	}
	recs, _ := loaded(t, folder(t, b.String()))
	for i, r := range recs {
		got, err := json.Marshal(r.Config)
		if want := fmt.Sprintf(`{"a":{"b":%d,"c":[%d]},"d":%d}`, i%3, i%5, i%7); err != nil || string(got) != want {
			t.Errorf("%s has %s, want %s", r.ID, got, want)
		}
	}
}
