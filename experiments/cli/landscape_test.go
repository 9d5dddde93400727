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
	for along, ids := range map[string][]string{"random": {a}, "eigenvectors": {a[:8]}, "line": {a, b}, "plane": {a, b, c}, "trajectory": {a}} {
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
		if first["figures/"+name+".svg"] == "" || first["figures/"+name+".csv"] == "" || !strings.Contains(first["landscapes/"+name+".csv"], "\nx,y,loss,error") {
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
		"landscape names no trial; expected 1 trial by id":                            {},
		"--along road: expected one of eigenvectors, line, plane, random, trajectory": {"--along", "road", a},
		"--points 4: expected an odd number with --along random":                      {"--points", "4", a},
		"--points 2: expected a number from 3 to 1001":                                {"--points", "2", a},
		"--span 0: expected a number above 0":                                         {"--span", "0", a},
		"--dims 1: expected 2 with --along trajectory":                                {"--along", "trajectory", "--dims", "1", a},
		"--dims 2: expected 1 with --along line":                                      {"--along", "line", "--dims", "2", a, b},
		"--split tests: expected train, val or test":                                  {"--split", "tests", a},
		"--along line is of 2 trials; expected 2, these are 1":                        {"--along", "line", a},
		"trial " + a + " is named twice; expected different trials":                   {"--along", "line", a, a},
		`"zz" is the id of none of 10 trials; expected an id, its beginning`:          {"zz"},
		`"" begins the ids of 10 trials`:                                              {""},
		"--along line is of 2 trials; expected 2, these are 10":                       {"--along", "line", "keep_weights=true"},
		"--along plane is of 3 trials; expected 3, these are 1":                       {"--along", "plane", "seed=1", "optimizer.rho=0"},
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

// A trajectory is of a trial that trained to its end, as it trained: each other ends in one line.
func TestTrajectory(t *testing.T) {
	notShort(t, "calls the program ten times")
	t.Parallel()
	dir, out := keptRun(t)
	recs := load(t, out)
	a, b, c, d := recs[0].ID, recs[3].ID, recs[7].ID, recs[8].ID
	along := func(id string) []string {
		return []string{"landscape", "--out", "out", "--quiet", "--along", "trajectory", "--points", "3", id}
	}
	quickly(t, dir, exitOK, along(a)...)
	kept := tree(t, out)["landscapes/landscape-trajectory-"+a+".csv"]
	gone("weights/"+a+".safetensors")(t, out)
	gone("landscapes/landscape-trajectory-"+a+".csv")(t, out)
	if o := quickly(t, dir, exitOK, along(a)...); o.talk != "" {
		t.Errorf("without weights it says %q", o.talk)
	}
	files := tree(t, out)
	if kept == "" || files["landscapes/landscape-trajectory-"+a+".csv"] != kept {
		t.Error("without weights the grid is another")
	}
	if drawn := files["figures/landscape-trajectory-"+a+".csv"]; strings.Count(drawn, `"path, epoch `) != 2*4 {
		t.Errorf("the points of the figure are\n%s", drawn)
	}
	if svg := files["figures/landscape-trajectory-"+a+".svg"]; !strings.Contains(svg, "first principal component,") || !strings.Contains(svg, " % of the path's variance") && !strings.Contains(svg, " % of the path&#39;s variance") {
		t.Error("the axes do not say the shares")
	}

	file := filepath.Join(out, "records", "a.jsonl")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var changed []string
	for line := range strings.Lines(string(text)) {
		switch {
		case strings.Contains(line, `"id":"`+b):
			line = strings.Replace(line, `"status":"done"`, `"status":"diverged"`, 1)
		case strings.Contains(line, `"id":"`+c):
			continue
		case strings.Contains(line, `"id":"`+d):
			line = strings.ReplaceAll(line, `"train_loss":`, `"train_loss":1`)
		}
		changed = append(changed, line)
	}
	write(t, file, strings.Join(changed, ""))
	gone("weights/"+d+".safetensors")(t, out)
	for says, id := range map[string]string{
		"trial " + b + " diverged in epoch 3; expected one that trained to its end": b,
		"trial " + c + " has no record; expected one that trained to its end":       c,
		"trial " + d + ", trained again, is another: its train loss is ":            d,
	} {
		if o := quickly(t, dir, exitFailed, along(id)...); !strings.Contains(o.talk, says) || strings.Count(o.talk, "\n") != 1 {
			t.Errorf("it says %q, want %q", o.talk, says)
		}
	}
	args := along(a)
	args[2] = "elsewhere"
	if o := quickly(t, dir, exitUsage, args...); !strings.Contains(o.talk, "elsewhere holds no records") || strings.Count(o.talk, "\n") != 1 {
		t.Errorf("of another folder it says %q", o.talk)
	}
}
