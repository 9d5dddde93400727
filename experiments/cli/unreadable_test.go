//go:build unix

package cli

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What cannot be read is not missing: the command ends with its name and exit status 1, and nothing is trained again or written beside it.
func TestUnreadableIsNotMissing(t *testing.T) {
	notShort(t, "calls every command on a folder of which a part cannot be read")
	t.Parallel()
	_, out := keptRun(t)
	files := tree(t, out)
	id := files["records/a.jsonl"][len(`{"id":"`):][:16] // of the trial that is run first
	all := []string{"run", "measure measures=[norm]", "draw", "status", "export", "list"}
	for _, c := range []struct {
		file     string // given no rights
		commands []string
		want     string
	}{
		{"records/a.jsonl", all, "open out/records/a.jsonl: permission denied"},
		{"records", all, "open out/records: permission denied"},
		{"weights", []string{"run measures=[norm]", "measure measures=[norm]", "list"}, "open out/weights: permission denied"},
		{"weights/" + id + ".safetensors", []string{"run measures=[norm]", "measure measures=[norm]"}, "trial " + id + ": open out/weights/" + id + ".safetensors: permission denied" +
			"; no further trial was run; the records are safe, and the same command continues"},
		{"plan.jsonl", []string{"run", "measure measures=[norm]", "draw", "status", "list"}, "open out/plan.jsonl: permission denied"},
		{"manifest.json", []string{"run", "draw", "status"}, "open out/manifest.json: permission denied"},
		{".running/attempts", []string{"run", "status"}, "open out/.running/attempts: permission denied"},
	} {
		for _, command := range c.commands {
			dir := t.TempDir()
			out := filepath.Join(dir, "out")
			restore(t, out, files)
			if err := os.MkdirAll(filepath.Join(out, ".running", "attempts"), 0o777); err != nil {
				t.Fatal(err)
			}
			modes(t, dir, func(string) fs.FileMode { return 0o777 })
			before := tree(t, out)
			args := append(strings.Fields(command), "--out", "out")
			if !strings.Contains(command, "status") && !strings.Contains(command, "export") && !strings.Contains(command, "draw") && !strings.Contains(command, "list") {
				args = append(args, "--quiet", "--workers", "1")
			}
			call := unprivileged(t, dir, args...)
			if err := os.Chmod(filepath.Join(out, c.file), 0); err != nil {
				t.Fatal(err)
			}
			o := finish(t, call)
			if err := os.Chmod(filepath.Join(out, c.file), 0o777); err != nil {
				t.Fatal(err)
			}
			if o.status != exitFailed || !strings.HasSuffix(o.talk, "tiny: "+c.want+"\n") {
				t.Errorf("%s without %s: exit status %d, prints %q, says %swant tiny: %s", command, c.file, o.status, o.out, o.talk, c.want)
			}
			after := tree(t, out)
			for name, text := range before {
				if strings.HasPrefix(name, "records/") && after[name] != text {
					t.Errorf("%s without %s: changed %s", command, c.file, name)
				}
				delete(after, name)
			}
			for name := range after {
				if strings.HasPrefix(name, "records/") {
					t.Errorf("%s without %s: trained again, into %s", command, c.file, name)
				}
			}
		}
	}
}

// A checkpoint that cannot be read ends the sweep: the trial does not start anew over it.
func TestUnreadableCheckpoint(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	quickly(t, dir, exitFailed, append(halfWay, "time_limit=1ns")...)
	out := filepath.Join(dir, "out")
	names, err := filepath.Glob(filepath.Join(out, "checkpoints", "*.safetensors"))
	if err != nil || len(names) != 1 {
		t.Fatal(names, err)
	}
	had, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	modes(t, dir, func(string) fs.FileMode { return 0o777 })
	c := unprivileged(t, dir, append(halfWay, "--retry-failed")...)
	if err := os.Chmod(names[0], 0); err != nil {
		t.Fatal(err)
	}
	o := finish(t, c)
	if err := os.Chmod(names[0], 0o666); err != nil {
		t.Fatal(err)
	}
	if o.status != exitFailed || !strings.Contains(o.talk, ".safetensors: permission denied; no further trial was run") || strings.Contains(o.talk, "starts anew") {
		t.Errorf("exit status %d, says %s", o.status, o.talk)
	}
	if has, err := os.ReadFile(names[0]); err != nil || string(has) != string(had) {
		t.Errorf("another checkpoint, error %v", err)
	}
	if o := quickly(t, dir, exitOK, append(halfWay, "--retry-failed")...); o.talk != "" {
		t.Errorf("with rights again it says %s", o.talk)
	}
}

// Only regular files are read and, devices aside, written: a pipe in the place of one is refused in words and not waited for, and a device
// that never ends is not read.
func TestOnlyRegularFilesAreRead(t *testing.T) {
	notShort(t, "puts pipes in the place of every file")
	t.Parallel()
	_, out := keptRun(t)
	files := tree(t, out)
	id := load(t, out)[0].ID
	const csv = "data={kind: csv, file: pipe, train: 4, val: 2}"
	for _, c := range []struct {
		pipe, command string
		status        int
		want          string
	}{
		{"out/records/b.jsonl", "run", exitFailed, "tiny: out/records/b.jsonl is a pipe; expected a regular file\n"},
		{"out/records/b.jsonl", "status", exitFailed, "tiny: out/records/b.jsonl is a pipe; expected a regular file\n"},
		{"out/plan.jsonl", "run", exitFailed, "tiny: out/plan.jsonl is a pipe; expected a regular file\n"},
		{"out/manifest.json", "draw", exitFailed, "tiny: out/manifest.json is a pipe; expected a regular file\n"},
		{"out/report.html", "draw", exitFailed, "tiny: out/report.html is a pipe; expected a regular file\n"},
		{"out/weights/" + id + ".safetensors", "measure measures=[norm]", exitFailed, " is a pipe; expected a regular file; no further trial was run"},
		{"out/logs/" + id + ".log", "measure measures=[norm]", exitOK, "no log: out/logs/" + id + ".log is a pipe; expected a regular file\n"},
		{"pipe", "list --config pipe", exitUsage, "tiny: --config: pipe is a pipe; expected a regular file\n"},
		{"pipe", "list extends=pipe", exitUsage, "pipe"},
		{"pipe", "list " + csv, exitFailed, "pipe is a pipe; expected a regular file\n"},
		{"", "list --config /dev/zero", exitUsage, "tiny: --config: /dev/zero is a device; expected a regular file\n"},
		{"", "list " + strings.Replace(csv, "pipe", "/dev/zero", 1), exitFailed, "/dev/zero is a device; expected a regular file\n"},
	} {
		dir := t.TempDir()
		restore(t, filepath.Join(dir, "out"), files)
		if c.pipe != "" {
			path := filepath.Join(dir, c.pipe)
			os.Remove(path)
			if err := syscall.Mkfifo(path, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		args := strings.Fields(c.command)
		if at := strings.Index(c.command, "data="); at > 0 {
			args = append(strings.Fields(c.command[:at]), c.command[at:])
		}
		if o := finish(t, quick(t, dir, append(args, "--out", "out")...)); o.status != c.status || !strings.Contains(o.talk, c.want) {
			t.Errorf("%s with %s: exit status %d, says %swant %s", c.command, c.pipe, o.status, o.talk, c.want)
		}
	}
}
