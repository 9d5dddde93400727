package cli

import (
	"encoding/json"
	"strings"
	"testing"
)

// compare judges two folders side by side and pairs their trials.
func TestCompareFolders(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for out, lr := range map[string]string{"a": "0.1", "b": "0.05", "same": "0.1"} {
		quickly(t, dir, exitOK, "--quiet", "--out", out, "lr="+lr, "optimizer.m=4", "optimizer.rho=0,0.05", "seed=1,2,3")
	}
	o := call(t, dir, exitOK, "compare", "a", "b")
	for _, want := range []string{"A: a, 6 trials, of revision ", "apart by lr 0.1 → 0.05\n", "6 pairs of equal configurations, 0 with equal bits; alone: 0 in A, 0 in B\n", "error-rises-with-m ", "\ntest_error, points "} {
		if !strings.Contains(o.out, want) {
			t.Errorf("it lacks %q:\n%s", want, o.out)
		}
	}
	var c compared
	if err := json.Unmarshal([]byte(call(t, dir, exitOK, "compare", "a", "same", "--json").out), &c); err != nil {
		t.Fatal(err)
	}
	if c.Pairs != 6 || c.Equal != 6 || len(c.Values) < 10 || len(c.Sides[1].Verdicts) != len(tiny.Claims) {
		t.Errorf("%+v", c)
	}
	if o := call(t, dir, exitUsage, "compare", "a", "none"); !strings.Contains(o.talk, "none holds no records") {
		t.Error(o.talk)
	}
	call(t, dir, exitUsage, "compare", "a")
}
