package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"msharp/harness/folder"
	"msharp/harness/verdict"
)

// A run judges its claims: in verdicts.json with the documented keys, on the report, and in one line each at the end.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	dir, out := finished(t)
	text, err := os.ReadFile(filepath.Join(out, "verdicts.json"))
	if err != nil {
		t.Fatal(err)
	}
	var objects []map[string]any
	if err := json.Unmarshal(text, &objects); err != nil {
		t.Fatal(err)
	}
	claims := tiny.Claims
	if len(objects) != len(claims) {
		t.Fatalf("%d verdicts on %d claims", len(objects), len(claims))
	}
	report := tree(t, out)["report.html"]
	for i, o := range objects {
		for _, key := range []string{"claim", "text", "verdict", "estimate", "low", "high", "n", "p"} {
			if _, ok := o[key]; !ok {
				t.Errorf("verdict %d has no %s", i, key)
			}
		}
		if o["claim"] != claims[i].ID || o["verdict"] != verdict.Undecided || !strings.Contains(report, "<code>"+claims[i].ID+"</code>") {
			t.Errorf("%v, of 2 seeds", o)
		}
	}
	again := call(t, dir, exitOK, "run", "--out", "out")
	for _, c := range claims {
		if n := strings.Count(again.out, "? undecided  "+c.ID+" "); n != 1 {
			t.Errorf("%s is told %d times in\n%s", c.ID, n, again.out)
		}
	}
	if n := strings.Count(again.out, "\n"); n != len(claims)+2 {
		t.Errorf("the end of a run is %d lines", n)
	}
}

// An experiment without claims leaves an empty array.
func TestNoClaims(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := writeVerdicts(folder.Dir(dir), nil); err != nil {
		t.Fatal(err)
	}
	if text := tree(t, dir)["verdicts.json"]; text != "[]\n" {
		t.Errorf("%q", text)
	}
	if vs, err := readVerdicts(folder.Dir(dir)); err != nil || len(vs) != 0 {
		t.Error(vs, err)
	}
}
