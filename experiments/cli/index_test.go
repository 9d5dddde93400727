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
		`<p class="counts">MLP on spirals`, `<code>u-shape</code> undecided: `, "Not read: verdicts.json: unexpected end"} {
		if !strings.Contains(page, want) {
			t.Errorf("the index lacks %q", want)
		}
	}
	if strings.Contains(page, dir) || strings.Count(page, "<article>") != 3 {
		t.Errorf("the index names the machine's folder, or not three sweeps")
	}
}
