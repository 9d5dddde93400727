package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A sweep takes a watch later: list and run say so, and the records and a figure have it. records.csv and ids stay; a watch at other times
// is refused.
func TestWatch(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const watch = "watch={every: 2, measures: [norm, gradnorm]}"
	quickly(t, dir, exitOK, "--out", "out", "--quiet", "seed=1")
	out := filepath.Join(dir, "out")
	table := func() string {
		text, err := os.ReadFile(filepath.Join(out, "records.csv"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	before, n := table(), len(load(t, out))
	if o := quickly(t, dir, exitOK, "list", "--out", "out", "seed=1", watch); !strings.Contains(o.out, " of those recorded to train again, for watch\n") || !strings.Contains(o.out, "\n  watch gradnorm: 1 gradient, at each of up to 7 looks\n") || !strings.Contains(o.out, "watch: {every: 2, measures: [{kind: norm}") {
		t.Errorf("list says %s", o.out)
	}
	if o := quickly(t, dir, exitOK, "--out", "out", "seed=1", watch); !strings.Contains(o.talk, " of those recorded to train again, for watch\n") {
		t.Errorf("run says %s", o.talk)
	}
	recs := load(t, out)
	for _, r := range recs {
		if !r.Watch.Has(2, "step", []string{"gradnorm", "norm"}) || len(r.Watch.At) < 2 {
			t.Errorf("%s watched %+v", r.ID, r.Watch)
		}
	}
	if len(recs) != n || table() != before {
		t.Errorf("%d records became %d, and records.csv\n%s", n, len(recs), table())
	}
	if figure, err := os.ReadFile(filepath.Join(out, "figures", "watched.csv")); err != nil || !strings.HasPrefix(string(figure), "panel,measure,rho,m,setting,step,value,low,high,seeds\na,norm,") {
		t.Errorf("%v, %.200s", err, figure)
	}
	if o := quickly(t, dir, exitOK, "--out", "out", "seed=1"); !strings.Contains(o.talk, "trials are recorded in ") {
		t.Errorf("again, it says %s", o.talk)
	}
	if o := quickly(t, dir, exitUsage, "--out", "out", "seed=1", "watch={every: 3, measures: norm}"); !strings.Contains(o.talk, "watch looks every 2 steps there and every 3 steps here; choose another --out") {
		t.Errorf("a watch at other times: %s", o.talk)
	}
}
