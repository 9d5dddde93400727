//go:build unix

package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// long are the words that make tiny run long enough to be stopped in the middle.
var long = []string{"epochs=1000", "--workers", "1", "--quiet"}

// until waits for something to become true.
func until(t testing.TB, what string, is func() bool) {
	t.Helper()
	for tries := 0; !is(); tries++ {
		if tries > 60_000 {
			t.Fatalf("waited in vain for %s", what)
		}
		time.Sleep(time.Millisecond)
	}
}

// stoppable starts a call and returns what finishes it.
func stoppable(t testing.TB, c *exec.Cmd) (wait func() result) {
	t.Helper()
	out, talk := buffers(c)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return func() result {
		t.Helper()
		return ended(t, c, c.Wait(), out, talk)
	}
}

func send(t testing.TB, c *exec.Cmd, s os.Signal) {
	t.Helper()
	if err := c.Process.Signal(s); err != nil {
		t.Fatalf("%v: %v", s, err)
	}
}

// However a sweep is stopped, and by whatever processes it is finished, its records are those of one that was left alone.
func TestStoppedSweeps(t *testing.T) {
	notShort(t, "stops and kills sweeps at many moments")
	t.Parallel()
	dir := t.TempDir()
	call(t, dir, exitOK, append(long, "--out", "out")...)
	want := bare(t, filepath.Join(dir, "out"))

	t.Run("kill -9", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		out, args := filepath.Join(dir, "out"), append([]string{"--out", "out"}, long...)
		c := command(t, dir, args...)
		wait := stoppable(t, c)
		until(t, "the first record", func() bool { return lines(t, out) > 0 })
		send(t, c, syscall.SIGKILL)
		if o := wait(); o.status != -1 {
			t.Fatalf("it ended before it was killed: %+v", o)
		}
		had := lines(t, out)
		call(t, dir, exitOK, args...)
		if got := bare(t, out); !slices.Equal(got, want) {
			t.Error("other records")
		}
		if m := manifestOf(t, out); lines(t, out) != trials || m.Trained != trials-had {
			t.Errorf("%d trials were recorded, %d trained again", had, m.Trained)
		}
	})
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			testStop(t, s, want)
		})
	}
	t.Run("two processes", func(t *testing.T) {
		t.Parallel()
		testTwoProcesses(t, want)
	})
}

// testStop sends a signal once: the running trial finishes, no other starts, and the command that is printed goes on.
func testStop(t *testing.T, s os.Signal, want []string) {
	dir := t.TempDir()
	out := filepath.Join(dir, "my results")
	args := append([]string{"--out", "my results", "trace=step", "seed=range(1, 3)"}, long...)
	c := command(t, dir, args...)
	wait := stoppable(t, c)
	traces := func() (ids []string) {
		files, err := filepath.Glob(filepath.Join(out, "traces", "*.csv*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			ids = append(ids, strings.TrimSuffix(strings.TrimSuffix(filepath.Base(f), ".part"), ".csv"))
		}
		return ids
	}
	until(t, "a second trial", func() bool { return len(traces()) > 1 })
	send(t, c, s)
	o := wait()
	if o.status != exitInterrupted {
		t.Fatalf("exit status %d: %s", o.status, o.talk)
	}
	var recorded []string
	for _, r := range load(t, out) {
		recorded = append(recorded, r.ID)
	}
	begun := traces() // a trial's trace is there from its first step
	slices.Sort(begun)
	if !slices.Equal(recorded, begun) || len(recorded) == trials {
		t.Errorf("begun are %q, recorded %q", begun, recorded)
	}
	if left := fmt.Sprintf("stopped with %d trials left; ", trials-len(recorded)); !strings.Contains(o.talk, left) {
		t.Errorf("it says %q", o.talk)
	}

	_, resume, ok := strings.Cut(strings.TrimSuffix(o.talk, "\n"), "to continue: ")
	if !ok || strings.Contains(resume, "\n") {
		t.Fatalf("no command in %q", o.talk)
	}
	if err := os.Symlink(c.Path, filepath.Join(dir, "tiny")); err != nil {
		t.Fatal(err)
	}
	again := exec.CommandContext(t.Context(), "sh", "-c", resume)
	again.Dir, again.Env = dir, c.Env
	if o := finish(t, again); o.status != exitOK {
		t.Fatalf("%s: exit status %d: %s", resume, o.status, o.talk)
	}
	if !slices.Equal(bare(t, out), want) || lines(t, out) != trials {
		t.Errorf("%d lines, other records", lines(t, out))
	}
}

// While a process runs trials, a second one over any of them is refused; one over the others is welcome.
func testTwoProcesses(t *testing.T, want []string) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	args := append([]string{"--out", "out"}, long...)
	first := command(t, dir, append(args, "--shard", "0/2")...)
	wait := stoppable(t, first)
	until(t, "the first record", func() bool { return lines(t, out) > 0 })
	send(t, first, syscall.SIGSTOP) // running, whatever the others take
	before, had := tree(t, out), lines(t, out)
	for _, more := range [][]string{{"--shard", "0/2"}, nil, {"seed=1"}} {
		o := call(t, dir, exitUsage, append(args, more...)...)
		if !strings.Contains(o.talk, fmt.Sprintf("process %d ", first.Process.Pid)) || strings.Count(o.talk, "\n") != 1 {
			t.Errorf("%q: says %q", more, o.talk)
		}
	}
	if d := differing(before, tree(t, out)); len(d) > 0 {
		t.Errorf("refused, but changed %q", d)
	}
	if st := statusOf(t, dir); st.Processes != 1 || st.running.Trials != 1 || st.Done != had || st.Left != trials/2-had {
		t.Errorf("%+v, with %d records", st, had)
	}
	if o := call(t, dir, exitOK, "status", "--out", "out"); !strings.Contains(o.out, "\nrunning: 1 trial in 1 process") {
		t.Errorf("status says %s", o.out)
	}
	second := command(t, dir, append(args, "--shard", "1/2")...)
	waitSecond := stoppable(t, second)
	until(t, "the second process's records", func() bool { return lines(t, out) > had })
	send(t, first, syscall.SIGCONT)
	for _, o := range []result{waitSecond(), wait()} {
		if o.status != exitOK {
			t.Errorf("disjoint shards: exit status %d: %s", o.status, o.talk)
		}
	}
	if !slices.Equal(bare(t, out), want) || lines(t, out) != trials {
		t.Errorf("%d lines, other records", lines(t, out))
	}
	if o := call(t, dir, exitOK, args...); !strings.Contains(o.talk, "recorded") {
		t.Errorf("after both shards: %s", o.talk)
	}
}

// A second signal stops at once.
func TestASecondSignalStopsAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := command(t, dir, "--out", "out", "epochs=1000000", "trace=step", "--workers", "1", "--quiet") // minutes
	wait := stoppable(t, c)
	until(t, "a trial", func() bool {
		files, _ := filepath.Glob(filepath.Join(dir, "out", "traces", "*"))
		return len(files) > 0
	})
	send(t, c, syscall.SIGINT)
	send(t, c, syscall.SIGTERM) // another one, for the same signal twice at once is one
	if o := wait(); o.status != exitInterrupted || !strings.Contains(o.talk, "to continue: ./tiny --out out epochs=1000000 trace=step") {
		t.Errorf("%+v", o)
	}
	if n := lines(t, filepath.Join(dir, "out")); n != 0 {
		t.Errorf("%d records of trials that did not finish", n)
	}
}

// A line that was torn is dropped with a warning, and its trial trained again.
func TestTornRecord(t *testing.T) {
	t.Parallel()
	dir, out := finished(t)
	want := bare(t, out)
	files, err := filepath.Glob(filepath.Join(out, "records", "*.jsonl"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	text := tree(t, out)["records/"+filepath.Base(files[0])]
	whole := strings.LastIndex(strings.TrimSuffix(text, "\n"), "\n") + 1
	write(t, files[0], text[:whole]+text[whole:(whole+len(text))/2])
	for _, command := range []string{"status", "draw", "export"} {
		if o := call(t, dir, exitOK, command, "--out", "out"); !strings.Contains(o.talk, filepath.Base(files[0])+":10: torn last line") {
			t.Errorf("%s says %q", command, o.talk)
		}
	}
	o := call(t, dir, exitOK, "--out", "out")
	if !strings.Contains(o.talk, "warning: ") || !strings.Contains(o.talk, "1/1 ") {
		t.Errorf("it says %q", o.talk)
	}
	if err := os.WriteFile(files[0], []byte(text[:whole]), 0o666); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(bare(t, out), want) {
		t.Error("other records")
	}
}

// A full disk is exit status 1 and a message; what was recorded stays, and the same command goes on where there is room again. The
// disk is full for a process that may write no longer file.
func TestFullDisk(t *testing.T) {
	notShort(t, "runs sweeps until the disk is full")
	t.Parallel()
	_, whole := finished(t)
	want := bare(t, whole)
	for _, c := range []struct {
		name, blocks, want string
		all                bool // whether the records themselves have room
	}{
		{"records", "16", "a record could not be written", false},
		{"figures", "50", "write ", true},
	} {
		dir := t.TempDir()
		args := []string{"--out", "out", "--quiet", "--workers", "1"}
		plain := command(t, dir, args...)
		limited := exec.CommandContext(t.Context(), "sh", append([]string{"-c", "ulimit -f " + c.blocks + `; exec "$0" "$@"`, plain.Path}, args...)...)
		limited.Dir, limited.Env = dir, plain.Env
		o := finish(t, limited)
		if o.status != exitFailed || !strings.Contains(o.talk, c.want) || !strings.Contains(o.talk, "file too large") || strings.Count(o.talk, "\n") != 1 {
			t.Fatalf("%s: exit status %d: %s", c.name, o.status, o.talk)
		}
		out := filepath.Join(dir, "out")
		had := load(t, out)
		if len(had) == 0 || (len(had) == trials) != c.all {
			t.Fatalf("%s: %d records", c.name, len(had))
		}
		if o := finish(t, plain); o.status != exitOK {
			t.Fatalf("%s, with room again: exit status %d: %s", c.name, o.status, o.talk)
		}
		if !slices.Equal(bare(t, out), want) || lines(t, out) != trials {
			t.Errorf("%s: %d lines, other records", c.name, lines(t, out))
		}
		if m := manifestOf(t, out); !c.all && m.Trained != trials-len(had) {
			t.Errorf("%s: trained %d after %d", c.name, m.Trained, len(had))
		}
		if files := tree(t, out); files["figures/msweep.png"] == "" || files["report.html"] == "" {
			t.Errorf("%s: no figures", c.name)
		}
	}
}

// Four shards in one folder at the same time give the records of one process in another.
func TestFourShardsAtOnce(t *testing.T) {
	notShort(t, "runs four processes at once, then one")
	t.Parallel()
	dir := t.TempDir()
	words := []string{"epochs=200", "--workers", "1", "--quiet", "seed=range(1, 5)"}
	call(t, dir, exitOK, append(words, "--out", "one")...)
	var waits []func() result
	for i := range 4 {
		waits = append(waits, stoppable(t, command(t, dir, append(words, "--out", "four", "--shard", fmt.Sprintf("%d/4", i))...)))
	}
	for i, wait := range waits {
		if o := wait(); o.status != exitOK {
			t.Errorf("shard %d: exit status %d: %s", i, o.status, o.talk)
		}
	}
	want := bare(t, filepath.Join(dir, "one"))
	if got := bare(t, filepath.Join(dir, "four")); !slices.Equal(got, want) || lines(t, filepath.Join(dir, "four")) != len(want) {
		t.Errorf("%d records, want the same %d", len(got), len(want))
	}
}
