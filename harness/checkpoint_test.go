package harness

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"msharp/harness/config"
	"msharp/harness/disk"
	"msharp/harness/folder"
	"msharp/harness/optim"
	"msharp/harness/record"
)

// halting stops a run after a number of epochs, its state saved.
type halting struct {
	onlyTraced
	at    int
	state []byte
}

func (h *halting) epoch(t *training) error {
	if len(t.epochs) == h.at {
		h.state = t.checkpoint("id", 1)
		return errHalted
	}
	return nil
}

// resuming starts a run from a state.
type resuming struct {
	onlyTraced
	state []byte
	err   error
}

func (r *resuming) begin(t *training) error {
	r.err = t.resume(r.state, "id")
	return nil
}

// without is a record's text but for its run.
func without(t *testing.T, r record.Record) string {
	t.Helper()
	r.Run = nil
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// With every optimizer, by itself and under SAM, stopped after any epoch, by any rule: the record is that of one go.
func TestCheckpointGivesTheSameRecord(t *testing.T) {
	var cases [][]string
	for _, name := range optim.Table.Names() {
		cases = append(cases, []string{"optimizer=" + name})
		spec, err := optim.Table.New(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, up := spec.(optim.Ascending); !up {
			cases = append(cases, []string{"optimizer={kind: sam, rho: 0.1, m: 4, base: " + name + "}"})
		}
	}
	cases = append(cases,
		[]string{"test_at=best_val", "schedule=cosine", "clip=0.5"}, []string{"test_at=best_val", "validate.every=2"},
		[]string{"epochs=null", "stop={train_loss: 0.9, max_epochs: 5, every: 3}"},
		[]string{"model={kind: mlp, hidden: [4], activation: tanh}", "schedule={kind: warmup, epochs: 1, then: {kind: cosine}}"},
	)
	for _, words := range cases {
		t.Run(strings.Join(words, " "), func(t *testing.T) {
			s := plan(t, base4, words...)
			trial := s.Trials[0]
			whole, err := Train(trial, nil)
			if err != nil {
				t.Fatal(err)
			}
			for at := 1; at <= len(whole.Epochs); at++ {
				h := &halting{at: at}
				if _, err := trainWatched(trial, h, nil); !errors.Is(err, errHalted) {
					t.Fatalf("after %d epochs: %v", at, err)
				}
				again := &resuming{state: h.state}
				r, err := trainWatched(trial, again, nil)
				if err != nil || again.err != nil {
					t.Fatal(err, again.err)
				}
				if got, want := without(t, r), without(t, whole); got != want {
					t.Errorf("after epoch %d:\n%s\nin one go:\n%s", at, got, want)
				}
				if r.Run.TrainSeconds < 1 {
					t.Error("the seconds before are lost")
				}
			}
		})
	}
}

// The id says nothing of test_at: a state without the test error that is asked for is none to go on from.
func TestCheckpointOfAnotherTestAt(t *testing.T) {
	h := &halting{at: 2}
	if _, err := trainWatched(plan(t, base4).Trials[0], h, nil); !errors.Is(err, errHalted) {
		t.Fatal(err)
	}
	trial := plan(t, base4, "test_at=best_val").Trials[0]
	again := &resuming{state: h.state}
	r, err := trainWatched(trial, again, nil)
	if err != nil || again.err == nil || !strings.Contains(again.err.Error(), "test error at the best validation error") {
		t.Fatal(err, again.err)
	}
	if whole, err := Train(trial, nil); err != nil || without(t, r) != without(t, whole) {
		t.Errorf("%v: %s", err, without(t, r))
	}
}

// A checkpoint that is not this trial's, or not whole, is refused, and the run is as it was.
func TestDamagedCheckpoints(t *testing.T) {
	trial := plan(t, base4).Trials[0]
	h := &halting{at: 2}
	trainWatched(trial, h, nil)
	good := h.state
	other := plan(t, base4, "model.hidden=[9]").Trials[0]
	flip := func(at int) []byte {
		b := append([]byte{}, good...)
		b[at] ^= 1
		return b
	}
	fresh, err := trainingOf(trial, nil)
	if err != nil {
		t.Fatal(err)
	}
	before := string(fresh.checkpoint("id", 0))
	for name, c := range map[string]struct {
		trial config.Trial
		state []byte
		want  string
	}{
		"empty":         {trial, nil, "0 bytes"},
		"cut":           {trial, good[:len(good)/2], "header of"},
		"cut numbers":   {trial, good[:len(good)-4], "expected to end by"},
		"weight flip":   {trial, flip(len(good) - 5), "sha256"},
		"more":          {trial, append(append([]byte{}, good...), 0, 0, 0, 0), "after the last tensor"},
		"other version": {trial, []byte(strings.Replace(string(good), `"version":"1"`, `"version":"2"`, 1)), `version is "2", expected "1"`},
		"other trial":   {trial, []byte(strings.Replace(string(good), `"id":"id"`, `"id":"di"`, 1)), `id is "di"`},
		"other network": {other, good, "numbers of"},
	} {
		run, err := trainingOf(c.trial, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = run.resume(c.state, "id")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
		if name != "other network" && string(run.checkpoint("id", 0)) != before {
			t.Errorf("%s: the run was changed", name)
		}
	}
}

// sweepOut runs a sweep's missing trials into a folder and returns what became of them.
func sweepOut(t *testing.T, s *config.Sweep, out string, rt Runtime) (recs []record.Record, failed int) {
	t.Helper()
	store, err := record.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	before, _, err := record.Load(out)
	if err != nil {
		t.Fatal(err)
	}
	rt.Out, rt.Workers, rt.CheckpointAfter, rt.TimeLimit = folder.Dir(out), 2, s.Execution.CheckpointAfter, s.Execution.TimeLimit
	failed, err = Run(context.Background(), Missing(s.Trials, before, held(t, out), true), before, store, rt)
	if err != nil {
		t.Fatal(err)
	}
	recs, _, err = record.Load(out)
	if err != nil {
		t.Fatal(err)
	}
	return recs, failed
}

func files(t *testing.T, out, folder string) int {
	t.Helper()
	entries, _ := os.ReadDir(filepath.Join(out, folder))
	return len(entries)
}

// A halted sweep leaves checkpoints and no records; the next goes on from them, traces included.
func TestHaltAndGoOn(t *testing.T) {
	words := []string{"trace=step", "seed=1,2", "checkpoint_after=0s", "keep_weights=true"}
	s := plan(t, base4, words...)
	want, _ := sweepOut(t, s, t.TempDir(), Runtime{})
	out := t.TempDir()
	halt, now := context.WithCancel(context.Background())
	now()
	store, _ := record.Open(out)
	for _, trial := range s.Trials { // halted in the first epoch
		rt := &Runtime{Out: folder.Dir(out), Halt: halt}
		if _, err := rt.try(trial); !errors.Is(err, errHalted) {
			t.Fatal(err)
		}
	}
	store.Close()
	if n := files(t, out, "checkpoints"); n != 2 {
		t.Fatalf("%d checkpoints", n)
	}
	short := partOf(folder.Dir(out).Trace(s.Trials[1].ID))
	if err := os.WriteFile(short, []byte("step\n1,"), 0o666); err != nil {
		t.Fatal(err)
	}
	warned := make(chan string, 10)
	got, failed := sweepOut(t, s, out, Runtime{Warn: func(text string) { warned <- text }})
	if failed != 0 || len(got) != 2 || files(t, out, "checkpoints") != 0 || files(t, out, "weights") != 2 {
		t.Fatalf("%d records, %d failed", len(got), failed)
	}
	if len(warned) != 1 || !strings.Contains(<-warned, "the trace ends before the checkpoint") {
		t.Error("a short trace was not told")
	}
	for i := range got {
		if without(t, got[i]) != without(t, want[i]) {
			t.Error("another record")
		}
		b, err := os.ReadFile(filepath.Join(out, "traces", got[i].ID+".csv"))
		if rows := strings.Count(string(b), "\n"); err != nil || rows != 1+4*4 {
			t.Errorf("a trace of %d rows, error %v", rows, err)
		}
		log, err := os.ReadFile(filepath.Join(out, "logs", got[i].ID+".log"))
		if err != nil || !strings.Contains(string(log), "stopped at the end of an epoch") || !strings.Contains(string(log), "continuing after epoch 1") {
			t.Errorf("log: %s %v", log, err)
		}
	}
}

// New measures come from kept weights: the same numbers as from training again, and no training.
func TestMeasuresOfKeptWeights(t *testing.T) {
	more := `measures=[{kind: msharp, m: [1, 16], rho: [0.1, 0.3]}, gradnorm, distance]`
	want, _ := sweepOut(t, plan(t, base4, more), t.TempDir(), Runtime{})
	out := t.TempDir()
	kept := plan(t, base4, "keep_weights=true")
	first, _ := sweepOut(t, kept, out, Runtime{})
	earlier := t.TempDir() // the same folder as it was before kept weights had a layout
	if err := os.CopyFS(earlier, os.DirFS(out)); err != nil {
		t.Fatal(err)
	}
	relay(t, kept.Trials[0], folder.Dir(earlier).Weights(first[0].ID))
	if got, failed := sweepOut(t, plan(t, base4, more), earlier, Runtime{Measure: true}); failed != 0 || without(t, got[0]) != without(t, want[0]) {
		t.Errorf("weights without a layout: %s\nwant %s", without(t, got[0]), without(t, want[0]))
	}
	got, failed := sweepOut(t, plan(t, base4, more), out, Runtime{})
	if failed != 0 || without(t, got[0]) != without(t, want[0]) {
		t.Errorf("%s\nwant %s", without(t, got[0]), without(t, want[0]))
	}
	log, _ := os.ReadFile(filepath.Join(out, "logs", first[0].ID+".log"))
	if n := strings.Count(string(log), "epoch 1:"); n != 1 {
		t.Errorf("trained %d times", n)
	}
	path := folder.Dir(out).Weights(first[0].ID)
	if err := os.WriteFile(path, []byte("nothing"), 0o666); err != nil {
		t.Fatal(err)
	}
	var said string
	norm := plan(t, base4, `measures=[norm]`)
	_, failed = sweepOut(t, norm, out, Runtime{Measure: true, Finished: func(_ record.Record, err error) { said = fmt.Sprint(err) }})
	if failed != 1 || !strings.Contains(said, path) {
		t.Errorf("measured damaged weights: %d failed, %s", failed, said)
	}
	said = ""
	healed, failed := sweepOut(t, norm, out, Runtime{Warn: func(text string) { said = text }})
	if _, ok := healed[0].Value("norm"); failed != 0 || !ok || !strings.Contains(said, path) || !strings.Contains(said, "it is trained again") {
		t.Errorf("damaged weights: %d failed, %s", failed, said)
	}
	if err := measuredAgain(norm.Trials[0], out); err != nil {
		t.Errorf("the weights are not whole again: %v", err)
	}
}

func measuredAgain(trial config.Trial, out string) error {
	_, err := measureKept(trial, folder.Dir(out), nil)
	return err
}

// A trace that was cut off is none: the trial is run again for it.
func TestTornTraceIsNone(t *testing.T) {
	out := t.TempDir()
	recs, _ := sweepOut(t, plan(t, base4), out, Runtime{})
	traced := plan(t, base4, "trace=step")
	trial := traced.Trials[0]
	if err := disk.WriteFile(partOf(folder.Dir(out).Trace(trial.ID)), []byte("step\n1,")); err != nil {
		t.Fatal(err)
	}
	if n := len(Missing(traced.Trials, recs, held(t, out), false)); n != 1 {
		t.Errorf("%d trials lack their trace, want 1", n)
	}
	again, failed := sweepOut(t, traced, out, Runtime{})
	b, err := os.ReadFile(folder.Dir(out).Trace(trial.ID))
	if rows := strings.Count(string(b), "\n"); err != nil || rows != 1+4*4 || failed != 0 || without(t, again[0]) != without(t, recs[0]) {
		t.Errorf("a trace of %d rows, error %v, %d failed", rows, err, failed)
	}
	if n := len(Missing(traced.Trials, again, held(t, out), false)) + files(t, out, "traces") - 1; n != 0 {
		t.Error("it is still missing, or its part is left")
	}
}

// A trial that panics has failed, its stack in its log, and the others go on; so has one over its time limit, which goes on later.
func TestPanicAndTimeLimit(t *testing.T) {
	s := plan(t, base4, "seed=1,2")
	broken := s.Trials[0]
	broken.Source = nil
	out := t.TempDir()
	part := *s
	part.Trials = []config.Trial{broken, s.Trials[1]}
	recs, failed := sweepOut(t, &part, out, Runtime{})
	if failed != 1 || len(recs) != 2 {
		t.Fatalf("%d failed of %d", failed, len(recs))
	}
	log, _ := os.ReadFile(filepath.Join(out, "logs", broken.ID+".log"))
	if !strings.Contains(string(log), "panic: ") || !strings.Contains(string(log), "attempt.go") {
		t.Errorf("no stack in the log: %s", log)
	}
	out = t.TempDir()
	s = plan(t, base4, "keep_weights=true")
	sweepOut(t, s, out, Runtime{})
	more := plan(t, base4, "measures=[norm]")
	more.Trials[0].Source = nil
	if recs, failed := sweepOut(t, more, out, Runtime{}); failed != 1 || recs[0].Status != record.Done {
		t.Errorf("a panic in measuring: %d failed of %+v", failed, recs)
	}
	log, _ = os.ReadFile(filepath.Join(out, "logs", s.Trials[0].ID+".log"))
	if !strings.Contains(string(log), "panic: ") {
		t.Errorf("no stack of measuring in the log: %s", log)
	}
	out = t.TempDir()
	s = plan(t, base4, "time_limit=1ns")
	for epoch := 1; epoch <= 3; epoch++ {
		var why error
		_, failed = sweepOut(t, s, out, Runtime{Finished: func(_ record.Record, err error) { why = err }})
		if want := fmt.Sprintf("over its time limit of 1ns after epoch %d of at most 4", epoch); failed != 1 || why.Error() != want {
			t.Fatalf("epoch %d: %d failed, %v", epoch, failed, why)
		}
	}
	recs, failed = sweepOut(t, s, out, Runtime{}) // the last epoch: what is trained does not fail
	if want, _ := Train(plan(t, base4).Trials[0], nil); failed != 0 || without(t, recs[0]) != without(t, want) {
		t.Error("the record of the last of four attempts is another")
	}
	if s.Execution.TimeLimit != time.Nanosecond {
		t.Error(s.Execution)
	}
}

// Whatever a checkpoint's bytes are, they are taken whole or the run stays as it was.
func FuzzCheckpoint(f *testing.F) {
	s, err := config.Plan("fuzz.yaml", []byte(base4), nil, "")
	if err != nil {
		f.Fatal(err)
	}
	trial := s.Trials[0]
	h := &halting{at: 2}
	trainWatched(trial, h, nil)
	f.Add(h.state)
	f.Add(h.state[:100])
	fresh, err := trainingOf(trial, nil)
	if err != nil {
		f.Fatal(err)
	}
	before := string(fresh.checkpoint("id", 0))
	f.Fuzz(func(t *testing.T, b []byte) {
		run, err := trainingOf(trial, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := run.resume(b, "id"); err != nil && string(run.checkpoint("id", 0)) != before {
			t.Errorf("refused (%v), but changed", err)
		}
	})
}
