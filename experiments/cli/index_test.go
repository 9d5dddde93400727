package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An index lists the output folders of a folder, and says what it could not read of one.
func TestIndex(t *testing.T) {
	t.Parallel()
	dir, out := finished(t)
	for _, name := range []string{`<b>&"'#?%41`, "broken"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(out)); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(dir, "broken", "verdicts.json"), "[")
	write(t, filepath.Join(dir, "stray.txt"), "")
	if err := os.Mkdir(filepath.Join(dir, "empty"), 0o777); err != nil {
		t.Fatal(err)
	}
	if o := call(t, dir, exitOK, "index", "."); o.out != "3 sweeps in index.html\n" || o.talk != "" {
		t.Errorf("it says %q, %q", o.out, o.talk)
	}
	page := tree(t, dir)["index.html"]
	for _, want := range []string{`href="./out/report.html"`, `src="./out/figures/msweep.png"`,
		`./%3Cb%3E&amp;%22%27%23%3F%2541/report.html`, "&lt;b&gt;&amp;&#34;&#39;#?%41: 10 trials", "10 trials: 10 done; started 20", "5 undecided",
		`<p class="counts">MLP on SPIRALS`, `<code>u-shape</code> undecided: `, "Not read: verdicts.json: unexpected end"} {
		if !strings.Contains(page, want) {
			t.Errorf("the index lacks %q", want)
		}
	}
	if strings.Contains(page, dir) || strings.Count(page, "<article>") != 3 {
		t.Errorf("the index names the machine's folder, or not three sweeps")
	}
}

// Draw keeps an index current, and makes and touches nothing else beside its folder.
func TestIndexIsKeptCurrent(t *testing.T) {
	notShort(t, "draws several times")
	t.Parallel()
	dir, out := finished(t)
	path := filepath.Join(dir, "index.html")
	call(t, dir, exitOK, "draw", "--out", "out")
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Fatal("draw made an index")
	}
	write(t, path, "<!DOCTYPE html>mine")
	call(t, dir, exitOK, "draw", "--out", "out")
	if text := tree(t, dir)["index.html"]; text != "<!DOCTYPE html>mine" {
		t.Fatal("draw wrote over a page that is no index")
	}
	call(t, dir, exitOK, "index", ".")
	before := tree(t, dir)["index.html"]
	if !strings.Contains(before, ">1 output folder<") {
		t.Error("the index does not count one folder")
	}
	call(t, dir, exitOK, "draw", "--out", "out")
	if tree(t, dir)["index.html"] != before {
		t.Error("drawn again, the index is another")
	}
	if err := os.Rename(filepath.Join(out, "manifest.json"), filepath.Join(out, "gone")); err != nil {
		t.Fatal(err)
	}
	call(t, dir, exitOK, "draw", "--out", "out")
	if after := tree(t, dir)["index.html"]; after == before || strings.Contains(after, "started") {
		t.Error("the index is not current")
	}
}

func TestIndexOfNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for args, want := range map[string]string{
		"index": "results", "index nowhere": "nowhere", "index .": "holds no output folders", "index a b": `not also "b"`,
	} {
		if o := call(t, dir, exitUsage, strings.Fields(args)...); !strings.Contains(o.talk, want) || strings.Count(o.talk, "\n") != 1 {
			t.Errorf("%s: says %q", args, o.talk)
		}
	}
	if files := tree(t, dir); len(files) > 0 {
		t.Error("an index of nothing was written")
	}
}
