// Package config turns YAML into trials: it reads a file and what it extends, sweeps its keys, applies overrides, and gives each trial its
// identity.
package config

import (
	"fmt"
	"strconv"

	"msharp/harness/data"
	"msharp/harness/optim"
	"msharp/models"
	"msharp/models/kind"
	"msharp/sharpness"
)

// Config is everything that determines a trained network, and the measures asked of it: the YAML schema of a trial.
type Config struct {
	Data      data.Any          `yaml:"data"`                           // what is learnt
	Model     models.Any        `yaml:"model"`                          // what learns it
	Optimizer optim.Any         `yaml:"optimizer"`                      // how the weights move
	LR        float64           `yaml:"lr" in:"(0,)"`                   // base learning rate
	Schedule  optim.AnySchedule `yaml:"schedule"`                       // how the learning rate falls, from lr
	Clip      float64           `yaml:"clip" in:"[0,)"`                 // longest gradient to step on; 0 is no limit
	Epochs    int               `yaml:"epochs" in:"[1,1000000]"`        // passes over the training split; this or stop is given
	Stop      *Stop             `yaml:"stop"`                           // ends training at a train loss, in place of epochs
	Validate  Validate          `yaml:"validate"`                       // when the validation error is taken
	BatchSize int               `yaml:"batch_size" in:"[1,)"`           // examples a step; the last partial batch of an epoch is dropped
	Seed      uint64            `yaml:"seed" in:"[0,9007199254740991]"` // draws the split, the initial weights, the batches, the measures' directions
	Asked     `yaml:",inline"`
}

// Stop ends training once the train loss is low enough.
type Stop struct {
	TrainLoss float64 `yaml:"train_loss" needed:"yes" in:"(0,)"`        // the clean loss over the whole training split, with the labels trained on
	MaxEpochs int     `yaml:"max_epochs" needed:"yes" in:"[1,1000000]"` // the most there may be; also the length of the schedule
	Every     int     `yaml:"every" in:"[0,1000000]"`                   // steps between two looks at the loss; 0 is an epoch
}

// Validate says after which epochs the validation error is taken.
type Validate struct {
	Every int `yaml:"every" in:"[1,1000000]"` // after each so many epochs, and after the last
}

// Absent leaves out every at its default, 0: the loss is looked at after each epoch.
func (s Stop) Absent() []string {
	if s.Every == 0 {
		return []string{"every"}
	}
	return nil
}

// Default returns the Config of an empty file. Identities rest on it: a default never changes.
func Default() Config {
	set, _ := data.Table.New("mnist")
	net, _ := models.Zoo.New("mlp")
	sgd, _ := optim.Table.New("sgd")
	constant, _ := optim.Schedules.New("constant")
	return Config{
		Data:      data.Any{Spec: set},
		Model:     models.Any{Spec: net},
		Optimizer: optim.Any{Spec: sgd},
		LR:        0.05,
		Schedule:  optim.AnySchedule{Spec: constant},
		Validate:  Validate{Every: 1},
		BatchSize: 128,
		Seed:      1,
		Asked:     Asked{Trace: "none", TestAt: "last"},
	}
}

// none is Default. What it holds is never changed, so that Configs may share it.
var none = Default()

// MaxEpochs returns the length of the longest possible training, in epochs.
func (c Config) MaxEpochs() int {
	if c.Stop != nil {
		return c.Stop.MaxEpochs
	}
	return c.Epochs
}

// Canonical returns the Config that stands for all Configs that train alike.
func (c Config) Canonical() Config {
	if s, ok := c.Optimizer.Spec.(optim.Canonical); ok {
		c.Optimizer.Spec = s.Canonical(c.BatchSize)
	}
	return c
}

// Absent leaves out epochs that are not given, for Stop is, and validate at its default.
func (c Config) Absent() (keys []string) {
	if c.Stop != nil || c.Epochs == 0 {
		keys = append(keys, "epochs")
	}
	if c.Validate == Default().Validate {
		keys = append(keys, "validate")
	}
	return keys
}

// Columns returns the names of the values that a record has only because they are asked for.
func (c Config) Columns() (names []string) {
	if c.TestAt == "best_val" {
		names = append(names, TestAtBestVal)
	}
	return append(names, columnsOf(c.Measures)...)
}

func bad(key, value, problem, expected string) error {
	return &kind.Error{Key: key, Value: value, Problem: problem, Expected: expected}
}

// checkNumbers says what is wrong with c as a whole, on its data, but for what checkParts says: a *kind.Error.
func (c Config) checkNumbers(src *data.Source) error {
	split := c.Data.Spec.Drawn()
	switch {
	case c.Epochs == 0 && c.Stop == nil:
		return bad("epochs", "", "missing", "epochs, or stop: {train_loss: ..., max_epochs: ...}")
	case c.Epochs != 0 && c.Stop != nil:
		return bad("epochs", strconv.Itoa(c.Epochs), "given beside stop", "one of the two")
	}
	if err := src.Check(split); err != nil {
		return kind.Under("data", err)
	}
	if err := src.CheckSeed(split, c.Seed); err != nil {
		return err
	}
	if c.BatchSize > split.Train {
		return bad("batch_size", strconv.Itoa(c.BatchSize), "larger than the training split", fmt.Sprintf("at most data.train, %d", split.Train))
	}
	if err := c.checkWatch(); err != nil {
		return kind.Under("watch", err)
	}
	if c.TestAt == "best_val" && split.Val == 0 {
		return bad("test_at", c.TestAt, "without a validation split", "data.val ≥ 1")
	}
	if up, ok := c.Optimizer.Spec.(optim.Ascending); ok {
		if m := up.Rule().M; m != 0 && c.BatchSize%m != 0 {
			return bad("optimizer.m", strconv.Itoa(m), "does not divide the batch", fmt.Sprintf("a divisor of batch_size, %d, or 0 for the whole batch", c.BatchSize))
		}
	}
	return nil
}

// checkParts says what is wrong with c's measures and its network, on its data: a *kind.Error.
func (c Config) checkParts(src *data.Source) error {
	train := c.Data.Spec.Drawn().Train
	if err := CheckMeasures(c.Measures, train); err != nil {
		return err
	}
	if c.Watch != nil {
		if err := CheckMeasures(c.Watch.Measures, train); err != nil {
			return kind.Under("watch", err)
		}
	}
	net, err := c.Model.Spec.Build(src.Shape, src.Classes)
	if err != nil {
		s := src.Shape
		return bad("model", c.Model.Kind(), err.Error(), fmt.Sprintf("a network for examples of %d × %d × %d (height, width, channels)", s.H, s.W, s.C))
	}
	if err := CheckLayers(c.Measures, net.Layers()); err != nil {
		return err
	}
	if c.Watch != nil {
		if err := CheckLayers(c.Watch.Measures, net.Layers()); err != nil {
			return kind.Under("watch", err)
		}
	}
	return nil
}

// CheckLayers says what is wrong with measures of a network of so many layers with weights: a *kind.Error under the key "measures".
func CheckLayers(measures []sharpness.Any, layers int) error {
	for i, m := range measures {
		if f, ok := m.Spec.(sharpness.LayerFitter); ok {
			if err := f.FitsLayers(layers); err != nil {
				return kind.Under(fmt.Sprintf("measures[%d]", i), err)
			}
		}
	}
	return nil
}

// CheckMeasures says what is wrong with measures on so many training examples: a *kind.Error under the key "measures".
func CheckMeasures(measures []sharpness.Any, examples int) error {
	seen := map[string]bool{}
	for i, m := range measures {
		key := fmt.Sprintf("measures[%d]", i)
		if f, ok := m.Spec.(sharpness.Fitter); ok {
			if err := f.Fits(examples); err != nil {
				return kind.Under(key, err)
			}
		}
		for _, name := range sharpness.Names(m.Spec) {
			if seen[name] {
				return bad(key, name, "another measure has a column of that name", "each measure once")
			}
			seen[name] = true
		}
		if len(seen) > mostColumns {
			return bad(key, m.Kind(), fmt.Sprintf("more than %d columns up to this measure", mostColumns), "fewer")
		}
	}
	return nil
}
