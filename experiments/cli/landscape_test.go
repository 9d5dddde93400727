//go:build unix

package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A landscape is computed once, drawn again from its grid, and computed anew where the grid is damaged or of another request.
func TestLandscape(t *testing.T) {
	notShort(t, "calls the program thirty times")
	t.Parallel()
	dir, out := keptRun(t)
	recs := load(t, out)
	a, b, c := recs[0].ID, recs[3].ID, recs[7].ID
	for along, ids := range map[string][]string{"random": {a}, "eigenvectors": {a[:8]}, "line": {a, b}, "plane": {a, b, c}} {
		args := append([]string{"landscape", "--out", "out", "--quiet", "--along", along, "--points", "5"}, ids...)
		o := quickly(t, dir, exitOK, args...)
		name := "landscape-" + along + "-" + a
		for _, id := range ids[1:] {
			name += "-" + id
		}
		if o.talk != "" || !strings.HasPrefix(o.out, "drew out/figures/"+name+".png") {
			t.Errorf("%s: it says %q, %q", along, o.talk, o.out)
		}
		grid, first := filepath.Join(out, "landscapes", name+".csv"), tree(t, out)
		if first["figures/"+name+".svg"] == "" || first["figures/"+name+".csv"] == "" || !strings.Contains(first["landscapes/"+name+".csv"], "\nx,y,loss,error\n") {
			t.Errorf("%s: files are missing", along)
		}
		again := func(what, says string) {
			t.Helper()
			if o := quickly(t, dir, exitOK, args...); !strings.Contains(o.talk, says) {
				t.Errorf("%s, %s: it says %q, want %q", along, what, o.talk, says)
			}
			if d := differing(first, tree(t, out)); len(d) > 0 {
				t.Errorf("%s, %s: other bytes in %q", along, what, d)
			}
		}
		again("again", "has these losses\n")
		text, err := os.ReadFile(grid)
		if err != nil {
			t.Fatal(err)
		}
		write(t, grid, strings.Replace(string(text), "0.", "1.", 3))
		again("damaged", grid[len(dir)+1:]+": its bytes are not those that were written: the sha256 differs; the losses are computed anew\n")
		quickly(t, dir, exitOK, append(args, "--span", "0.75")...)
		again("of another span", "has other losses: span is 0.75 there and ")
	}
	for says, words := range map[string][]string{
		"landscape names no trial; expected 1 trial by id":                   {},
		"--along road: expected one of eigenvectors, line, plane, random":    {"--along", "road", a},
		"--points 4: expected an odd number with --along random":             {"--points", "4", a},
		"--points 2: expected a number from 3 to 1001":                       {"--points", "2", a},
		"--span 0: expected a number above 0":                                {"--span", "0", a},
		"--dims 2: expected 1 with --along line":                             {"--along", "line", "--dims", "2", a, b},
		"--split tests: expected train, val or test":                         {"--split", "tests", a},
		"--along line is of 2 trials; expected 2, these are 1":               {"--along", "line", a},
		"trial " + a + " is named twice; expected different trials":          {"--along", "line", a, a},
		`"zz" is the id of none of 10 trials; expected an id, its beginning`: {"zz"},
		`"" begins the ids of 10 trials`:                                     {""},
		"--along line is of 2 trials; expected 2, these are 10":              {"--along", "line", "keep_weights=true"},
		"--along plane is of 3 trials; expected 3, these are 1":              {"--along", "plane", "seed=1", "optimizer.rho=0"},
	} {
		if o := quickly(t, dir, exitUsage, append([]string{"landscape", "--out", "out"}, words...)...); !strings.Contains(o.talk, says) {
			t.Errorf("%q says %q, want %q", words, o.talk, says)
		}
	}
	gone("weights/"+a+".safetensors")(t, out)
	want := "out/weights/" + a + ".safetensors: no weights of trial " + a + " are kept; expected those of a trial that was run with keep_weights: true"
	if o := quickly(t, dir, exitFailed, "landscape", "--out", "out", a); !strings.Contains(o.talk, want) {
		t.Errorf("without weights it says %q, want %q", o.talk, want)
	}
}
