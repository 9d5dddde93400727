//go:build unix

package cli

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// unprivileged is a call by somebody who has the rights of the others only: for root, nobody; else the user.
func unprivileged(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	c := quick(t, dir, args...)
	if os.Getuid() != 0 {
		return c
	}
	const nobody = 65534
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	for d := dir; d != filepath.Clean(os.TempDir()) && d != "/"; d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	program := filepath.Join(dir, "program")
	if err := os.Link(c.Path, program); err != nil && !errors.Is(err, fs.ErrExist) { // a copy could be busy: a process that another test starts may hold it open
		t.Fatal(err)
	}
	c.Path = program
	return c
}

// modes sets those of the folders in a folder, until the test ends, and lets everybody read and write the files.
func modes(t *testing.T, dir string, of func(folder string) fs.FileMode) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return os.Chmod(path, 0o666)
		}
		t.Cleanup(func() { os.Chmod(path, 0o755) })
		return os.Chmod(path, of(path))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// In a folder that is read-only, what would write ends with exit status 1 and one line that names the file; what reads, reads; and when
// it may be written again the same command continues.
func TestReadOnlyFolder(t *testing.T) {
	notShort(t, "calls every command in a read-only folder")
	t.Parallel()
	dir, out := keptRun(t)
	before := tree(t, out)
	modes(t, out, func(string) fs.FileMode { return 0o555 })
	for _, c := range []struct{ args, want string }{
		{"run", "open out/sweep.yaml: permission denied"},
		{"run seed=1,2,3", "open out/plan.jsonl: permission denied"},
		{"measure measures=[norm]", "open out/plan.jsonl: permission denied"},
		{"draw", "open out/records.csv: permission denied"},
		{"export -o out/table.csv", "open out/table.csv: permission denied"},
		{"run --out out/new", "mkdir out/new: permission denied"},
	} {
		args := strings.Fields(c.args)
		if !slices.Contains(args, "--out") {
			args = append(args, "--out", "out")
		}
		o := finish(t, unprivileged(t, dir, args...))
		if o.status != exitFailed || o.talk != "tiny: "+c.want+"\n" || o.out != "" {
			t.Errorf("%s: exit status %d, prints %q, says %swant tiny: %s", c.args, o.status, o.out, o.talk, c.want)
		}
	}
	for _, args := range []string{"status", "export --format jsonl", "list"} {
		if o := finish(t, unprivileged(t, dir, append(strings.Fields(args), "--out", "out")...)); o.status != exitOK || o.talk != "" {
			t.Errorf("%s: %+v", args, o)
		}
	}
	if d := differing(before, tree(t, out)); len(d) > 0 {
		t.Errorf("changed are %q", d)
	}
	modes(t, out, func(string) fs.FileMode { return 0o755 })
	quickly(t, dir, exitOK, "--out", "out", "seed=1,2,3")
}

// Where records alone cannot be written the first one that was to be ends the sweep.
func TestReadOnlyRecords(t *testing.T) {
	notShort(t, "calls every command in a read-only folder")
	t.Parallel()
	dir, out := keptRun(t)
	want := bare(t, out)
	modes(t, out, func(folder string) fs.FileMode {
		if filepath.Base(folder) == "records" {
			return 0o555
		}
		return 0o777
	})
	o := finish(t, unprivileged(t, dir, "--out", "out", "--quiet", "--workers", "1", "seed=1,2,3"))
	if o.status != exitFailed || strings.Count(o.talk, "\n") != 1 || !strings.HasPrefix(o.talk, "tiny: a record could not be written: open out/records/") ||
		!strings.HasSuffix(o.talk, ".jsonl: permission denied; no further trial was run; the records are safe, and the same command continues\n") {
		t.Errorf("exit status %d: %s", o.status, o.talk)
	}
	if !slices.Equal(bare(t, out), want) {
		t.Error("other records")
	}
}
