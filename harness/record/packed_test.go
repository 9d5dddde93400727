package record

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func pack(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// packedFolder is folder with given file names.
func packedFolder(t testing.TB, files map[string]string) string {
	t.Helper()
	out := folder(t)
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(out, "records", name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// A packed file is read like the file it was packed from, in the same place among the files.
func TestPackedFilesAreRead(t *testing.T) {
	later := `{"id":"a","values":{"y":2}}` + "\n"
	first, second := full("a"), full("a")
	second.Values.Numbers = numbers("test_error", 0.5)
	one, two := line(t, first)+"\n", line(t, second)+"\n"
	for _, c := range []struct {
		name     string
		files    map[string]string
		want     string // of test_error and y
		warnings []string
	}{
		{"one", map[string]string{"x.jsonl.gz": pack(t, one)}, "0.125 0", nil},
		{"packed and not, equal", map[string]string{"x.jsonl.gz": pack(t, one), "x.jsonl": one}, "0.125 0", nil},
		{"the first file wins, packed", map[string]string{"a.jsonl.gz": pack(t, one), "b.jsonl": two}, "0.125 0", []string{"b.jsonl:1: dropped: an earlier line has other values of trial a"}},
		{"the first file wins, not packed", map[string]string{"a.jsonl": two, "b.jsonl.gz": pack(t, one)}, "0.5 0", []string{"b.jsonl.gz:1: dropped: an earlier line has other values of trial a"}},
		{"joined", map[string]string{"a.jsonl.gz": pack(t, later), "b.jsonl.gz": pack(t, one)}, "0.125 2", nil},
		{"members one after the other", map[string]string{"x.jsonl.gz": pack(t, later) + pack(t, one)}, "0.125 2", nil},
		{"torn before it was packed", map[string]string{"x.jsonl.gz": pack(t, one+later[:9])}, "0.125 0", []string{"x.jsonl.gz:2: torn last line, dropped"}},
		{"no line", map[string]string{"x.jsonl.gz": pack(t, ""), "y.jsonl": one}, "0.125 0", nil},
		{"other packed files", map[string]string{"x.csv.gz": "no gzip", "x.gz": "no gzip", "y.jsonl": one, "y.jsonl.gz.bak": "no gzip", "y.jsonl.zst": ""}, "0.125 0", nil},
	} {
		out := packedFolder(t, c.files)
		recs, warnings := loaded(t, out)
		if got := short(warnings); len(recs) != 1 || !slices.EqualFunc(got, c.warnings, strings.HasPrefix) {
			t.Errorf("%s: %d records, warnings %q, want %q", c.name, len(recs), got, c.warnings)
			continue
		}
		x, _ := recs[0].Value("test_error")
		y, _ := recs[0].Value("y")
		if got := fmt.Sprint(x, y); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// short returns the warnings without the folder.
func short(warnings []Warning) (texts []string) {
	for _, w := range warnings {
		w.File = filepath.Base(w.File)
		texts = append(texts, w.String())
	}
	return texts
}

// The lines before the damage in a packed file are read, and so are all other files.
func TestDamagedPackedFiles(t *testing.T) {
	var all strings.Builder
	const whole = 2000
	for i := range whole {
		fmt.Fprintln(&all, line(t, synthetic{}.record(i)))
	}
	good := pack(t, all.String())
	half := good[:len(good)/2]
	flipped := []byte(good)
	flipped[len(good)/2] ^= 0x55
	checksum := []byte(good)
	checksum[len(good)-8] ^= 1
	for _, c := range []struct {
		name, text, warning string
		least, most         int // records of it
	}{
		{"empty", "", "x.jsonl.gz: not read: unpacking: unexpected EOF", 0, 0},
		{"no gzip", all.String(), "x.jsonl.gz: not read: unpacking: gzip: invalid header", 0, 0},
		{"half a header", good[:5], "x.jsonl.gz: not read: unpacking: unexpected EOF", 0, 0},
		{"cut off", half, "x.jsonl.gz:N: not read from here on: unpacking: unexpected EOF", whole / 3, 2 * whole / 3},
		{"cut off at its end", good[:len(good)-1], "x.jsonl.gz:N: not read from here on: unpacking: unexpected EOF", whole, whole},
		{"flipped bits", string(flipped), "x.jsonl.gz:N: not read from here on: unpacking: ", whole / 3, whole},
		{"another checksum", string(checksum), "x.jsonl.gz:N: not read from here on: unpacking: gzip: invalid checksum; lines before may be damaged too", whole, whole},
		{"something behind", good + "junk", "x.jsonl.gz:N: not read from here on: unpacking: ", whole, whole},
	} {
		out := packedFolder(t, map[string]string{"w.jsonl": line(t, full("before")) + "\n", "x.jsonl.gz": c.text, "y.jsonl": line(t, full("behind")) + "\n"})
		recs, warnings, err := load(out, 0, whole)
		if err != nil {
			t.Fatal(err)
		}
		n := len(recs) - 2
		if n < c.least || n > c.most {
			t.Errorf("%s: %d records of %d, want %d to %d", c.name, n, whole, c.least, c.most)
		}
		if len(warnings) == 0 {
			t.Errorf("%s: no warning", c.name)
			continue
		}
		last := short(warnings)[len(warnings)-1]
		want := strings.Replace(c.warning, ":N:", fmt.Sprintf(":%d:", n+len(warnings)), 1) // a line each, and one more
		if !strings.HasPrefix(last, want) || len(warnings) > 1 && c.name != "flipped bits" {
			t.Errorf("%s: warnings %q, want %q", c.name, short(warnings), want)
		}
	}
}
