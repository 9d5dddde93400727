package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A trial that needs more memory than there is fails in words, with both numbers, before it takes any; the others are run.
func TestMemoryOfATrial(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	words := []string{"--out", "out", "--workers", "2", "--quiet", "--limit", "memory=700MiB", "model.hidden=[8],[12000, 12000],[16]", "seed=1", "optimizer.rho=0"}
	call := quick(t, dir, words...)
	o := finish(t, call)
	if o.status != exitFailed || !strings.Contains(o.talk, "GiB of memory; expected at most 560 MiB, what trials may take of 700 MiB (--limit memory; --limit memory=SIZE sets another)\n") {
		t.Errorf("exit status %d: %s", o.status, o.talk)
	}
	if !strings.Contains(o.out, "3 trials: 2 done, 1 failed") || peak(call) > 400 {
		t.Errorf("it prints %s, with %d MiB at its peak", o.out, peak(call))
	}
	if o := quickly(t, dir, exitOK, append([]string{"list"}, slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "--workers" || w == "2" || w == "--quiet" })...)...); !strings.Contains(o.out, "  memory: a trial takes at most about ") || !strings.Contains(o.out, " GiB, and 1 trial will fail for want of it; the limit is 700 MiB (--limit memory;") {
		t.Errorf("list prints %s", o.out)
	}
}

// A trial that began twice and never ended is run after all others, and status names it; it has not failed for that.
func TestTrialsThatNeverEnded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	words := []string{"--out", "out", "--workers", "2", "optimizer.rho=0,0.05", "optimizer.m=4", "seed=1,2,3"}
	quickly(t, dir, exitOK, append(words, "epochs=1", "--quiet")...)
	out := filepath.Join(dir, "out")
	var ids []string
	for _, r := range load(t, out) {
		ids = append(ids, r.ID)
	}
	os.RemoveAll(filepath.Join(out, "records"))
	attempts := filepath.Join(out, ".running", "attempts")
	if err := os.MkdirAll(filepath.Join(out, "records"), 0o777); err != nil {
		t.Fatal(err)
	}
	for id, n := range map[string]int{ids[0]: 3, ids[1]: 2, ids[2]: 1} {
		write(t, filepath.Join(attempts, id), strings.Repeat("killed\n", n))
	}
	o := quickly(t, dir, exitOK, "status", "--out", "out")
	for id, n := range map[string]string{ids[0]: "3", ids[1]: "2"} {
		if !strings.Contains(o.talk, "trial "+id+" began "+n+" times and has not ended: it may need more memory than there is; it runs after all others, alone\n") {
			t.Errorf("status says %s", o.talk)
		}
	}
	if strings.Contains(o.talk, ids[2]) {
		t.Errorf("status names a trial that was killed once: %s", o.talk)
	}
	o = quickly(t, dir, exitOK, append(words, "epochs=1")...)
	var order []string
	for line := range strings.Lines(o.talk) {
		if f := strings.Fields(line); len(f) > 1 && strings.Contains(f[0], "/6") {
			order = append(order, f[1])
		}
	}
	if len(order) != 6 || order[4] != ids[1] || order[5] != ids[0] {
		t.Errorf("%q end in the order %q", ids, order)
	}
	if left, err := os.ReadDir(attempts); err != nil || len(left) > 0 {
		t.Errorf("%d attempts are left, %v", len(left), err)
	}
}
