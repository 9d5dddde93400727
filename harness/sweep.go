package harness

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"

	"msharp/harness/record"
)

// Runtime is everything that must not change a Record.
type Runtime struct {
	Workers  int                        // trials at a time
	Stop     bool                       // whether the first failed trial ends the sweep
	Out      string                     // the output folder
	Run      record.Run                 // provenance that every record carries
	Finished func(record.Record, error) // called as a trial ends, by one goroutine at a time; may be nil
}

// Missing returns the trials that recs, the records of folder out, does not hold, or holds as failed if retry is set, or without columns
// or a trace that are asked for: those must be trained again to be measured or traced. A diverged trial lacks no columns.
func (s *Sweep) Missing(recs []record.Record, out string, retry bool) (missing []Trial) {
	have := map[string]record.Record{}
	for _, r := range recs {
		have[r.ID] = r
	}
	for _, t := range s.Trials {
		r, ok := have[t.ID]
		switch {
		case !ok, r.Status == record.Failed && retry:
			missing = append(missing, t)
		case r.Status == record.Done && len(lacking(t.Config, r)) > 0, r.Status.Final() && t.untraced(out):
			missing = append(missing, t)
		}
	}
	return missing
}

// untraced reports whether a trace is asked for that is not there.
func (t Trial) untraced(out string) bool {
	if t.Config.Trace != "step" {
		return false
	}
	_, err := os.Stat(tracePath(out, t.ID))
	return err != nil
}

// lacking returns the columns that c asks for and r does not have.
func lacking(c Config, r record.Record) []string {
	return slices.DeleteFunc(c.columns(), func(name string) bool { _, ok := r.Value(name); return ok })
}

// Run runs trials over a pool of workers and appends their records to the store as they end. recs is what the store held before: a
// trial that stands there is run for the columns it lacks, and only those are appended. When ctx is done no further trial
// starts; those under way finish. A panic in a trial is a broken program and ends it. It returns the number of failed trials, and an error when the store cannot be written.
func Run(ctx context.Context, trials []Trial, recs []record.Record, store *record.Store, rt Runtime) (failed int, err error) {
	have := map[string]record.Record{}
	for _, r := range recs {
		if r.Status.Final() {
			have[r.ID] = r
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		mu    sync.Mutex
		wg    sync.WaitGroup
		queue = make(chan Trial)
	)
	one := func(t Trial) {
		r, runErr := rt.trial(t)
		if old, ok := have[t.ID]; ok && runErr == nil {
			r = later(t, old, r)
		}
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			return // the store is lost already
		}
		if r.Status == "" && len(r.Values.Numbers) == 0 {
			// It was run for its trace alone.
		} else if appendErr := store.Append(r); appendErr != nil {
			err = appendErr
			cancel()
			return
		}
		if runErr != nil {
			failed++
			if rt.Stop {
				cancel()
			}
		}
		if rt.Finished != nil {
			rt.Finished(r, runErr)
		}
	}
	for range rt.Workers {
		wg.Go(func() {
			for t := range queue {
				one(t)
			}
		})
	}
feed:
	for _, t := range trials {
		if ctx.Err() != nil {
			break
		}
		select {
		case queue <- t:
		case <-ctx.Done():
			break feed
		}
	}
	close(queue)
	wg.Wait()
	return failed, err
}

// trial runs one trial to a record, whatever becomes of it.
func (rt Runtime) trial(t Trial) (record.Record, error) {
	var trace func(Step)
	var finish func() error
	var err error
	if t.Config.Trace == "step" {
		if trace, finish, err = traceFile(rt.Out, t.ID); err != nil {
			return rt.failed(t, err), err
		}
	}
	r, err := t.Run(trace)
	if finish != nil {
		err = errors.Join(err, finish())
	}
	if err != nil {
		return rt.failed(t, err), err
	}
	run := rt.Run
	run.Kernel, run.TrainSeconds, run.MeasureSeconds = r.Run.Kernel, r.Run.TrainSeconds, r.Run.MeasureSeconds
	r.Run = &run
	return r, nil
}

func (rt Runtime) failed(t Trial, err error) record.Record {
	run := rt.Run
	run.Error = err.Error()
	return record.Record{ID: t.ID, Status: record.Failed, Config: Settings(t.Config), Run: &run}
}

// later is the measurement that r adds to the trial old.
func later(t Trial, old, r record.Record) record.Record {
	values := map[string]record.Number{}
	for _, name := range lacking(t.Config, old) {
		values[name] = r.Values.Numbers[name]
	}
	return record.Record{ID: r.ID, Values: record.Values{Numbers: values}, Run: r.Run}
}

func tracePath(out, id string) string { return filepath.Join(out, "traces", id+".csv") }

// traceFile opens traces/ID.csv for a trial's steps.
func traceFile(out, id string) (trace func(Step), finish func() error, err error) {
	path := tracePath(out, id)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, nil, err
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, nil, err
	}
	w := csv.NewWriter(f)
	w.Write([]string{"step", "epoch", "lr", "clean_loss", "perturbed_loss", "sharpness"})
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	trace = func(s Step) {
		w.Write([]string{strconv.Itoa(s.Step), strconv.Itoa(s.Epoch), number(s.LR), number(s.Clean), number(s.Perturbed), number(s.Perturbed - s.Clean)})
	}
	finish = func() error {
		w.Flush()
		return errors.Join(w.Error(), f.Close())
	}
	return trace, finish, nil
}

// Shard returns the trials of shard i of n, 0 ≤ i < n: every n-th, so that shards are disjoint and alike.
func Shard(trials []Trial, i, n int) ([]Trial, error) {
	if n < 1 || i < 0 || i >= n {
		return nil, fmt.Errorf("shard %d/%d: expected I/N with 0 ≤ I < N", i, n)
	}
	var mine []Trial
	for k, t := range trials {
		if k%n == i {
			mine = append(mine, t)
		}
	}
	return mine, nil
}
