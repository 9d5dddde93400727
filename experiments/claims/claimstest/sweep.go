// Package claimstest has made-up sweeps in which claims are true, or are not, for the tests of experiments' claims.
package claimstest

import (
	"fmt"
	"math"
	"math/rand/v2"

	"msharp/harness/record"
	"msharp/harness/study"
)

// Sweep is a sweep over ρ, m, label noise and the learning rate.
type Sweep struct {
	Seeds     int
	Ms, Rhos  []float64 // ρ = 0 is the base optimizer
	Noise     []float64
	LRs       []float64 // none leaves the key out
	SGD       []float64 // learning rates of the base optimizer beside them
	TrainLoss float64   // to stop at; 0 is none
}

// Flagship is the sweep of experiments/msweep: 410 trials.
var Flagship = Sweep{
	Seeds: 10,
	Ms:    []float64{1, 4, 16, 64, 128},
	Rhos:  []float64{0, .01, .02, .05, .1, .2, .3, .5, 1},
	Noise: []float64{0},
}

// Draw makes the values of a trial: test errors and losses in expectation over test images. Gaps follow from them.
type Draw func(r *rand.Rand, t study.Trial) map[string]record.Number

// Records are the trials with values of a stream, on calm test images.
func (s Sweep) Records(stream uint64, values Draw) (recs []record.Record) {
	lrs := s.LRs
	if lrs == nil {
		lrs = []float64{0}
	}
	for seed := range s.Seeds {
		for _, noise := range s.Noise {
			for _, lr := range s.SGD {
				recs = append(recs, s.record(seed, noise, 0, 0, lr))
			}
			for _, rho := range s.Rhos {
				ms := s.Ms
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
	valued := map[string]record.Values{}
	for _, r := range Calm.Test(Expected(study.Of(recs), stream, values), stream).Final() {
		valued[r.ID] = r.Values
	}
	for i := range recs {
		recs[i].Values = valued[recs[i].ID]
	}
	return recs
}

// record is a trial without values.
func (s Sweep) record(seed int, noise, m, rho, lr float64) record.Record {
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
	if s.TrainLoss > 0 {
		config["stop"] = map[string]any{"train_loss": s.TrainLoss, "max_epochs": 300.}
	}
	return record.Record{ID: fmt.Sprintf("%d/%v/%v/%v/%v", seed, noise, m, rho, lr), Status: record.Done, Config: config}
}

// With is the same trials with other values, on the test images of a stream that all seeds share.
func With(t *study.Trials, stream uint64, values Draw) *study.Trials {
	return Shared.Test(Expected(t, stream, values), stream)
}

// Expected is the same trials with other values, test errors and losses in expectation over test images.
func Expected(t *study.Trials, stream uint64, values Draw) *study.Trials {
	r := rand.New(rand.NewPCG(stream, 1))
	return t.With(func(_ int, x study.Trial) record.Values { return record.Values{Numbers: values(r, x)} })
}

// Blank is the trials of s, without values.
func (s Sweep) Blank() *study.Trials {
	return study.Of(s.Records(0, func(*rand.Rand, study.Trial) map[string]record.Number { return nil }))
}

// AsPublished is errors as Figure 3 and Table 4 have them: over ρ a U whose bottom moves right with m and is a little
// lower at small m, a base that suffers from wrong labels, less at the best epoch, and sharpness that tells the error gap
// the less the larger its m. The best learning rate is .1.
func AsPublished(r *rand.Rand, t study.Trial) map[string]record.Number {
	return AsPublishedAt(r, t, t.M)
}

// AsPublishedAt is what AsPublished would be with groups of m.
func AsPublishedAt(r *rand.Rand, t study.Trial, m float64) map[string]record.Number {
	m = max(m, 1)
	x := t.Rho / (.08 * math.Pow(m, .25))
	suffers := .4 * noiseOf(t) * math.Exp(-20*t.Rho)
	level := .11 + .001*float64(t.Seed) - (.026-.002*math.Log2(m))*x*math.Exp(1-x) + .1*math.Max(0, x-2.5) + suffers
	level = math.Min(level+.002*Octaves(t, .1), .89)
	near := func(level, sd float64) record.Number { return record.Number(level + sd*r.NormFloat64()) }
	v := map[string]record.Number{
		"train_error": 0, "train_loss": record.Number(.005 * r.Float64()), "epochs_run": 60, "test_loss": record.Number(r.Float64()),
		"test_error": near(level, .001), "val_error": near(level, .002),
	}
	for i, m := range MeasuredM {
		v[MSharpAt(m)] = v["test_error"] + record.Number(.002*float64(i+1)*r.NormFloat64())
		v["msharp(m="+m+" rho=0.2)"] = record.Number(r.Float64())
	}
	for _, b := range Baselines {
		v[b] = v["test_error"] + record.Number(.01*r.NormFloat64())
	}
	v[study.TestErrorBestVal.Name], v[study.BestValError.Name] = near(level-suffers/2, .001), near(level-suffers/2, .002)
	return v
}

// Octaves is how far the learning rate is from best, either way; 0 without one.
func Octaves(r study.Trial, best float64) float64 {
	if lr, ok := r.Number("lr"); ok {
		return math.Abs(math.Log2(lr / best))
	}
	return 0
}

// MeasuredM are the m of the measure.
var MeasuredM = []string{"1", "4", "16", "64", "256", "1024"}

// MSharpAt is the column of m-sharpness at an m and ρ = .05.
func MSharpAt(m string) string { return "msharp(m=" + m + " rho=0.05)" }

// Baselines are the columns of measures beside m-sharpness.
var Baselines = []string{"gradnorm", "norm", "distance"}

func noiseOf(r study.Trial) float64 { v, _ := study.Noise.Of(r); return v }

// OfSeeds is s with n seeds.
func (s Sweep) OfSeeds(n int) Sweep {
	s.Seeds = n
	return s
}

// OfSettings has n learning rates, .1 in the middle.
func (s Sweep) OfSettings(n int) Sweep {
	s.LRs = make([]float64, n)
	for i := range s.LRs {
		s.LRs[i] = .1 * math.Exp2(float64(i-n/2)/64)
	}
	return s
}
