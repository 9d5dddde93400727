package verdict

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"msharp/harness/record"
)

// synthetic is a sweep over ρ, m, label noise and the learning rate.
type synthetic struct {
	seeds     int
	ms, rhos  []float64 // ρ = 0 is the base optimizer
	noise     []float64
	lrs       []float64 // none leaves the key out
	sgd       []float64 // learning rates of the base optimizer beside them
	trainLoss float64   // to stop at; 0 is none
}

// flagship is the sweep of experiments/msweep: 410 trials.
var flagship = synthetic{
	seeds: 10,
	ms:    []float64{1, 4, 16, 64, 128},
	rhos:  []float64{0, .01, .02, .05, .1, .2, .3, .5, 1},
	noise: []float64{0},
}

// draw makes the values of a trial.
type draw func(r *rand.Rand, t trial) map[string]record.Number

func (s synthetic) records(stream uint64, values draw) (recs []record.Record) {
	lrs := s.lrs
	if lrs == nil {
		lrs = []float64{0}
	}
	for seed := range s.seeds {
		for _, noise := range s.noise {
			for _, lr := range s.sgd {
				recs = append(recs, s.record(seed, noise, 0, 0, lr))
			}
			for _, rho := range s.rhos {
				ms := s.ms
				if rho == 0 {
					ms = []float64{0}
				}
				for _, m := range ms {
					for _, lr := range lrs {
						recs = append(recs, s.record(seed, noise, m, rho, lr))
					}
				}
			}
		}
	}
	t, _ := read(recs)
	valued := map[string]record.Values{}
	for _, r := range t.with(stream, values).trials {
		valued[r.ID] = r.Values
	}
	for i := range recs {
		recs[i].Values = valued[recs[i].ID]
	}
	return recs
}

// record is a trial without values.
func (s synthetic) record(seed int, noise, m, rho, lr float64) record.Record {
	optimizer := map[string]any{"kind": "sam", "rho": rho}
	if rho > 0 {
		optimizer["m"] = m
	}
	config := map[string]any{
		"batch_size": 128., "seed": float64(seed + 1), "optimizer": optimizer,
		"data": map[string]any{"train": 1024., "label_noise": noise},
	}
	if lr > 0 {
		config["lr"] = lr
	}
	if s.trainLoss > 0 {
		config["stop"] = map[string]any{"train_loss": s.trainLoss, "max_epochs": 300.}
	}
	return record.Record{ID: fmt.Sprintf("%d/%v/%v/%v/%v", seed, noise, m, rho, lr), Status: record.Done, Config: config}
}

// with is the same trials with other values.
func (t *table) with(stream uint64, values draw) *table {
	trials := slices.Clone(t.trials)
	r := rand.New(rand.NewPCG(stream, 1))
	for i, x := range trials {
		rec := *x.Record
		rec.Values = record.Values{Numbers: values(r, x)}
		trials[i].Record = &rec
	}
	return newTable(trials, t.errors)
}

// blank is the trials of s, without values.
func (s synthetic) blank() *table {
	t, _ := read(s.records(0, func(*rand.Rand, trial) map[string]record.Number { return nil }))
	return t
}

// asPublished is errors as Figure 3 and Table 4 have them: over ρ a U whose bottom moves right with m and is a little
// lower at small m, a base that suffers from wrong labels, less at the best epoch, and sharpness that tells the error gap
// the less the larger its m. The best learning rate is .1.
func asPublished(r *rand.Rand, t trial) map[string]record.Number {
	m := max(t.m, 1)
	x := t.rho / (.08 * math.Pow(m, .25))
	suffers := .4 * t.noise() * math.Exp(-20*t.rho)
	level := .11 + .001*float64(t.seed) - (.026-.002*math.Log2(m))*x*math.Exp(1-x) + .1*math.Max(0, x-2.5) + suffers
	level = math.Min(level+.002*t.octaves(.1), .89)
	near := func(level, sd float64) record.Number { return record.Number(level + sd*r.NormFloat64()) }
	v := map[string]record.Number{
		"train_error": 0, "train_loss": record.Number(.005 * r.Float64()), "epochs_run": 60, "loss_gap": record.Number(r.Float64()),
		"test_error": near(level, .001), "val_error": near(level, .002),
	}
	v["error_gap"] = v["test_error"]
	for i, m := range measuredM {
		v[msharpAt(m)] = v["error_gap"] + record.Number(.002*float64(i+1)*r.NormFloat64())
		v["msharp(m="+m+" rho=0.2)"] = record.Number(r.Float64())
	}
	for _, b := range baselines[:3] {
		v[b.column] = v["error_gap"] + record.Number(.01*r.NormFloat64())
	}
	v[bestEpoch.test], v[bestEpoch.val] = near(level-suffers/2, .001), near(level-suffers/2, .002)
	return v
}

// octaves is how far the learning rate is from best, either way; 0 without one.
func (r trial) octaves(best float64) float64 {
	if lr, ok := r.number("lr"); ok {
		return math.Abs(math.Log2(lr / best))
	}
	return 0
}

var measuredM = []string{"1", "4", "16", "64", "256", "1024"}

func msharpAt(m string) string { return "msharp(m=" + m + " rho=0.05)" }
