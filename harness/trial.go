package harness

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"msharp/harness/config"
	"msharp/harness/data"
	"msharp/harness/optim"
	"msharp/harness/record"
	"msharp/models"
	"msharp/models/kernel"
	"msharp/models/rng"
	"msharp/sharpness"
)

var _ optim.Objective = (*models.Problem)(nil)

// Step is one update of a training run, as a trace shows it.
type Step struct {
	Step, Epoch      int // from 1
	LR               float64
	Clean, Perturbed float64 // minibatch losses at w and at the ascent points; their difference is a free m-sharpness
}

// Train trains the network of a trial and measures it. Equal Configs on equal data give equal Records, Run aside. The error says that
// the world failed it; a run that diverged is a Record. trace, unless nil, sees every step.
func Train(t config.Trial, trace func(Step)) (record.Record, error) {
	return trainWatched(t, onlyTraced(trace), nil)
}

// watcher sees a training run from outside.
type watcher interface {
	begin(*training) error                  // before the first step; may put the run where an earlier one was
	step(Step)                              // after every step
	epoch(*training) error                  // after every epoch; an error ends the run, and with it the trial
	trained(t *training, finite bool) error // before the network is measured; an error ends the trial
}

// onlyTraced is a watcher of steps; nil watches nothing.
type onlyTraced func(Step)

func (onlyTraced) begin(*training) error         { return nil }
func (onlyTraced) epoch(*training) error         { return nil }
func (onlyTraced) trained(*training, bool) error { return nil }
func (f onlyTraced) step(s Step) {
	if f != nil {
		f(s)
	}
}

func trainWatched(t config.Trial, w watcher, d *draws) (record.Record, error) {
	rec := record.Record{ID: t.ID, Status: record.Done, Config: config.Settings(t.Config), Run: &record.Run{Kernel: kernel.Name()}}
	started := time.Now()
	run, err := trainingOf(t, d)
	if err != nil {
		return rec, err
	}
	if err := w.begin(run); err != nil {
		return rec, err
	}
	finite, err := run.run(w)
	rec.Watch = run.watch
	if err == nil {
		err = w.trained(run, finite)
	}
	if err != nil {
		return rec, err
	}
	rec.Run.TrainSeconds = run.before + time.Since(started).Seconds()
	rec.Epochs = run.epochs
	started = time.Now()
	values, err := run.measure(finite)
	rec.Run.MeasureSeconds = time.Since(started).Seconds()
	if err != nil {
		return rec, err
	}
	rec.Values = values
	if !finite || !allFinite(values.Numbers, "train_loss", "test_loss") {
		rec.Status = record.Diverged
		rec.Values = nullValues(run.Config, values)
	}
	return rec, nil
}

// trainingOf returns the trial before its first step.
func trainingOf(t config.Trial, d *draws) (*training, error) {
	set, err := d.of(t)
	if err != nil {
		return nil, err
	}
	return trainingOn(t, set)
}

// trainingOn returns the trial on a set before its first step.
func trainingOn(t config.Trial, set *data.Set) (*training, error) {
	c := t.Config.Canonical()
	net, err := c.Model.Spec.Build(set.Shape, set.Classes)
	if err != nil {
		return nil, err
	}
	return newTraining(c, net, set), nil
}

// training is a network on its way.
type training struct {
	config.Config
	net              *models.Net
	train, val, test *split
	classes          int
	mean, std        []float64    // that the inputs are scaled with, see data.Set
	init, w          []float32    // before the first step; now
	batch            models.Batch // one minibatch, refilled every step
	problem          *models.Problem
	stepper          optim.Stepper
	objective        optim.Objective
	epochs           []record.Epoch
	best             best
	watch            record.Watch // what was seen so far
	steps            int
	zero             int     // zero gradients in earlier runs of the trial
	before           float64 // seconds of earlier runs
	stopped          bool    // the train loss is low enough
}

// best is the epoch of the least validation error so far, the first of equals; NaN without one.
type best struct {
	val, epoch, test float64 // test only where it is asked for
	blocks           []int   // test errors there by block, likewise
}

func newTraining(c config.Config, net *models.Net, set *data.Set) *training {
	b := models.Batch{X: kernel.New(c.BatchSize, set.Shape.Size()), Y: make([]int, c.BatchSize)}
	p := net.On(b)
	nan, w := math.NaN(), net.Init(rng.Stream(c.Seed, "init"))
	splits := newSplits(net, set.Train, set.Val, set.Test)
	splits[2].block = set.TestBlock
	return &training{
		Config: c, net: net, classes: set.Classes, mean: set.Mean, std: set.Std,
		train: splits[0], val: splits[1], test: splits[2],
		init: slices.Clone(w), w: w,
		best:  best{val: nan, epoch: nan, test: nan},
		batch: b, problem: p,
		stepper:   c.Optimizer.Spec.New(net.Dim()),
		objective: optim.Clip(p, c.Clip),
	}
}

// run trains the remaining epochs. It ends early at the first loss or weight that is not finite, with finite false, and at the first error
// of w or of a measure that is watched.
func (t *training) run(w watcher) (finite bool, err error) {
	if t.steps == 0 {
		if err := t.look(); err != nil {
			return true, err
		}
	}
	for epoch := len(t.epochs) + 1; !t.trained(); epoch++ {
		order := rng.Stream(t.Seed, fmt.Sprintf("batches/%d", epoch)).Perm(t.train.examples())
		e, finite, err := t.epoch(epoch, order, w)
		t.epochs = append(t.epochs, e)
		if !finite || err != nil {
			return finite, err
		}
		if v := float64(e.ValError); !math.IsNaN(v) && !(v >= t.best.val) {
			t.best.val, t.best.epoch = v, float64(epoch)
			if t.TestAt == "best_val" {
				there := t.test.score(t.w)
				t.best.test, t.best.blocks = there.errors, there.blocks.Errors
			}
		}
		if err := t.lookAfter("epoch", epoch); err != nil {
			return true, err
		}
		if err := w.epoch(t); err != nil {
			return true, err
		}
	}
	return true, t.look()
}

// trained reports whether no epoch is left.
func (t *training) trained() bool { return t.stopped || len(t.epochs) >= t.MaxEpochs() }

// reached reports whether the train loss is low enough to stop. It looks only at the steps where Stop asks for it.
func (t *training) reached(perEpoch int) bool {
	if t.Stop == nil || t.steps%cmp.Or(t.Stop.Every, perEpoch) != 0 {
		return false
	}
	return t.train.lossOf(t.w, 0, t.train.examples()) <= t.Stop.TrainLoss
}

// epoch takes one step on each whole minibatch of order, fewer where it stops.
func (t *training) epoch(epoch int, order []int, w watcher) (e record.Epoch, finite bool, err error) {
	perEpoch := len(order) / t.BatchSize
	var clean, up float64
	for i := range perEpoch {
		t.fill(order[i*t.BatchSize : (i+1)*t.BatchSize])
		lr := t.LR * t.Schedule.Spec.Factor(optim.Progress{Step: t.steps, Steps: t.MaxEpochs() * perEpoch, PerEpoch: perEpoch})
		t.steps++
		c, p := t.stepper.Step(t.w, t.objective, lr)
		w.step(Step{t.steps, epoch, lr, c, p})
		clean += c / float64(perEpoch)
		up += p / float64(perEpoch)
		if math.IsInf(c+p, 0) || math.IsNaN(c+p) || !kernel.Finite(t.w) {
			nan := record.Number(math.NaN())
			return record.Epoch{Epoch: epoch, TrainLoss: nan, PerturbedLoss: nan, ValError: nan}, false, nil
		}
		if err := t.lookAfter("step", t.steps); err != nil {
			return e, true, err
		}
		if t.reached(perEpoch) {
			t.stopped = true
			if short := float64(perEpoch) / float64(i+1); short > 1 {
				clean, up = clean*short, up*short
			}
			break
		}
	}
	val := math.NaN()
	if t.stopped || epoch == t.MaxEpochs() || epoch%t.Validate.Every == 0 {
		val = t.val.errorOf(t.w)
	}
	return record.Epoch{Epoch: epoch, TrainLoss: record.Number(clean), PerturbedLoss: record.Number(up), ValError: record.Number(val)}, true, nil
}

// fill makes the minibatch of the given training examples.
func (t *training) fill(examples []int) {
	for i, e := range examples {
		copy(t.batch.X.Row(i), t.train.batch.X.Row(e))
		t.batch.Y[i] = t.train.batch.Y[e]
	}
}

// measure scores the trained network on every split and takes the measures. A diverged one has scores but is not measured.
func (t *training) measure(finite bool) (v record.Values, err error) {
	land := t.landscape(t.Measures)
	train, val, test := land.solved.scoreOf(land), t.val.score(t.w), t.test.score(t.w)
	v.Numbers = map[string]record.Number{}
	for name, x := range map[string]float64{
		"train_error": train.errors, "val_error": val.errors, "test_error": test.errors,
		"train_loss": train.loss, "val_loss": val.loss, "test_loss": test.loss,
		"error_gap": test.errors - train.errors, "loss_gap": test.loss - train.loss,
		"best_val_error": t.best.val, "best_val_epoch": t.best.epoch, "epochs_run": float64(len(t.epochs)),
		"zero_gradients": float64(t.zero + t.problem.ZeroGroups()),
	} {
		v.Numbers[name] = record.Number(x)
	}
	if t.TestAt == "best_val" {
		v.Numbers[config.TestAtBestVal] = record.Number(t.best.test)
	}
	if !finite {
		return v, nil
	}
	if v.Confusion, err = data.Confusion(t.classes, t.test.batch.Y, test.predicted); err != nil {
		return v, err
	}
	v.Blocks = test.blocks
	v.Blocks.ErrorsAtBestVal = t.best.blocks
	for _, m := range t.Measures {
		values, err := measured(m, land, t.Seed)
		if err != nil {
			return v, err
		}
		names := sharpness.Names(m.Spec)
		for i, x := range values {
			v.Numbers[names[i]] = record.Number(x)
		}
	}
	return v, nil
}

// landscape is the training split around the weights as they are, for measures to share; before the next step it must be dropped.
func (t *training) landscape(measures []sharpness.Any) *landscape {
	return around(t.train, t.w, t.init, measures)
}

func allFinite(v map[string]record.Number, names ...string) bool {
	for _, n := range names {
		if x := float64(v[n]); math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}

// nullValues is what a diverged trial has: every column it would have had, null.
func nullValues(c config.Config, v record.Values) record.Values {
	for _, name := range c.Columns() {
		v.Numbers[name] = 0
	}
	for name := range v.Numbers {
		v.Numbers[name] = record.Number(math.NaN())
	}
	v.Confusion, v.Blocks = nil, record.Blocks{}
	return v
}
