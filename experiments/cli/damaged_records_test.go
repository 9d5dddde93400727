package cli

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"msharp/harness/record"
)

func zipped(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(text))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var testError = regexp.MustCompile(`"test_error":[0-9.]+`)

// A line of a record file that is none is a warning with its place, and so is a file that is none; the run goes on, and at its end the
// records are those of an undamaged one.
func TestDamagedRecords(t *testing.T) {
	notShort(t, "damages every kind of record line in turn")
	t.Parallel()
	_, out := keptRun(t)
	want := bare(t, out)
	files := tree(t, out)
	all := files["records/a.jsonl"]
	lines := slices.Collect(strings.Lines(all))
	var first record.Record
	if err := json.Unmarshal([]byte(lines[0]), &first); err != nil || len(lines) != trials {
		t.Fatal(len(lines), err)
	}
	// with puts text in the place of a line.
	with := func(i int, text string) map[string]string {
		return map[string]string{"a.jsonl": strings.Join(lines[:i], "") + text + strings.Join(lines[i+1:], "")}
	}
	edited := func(i int, old, new string) map[string]string {
		text := strings.Replace(lines[i], old, new, 1)
		if text == lines[i] {
			t.Fatalf("no %s in %s", old, lines[i])
		}
		return with(i, text)
	}
	packed := zipped(t, all)
	const dropped, unread = "not a record, dropped: ", "unpacking: unexpected EOF"
	for name, c := range map[string]struct {
		files    map[string]string // in place of records/a.jsonl; a name without text is a folder
		trained  int
		warnings []string
	}{
		"torn last line":             {with(9, lines[9][:100]), 1, []string{"a.jsonl:10: torn last line, dropped: the process that wrote it was stopped"}},
		"torn, and written after it": {with(3, lines[3][:20]), 2, []string{"a.jsonl:4: " + dropped + "invalid character 'i' after object key:value pair"}},
		"zeros after a power cut":    {with(9, "\x00\x00\x00\n"), 1, []string{`a.jsonl:10: ` + dropped + `invalid character '\x00' looking for beginning of value`}},
		"of another program":         {with(4, "epoch 3: loss 0.5\n"+lines[4]), 0, []string{"a.jsonl:5: " + dropped + "invalid character 'e' looking for beginning of value"}},
		"other JSON":                 {with(4, `{"id":7,"state":"COMPLETED"}`+"\n"+lines[4]), 0, []string{"a.jsonl:5: " + dropped + "id is a number; expected a text"}},
		"a list":                     {with(4, "[1]\n"+lines[4]), 0, []string{"a.jsonl:5: " + dropped + "a list; expected an object"}},
		"null and nothing":           {with(9, lines[9]+"null\n\n"), 0, []string{"a.jsonl:11: " + dropped + "no id", "a.jsonl:12: " + dropped + "empty line"}},
		"invalid UTF-8":              {edited(2, `"lr"`, "\"l\xffr\""), 1, []string{"a.jsonl:3: " + dropped + "invalid UTF-8"}},
		"without its id":             {edited(2, `"id":`, `"od":`), 1, []string{"a.jsonl:3: " + dropped + "no id"}},
		"without its status":         {edited(2, `"status":"done",`, ""), 1, nil}, // a measurement of a trial that is not there
		"an unknown status":          {edited(2, `"done"`, `"finished"`), 1, []string{"a.jsonl:3: " + dropped + `unknown status "finished"`}},
		"a text for a number":        {edited(2, testError.FindString(lines[2]), `"test_error":"low"`), 1, []string{"a.jsonl:3: " + dropped + "test_error: a text; expected a finite number"}},
		"a number too large":         {edited(2, testError.FindString(lines[2]), `"test_error":1e999`), 1, []string{"a.jsonl:3: " + dropped + "test_error: the number 1e999; expected a finite number"}},
		"epochs that are none":       {edited(2, `"epochs":[{"epoch":1,`, `"epochs":[{"epoch":1.5,`), 1, []string{"a.jsonl:3: " + dropped + "epochs.epoch is the number 1.5; expected a whole number"}},
		"twice":                      {with(9, lines[9]+lines[0]), 0, nil},
		"twice, with other values": {with(9, lines[9]+testError.ReplaceAllString(lines[0], `"test_error":0.875`)), 0,
			[]string{"a.jsonl:11: dropped: an earlier line has other values of trial " + first.ID}},
		"twice, over two files": {map[string]string{"a.jsonl": all, "b.jsonl": testError.ReplaceAllString(lines[0], `"test_error":0.875`)}, 0,
			[]string{"b.jsonl:1: dropped: an earlier line has other values of trial " + first.ID}},
		"packed":              {map[string]string{"a.jsonl.gz": packed}, 0, nil},
		"packed, cut":         {map[string]string{"a.jsonl.gz": packed[:len(packed)-1]}, 0, []string{"a.jsonl.gz:11: not read from here on: " + unread}},
		"packed, cut early":   {map[string]string{"a.jsonl.gz": packed[:5]}, trials, []string{"a.jsonl.gz: not read: " + unread}},
		"packed by name only": {map[string]string{"a.jsonl.gz": all}, trials, []string{"a.jsonl.gz: not read: unpacking: gzip: invalid header"}},
	} {
		dir := t.TempDir()
		out := filepath.Join(dir, "out")
		restore(t, out, files)
		if err := os.Remove(filepath.Join(out, "records", "a.jsonl")); err != nil {
			t.Fatal(err)
		}
		for file, text := range c.files {
			path := filepath.Join(out, "records", file)
			if text != "" {
				write(t, path, text)
			} else if err := os.Mkdir(path, 0o777); err != nil {
				t.Fatal(err)
			}
		}
		said := ""
		for _, w := range c.warnings {
			said += "warning: out/records/" + w + "\n"
		}
		if o := quickly(t, dir, exitOK, "export", "--out", "out"); o.talk != said {
			t.Errorf("%s: export says %swant %s", name, o.talk, said)
		}
		if c.trained == 0 {
			said += "all 10 trials are recorded in out\n"
		}
		o := quickly(t, dir, exitOK, "--out", "out", "--quiet", "--workers", "1", "keep_weights=true")
		if o.talk != said {
			t.Errorf("%s: run says %swant %s", name, o.talk, said)
		}
		trained := 0
		for file, text := range tree(t, filepath.Join(out, "records")) {
			if c.files[file] == "" {
				trained += strings.Count(text, "\n")
			} else if text != c.files[file] {
				t.Errorf("%s: %s was written into", name, file)
			}
		}
		if got := readable(t, out); !slices.Equal(got, want) || trained != c.trained {
			t.Errorf("%s: %d records of which %d were trained, want %d, or other ones", name, len(got), trained, c.trained)
		}
	}
}
