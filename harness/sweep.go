package harness

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"msharp/harness/config"
	"msharp/harness/folder"
	"msharp/harness/record"
)

// Runtime is everything that must not change a Record.
type Runtime struct {
	CheckpointAfter time.Duration              // as in config.Execution
	TimeLimit       time.Duration              // as in config.Execution
	Workers         int                        // trials at a time
	Stop            bool                       // whether the first failed trial ends the sweep
	Measure         bool                       // whether kept weights are measured even if the trial also lacks what only training gives
	Out             folder.Dir                 // the output folder, for checkpoints, weights, traces and logs; "" leaves none
	Run             record.Run                 // provenance that every record carries
	Halt            context.Context            // when done, trials under way stop at the end of their epoch, saved; nil is never
	Finished        func(record.Record, error) // called as a trial ends, by one goroutine at a time; may be nil
	Warn            func(text string)          // called from several goroutines; may be nil
}

// Missing returns the trials that have no record in recs, the records of folder out, whose record lacks something, or, if retry is set, that
// failed.
func Missing(trials []config.Trial, recs []record.Record, out folder.Dir, retry bool) (missing []config.Trial) {
	have := byID(recs)
	for _, t := range trials {
		r, ok := have[t.ID]
		if !ok || r.Status == record.Failed && retry || len(Lacking(t, r, out)) > 0 {
			missing = append(missing, t)
		}
	}
	return missing
}

// Lacking lists what was requested of a trial but is missing from r, its final record, or from folder out: columns, "trace", "weights". A
// diverged trial lacks no columns and keeps no weights.
func Lacking(t config.Trial, r record.Record, out folder.Dir) (what []string) {
	if r.Status == record.Done {
		what = lacking(t.Config, r)
	}
	if r.Status.Final() && untraced(t, out) {
		what = append(what, "trace")
	}
	if r.Status == record.Done && t.KeepWeights && !kept(out, t.ID) {
		what = append(what, "weights")
	}
	return what
}

func byID(recs []record.Record) map[string]record.Record {
	have := make(map[string]record.Record, len(recs))
	for _, r := range recs {
		have[r.ID] = r
	}
	return have
}

// Divide separates the trials that can be measured from the others: their weights are kept in folder out and can give something that recs
// lacks. With whole, measuring must also leave them complete.
func Divide(trials []config.Trial, recs []record.Record, out folder.Dir, whole bool) (measuring, others []config.Trial) {
	have := byID(recs)
	for _, t := range trials {
		if measurable(t, have[t.ID], out, whole) {
			measuring = append(measuring, t)
		} else {
			others = append(others, t)
		}
	}
	return measuring, others
}

// measurable reports whether kept weights can add to r, the trial's record; with whole, complete it.
func measurable(t config.Trial, r record.Record, out folder.Dir, whole bool) bool {
	if r.Status != record.Done || out == "" || whole && untraced(t, out) {
		return false
	}
	what := lacking(t.Config, r)
	if slices.Contains(what, config.TestAtBestVal) && (whole || len(what) == 1) {
		return false
	}
	return len(what) > 0 && kept(out, t.ID)
}

// untraced reports whether a trace is asked for that is not there.
func untraced(t config.Trial, out folder.Dir) bool {
	if t.Config.Trace != "step" {
		return false
	}
	_, err := os.Stat(out.Trace(t.ID))
	return err != nil
}

// lacking returns the columns that c asks for and r does not have.
func lacking(c config.Config, r record.Record) []string {
	return slices.DeleteFunc(c.Columns(), func(name string) bool { _, ok := r.Value(name); return ok })
}

// Run runs trials over a pool of workers and appends their records to the store as they end. recs is what the store held before: of a trial
// recorded there, only the missing columns are stored, and kept weights are measured rather than trained again. When ctx is done, no further
// trial starts; running ones finish. A trial that panics counts as failed. Run returns the number of failed trials, and an error once nothing more
// can be written.
func Run(ctx context.Context, trials []config.Trial, recs []record.Record, store *record.Store, rt Runtime) (failed int, err error) {
	have := byID(recs)
	rt.removeTorn(trials)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		mu sync.Mutex // on trials, those that have yet to start, and on what is returned
		wg sync.WaitGroup
	)
	next := func() (t config.Trial, ok bool) {
		mu.Lock()
		defer mu.Unlock()
		if len(trials) == 0 || ctx.Err() != nil {
			return t, false
		}
		t, trials = trials[0], trials[1:]
		return t, true
	}
	one := func(t config.Trial) {
		old := have[t.ID]
		again := old.Status.Final()
		r, runErr := rt.run(t, old)
		if errors.Is(runErr, errHalted) {
			return
		}
		if again && runErr == nil {
			r = later(t, old, r)
		}
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			return // the store is lost already
		}
		if full(runErr) {
			err = fmt.Errorf("trial %s: %w", t.ID, runErr)
			cancel()
			return
		}
		if again && runErr != nil || r.Status == "" && len(r.Values.Numbers) == 0 {
			// The record stays as it is: the trial was run for its trace alone.
		} else if appendErr := store.Append(r); appendErr != nil {
			err = fmt.Errorf("a record could not be written: %w", appendErr)
			cancel()
			return
		}
		if runErr == nil && rt.Out != "" {
			os.Remove(rt.Out.Checkpoint(t.ID))
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
	for range min(rt.Workers, len(trials)) {
		wg.Go(func() {
			for t, ok := next(); ok; t, ok = next() {
				one(t)
			}
		})
	}
	wg.Wait()
	return failed, err
}

// run runs a trial. old is its record, if it has one.
func (rt *Runtime) run(t config.Trial, old record.Record) (record.Record, error) {
	if rt.Halt != nil && rt.Halt.Err() != nil {
		return record.Record{}, errHalted
	}
	if measurable(t, old, rt.Out, !rt.Measure) {
		return rt.measure(t)
	}
	return rt.try(t)
}

// measure measures a trial's kept weights.
func (rt *Runtime) measure(t config.Trial) (r record.Record, err error) {
	log := openJournal(rt.Out, t.ID)
	defer log.close(rt.warn)
	defer rt.survive(t, log, &r, &err)
	started := time.Now()
	values, err := measureKept(t, rt.Out)
	if err != nil {
		log.say("failed to measure kept weights: %v", err)
		return rt.failed(t, err), err
	}
	log.say("measured kept weights in %.1f s", time.Since(started).Seconds())
	run := rt.ended()
	run.MeasureSeconds = time.Since(started).Seconds()
	return record.Record{ID: t.ID, Values: values, Run: &run}, nil
}

// later is the measurement that r adds to the trial old.
func later(t config.Trial, old, r record.Record) record.Record {
	values := map[string]record.Number{}
	for _, name := range lacking(t.Config, old) {
		if v, ok := r.Values.Numbers[name]; ok {
			values[name] = v
		}
	}
	return record.Record{ID: r.ID, Values: record.Values{Numbers: values}, Run: r.Run}
}

// Shard returns shard i of n of the trials, 0 ≤ i < n: every n-th trial, so that shards are disjoint and of equal kinds.
func Shard(trials []config.Trial, i, n int) ([]config.Trial, error) {
	if n < 1 || i < 0 || i >= n {
		return nil, fmt.Errorf("shard %d/%d: expected I/N with 0 ≤ I < N", i, n)
	}
	var mine []config.Trial
	for k, t := range trials {
		if k%n == i {
			mine = append(mine, t)
		}
	}
	return mine, nil
}
