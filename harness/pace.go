package harness

import (
	"fmt"
	"time"

	"msharp/harness/config"
	"msharp/models/rng"
)

// Pace returns about how many seconds the trial's training takes at most, from steps taken for the given time. It records nothing.
func Pace(t config.Trial, look time.Duration) (seconds float64, err error) {
	set, err := t.Source.DrawTrain(t.Config.Data.Spec.Drawn(), t.Config.Seed)
	if err != nil {
		return 0, fmt.Errorf("trial %s: %w", t.ID, err)
	}
	run, err := trainingOn(t, set)
	if err != nil {
		return 0, fmt.Errorf("trial %s: %w", t.ID, err)
	}
	order := rng.Stream(run.Seed, "batches/1").Perm(run.train.examples())
	perEpoch := len(order) / run.BatchSize
	step := func(i int) {
		k := i % perEpoch * run.BatchSize
		run.fill(order[k : k+run.BatchSize])
		run.stepper.Step(run.w, run.objective, 0)
	}
	step(0) // makes the buffers
	steps, started := 0, time.Now()
	for steps == 0 || time.Since(started) < look {
		steps++
		step(steps)
	}
	return time.Since(started).Seconds() / float64(steps) * float64(perEpoch*run.MaxEpochs()), nil
}
