package main

import (
	"math/rand/v2"
	"time"

	"msharp/harness"
	"msharp/harness/config"
	"msharp/models"
	"msharp/sharpness"
)

// Curvature is what the Hessian and the measures made of it cost.
type Curvature struct {
	HessVec  []HessVec       `json:"hessvec"`
	Measures []Measured      `json:"measures"`
	Watch    Watched         `json:"watch"`
	Torch    *DoubleBackward `json:"torch,omitempty"` // with --torch
}

// HessVec is the time of a product with the Hessian of a chunk, the 256 examples that measures take at once.
type HessVec struct {
	Model         string  `json:"model"`
	MS            float64 `json:"ms"`
	FastMS        float64 `json:"fast_ms"`        // of the best decile
	Gradients     float64 `json:"gradients"`      // in gradients of the chunk, measured in alternation
	FastGradients float64 `json:"fast_gradients"` // of the best deciles
	Around
}

// Measured is the time of a measure after a default trial.
type Measured struct {
	Measure  string  `json:"measure"` // its kind, or "all of these" above it
	MS       float64 `json:"ms"`
	FastMS   float64 `json:"fast_ms"`
	Training float64 `json:"of_training"` // as a share of the same trial's training
	Around
}

// Watched is a look at λ₁ of the training loss during training on the whole batch.
type Watched struct {
	Every  int     `json:"every"`   // so many steps between two looks
	StepMS float64 `json:"step_ms"` // without looks
	LookMS float64 `json:"look_ms"`
	Steps  float64 `json:"steps"` // a look in steps: at longer intervals a watch does not double the time
	Ratio  float64 `json:"ratio"` // of the time of training with looks by that without
	Around
}

func curvature(e effort, refs *references) (c Curvature, err error) {
	c.HessVec = hessVecs(e, refs)
	if c.Measures, err = measured(e, refs); err != nil {
		return c, err
	}
	c.Watch, err = watched(e, refs)
	return c, err
}

// rows are what says how fast the machine was.
func (c *Curvature) rows() (all []*Around) {
	for i := range c.HessVec {
		all = append(all, &c.HessVec[i].Around)
	}
	for i := range c.Measures {
		all = append(all, &c.Measures[i].Around)
	}
	all = append(all, &c.Watch.Around)
	if c.Torch != nil {
		all = append(all, &c.Torch.Around)
	}
	return all
}

func hessVecs(e effort, refs *references) (all []HessVec) {
	const chunk = 256
	digits := models.Shape{C: 1, H: 28, W: 28}
	for _, s := range []*subject{
		newSubject("mlp128", digits, &models.MLP{Hidden: []int{128}, Activation: "relu"}, chunk),
		newSubject("mlp", digits, &models.MLP{Hidden: []int{256, 128}, Activation: "relu"}, chunk),
		newSubject("cnn", digits, &models.CNN{Blocks: blocks(16, 32), Activation: "relu"}, chunk),
	} {
		v := s.direction()
		r := refs.raceOf(e.rounds(9), e.span(2*time.Second), func() { s.gradient(0) }, func() { s.problem.HessVec(s.g, s.w, v) })
		gradient, product := r.rows[0], r.rows[1]
		all = append(all, HessVec{s.name, 1e3 * product.median(), 1e3 * product.fast(), ratio(product, gradient), product.fast() / gradient.fast(), r.around()})
	}
	return all
}

// direction draws a vector of the weights' length.
func (s *subject) direction() []float32 {
	v, r := make([]float32, len(s.w)), rand.New(rand.NewPCG(3, 4))
	for i := range v {
		v[i] = float32(r.NormFloat64())
	}
	return v
}

// timedMeasures are those timed after a default trial: its m-sharpness, λ₁ to λ₅, tr H, tr GGN, and tr F and tr V. The spectra of F and V, which take
// far longer, are not among what is timed together.
var timedMeasures = []string{"msharp", "hessian", "trace", "ggn", "fisher k = 0", "all of these", "fisher k = 5"}

const curvatures = "  - hessian\n  - trace\n  - ggn\n  - {kind: fisher, k: 0}\n"

// timedMeasure is a measure whose times are logged.
type timedMeasure struct {
	sharpness.Measure
	log *[]float64 // seconds
}

func (m timedMeasure) Of(l sharpness.Landscape, r *rand.Rand) ([]float64, error) {
	start := threadTime()
	defer func() { *m.log = append(*m.log, (threadTime() - start).Seconds()) }()
	return m.Measure.Of(l, r)
}

// timeMeasures lets the measures of a trial log their times.
func timeMeasures(t *config.Trial, log *[]float64) {
	for i, m := range t.Config.Measures {
		t.Config.Measures[i].Spec = timedMeasure{m.Spec, log}
	}
}

func measured(e effort, refs *references) (rows []Measured, err error) {
	t, log, err := planned(defaultTrial + curvatures)
	if err != nil {
		return nil, err
	}
	var took []float64
	t.Config.Measures = append(t.Config.Measures, sharpness.Any{Spec: &sharpness.Fisher{K: 5}})
	timeMeasures(&t, &took)
	all, shares := make([]times, len(timedMeasures)), make([][]float64, len(timedMeasures))
	train := func(int) ([]float64, error) {
		*log, took = stepLog{}, nil
		start := threadTime()
		if _, err := harness.Train(t, nil); err != nil {
			return nil, err
		}
		training := (log.end - start).Seconds()
		last := len(took) - 1
		for i, seconds := range append(took[:last:last], sum(took[:last]), took[last]) {
			all[i].runs, shares[i] = append(all[i].runs, seconds), append(shares[i], seconds/training)
		}
		return []float64{training}, nil
	}
	r, err := refs.race(pacing{rounds: e.rounds(9), most: 1}, train)
	if err != nil {
		return nil, err
	}
	for i, name := range timedMeasures {
		rows = append(rows, Measured{name, 1e3 * all[i].median(), 1e3 * all[i].fast(), median(shares[i]), r.around()})
	}
	return rows, nil
}

// fullBatch is training of the default network on all of its examples at once.
const fullBatch = `
data: {kind: mnist, pool: disjoint, train: 1024, val: 0, test: 0}
model: {kind: mlp, hidden: [128]}
optimizer: {kind: sgd, momentum: 0.9, weight_decay: 0}
lr: 0.05
epochs: 200
batch_size: 1024
seed: 1
`

func watched(e effort, refs *references) (row Watched, err error) {
	const epochs, every, looks = 200, 50, 5 // at the start too
	side := func(text string) (side, error) {
		t, _, err := planned(text)
		return func(int) ([]float64, error) {
			start := threadTime()
			_, err := harness.Train(t, nil)
			return []float64{(threadTime() - start).Seconds()}, err
		}, err
	}
	bare, err := side(fullBatch)
	if err != nil {
		return row, err
	}
	watch, err := side(fullBatch + "watch: {every: 50, unit: step, measures: [{kind: hessian, k: 1}]}\n")
	if err != nil {
		return row, err
	}
	r, err := refs.race(pacing{rounds: e.rounds(7), most: 1}, bare, watch)
	if err != nil {
		return row, err
	}
	without, with := r.rows[0], r.rows[1]
	step, look := without.median()/epochs, (with.median()-without.median())/looks
	return Watched{every, 1e3 * step, 1e3 * look, look / step, ratio(with, without), r.around()}, nil
}
