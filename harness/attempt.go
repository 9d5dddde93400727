package harness

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"
	"syscall"
	"time"

	"msharp/harness/config"
	"msharp/harness/disk"
	"msharp/harness/record"
	"msharp/models/kernel"
)

// errHalted ends an attempt that was told to stop: no record, no failure.
var errHalted = errors.New("stopped at the end of an epoch")

// attempt is one go at a trial. It continues from the checkpoint of the attempt before and leaves its own.
type attempt struct {
	config.Trial
	rt      *Runtime
	log     *journal
	trace   *trace // nil without one
	started time.Time
	saved   time.Time // when the state was last saved; before that, the start
	unsaved bool      // whether a save has failed; the user is told once
}

// try runs a trial to a record, whatever becomes of it. The error is why the trial failed, or errHalted.
func (rt *Runtime) try(t config.Trial) (r record.Record, err error) {
	a := &attempt{Trial: t, rt: rt, log: openJournal(rt.Out, t.ID), started: time.Now(), saved: time.Now()}
	defer a.log.close(rt.warn)
	a.log.say("trial %s, revision %s on %s: %s", t.ID, rt.Run.Revision, rt.Run.Host, record.Text(config.Settings(t.Config)))
	defer rt.survive(t, a.log, &r, &err)
	r, err = trainWatched(t, a, rt.draws)
	switch {
	case a.trace == nil:
	case err != nil:
		err = errors.Join(err, a.trace.close())
	default:
		err = a.trace.finish()
	}
	switch {
	case errors.Is(err, errHalted):
		return r, errHalted
	case ofTheWorld(err):
		a.log.say("ended: %v", err)
		return r, err
	case err != nil:
		a.log.say("failed: %v", err)
		return rt.failed(t, err), err
	}
	a.log.say("%s after %.1f s of training and %.1f s of measuring", r.Status, r.Run.TrainSeconds, r.Run.MeasureSeconds)
	run := rt.ended()
	run.TrainSeconds, run.MeasureSeconds = r.Run.TrainSeconds, r.Run.MeasureSeconds
	r.Run = &run
	return r, nil
}

// survive turns a panic into a failure and logs its stack. It must be deferred.
func (rt *Runtime) survive(t config.Trial, log *journal, r *record.Record, err *error) {
	if broken := recover(); broken != nil {
		*err = fmt.Errorf("panic: %v", broken)
		log.say("%v\n%s", *err, debug.Stack())
		*r = rt.failed(t, *err)
	}
}

// begin continues from a checkpoint if there is one that fits. One that does not fit is ignored.
func (a *attempt) begin(t *training) error {
	if a.rt.Out == "" {
		return nil
	}
	path := a.rt.Out.Checkpoint(a.ID)
	b, err := disk.ReadBounded(path, t.mostSaved())
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR): // there is none
	case err != nil && !errors.Is(err, disk.ErrSize):
		return err
	default:
		if err == nil {
			err = t.resume(b, a.ID)
		}
		if err == nil {
			a.log.say("continuing after epoch %d from %s", len(t.epochs), path)
		} else {
			a.warn("cannot continue from %s: %v; the trial starts anew", path, err)
		}
	}
	if a.Config.Trace != "step" {
		return nil
	}
	if a.trace, err = openTrace(a.rt.Out.Trace(a.ID), t.steps); !errors.Is(err, errShortTrace) {
		return err
	}
	a.warn("%v; the trial starts anew", err)
	fresh, err := trainingOf(a.Trial, a.rt.draws)
	if err != nil {
		return err
	}
	*t = *fresh
	a.trace, err = openTrace(a.rt.Out.Trace(a.ID), 0)
	return err
}

func (a *attempt) step(s Step) {
	if a.trace != nil {
		a.trace.step(s)
	}
}

// epoch saves the state when that is due and ends the run when that is asked for.
func (a *attempt) epoch(t *training) error {
	e := t.epochs[len(t.epochs)-1]
	a.log.say("epoch %d: train loss %v, perturbed %v, validation error %v", e.Epoch, e.TrainLoss, e.PerturbedLoss, e.ValError)
	halted := a.rt.Halt != nil && a.rt.Halt.Err() != nil
	late := a.rt.TimeLimit > 0 && time.Since(a.started) >= a.rt.TimeLimit && !t.trained()
	if a.rt.Out != "" && (halted || late || time.Since(a.saved) >= a.rt.CheckpointAfter) {
		if err := a.save(t); err != nil {
			return err
		}
	}
	switch {
	case halted:
		a.log.say("%v", errHalted)
		return errHalted
	case late:
		return fmt.Errorf("over its time limit of %v after epoch %d of at most %d", a.rt.TimeLimit, e.Epoch, t.MaxEpochs())
	}
	return nil
}

// save leaves a checkpoint. If it cannot, the trial continues without one; the error is the trace's.
func (a *attempt) save(t *training) error {
	a.saved = time.Now()
	if a.trace != nil {
		if err := a.trace.flush(); err != nil {
			return err
		}
	}
	path := a.rt.Out.Checkpoint(a.ID)
	if err := disk.WriteFile(path, t.checkpoint(a.ID, t.before+time.Since(a.started).Seconds())); err != nil {
		if !a.unsaved {
			a.warn("no checkpoint: %v", err)
		}
		a.unsaved = true
		return nil
	}
	a.log.say("saved %s", path)
	return nil
}

// trained keeps the weights.
func (a *attempt) trained(t *training, finite bool) error {
	if !a.KeepWeights || !finite || a.rt.Out == "" {
		return nil
	}
	return disk.WriteFile(a.rt.Out.Weights(a.ID), t.weights(a.ID))
}

func (a *attempt) warn(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	a.log.say("warning: %s", text)
	a.rt.warn(fmt.Sprintf("trial %s: %s", a.ID, text))
}

func (rt *Runtime) warn(text string) {
	if rt.Warn != nil {
		rt.Warn(text)
	}
}

// ended returns the provenance of a trial that has just ended.
func (rt *Runtime) ended() record.Run {
	run := rt.Run
	run.Results, run.Kernel, run.Ended = config.ResultsVersion, kernel.Name(), record.Time(time.Now())
	return run
}

func (rt *Runtime) failed(t config.Trial, err error) record.Record {
	run := rt.ended()
	run.Error = err.Error()
	return record.Record{ID: t.ID, Status: record.Failed, Config: config.Settings(t.Config), Run: &run}
}
