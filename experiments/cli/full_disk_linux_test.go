package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Where one file of the folder finds the disk full, which /dev/full stands for, the sweep stops or goes on without, as the file is worth;
// no trial has failed, and with room the same command has the records of a run that had it.
func TestNoRoomForAFile(t *testing.T) {
	notShort(t, "runs sweeps until the disk is full")
	t.Parallel()
	dir := t.TempDir()
	words := append(halfWay, "keep_weights=true")
	quickly(t, dir, exitOK, words...)
	want := bare(t, filepath.Join(dir, "out"))
	id := load(t, filepath.Join(dir, "out"))[0].ID
	const goesOn = "; no further trial was run; the records are safe, and the same command continues"
	const draws = "; the records are safe; draw draws them"
	for _, c := range []struct {
		file    string
		records int
		status  int
		want    string
	}{
		{"weights/" + id + ".safetensors", 0, exitFailed, "tiny: trial " + id + ": write FILE: no space left on device" + goesOn},
		{"logs/" + id + ".log", 1, exitOK, "warning: no log: write FILE: no space left on device"},
		{"records.csv", 1, exitFailed, "tiny: write FILE: no space left on device" + draws},
		{"verdicts.json", 1, exitFailed, "tiny: write FILE: no space left on device" + draws},
		{"report.html", 1, exitFailed, "tiny: write FILE: no space left on device" + draws},
	} {
		dir := t.TempDir()
		out := filepath.Join(dir, "out")
		full := filepath.Join(out, c.file)
		if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink("/dev/full", full); err != nil {
			t.Fatal(err)
		}
		o := quickly(t, dir, c.status, words...)
		said := strings.ReplaceAll(c.want, "FILE", "out/"+c.file) + "\n"
		if o.talk != said {
			t.Errorf("%s: it says %swant %s", c.file, o.talk, said)
		}
		if n := len(load(t, out)); n != c.records {
			t.Errorf("%s: %d records, want %d", c.file, n, c.records)
		}
		if err := os.Remove(full); err != nil {
			t.Fatal(err)
		}
		quickly(t, dir, exitOK, words...)
		if !slices.Equal(bare(t, out), want) || lines(t, out) != 1 {
			t.Errorf("%s: %d lines, or other records", c.file, lines(t, out))
		}
	}
}

// Results that find no room are exit status 1 and one line, on standard output and in a file.
func TestNoRoomForResults(t *testing.T) {
	notShort(t, "runs sweeps until the disk is full")
	t.Parallel()
	dir, _ := keptRun(t)
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	for _, args := range []string{"status", "status --json", "export", "export --format jsonl", "list --json", "export --format parquet -o /dev/full"} {
		c := quick(t, dir, append(strings.Fields(args), "--out", "out")...)
		_, talk := buffers(c)
		c.Stdout = full
		err := c.Run()
		if want := "/dev/full: no space left on device\n"; strings.HasSuffix(args, "-o /dev/full") && !strings.HasSuffix(talk.String(), want) {
			t.Errorf("%s says %q", args, talk)
		}
		if c.ProcessState.ExitCode() != exitFailed || !strings.HasSuffix(talk.String(), ": no space left on device\n") || strings.Count(talk.String(), "\n") != 1 {
			t.Errorf("%s: %v, says %q", args, err, talk)
		}
	}
}
