//go:build unix

package cli

import (
	"cmp"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"msharp/harness/folder"
	"msharp/harness/record"
)

var kills = flag.Int("kills", 100, "how many kills TestChaos makes")

// Killed at random moments again and again, no command loses a record, doubles one or leaves a file half written where it is read; and once
// it is let be, its folder is that of one that always was: nothing more lies there.
func TestChaos(t *testing.T) {
	notShort(t, fmt.Sprintf("kills commands at %d random moments", *kills))
	t.Parallel()
	for i, c := range []struct {
		name    string
		percent int // of the kills
		lay     func(*testing.T, *siege)
	}{
		{"run", 24, runsKilled},
		{"run with checkpoints", 16, checkpointsKilled},
		{"measure", 24, measuresKilled},
		{"draw", 16, drawsKilled},
		{"export", 10, exportsKilled},
		{"index", 10, indexesKilled},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := &siege{dir: t.TempDir(), start: command, left: max(1, *kills*c.percent/100), moments: rand.New(rand.NewPCG(50, uint64(i)))}
			s.all = s.left
			c.lay(t, s)
			t.Logf("%d kills, lately within %v of the start, and %d calls that were let be", s.all, s.within.Round(time.Millisecond), s.ended)
		})
	}
}

// siege kills commands.
type siege struct {
	dir     string // in which they are called
	start   func(t testing.TB, dir string, args ...string) *exec.Cmd
	within  time.Duration // of its start, a command is killed
	moments *rand.Rand

	all, left, ended int  // kills in all, those still to be made, and commands that were let be
	seen             bool // what the last kill's at told right before it
}

// learn calls a command, which must end well, to learn how long it takes: most kills are to come in the midst of it.
func (s *siege) learn(t *testing.T, words []string) {
	t.Helper()
	began := time.Now()
	ending(t, s.start(t, s.dir, words...), exitOK)
	s.within = max(time.Millisecond, time.Since(began)/2)
}

// kill calls a command and kills it at a random moment after its start or, every other time, after what at tells, unless at is nil. It
// reports whether the command did not end before.
func (s *siege) kill(t *testing.T, at func() bool, words []string) bool {
	t.Helper()
	c := s.start(t, s.dir, words...)
	wait := stoppable(t, c)
	if at != nil && s.left%2 == 0 {
		for tries := 0; tries < 1000 && !at(); tries++ {
			time.Sleep(time.Millisecond)
		}
	}
	time.Sleep(time.Duration(s.moments.Int64N(int64(s.within))))
	s.seen = at != nil && at()
	c.Process.Signal(syscall.SIGKILL) // no error if it has ended
	if o := wait(); o.status == exitOK {
		s.within = max(time.Millisecond, s.within*4/5)
		return false
	} else if o.status != -1 {
		t.Fatalf("%q ended by itself: %+v", words, o)
	}
	s.left--
	s.within = s.within * 21 / 20 // so that commands that are killed again and again get on
	return true
}

// letBe calls a command, which must end well.
func (s *siege) letBe(t *testing.T, words []string) {
	t.Helper()
	s.ended++
	ending(t, s.start(t, s.dir, words...), exitOK)
}

// Killed runs have the records of one that was left alone, whether a kill falls into a trial or into its drawing.
func runsKilled(t *testing.T, s *siege) {
	sweepsKilled(t, s, "epochs=300", "checkpoint_after=1h")
}

// So have runs of trials that are too long for any of them, which go on from their checkpoints.
func checkpointsKilled(t *testing.T, s *siege) {
	s.start = quick
	if went := sweepsKilled(t, s, "epochs=200", "seed=1", "checkpoint_after=0s"); went == 0 && s.all > 10 {
		t.Error("no trial went on from a checkpoint")
	}
}

// sweepsKilled returns how often a trial went on from a checkpoint.
func sweepsKilled(t *testing.T, s *siege, words ...string) (went int) {
	words = append([]string{"--workers", "2", "--quiet"}, words...)
	s.learn(t, append(words, "--out", "whole"))
	for n := 1; s.left > 0; n++ {
		name := fmt.Sprintf("out%d", n)
		out := filepath.Join(s.dir, name)
		words := append(words, "--out", name)
		held := growing(t, out)
		for s.left > 0 && s.kill(t, nil, words) {
			held()
		}
		s.letBe(t, words)
		went += wentOn(t, out)
		sameSweep(t, out, filepath.Join(s.dir, "whole"))
	}
	return went
}

// Killed measurements leave the records and the drawings of one that was left alone. At least a tenth of all kills falls while measures are
// taken.
func measuresKilled(t *testing.T, s *siege) {
	call(t, s.dir, exitOK, "--quiet", "keep_weights=true", "--out", "kept")
	words := []string{"measure", "--workers", "1", "--quiet", "measures=[norm, {kind: msharp, m: [1, 2, 4, 8, 0], rho: [0.3, 0.4], steps: 20}]"}
	copied := func(name string) string {
		to := filepath.Join(s.dir, name)
		if err := os.CopyFS(to, os.DirFS(filepath.Join(s.dir, "kept"))); err != nil {
			t.Fatal(err)
		}
		return to
	}
	whole, atWork := copied("whole"), 0
	s.learn(t, append(words, "--out", "whole"))
	for n := 1; s.left > 0; n++ {
		name := fmt.Sprintf("out%d", n)
		out := copied(name)
		words := append(slices.Clone(words), "--out", name)
		held, all := growing(t, out), lines(t, whole)
		measuring := func() bool {
			r, err := look(folder.Dir(out), nil, time.Now())
			return err == nil && r.Left > 0 && lines(t, out) < all
		}
		for s.left > 0 && s.kill(t, measuring, words) {
			held()
			if s.seen {
				atWork++
			}
			if s.left == 0 && 10*atWork < *kills {
				s.left, s.all = 1, s.all+1
			}
		}
		s.letBe(t, words)
		words[0] = "run" // a measure that has nothing left to measure neither draws nor sweeps
		s.letBe(t, words)
		sameSweep(t, out, whole)
	}
	t.Logf("%d kills while measures were taken", atWork)
}

// Killed drawings leave each file as it was or as it is to be.
func drawsKilled(t *testing.T, s *siege) {
	call(t, s.dir, exitOK, "--quiet", "--out", "out")
	filesKilled(t, s, []string{"draw", "--out", "out"})
}

// So do exports.
func exportsKilled(t *testing.T, s *siege) {
	quickly(t, s.dir, exitOK, "--quiet", "--out", "out")
	s.start = quick
	var commands [][]string
	for _, format := range []string{"csv", "jsonl", "parquet"} {
		commands = append(commands, []string{"export", "--format", format, "--out", "out", "-o", "records." + format})
	}
	filesKilled(t, s, commands...)
}

// So do indexes.
func indexesKilled(t *testing.T, s *siege) {
	quickly(t, s.dir, exitOK, "--quiet", "--out", "out")
	s.start = quick
	filesKilled(t, s, []string{"index", "."})
}

// filesKilled kills commands in turn, each of which always writes the same.
func filesKilled(t *testing.T, s *siege, commands ...[]string) {
	for _, words := range commands {
		s.learn(t, words)
	}
	names, files := there(t, s.dir), tree(t, s.dir)
	for n := 0; s.left > 0; n++ {
		words := commands[n%len(commands)]
		for range 5 {
			if s.left == 0 || !s.kill(t, nil, words) {
				break
			}
			now := tree(t, s.dir)
			maps.DeleteFunc(now, func(name, _ string) bool { return strings.HasPrefix(filepath.Base(name), ".") })
			if d := differing(files, now); len(d) > 0 {
				t.Fatalf("%q was killed, and other than before are %q", words, d)
			}
		}
		s.letBe(t, words)
		if d := differing(names, there(t, s.dir)); len(d) > 0 {
			t.Fatalf("%q was let be, and left behind or not there are %q", words, d)
		}
		if d := differing(files, tree(t, s.dir)); len(d) > 0 {
			t.Fatalf("%q was let be, and other than before are %q", words, d)
		}
	}
}

// growing returns what to call after each kill: no line of a record file is gone, and the plan and the manifest can be read.
func growing(t *testing.T, out string) (held func()) {
	before := map[string]string{}
	return func() {
		t.Helper()
		now := tree(t, out)
		for name, text := range before {
			if strings.HasPrefix(name, "records/") && !strings.HasPrefix(now[name], text) {
				t.Fatalf("%s has lost lines", name)
			}
		}
		before = now
		manifestOf(t, out)
	}
}

// sameSweep compares a folder in which commands were killed with one in which none was.
func sameSweep(t *testing.T, out, whole string) {
	t.Helper()
	recs, warnings, err := record.Load(out)
	if got, want := withoutRun(t, recs), bare(t, whole); err != nil || !slices.Equal(got, want) {
		t.Errorf("other records: %d, want %d; error %v", len(got), len(want), err)
	}
	for _, w := range warnings { // SIGKILL may cut a write short
		if !strings.Contains(w.String(), "torn last line, dropped") {
			t.Error(w)
		}
	}
	if got, want := lines(t, out), lines(t, whole); got != want {
		t.Errorf("%d lines, want %d: some trials were run twice", got, want)
	}
	if d := differing(there(t, out), there(t, whole)); len(d) > 0 {
		t.Errorf("left behind or not there: %q", d)
	}
}

// there returns the names of the files beneath a folder, locks and leases too, but for those of records and logs, which depend on who wrote
// them.
func there(t *testing.T, dir string) map[string]string {
	t.Helper()
	names := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() == "records" || d.Name() == "logs" {
			return cmp.Or(err, fs.SkipDir)
		}
		if !d.IsDir() {
			names[path] = ""
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// wentOn counts how often a trial went on from a checkpoint, by the logs.
func wentOn(t *testing.T, out string) (n int) {
	t.Helper()
	for _, log := range tree(t, filepath.Join(out, "logs")) {
		n += strings.Count(log, "continuing after epoch")
	}
	return n
}
