//go:build unix

package cli

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/gofrs/flock"
)

// What an output folder keeps is written by no command that is told a path, whatever leads there; and a folder of other things is no output
// folder.
func TestWritesStayInTheirPlace(t *testing.T) {
	notShort(t, "calls many commands")
	t.Parallel()
	dir, out := keptRun(t)
	id := load(t, out)[0].ID
	restore(t, dir, map[string]string{"home/letters": "mine", "sites/index.html": "mine", "sites/s/records/a.jsonl": "", "sites/s/sweep.yaml": ""})
	for old, new := range map[string]string{"out/records": "link", "out/records/a.jsonl": "a.link"} {
		if err := os.Symlink(old, filepath.Join(dir, new)); err != nil {
			t.Fatal(err)
		}
	}
	before, at := tree(t, out), tree(t, filepath.Join(dir, "sites"))
	const keeps = " belongs to the output folder "
	for _, c := range []struct{ args, want string }{
		{"export --out out -o out/records/a.jsonl", "-o out/records/a.jsonl" + keeps},
		{"export --out out -o out/records/new.csv", keeps},
		{"export --out out -o out/records", keeps},
		{"export --out out -o link/a.jsonl", "-o link/a.jsonl" + keeps},
		{"export --out out -o a.link", "-o a.link" + keeps},
		{"export --out out -o out/weights/" + id + ".safetensors", keeps},
		{"export --out out -o out/checkpoints/x.csv", keeps},
		{"export --out out -o out/plan.jsonl", keeps},
		{"run --out out/records", "--out out/records" + keeps},
		{"run --out out/weights/x/y", keeps},
		{"run --out link", keeps},
		{"run --out /", "--out / holds other things than a sweep; expected a folder of its own, such as /sweep"},
		{"run --out /usr", "--out /usr holds other things than a sweep"},
		{"run --out home", "--out home holds other things than a sweep"},
		{"index out/records", keeps},
		{"index sites", "sites/index.html is no index of sweeps"},
	} {
		call := quick(t, dir, strings.Fields(c.args)...)
		call.Env = append(call.Env, "HOME="+filepath.Join(dir, "home"))
		if o := finish(t, call); o.status != exitUsage || !strings.Contains(o.talk, c.want) || strings.Count(o.talk, "\n") != 1 || o.out != "" {
			t.Errorf("%s: exit status %d, says %swant %s", c.args, o.status, o.talk, c.want)
		}
	}
	if d := append(differing(before, tree(t, out)), differing(at, tree(t, filepath.Join(dir, "sites")))...); len(d) > 0 {
		t.Errorf("changed are %q", d)
	}
	quickly(t, dir, exitOK, "export", "--out", "out", "-o", "out/records.csv")
}

// A sweep whose folder is moved, removed or replaced under it stops at its next record, says where the records are, and makes no folder of
// the old name.
func TestFolderGoneWhileRunning(t *testing.T) {
	notShort(t, "runs sweeps until their folder is gone")
	t.Parallel()
	for name, c := range map[string]struct {
		change func(dir string) error
		want   []string
	}{
		"moved":      {func(dir string) error { return os.Rename(dir+"/out", dir+"/moved") }, []string{"out/records/", "safe in ", "/moved/records/"}},
		"removed":    {func(dir string) error { return os.RemoveAll(dir + "/out") }, []string{"went with it"}},
		"no records": {func(dir string) error { return os.RemoveAll(dir + "/out/records") }, []string{"went with it"}},
		"no lease":   {func(dir string) error { return os.RemoveAll(dir + "/out/.running") }, []string{"out/.running was moved, removed or replaced"}},
		"replaced": {func(dir string) error {
			if err := os.Rename(dir+"/out", dir+"/moved"); err != nil {
				return err
			}
			return os.MkdirAll(dir+"/out/records", 0o777)
		}, []string{"safe in ", "/moved/records/"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			call := quick(t, dir, append([]string{"--out", "out", "--quiet"}, long...)...)
			wait := stoppable(t, call)
			until(t, "a record", func() bool { return lines(t, filepath.Join(dir, "out")) > 0 })
			for err := c.change(dir); err != nil; err = c.change(dir) { // a file that was just made keeps a folder from being removed
				t.Log(err)
			}
			o := wait()
			if o.status != exitFailed || !strings.HasSuffix(o.talk, "; no further trial was run\n") {
				t.Errorf("exit status %d, says %s", o.status, o.talk)
			}
			for _, want := range append(c.want, "moved, removed or replaced while the sweep ran") {
				if !strings.Contains(o.talk, want) {
					t.Errorf("says %snot %s", o.talk, want)
				}
			}
			if _, err := os.Stat(filepath.Join(dir, "out", "report.html")); err == nil {
				t.Error("it drew")
			}
			if left := tree(t, dir); name == "moved" {
				for file := range left {
					if strings.HasPrefix(file, "out/") {
						t.Errorf("it made %s", file)
					}
				}
			}
		})
	}
}

// A process that waits for a lock whose folder is then gone does not start.
func TestLockOfAFolderThatIsGone(t *testing.T) {
	t.Parallel()
	dir, out := finished(t)
	lock := flock.New(filepath.Join(out, ".running", "guard"))
	if err := lock.Lock(); err != nil {
		t.Fatal(err)
	}
	wait := stoppable(t, quick(t, dir, "--out", "out", "--quiet", "seed=1,2,3"))
	until(t, "the process at the lock", func() bool {
		locks, err := os.ReadFile("/proc/locks")
		if err != nil {
			t.Skip(err) // this system does not tell who waits
		}
		info, err := os.Stat(lock.Path())
		return err == nil && strings.Contains(string(locks), "->") && waits(string(locks), info)
	})
	if err := os.Rename(out, out+"2"); err != nil {
		t.Fatal(err)
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	o := wait()
	if want := "tiny: out/.running was moved, removed or replaced while the sweep ran\n"; o.status != exitFailed || o.talk != want {
		t.Errorf("exit status %d, says %swant %s", o.status, o.talk, want)
	}
	if _, err := os.Stat(out); err == nil || lines(t, out+"2") != trials {
		t.Errorf("it wrote, %v", err)
	}
}

// waits reports whether a list of locks has one on a file that somebody waits for.
func waits(locks string, file os.FileInfo) bool {
	inode := file.Sys().(*syscall.Stat_t).Ino
	for line := range strings.Lines(locks) {
		if f := strings.Fields(line); len(f) > 6 && f[1] == "->" && strings.HasSuffix(f[6], ":"+strconv.FormatUint(inode, 10)) {
			return true
		}
	}
	return false
}
