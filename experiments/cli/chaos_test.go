//go:build unix

package cli

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"msharp/harness/record"
)

// Killed at fifty random moments and resumed each time, a sweep has the records of one that was left alone: none lost, none twice. So has
// one of trials that are too long for any of these runs, which go on from their checkpoints.
func TestChaos(t *testing.T) {
	notShort(t, "kills a sweep at fifty random moments")
	t.Parallel()
	for name, c := range map[string]struct {
		words  []string
		trials int
	}{
		"short trials": {[]string{"epochs=300", "seed=range(1, 14)", "checkpoint_after=1h"}, 65},
		"checkpoints":  {[]string{"epochs=600", "seed=1", "checkpoint_after=0s"}, 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			words := append([]string{"--workers", "2", "--quiet"}, c.words...)
			call(t, dir, exitOK, append(words, "--out", "whole")...)
			want := bare(t, filepath.Join(dir, "whole"))
			if len(want) != c.trials {
				t.Fatalf("%d trials, want %d", len(want), c.trials)
			}
			words = append(words, "--out", "out")
			out := filepath.Join(dir, "out")
			longest := 200 * time.Millisecond
			for {
				unfinished := killed(t, dir, words, 50, longest) && lines(t, out) < c.trials
				if unfinished && lines(t, out)+wentOn(t, out) > 0 {
					break
				}
				if unfinished { // nothing was ever done
					longest *= 2
				} else {
					longest = longest * 2 / 3
				}
				if err := os.RemoveAll(out); err != nil {
					t.Fatal(err)
				}
			}
			had, went := lines(t, out), wentOn(t, out)
			if (went > 0) != (name == "checkpoints") {
				t.Errorf("trials went on from checkpoints %d times", went)
			}
			call(t, dir, exitOK, words...)
			recs, warnings, err := record.Load(out)
			if got := withoutRun(t, recs); err != nil || !slices.Equal(got, want) {
				t.Errorf("other records: %d, want %d; error %v", len(got), len(want), err)
			}
			for _, w := range warnings { // SIGKILL may cut a write short
				if !strings.Contains(w.String(), "torn last line, dropped") {
					t.Error(w)
				}
			}
			if n := lines(t, out); n != c.trials {
				t.Errorf("%d lines of %d trials: some were run twice", n, c.trials)
			}
			for name := range tree(t, out) {
				if strings.HasPrefix(name, "checkpoints/") || strings.HasPrefix(filepath.Base(name), ".") {
					t.Errorf("%s is left", name)
				}
			}
			t.Logf("50 kills within %v of the start: %d of %d trials were recorded by then, checkpoints taken up %d times", longest, had, c.trials, went)
		})
	}
}

// wentOn counts how often a trial went on from a checkpoint, by the logs.
func wentOn(t *testing.T, out string) (n int) {
	t.Helper()
	for _, log := range tree(t, filepath.Join(out, "logs")) {
		n += strings.Count(log, "continuing after epoch")
	}
	return n
}

// killed starts a call and kills it at a random moment, so many times. It reports whether no call ended by itself.
func killed(t *testing.T, dir string, words []string, times int, longest time.Duration) bool {
	t.Helper()
	moments := rand.New(rand.NewPCG(50, uint64(longest)))
	for range times {
		c := command(t, dir, words...)
		wait := stoppable(t, c)
		time.Sleep(time.Duration(moments.Int64N(int64(longest))))
		c.Process.Signal(syscall.SIGKILL) // no error if it has ended
		if o := wait(); o.status != -1 {
			if o.status != exitOK {
				t.Fatalf("it ended by itself: %+v", o)
			}
			return false
		}
	}
	return true
}
