package folder

import (
	"os"
	"path/filepath"
	"testing"
)

// A folder holds itself and what lies in it, there or not, by links too; not what lies beside it or around it.
func TestHolds(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, path := range []string{"out/records", "outer", "elsewhere"} {
		if err := os.MkdirAll(path, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"link": "out", "elsewhere/in": filepath.Join("..", "out", "records"), "out/away": filepath.Join("..", "elsewhere")} {
		if err := os.Symlink(to, link); err != nil {
			t.Fatal(err)
		}
	}
	whole, err := filepath.Abs("out")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{
		"out": true, "out/": true, "./out/records": true, "out/new/folder": true, whole: true, "link": true, "link/new": true, "elsewhere/in/new": true, "elsewhere/../out": true,
		".": false, "..": false, "outer": false, "new": false, "out/../new": false, "elsewhere": false, "out/away": false, "out/away/new": false, "out-new": false,
	} {
		for _, d := range []Dir{"out", "link", Dir(whole)} {
			if got := d.Holds(path); got != want {
				t.Errorf("%s holds %s: %v", d, path, got)
			}
		}
	}
	if Dir("missing").Holds("missing") {
		t.Error("what is not there holds something")
	}
}
