package record

import (
	"fmt"
	"math/rand/v2"
	"msharp/harness/limits"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
)

// folder makes an output folder with the given record files, a.jsonl, b.jsonl, ...
func folder(t testing.TB, files ...string) string {
	t.Helper()
	out := t.TempDir()
	if err := os.Mkdir(filepath.Join(out, "records"), 0o777); err != nil {
		t.Fatal(err)
	}
	for i, text := range files {
		if err := os.WriteFile(filepath.Join(out, "records", string(rune('a'+i))+".jsonl"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func loaded(t testing.TB, out string) ([]Record, []Warning) {
	t.Helper()
	recs, warnings, err := Load(out)
	if err != nil {
		t.Fatal(err)
	}
	return recs, warnings
}

func lines(t testing.TB, recs []Record) (lines []string) {
	for _, r := range recs {
		lines = append(lines, line(t, r))
	}
	return lines
}

func TestAppendAndLoad(t *testing.T) {
	out := filepath.Join(t.TempDir(), "deep", "folder")
	var want []Record
	for i := range 3 { // processes
		s, err := Open(out)
		if err != nil {
			t.Fatal(err)
		}
		for j := range 4 {
			r := full(fmt.Sprintf("%d%d", j, i))
			want = append(want, r)
			if err := s.Append(r); err != nil {
				t.Fatal(err)
			}
			if got, _ := loaded(t, out); len(got) != len(want) {
				t.Fatalf("%d records on disk after %d appends", len(got), len(want))
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	slices.SortFunc(want, func(a, b Record) int { return strings.Compare(a.ID, b.ID) })
	got, warnings := loaded(t, out)
	if !reflect.DeepEqual(got, want) || len(warnings) > 0 {
		t.Errorf("warnings %v, records\n%v\nwant\n%v", warnings, lines(t, got), lines(t, want))
	}
	if files, _ := filepath.Glob(filepath.Join(out, "records", "*.jsonl")); len(files) != 3 {
		t.Errorf("three processes wrote the files %q", files)
	}
}

// A store without a record leaves no file, and a folder without files has no records.
func TestNothingAppended(t *testing.T) {
	out := t.TempDir()
	if recs, warnings := loaded(t, out); len(recs)+len(warnings) > 0 {
		t.Errorf("%v %v in an empty folder", recs, warnings)
	}
	s, err := Open(out)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if files, err := os.ReadDir(filepath.Join(out, "records")); err != nil || len(files) > 0 {
		t.Errorf("%v, %v", files, err)
	}
}

func TestLoad(t *testing.T) {
	const (
		done    = `{"id":"a","status":"done","config":{"lr":1},"values":{"x":1}}`
		failed  = `{"id":"a","status":"failed","values":{},"run":{"train_seconds":0,"measure_seconds":0,"error":"disk"}}`
		later   = `{"id":"a","values":{"y":2}}`
		other   = `{"id":"b","status":"diverged","values":{"x":null}}`
		joined  = `{"id":"a","status":"done","config":{"lr":1},"values":{"x":1,"y":2}}`
		another = `{"id":"a","status":"done","config":{"lr":1},"values":{"x":9}}`
		torn    = "torn last line, dropped: the process that wrote it was stopped"
	)
	for _, c := range []struct {
		name     string
		files    []string
		want     []string
		warnings []string // file:line and how the reason begins
	}{
		{"nothing", nil, nil, nil},
		{"an empty file", []string{""}, nil, nil},
		{"sorted by id", []string{other + "\n" + done + "\n"}, []string{done, other}, nil},
		{"over files", []string{other + "\n", done + "\n"}, []string{done, other}, nil},
		{"torn last line", []string{done + "\n" + other[:20]}, []string{done}, []string{"a.jsonl:2: " + torn}},
		{"whole last line without its end", []string{done}, nil, []string{"a.jsonl:1: " + torn}},
		{"torn last line of one file of two", []string{other[:5], done + "\n"}, []string{done}, []string{"a.jsonl:1: " + torn}},
		{"garbage in the middle", []string{done + "\n\x00\xff\x00garbage\n" + other + "\n"}, []string{done, other}, []string{"a.jsonl:2: not a record, dropped: invalid character"}},
		{"two records on a line", []string{done + other + "\n" + other + "\n"}, []string{other}, []string{"a.jsonl:1: not a record, dropped: invalid character"}},
		{"other JSON", []string{"null\n[]\n5\n\"a\"\n" + done + "\n"}, []string{done}, []string{
			"a.jsonl:1: not a record, dropped: no id", "a.jsonl:2: not a record, dropped: a list; expected an object", "a.jsonl:3: not a record, dropped: a number; expected an object",
			"a.jsonl:4: not a record, dropped: a text; expected an object"}},
		{"empty lines", []string{"\n" + done + "\n \t\r\n" + other + "\n"}, []string{done, other}, []string{"a.jsonl:1: not a record, dropped: empty line", "a.jsonl:3: not a record, dropped: empty line"}},
		{"line ends of Windows", []string{done + "\r\n" + other + "\r\n"}, []string{done, other}, nil},
		{"no id", []string{`{"status":"done","values":{}}` + "\n"}, nil, []string{"a.jsonl:1: not a record, dropped: no id"}},
		{"unknown status", []string{`{"id":"a","status":"running","values":{}}` + "\n" + other + "\n"}, []string{other}, []string{`a.jsonl:1: not a record, dropped: unknown status "running"`}},
		{"a value that is no number", []string{`{"id":"a","status":"done","values":{"x":"1"}}` + "\n"}, nil, []string{"a.jsonl:1: not a record, dropped: x: a text; expected a finite number"}},
		{"blocks that differ in length", []string{`{"id":"a","status":"done","values":{"test_blocks":{"examples":[5,5],"errors":[1],"loss":[1,2]}}}` + "\n"}, nil,
			[]string{"a.jsonl:1: not a record, dropped: test_blocks: errors has 1 values; expected 2, as many as examples"}},
		{"confusion that is no table", []string{`{"id":"a","status":"done","values":{"confusion":[1]}}` + "\n"}, nil, []string{"a.jsonl:1: not a record, dropped: confusion: a number; expected a list"}},
		{"no values", []string{`{"id":"a","status":"done"}` + "\n"}, []string{`{"id":"a","status":"done","values":{}}`}, nil},
		{"unknown fields", []string{`{"id":"a","status":"done","values":{},"new":1}` + "\n"}, []string{`{"id":"a","status":"done","values":{}}`}, nil},
		{"twice the same", []string{done + "\n" + done + "\n"}, []string{done}, nil},
		{"done after failed", []string{failed + "\n" + done + "\n"}, []string{done}, nil},
		{"done before failed", []string{done + "\n" + failed + "\n"}, []string{done}, nil},
		{"done in the earlier file", []string{done + "\n", failed + "\n"}, []string{done}, nil},
		{"failed alone", []string{failed + "\n"}, []string{failed}, nil},
		{"two that differ: the first", []string{done + "\n", another + "\n"}, []string{done}, []string{"b.jsonl:1: dropped: an earlier line has other values of trial a"}},
		{"done and diverged", []string{done + "\n\n" + strings.Replace(done, "done", "diverged", 1) + "\n"}, []string{done},
			[]string{"a.jsonl:2: not a record, dropped: empty line", "a.jsonl:3: dropped: an earlier line has other values of trial a"}},
		{"two with other columns", []string{done + "\n", strings.Replace(another, `"x"`, `"y"`, 1) + "\n"}, []string{done}, nil},
		{"two that are null", []string{other + "\n" + other + "\n"}, []string{other}, nil},
		{"later measurement", []string{done + "\n" + later + "\n"}, []string{joined}, nil},
		{"later measurement in the earlier file", []string{later + "\n", done + "\n"}, []string{joined}, nil},
		{"later measurement twice", []string{done + "\n" + later + "\n", later + "\n"}, []string{joined}, nil},
		{"later measurement changes nothing", []string{done + "\n" + `{"id":"a","values":{"x":7,"y":2}}` + "\n"}, []string{joined}, []string{"a.jsonl:2: left out: x; the record of trial a has other values"}},
		{"later measurement says the same", []string{done + "\n" + `{"id":"a","values":{"x":1,"y":2}}` + "\n"}, []string{joined}, nil},
		{"later measurement, failed, done", []string{later + "\n" + failed + "\n" + done + "\n"}, []string{joined}, nil},
		{"later measurement without its trial", []string{later + "\n" + other + "\n"}, []string{other}, nil},
		{"invalid UTF-8", []string{strings.Replace(done, `"lr"`, "\"l\xffr\"", 1) + "\n" + other + "\n"}, []string{other}, []string{"a.jsonl:1: not a record, dropped: invalid UTF-8"}},
		{"a line of another program", []string{"2026-11-24 epoch 3: loss 0.5\n" + `{"id":7,"state":"COMPLETED"}` + "\n" + other + "\n"}, []string{other},
			[]string{"a.jsonl:1: not a record, dropped: invalid character", "a.jsonl:2: not a record, dropped: id is a number; expected a text"}},
		{"a long line", []string{strings.Replace(done, `"x":1`, `"`+strings.Repeat("long", 1<<19)+`":1,"x":1`, 1) + "\n" + other + "\n"},
			[]string{strings.Replace(done, `"x":1`, `"`+strings.Repeat("long", 1<<19)+`":1,"x":1`, 1), other}, nil},
	} {
		out := folder(t, c.files...)
		recs, warnings := loaded(t, out)
		if got := lines(t, recs); !slices.Equal(got, c.want) {
			t.Errorf("%s: records %.300q, want %.300q", c.name, got, c.want)
		}
		var got []string
		for _, w := range warnings {
			got = append(got, strings.TrimPrefix(w.String(), filepath.Join(out, "records")+string(filepath.Separator)))
		}
		if !slices.EqualFunc(got, c.warnings, strings.HasPrefix) {
			t.Errorf("%s: warnings %q, want %q", c.name, got, c.warnings)
		}
	}
}

// Only records/*.jsonl is read.
func TestLoadLeavesOtherFilesAlone(t *testing.T) {
	out := folder(t, line(t, full("a"))+"\n")
	for _, name := range []string{"records/notes.txt", "records/a.jsonl.bak", "x.jsonl"} {
		if err := os.WriteFile(filepath.Join(out, name), []byte("garbage\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if recs, warnings := loaded(t, out); len(recs) != 1 || len(warnings) > 0 {
		t.Errorf("%d records, warnings %v", len(recs), warnings)
	}
}

// A record file that cannot be read ends the reading: what it holds is not missing.
func TestLoadSaysWhatItCannotRead(t *testing.T) {
	out := folder(t, line(t, full("a"))+"\n", "", line(t, full("c"))+"\n")
	unreadable := filepath.Join(out, "records", "b.jsonl")
	if err := os.Remove(unreadable); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(unreadable, 0o777); err != nil {
		t.Fatal(err)
	}
	if recs, warnings, err := Load(out); err == nil || err.Error() != unreadable+" is a folder; expected a regular file" {
		t.Errorf("%d records, warnings %v, error %v", len(recs), warnings, err)
	}
}

// Of a kind of warning ten are kept, with their lines, and the others counted; so many lines of nothing take no memory.
func TestWarningsOfAKindAreCounted(t *testing.T) {
	const empty = 5_000_000
	out := folder(t, line(t, full("a"))+"\n"+strings.Repeat("\n", empty)+line(t, full("b"))+"\nnothing\n")
	recs, warnings := loaded(t, out)
	want := []string{}
	for i := range 10 {
		want = append(want, fmt.Sprintf("a.jsonl:%d: not a record, dropped: empty line", 2+i))
	}
	want = append(want, fmt.Sprintf("records: %d more: not a record, dropped", empty+1-10))
	if got := short(warnings); len(recs) != 2 || !slices.Equal(got, want) {
		t.Errorf("%d records, warnings %q", len(recs), got)
	}
}

// A line that is longer than a record can be is dropped, and the lines around it are read.
func TestLongLines(t *testing.T) {
	defer func(n int64) { limits.Line.Bytes = n }(limits.Line.Bytes)
	limits.Line.Bytes = 4 * blockSize
	long := strings.Repeat("x", 10*blockSize)
	for name, text := range map[string]string{
		"between": line(t, full("a")) + "\n" + long + "\n" + line(t, full("b")) + "\n",
		"last":    line(t, full("a")) + "\n" + long,
		"first":   long + "\n" + line(t, full("a")) + "\n",
	} {
		recs, warnings := loaded(t, folder(t, text))
		at := map[string]string{"between": ":2:", "last": ":2:", "first": ":1:"}[name]
		if len(recs) != strings.Count(text, "status") || len(warnings) != 1 || !strings.Contains(warnings[0].String(), "a.jsonl"+at+" not a record, dropped: the line is longer than 1 MiB (") {
			t.Errorf("%s: %d records, warnings %v", name, len(recs), warnings)
		}
	}
}

// Equal lines give the same records, however they are ordered and spread over files.
func TestOrderDoesNotMatter(t *testing.T) {
	var all []string
	for _, id := range []string{"a", "b", "c"} {
		r := full(id)
		failed := Record{ID: id, Status: Failed, Values: Values{Numbers: numbers()}, Run: &Run{Error: "disk"}}
		all = append(all, line(t, r), line(t, r), line(t, failed), line(t, Record{ID: id, Values: Values{Numbers: numbers("gradnorm", 2, "test_error", 0.125)}}))
	}
	all = append(all, line(t, Record{ID: "no trial", Values: Values{Numbers: numbers("gradnorm", 2)}}))
	var want []string
	for _, id := range []string{"a", "b", "c"} {
		r := full(id)
		r.Values.Numbers["gradnorm"] = 2
		want = append(want, line(t, r))
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		files := make([]string, 3)
		for _, l := range all {
			files[r.IntN(3)] += l + "\n"
		}
		recs, warnings := loaded(t, folder(t, files...))
		if got := lines(t, recs); !slices.Equal(got, want) || len(warnings) > 0 {
			t.Fatalf("files %q:\n got %q\nwant %q, warnings %v", files, got, want, warnings)
		}
	}
}

// Among a trial's failures the one that ended last wins, whatever the name of its file; a final status wins over any failure.
func TestLastFailureStands(t *testing.T) {
	failed := func(at, why string) string {
		return line(t, Record{ID: "a", Status: Failed, Values: Values{Numbers: numbers()}, Run: &Run{Ended: at, Error: why}}) + "\n"
	}
	const first, last = "2026-01-02T03:04:05Z", "2026-01-02T03:04:06Z"
	for _, c := range []struct {
		files []string
		want  string
	}{
		{[]string{failed(first, "disk") + failed(last, "memory")}, "memory"},
		{[]string{failed(last, "memory"), failed(first, "disk")}, "memory"},
		{[]string{failed(first, "disk") + failed(first, "memory")}, "disk"},
		{[]string{failed("", "disk"), failed(last, "memory")}, "memory"},
		{[]string{failed(last, "disk"), failed("", "memory")}, "disk"},
		{[]string{failed("", "disk"), failed("", "memory")}, "disk"},
		{[]string{failed(first, "disk"), line(t, full("a")) + "\n", failed(last, "memory")}, ""},
	} {
		recs, warnings := loaded(t, folder(t, c.files...))
		if len(recs) != 1 || recs[0].Run.Error != c.want || len(warnings) > 0 {
			t.Errorf("%q: %+v, warnings %v; want %q", c.files, recs, warnings, c.want)
		}
	}
}

// A trial has the runs of its later measurements; measurements without a trial are left out.
func TestRunsOfMeasurements(t *testing.T) {
	later := func(id, kernel string) string {
		return line(t, Record{ID: id, Values: Values{Numbers: numbers("gradnorm", 2)}, Run: &Run{Kernel: kernel}}) + "\n"
	}
	recs, _ := loaded(t, folder(t, later("a", "generic"), line(t, full("a"))+"\n"+line(t, full("b"))+"\n"+later("c", "avx2"), later("a", "avx512")))
	var kernels [][]string
	for _, r := range recs {
		var of []string
		for _, run := range r.Runs() {
			of = append(of, run.Kernel)
		}
		kernels = append(kernels, of)
	}
	if got, want := fmt.Sprint(kernels), "[[gonum generic avx512] [gonum]]"; got != want {
		t.Errorf("of kernels %s, want %s", got, want)
	}
}

func TestConcurrentAppends(t *testing.T) {
	out := t.TempDir()
	var wg sync.WaitGroup
	for p := range 2 { // processes
		s, err := Open(out)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		for g := range 4 {
			wg.Go(func() {
				for i := range 20 {
					if err := s.Append(full(fmt.Sprint(p, g, i))); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	wg.Wait()
	recs, warnings := loaded(t, out)
	if len(recs) != 2*4*20 || len(warnings) > 0 {
		t.Errorf("%d records, warnings %v", len(recs), warnings)
	}
	for _, r := range recs {
		if want := full(r.ID); !reflect.DeepEqual(r, want) {
			t.Errorf("%s is %s", r.ID, line(t, r))
		}
	}
}

// If a record cannot be written, Append returns an error, and earlier records stay whole.
func TestFailedWriteKeepsEarlierRecords(t *testing.T) {
	out := t.TempDir()
	s, err := Open(out)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Append(full("a")); err != nil {
		t.Fatal(err)
	}
	writable := s.file
	if s.file, err = os.Open(writable.Name()); err != nil { // for reading
		t.Fatal(err)
	}
	if err := s.Append(full("b")); err == nil {
		t.Error("a write to a file open for reading succeeded")
	}
	s.file.Close()
	s.file = writable
	if recs, warnings := loaded(t, out); len(recs) != 1 || len(warnings) > 0 {
		t.Errorf("%d records, warnings %v", len(recs), warnings)
	}
	if err := s.Append(full("c")); err != nil {
		t.Error(err)
	}
	if recs, warnings := loaded(t, out); len(recs) != 2 || len(warnings) > 0 {
		t.Errorf("%d records after one more, warnings %v", len(recs), warnings)
	}
	s.Close()
	if err := s.Append(full("d")); err == nil {
		t.Error("a closed store took a record")
	}
}

// It is an error if the folder is a file, or is removed.
func TestStoreWithoutAFolder(t *testing.T) {
	out := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(out, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(out); err == nil {
		t.Error("a store opened in a file")
	}
	out = t.TempDir()
	s, err := Open(out)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(out, "records")); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(full("a")); err == nil {
		t.Error("a record was written into no folder")
	}
}

func TestAppendRefusesWhatIsNoJSON(t *testing.T) {
	out := t.TempDir()
	s, err := Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Append(Record{ID: "a", Config: map[string]any{"lr": float64(inf)}}); err == nil {
		t.Error("an infinite setting was written")
	}
	if err := s.Append(full("b")); err != nil {
		t.Error(err)
	}
	if recs, warnings := loaded(t, out); len(recs) != 1 || len(warnings) > 0 {
		t.Errorf("%d records, warnings %v", len(recs), warnings)
	}
}
