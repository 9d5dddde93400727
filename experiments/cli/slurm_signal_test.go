//go:build unix

package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// A task that is told to stop saves its state and goes back into the queue under the array's name for it, unless Slurm has taken it from
// the queue or put it back itself; run again it goes on, and its record is that of a task left alone.
func TestSlurmSignals(t *testing.T) {
	notShort(t, "trains until it is told to stop")
	t.Parallel()
	words := []string{"seed=1", "optimizer.rho=0.05", "optimizer.m=1", "model.hidden=[64]", "epochs=40000"}
	dir := t.TempDir()
	call(t, dir, exitOK, append([]string{"--out", "out", "--quiet"}, words...)...)
	want := bare(t, filepath.Join(dir, "out"))
	for _, c := range []struct {
		signal   os.Signal
		state    string // the queue's word on the task when it asks
		requeued bool
	}{
		{syscall.SIGUSR1, "RUNNING", true},
		{syscall.SIGTERM, "RUNNING", true}, // from somebody on the node
		{syscall.SIGTERM, "COMPLETING", false},
		{syscall.SIGTERM, "CANCELLED", false},
	} {
		t.Run(c.signal.String()+", "+c.state, func(t *testing.T) {
			t.Parallel()
			s, dir := newFakeSlurm(t), t.TempDir()
			s.submit(t, dir, exitOK, words...)
			job, out := s.jobs(t)[0], filepath.Join(dir, "out")
			s.set(t, "queue", strings.ReplaceAll(s.get(t, "queue"), "|PENDING|", "|"+c.state+"|"))
			node := s.node(t, job, "101", 0)
			log := filepath.Join(dir, "log")
			talk, err := os.Create(log)
			if err != nil {
				t.Fatal(err)
			}
			defer talk.Close()
			node.Stderr = talk
			if err := node.Start(); err != nil {
				t.Fatal(err)
			}
			until(t, "the task", func() bool { return strings.Contains(tree(t, dir)["log"], "task 0 of ") })
			send(t, node, c.signal)
			err = node.Wait()
			said := tree(t, dir)["log"]
			requeued := s.get(t, "requeued")
			if c.requeued && (requeued != "101_0\n" || err != nil || !strings.Contains(said, "101_0 is back in the queue\n")) {
				t.Errorf("requeued %q, %v: %s", requeued, err, said)
			}
			if !c.requeued && (requeued != "" || node.ProcessState.ExitCode() != exitInterrupted || !strings.Contains(said, "101_0 is cancelled or requeued already\n")) {
				t.Errorf("requeued %q, %v: %s", requeued, err, said)
			}
			if n := lines(t, out); n != 0 {
				t.Errorf("%d records of a trial that did not end", n)
			}
			if o := s.run(t, job, "101", 0); o.status != exitOK || !slices.Equal(bare(t, out), want) {
				t.Errorf("run again: %+v", o)
			}
		})
	}
}
