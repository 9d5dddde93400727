package folder

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"unsafe"
)

// planLines returns the lines of a plan's file.
func planLines(t testing.TB, text string, words ...string) []string {
	t.Helper()
	dir := Dir(t.TempDir())
	p, err := dir.Planned(sweepOf(t, text, words...))
	if err == nil {
		err = p.Write()
	}
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(dir.plan())
	if err != nil {
		t.Fatal(err)
	}
	return strings.SplitAfter(strings.TrimSuffix(string(file), "\n"), "\n")
}

// agree wants the lines that are read quickly to be what they are to a JSON parser.
func agree(t *testing.T, r *lineReader, line string) (quick bool) {
	t.Helper()
	got, ok := r.quick([]byte(strings.TrimSuffix(line, "\n")))
	if !ok {
		return false
	}
	want, err := plainLine([]byte(line))
	if err != nil || got.Config.String() != want.Config.String() {
		t.Fatalf("%s is read as %+v; plainly as %+v, %v", line, got, want, err)
	}
	if got.Config = want.Config; !reflect.DeepEqual(got, want) {
		t.Fatalf("%s is read as %+v; plainly as %+v", line, got, want)
	}
	return true
}

// Lines as they are written are read quickly; others are left to the parser, and what looks like one of them but is none is refused.
func TestLinesAreReadQuickly(t *testing.T) {
	r := newLineReader()
	var last string
	for _, words := range [][]string{nil, {"seed=range(1,50)"}, {"stop.train_loss=0.1", "stop.max_epochs=3", "epochs=null"}, {"measures=[]"}} {
		for _, line := range planLines(t, small, words...) {
			if !agree(t, r, line) || !agree(t, newLineReader(), line) {
				t.Errorf("%s is not read quickly", line)
			}
			last = line
		}
	}
	for _, c := range []struct {
		old, new string
		quick    bool
	}{
		{`"results":`, `"results": `, true}, {`"lr":0.1`, `"lr":1e-1`, true}, {`"lr":0.1,`, `"lr":0.1,"lr":[{"}":"\\\"]"}],`, true}, {`"seed"`, `"s\u0065ed"`, true},
		{`{"id"`, `{ "id"`, false}, {`,"config":`, `, "config":`, false}, {`"lr":0.1`, `"lr":0.1 `, true}, {`"lr":0.1`, ` "lr":0.1`, false},
		{`"lr":0.1,`, `,`, false}, {`"lr":0.1`, `"lr":0.1,`, false}, {`"lr":0.1`, `"lr"`, false}, {`"lr":0.1`, `"lr":0.1]`, false}, {`"lr":0.1`, `"lr":00.1`, false}, {`"config":{`, `"config":{,`, false},
		{`"asked":{`, `"asked":[{`, false}, {`,"asked":`, `,,"asked":`, false}, {`,"data":`, `,"id":"","data":`, false}, {`,"data":`, `,"ID":"0","data":`, false}, {`,"data":`, `,"config":{},"data":`, false},
		{`,"data":`, `,"config":null,"data":`, false}, {`,"data":`, `,"dat":1,"data":`, false}, {`"config":{`, `"Config":{`, false}, {`"id":"`, `"id":"0`, false}, {`,"asked":`, `},"asked":`, false},
	} {
		line := strings.Replace(last, c.old, c.new, 1)
		if line == last {
			t.Fatalf("%s is not in %s", c.old, last)
		}
		if quick := agree(t, newLineReader(), line); quick != c.quick {
			t.Errorf("%s read quickly: %v", line, quick)
		}
		agree(t, r, line)
	}
	for _, end := range []string{",}", "}}", "} ", "}{}", ",\"x\":1}", "]"} {
		if line := strings.TrimSuffix(strings.TrimSpace(last), "}") + end; agree(t, r, line) {
			t.Errorf("%s is read quickly", line)
		}
	}
}

// FuzzQuickLines wants no line to be read quickly and otherwise than by the parser.
func FuzzQuickLines(f *testing.F) {
	for _, line := range planLines(f, small) {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if !strings.Contains(line, "\n") {
			agree(t, newLineReader(), line)
		}
	})
}

// The lines of a plan share what is equal in their settings: here all but the seed, the radius and m.
func TestLinesShare(t *testing.T) {
	dir := Dir(t.TempDir())
	planned := planOf(t, dir, small, "seed=range(1,101)")
	for _, p := range []*Plan{planned, read(t, dir, planned)} {
		texts := map[*byte]bool{}
		for _, l := range p.Lines {
			for _, piece := range l.Config {
				texts[unsafe.StringData(piece)] = true
			}
		}
		if n := len(texts); n > 100+20 {
			t.Errorf("%d lines hold %d texts", len(p.Lines), n)
		}
	}
}
