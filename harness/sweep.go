package harness

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
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
	InPlace         func() error               // why nothing more may be written to Out, nil if it may; a nil func is always content
	Run             record.Run                 // provenance that every record carries
	Halt            context.Context            // when done, trials under way stop at the end of their epoch, saved; nil is never
	Finished        func(record.Record, error) // called as a trial ends, by one goroutine at a time; may be nil
	Warn            func(text string)          // called from several goroutines; may be nil

	held     folder.Held // what Out held of the trials before
	attempts folder.Attempts
	draws    *draws
}

// Missing returns the trials that have no record in recs, the records of a folder that holds held, whose record lacks something, or, if retry
// is set, that failed.
func Missing(trials []config.Trial, recs []record.Record, held folder.Held, retry bool) []config.Trial {
	have := byID(recs)
	return those(trials, func(t config.Trial) bool {
		r, ok := have[t.ID]
		return !ok || r.Status == record.Failed && retry || len(Lacking(t, r, held)) > 0
	})
}

// those returns the trials that are wanted, in their order. If that is all of them, it returns the list itself: trials may be a million.
func those(trials []config.Trial, wanted func(config.Trial) bool) (chosen []config.Trial) {
	n := 0
	for n < len(trials) && wanted(trials[n]) {
		n++
	}
	if n == len(trials) {
		return slices.Clip(trials)
	}
	chosen = append(chosen, trials[:n]...)
	for _, t := range trials[n+1:] {
		if wanted(t) {
			chosen = append(chosen, t)
		}
	}
	return chosen
}

// Lacking lists what was requested of a trial but is missing from r, its final record, or from what its folder holds: columns, "watch",
// "trace", "weights". A diverged trial lacks no columns and keeps no weights.
func Lacking(t config.Trial, r record.Record, held folder.Held) (what []string) {
	if r.Status == record.Done {
		what = lacking(t.Config, r)
	}
	if r.Status.Final() && unwatched(t, r) {
		what = append(what, "watch")
	}
	if r.Status.Final() && untraced(t, held) {
		what = append(what, "trace")
	}
	if r.Status == record.Done && t.KeepWeights && !held.Weights[t.ID] {
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

// Divide separates the trials that can be measured from the others: their weights are held and can give something that recs lacks. With
// whole, measuring must also leave them complete.
func Divide(trials []config.Trial, recs []record.Record, held folder.Held, whole bool) (measuring, others []config.Trial) {
	have := byID(recs)
	others = those(trials, func(t config.Trial) bool {
		can := measurable(t, have[t.ID], held, whole)
		if can {
			measuring = append(measuring, t)
		}
		return !can
	})
	return measuring, others
}

// measurable reports whether kept weights can add to r, the trial's record; with whole, complete it.
func measurable(t config.Trial, r record.Record, held folder.Held, whole bool) bool {
	if r.Status != record.Done || !held.Weights[t.ID] || whole && (untraced(t, held) || unwatched(t, r)) {
		return false
	}
	what := lacking(t.Config, r)
	if slices.Contains(what, config.TestAtBestVal) && (whole || len(what) == 1) {
		return false
	}
	return len(what) > 0
}

// untraced reports whether a trace is asked for that is not there.
func untraced(t config.Trial, held folder.Held) bool {
	return t.Config.Trace == "step" && !held.Traces[t.ID]
}

// lacking returns the columns that c asks for and r does not have.
func lacking(c config.Config, r record.Record) []string {
	return slices.DeleteFunc(c.Columns(), func(name string) bool { _, ok := r.Value(name); return ok })
}

// Run runs trials over a pool of workers and appends their records to the store as they end. recs is what the store held before: of a trial
// recorded there, only the missing columns are stored, and kept weights are measured rather than trained again. When ctx is done, no further
// trial starts; running ones finish. A trial that panics counts as failed, and so does one that needs more memory than there is room for; one
// that needs more than is left waits. Trials that began twice and never ended run after all others, alone. Run returns the number of failed
// trials, and an error once the output folder can no longer be written or read, or no longer is where it was.
func Run(ctx context.Context, trials []config.Trial, recs []record.Record, store *record.Store, rt Runtime) (failed int, err error) {
	have := byID(recs)
	if rt.Out != "" {
		rt.Out.RemoveTornTrials(config.IDs(trials))
		if rt.held, err = rt.Out.Held(); err != nil {
			return 0, err
		}
		if rt.attempts, err = rt.Out.Attempts(); err != nil {
			return 0, err
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var mu sync.Mutex // on what is returned
	stop := func(why error) {
		mu.Lock()
		defer mu.Unlock()
		err = cmp.Or(err, why)
		cancel()
	}
	rt.draws = planDraws(trials, keepDoor(trials))
	one := func(t config.Trial) {
		if rt.InPlace != nil {
			if err := rt.InPlace(); err != nil {
				stop(err)
				return
			}
		}
		old := have[t.ID]
		again := old.Status.Final()
		need := needed(t)
		runErr := rt.draws.enter(ctx, t, need)
		if ctx.Err() != nil {
			return
		}
		var r record.Record
		if runErr != nil {
			r = rt.failed(t, runErr)
		} else {
			r, runErr = rt.run(t, old)
			rt.draws.leave(t, need)
		}
		switch {
		case errors.Is(runErr, errHalted):
			return
		case ofTheWorld(runErr):
			stop(fmt.Errorf("trial %s: %w", t.ID, runErr))
			return
		case again && runErr == nil:
			r = later(t, old, r)
		}
		if again && runErr != nil || r.Status == "" && len(r.Values.Numbers) == 0 && r.Watch.IsZero() {
			// The record stays as it is: the trial was run for its trace alone.
		} else if err := store.Append(r); errors.Is(err, record.ErrMoved) {
			stop(err)
			return
		} else if err != nil {
			stop(fmt.Errorf("a record could not be written: %w", err))
			return
		}
		if runErr == nil && rt.Out != "" {
			os.Remove(rt.Out.Checkpoint(t.ID))
		}
		mu.Lock()
		defer mu.Unlock()
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
	first, last := rt.apart(trials)
	pool(ctx, rt.Workers, first, one)
	pool(ctx, 1, last, one)
	return failed, err
}

// needed is the memory of a trial. One so broken that its memory cannot be told is run, and fails then.
func needed(t config.Trial) (bytes int64) {
	defer func() {
		if recover() != nil {
			bytes = 0
		}
	}()
	return Memory(t)
}

// pool calls f with each of some trials, in order, so many at a time, until ctx is done.
func pool(ctx context.Context, workers int, trials []config.Trial, f func(config.Trial)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(workers, len(trials)) {
		wg.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(trials) && ctx.Err() == nil; i = next.Add(1) - 1 {
				f(trials[i])
			}
		})
	}
	wg.Wait()
}

// apart separates the trials that began twice or more and never ended from the others: what they need may be more than there is. The
// one that began most often comes last.
func (rt *Runtime) apart(trials []config.Trial) (first, last []config.Trial) {
	often := rt.attempts.Often()
	for _, t := range trials {
		if _, ends := slices.BinarySearch(often, t.ID); ends {
			last = append(last, t)
		} else {
			first = append(first, t)
		}
	}
	slices.SortStableFunc(last, func(a, b config.Trial) int { return rt.attempts[a.ID] - rt.attempts[b.ID] })
	return first, last
}

// run runs a trial. old is its record, if it has one.
func (rt *Runtime) run(t config.Trial, old record.Record) (record.Record, error) {
	if rt.Halt != nil && rt.Halt.Err() != nil {
		return record.Record{}, errHalted
	}
	if rt.Out != "" {
		if err := rt.Out.Begin(t.ID); err != nil {
			rt.warn(fmt.Sprintf("trial %s: attempts are not counted: %v", t.ID, err))
		}
		defer rt.Out.End(t.ID)
	}
	if !measurable(t, old, rt.held, !rt.Measure) {
		if err := watchesOtherwise(t, old); err != nil {
			return rt.failed(t, err), err
		}
		return rt.try(t)
	}
	r, err := rt.measure(t)
	if damaged := new(damagedWeights); errors.As(err, &damaged) && !rt.Measure {
		rt.warn(fmt.Sprintf("trial %s: %v; it is trained again", t.ID, damaged.why))
		t.KeepWeights = true
		return rt.try(t)
	}
	return r, err
}

// measure measures a trial's kept weights.
func (rt *Runtime) measure(t config.Trial) (r record.Record, err error) {
	log := openJournal(rt.Out, t.ID)
	defer log.close(rt.warn)
	defer rt.survive(t, log, &r, &err)
	started := time.Now()
	values, err := measureKept(t, rt.Out, rt.draws)
	if ofTheWorld(err) {
		log.say("ended: %v", err)
		return r, err
	} else if err != nil {
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
	var blocks record.Blocks
	if _, ok := values[config.TestAtBestVal]; ok {
		blocks = r.Values.Blocks
	}
	watch := r.Watch.Only(slices.DeleteFunc(t.Config.Watch.Columns(), func(name string) bool { _, ok := old.Watch.Values[name]; return ok }))
	if len(watch.Values) == 0 {
		watch = record.Watch{}
	}
	return record.Record{ID: r.ID, Values: record.Values{Numbers: values, Blocks: blocks}, Watch: watch, Run: r.Run}
}

// Shard returns shard i of n of the trials, 0 ≤ i < n: every n-th trial, so that shards are disjoint and of equal kinds.
func Shard(trials []config.Trial, i, n int) ([]config.Trial, error) {
	if n < 1 || i < 0 || i >= n {
		return nil, fmt.Errorf("shard %d/%d: expected I/N with 0 ≤ I < N", i, n)
	}
	k := -1
	return those(trials, func(config.Trial) bool { k++; return k%n == i }), nil
}
