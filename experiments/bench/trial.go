package main

import (
	"fmt"
	"time"

	"msharp/harness"
	"msharp/harness/config"
	"msharp/harness/optim"
	"msharp/models/ascent"
)

// Trial is one trial of the default sweep, and what of its CPU time is spent where.
type Trial struct {
	Seconds     float64 `json:"seconds"`
	FastSeconds float64 `json:"fast_seconds"`
	Gradient    float64 `json:"gradient_share"`
	Update      float64 `json:"update_share"` // of the optimizer: its steps without their gradients
	UpdateMS    float64 `json:"update_ms"`    // of one step
	Around
}

// Collapsed is a trial whose network collapses: velocities of weights that no gradient moves any more decay towards the denormal numbers,
// which cost many processors a hundred times as much.
type Collapsed struct {
	Epochs    int     `json:"epochs"`
	Rho       float64 `json:"rho"`
	M         int     `json:"m"`
	StartMS   float64 `json:"start_ms"` // of a step in its first tenth
	FastStart float64 `json:"fast_start_ms"`
	EndMS     float64 `json:"end_ms"` // in its last
	FastEnd   float64 `json:"fast_end_ms"`
	Ratio     float64 `json:"ratio"`      // of end by start
	FastRatio float64 `json:"fast_ratio"` // of the best deciles
	Around
}

// defaultTrial is one of the sweep that msweep runs without a word.
const defaultTrial = `
data: {kind: mnist, pool: disjoint, train: 1024, val: 4096, test: 0}
model: {kind: mlp, hidden: [128]}
optimizer: {kind: sam, rho: 0.05, m: 16, base: {kind: sgd, momentum: 0.9, weight_decay: 0}}
lr: 0.05
schedule: {kind: cosine}
epochs: 60
validate: {every: 10}
batch_size: 128
seed: 1
measures:
  - {kind: msharp, m: [1, 4, 16, 64, 256, 1024], rho: [0.01, 0.05, 0.2], steps: 1}
`

var _ = optim.Table.Add("timed", func() optim.Spec { return &timed{Base: optim.Any{Spec: optim.NewSGD()}} })

// timed is an optimizer whose steps are timed into a log.
type timed struct {
	Base optim.Any `yaml:"base"`
	log  *stepLog
}

// stepLog has the CPU time of every step, of what of it was its gradient, and of the thread when the last step ended.
type stepLog struct {
	steps, gradients []float64 // seconds
	end              time.Duration
}

func (t *timed) New(dim int) optim.Stepper {
	return &timedStepper{Stepper: t.Base.Spec.New(dim), log: t.log}
}

type timedStepper struct {
	optim.Stepper
	log *stepLog
	of  timedObjective
}

func (s *timedStepper) Step(w []float32, obj optim.Objective, lr float64) (clean, perturbed float64) {
	s.of = timedObjective{Objective: obj}
	start := threadTime()
	clean, perturbed = s.Stepper.Step(w, &s.of, lr)
	s.log.end = threadTime()
	s.log.steps = append(s.log.steps, (s.log.end - start).Seconds())
	s.log.gradients = append(s.log.gradients, s.of.spent.Seconds())
	return clean, perturbed
}

// timedObjective adds up the time of gradients.
type timedObjective struct {
	optim.Objective
	spent time.Duration
}

func (t *timedObjective) Grad(g, w []float32) float64 {
	start := threadTime()
	defer func() { t.spent += threadTime() - start }()
	return t.Objective.Grad(g, w)
}

func (t *timedObjective) AscentGrad(g, w []float32, r ascent.Rule) (clean, perturbed float64) {
	start := threadTime()
	defer func() { t.spent += threadTime() - start }()
	return t.Objective.AscentGrad(g, w, r)
}

// planned returns the one trial of a text, with a log of its steps.
func planned(text string, words ...string) (config.Trial, *stepLog, error) {
	sweep, err := config.Plan("bench", []byte(text), words, "")
	if err != nil {
		return config.Trial{}, nil, err
	}
	t, log := sweep.Trials[0], &stepLog{}
	t.Config.Optimizer.Spec = &timed{t.Config.Optimizer, log}
	return t, log, nil
}

func trial(e effort, refs *references) (row Trial, err error) {
	t, log, err := planned(defaultTrial)
	if err != nil {
		return row, err
	}
	var gradients, updates, steps []float64 // shares of a trial; seconds of an update
	train := func(int) ([]float64, error) {
		*log = stepLog{}
		start := cpuTime()
		if _, err := harness.Train(t, nil); err != nil {
			return nil, err
		}
		seconds, gradient := (cpuTime() - start).Seconds(), sum(log.gradients)
		update := sum(log.steps) - gradient
		gradients, updates = append(gradients, gradient/seconds), append(updates, update/seconds)
		steps = append(steps, update/float64(len(log.steps)))
		return []float64{seconds}, nil
	}
	r, err := refs.race(pacing{rounds: e.rounds(7), most: 1}, train)
	if err != nil {
		return row, err
	}
	return Trial{r.rows[0].median(), r.rows[0].fast(), median(gradients), median(updates), 1e3 * median(steps), r.around()}, nil
}

func sum(x []float64) (sum float64) {
	for _, v := range x {
		sum += v
	}
	return sum
}

// collapsed compares the last tenth of a trial's steps with the first. The references run between epochs of both.
func collapsed(e effort, refs *references) (row Collapsed, err error) {
	const epochs, perEpoch, rho, m = 250, 1024 / batchSize, 1, 1
	t, log, err := planned(defaultTrial, fmt.Sprint("epochs=", epochs), fmt.Sprint("optimizer.rho=", rho), fmt.Sprint("optimizer.m=", m), "measures=[]")
	if err != nil {
		return row, err
	}
	var r race
	r.references = refs
	var starts, ends times
	begun := time.Now()
	for n := 0; n == 0 || time.Since(begun) < e.span(8*time.Second); n++ {
		*log = stepLog{}
		_, err := harness.Train(t, func(s harness.Step) {
			if s.Step%perEpoch == 0 && (s.Epoch <= epochs/10 || s.Epoch > epochs-epochs/10) {
				r.peakTimes.runs = append(r.peakTimes.runs, once(refs.peak))
				r.l2Times.runs = append(r.l2Times.runs, once(refs.l2))
			}
		})
		if err != nil {
			return row, err
		}
		if len(log.steps) != epochs*perEpoch {
			return row, fmt.Errorf("the collapsed trial took %d steps, expected %d: its loss is not finite", len(log.steps), epochs*perEpoch)
		}
		tenth := len(log.steps) / 10
		first, last := log.steps[:tenth], log.steps[len(log.steps)-tenth:]
		starts.runs, starts.turns = append(starts.runs, first...), append(starts.turns, median(first))
		ends.runs, ends.turns = append(ends.runs, last...), append(ends.turns, median(last))
	}
	return Collapsed{epochs, rho, m, 1e3 * starts.median(), 1e3 * starts.fast(), 1e3 * ends.median(), 1e3 * ends.fast(),
		ratio(ends, starts), ends.fast() / starts.fast(), r.around()}, nil
}

// once is the seconds of one run of a reference, which cannot fail.
func once(reference side) float64 {
	seconds, _ := reference(1)
	return seconds[0]
}
