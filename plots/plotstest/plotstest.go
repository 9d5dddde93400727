// Package plotstest has made-up sweeps for the tests of figures and pages.
//
//	recs := plotstest.Small.Records()
//	recs = plotstest.With(recs, plotstest.Diverge) // every run diverged
//
// Equal arguments give equal records.
package plotstest

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"msharp/harness/record"
	"msharp/harness/study"
)

// Population is a made-up sweep of SAM: an error that is U-shaped over ρ, sharpness that knows it best at small m, collapse and divergence
// at large ρ and small m.
type Population struct {
	Seeds    int       // 1, 2, ..., Seeds
	Ms       []float64 // 128 is the whole batch
	Rhos     []float64 // 0 is the base optimizer
	Measures []string  // the m of the m-sharpness of every trial, "n" for all examples; nil for no measure
	At       []float64 // the ρ of the measures
	Epochs   int       // that a record holds
	Hidden   []float64 // widths of the hidden layer that were swept; nil for 128 alone
	Noise    []float64 // shares of wrong labels that were swept; nil for none
}

// OneSeed is the population of its first seed alone.
func (p Population) OneSeed() Population { p.Seeds = 1; return p }

var (
	// Whole is as large as a sweep that a paper reports.
	Whole = Population{
		Seeds: 10, Ms: []float64{1, 4, 16, 64, 128}, Rhos: []float64{0, .01, .02, .05, .1, .2, .3, .5, 1}, // 41 cells
		Measures: []string{"1", "4", "16", "64", "256", "n"}, At: []float64{.01, .05, .2}, Epochs: 60,
	}
	// Small has 27 trials, two of them diverged.
	Small = Population{
		Seeds: 3, Ms: []float64{1, 16}, Rhos: []float64{0, .02, .05, .2, .5},
		Measures: []string{"1", "16", "n"}, At: []float64{.05, .2}, Epochs: 3,
	}
	// Noisy is Small at three shares of wrong labels.
	Noisy = Population{
		Seeds: 3, Ms: []float64{1, 128}, Rhos: []float64{0, .02, .05, .2},
		Measures: []string{"1", "n"}, At: []float64{.05}, Epochs: 3, Noise: []float64{0, .2, .4},
	}
)

// Records are those of every trial.
func (p Population) Records() (recs []record.Record) {
	hidden := p.Hidden
	if hidden == nil {
		hidden = []float64{128}
	}
	noise := p.Noise
	if noise == nil {
		noise = []float64{0}
	}
	for seed := 1; seed <= p.Seeds; seed++ {
		for _, h := range hidden {
			for _, rho := range p.Rhos {
				ms := p.Ms
				if rho == 0 {
					ms = []float64{0}
				}
				for _, m := range ms {
					for _, share := range noise {
						rec := p.trial(seed, h, rho, m)
						if p.Noise != nil {
							rec = mislabelled(rec, rho, share)
						}
						recs = append(recs, rec)
					}
				}
			}
		}
	}
	return recs
}

// mislabelled is a trial with a share of wrong labels, of which its ascent learns fewer.
func mislabelled(rec record.Record, rho, share float64) record.Record {
	rec.ID = fmt.Sprintf("%s-%g", rec.ID, share)
	config := maps.Clone(rec.Config)
	data := maps.Clone(config["data"].(map[string]any))
	data["label_noise"] = share
	config["data"], rec.Config = data, config
	rec.Values.Numbers = maps.Clone(rec.Values.Numbers)
	n := rec.Values.Numbers
	more := record.Number(share * (1 - 2*math.Min(rho, .3)))
	n["test_error"] += more
	n["val_error"] += more + record.Number(share)
	n["error_gap"] += more
	n["test_error_at_best_val"] = n["test_error"] - .3*more
	n["best_val_error"] = n["val_error"] - .3*more
	return rec
}

func (p Population) trial(seed int, hidden, rho, m float64) record.Record {
	r := rand.New(rand.NewPCG(uint64(seed), uint64(1e6*rho+1e3*m+hidden)))
	bySeed := rand.New(rand.NewPCG(uint64(seed), 0)).NormFloat64()
	optimizer := map[string]any{"kind": "sam", "rho": rho, "base": map[string]any{"kind": "sgd", "momentum": .9}}
	if rho > 0 {
		optimizer["m"] = m
		if m == 128 {
			optimizer["m"] = 0. // the whole batch
		}
	}
	rec := record.Record{
		ID:     fmt.Sprintf("%02d-%g-%g-%g", seed, hidden, rho, m),
		Status: record.Done,
		Config: map[string]any{
			"data": map[string]any{"kind": "mnist", "train": 1024.}, "model": map[string]any{"kind": "mlp", "hidden": []any{hidden}},
			"optimizer": optimizer, "batch_size": 128., "seed": float64(seed), "lr": .05,
		},
		Values: record.Values{Numbers: map[string]record.Number{}},
	}
	// In z = log₁₀(ρ/ρ*), ρ* the best radius of m, the gain is a parabola and beyond z = .55 the run collapses.
	gain, z := 0., -1.
	if rho > 0 {
		best := .07 * math.Pow(m, .32)
		z = math.Log10(rho / best)
		gain = (1.2 - .05*math.Log2(m)) * math.Exp(-z*z/.6)
	}
	err := .1057 + .006*bySeed + .0011*r.NormFloat64() - gain/100
	train := 0.
	if z > .42 {
		err += .35 * (z - .42)
		train = .04 * (z - .42)
	}
	if z > .8 {
		err, train = .9, .9
	}
	if r.Float64() < .02 || z > 1.1 && r.Float64() < .6 {
		rec.Status = record.Diverged
		err, train = math.NaN(), math.NaN()
	}
	err = math.Round(err*3452) / 3452 // a test set of 3452, so that there are ties
	n := rec.Values.Numbers
	set := func(name string, v float64) { n[name] = record.Number(v) }
	set("train_error", train)
	set("train_loss", train+.002*math.Exp(20*(err-.1)+.5*r.NormFloat64()))
	set("test_error", err)
	set("val_error", err+.002*r.NormFloat64())
	set("error_gap", err-train)
	set("loss_gap", 4*(err-train)+.02*r.NormFloat64())
	set("zero_gradients", 0)
	for _, rhoM := range p.At {
		for _, mm := range p.Measures {
			lg := 11.
			if mm != "n" {
				var v float64
				fmt.Sscan(mm, &v)
				lg = math.Log2(v)
			}
			s := math.Pow(10, -1.4-.15*lg+math.Log10(rhoM)+40*(err-.1)+(.15+.1*lg)*r.NormFloat64())
			name := fmt.Sprintf("(m=%s rho=%g)", mm, rhoM)
			set("msharp"+name, s)
			set("msharp_se"+name, s/10)
		}
	}
	for e := 1; e <= p.Epochs; e++ {
		t := float64(e) / float64(p.Epochs)
		loss := 2.3*math.Exp(-7*t) + .002*(1+20*rho)
		if rec.Status == record.Diverged && e == p.Epochs {
			break
		}
		rec.Epochs = append(rec.Epochs, record.Epoch{
			Epoch: e, TrainLoss: record.Number(loss), PerturbedLoss: record.Number(loss * (1 + 12*rho/math.Sqrt(m+1))),
			ValError: record.Number(.11 + .5*math.Exp(-12*t) + .004*bySeed + .003*r.NormFloat64() - gain/100),
		})
	}
	return rec
}

// Zoo is a population without SAM: 32 networks a seed, stopped at one train loss, which one of them never reaches. Their sharpness
// knows the gap best at small m.
func Zoo(seeds int) (recs []record.Record) {
	for seed := 1; seed <= seeds; seed++ {
		for i, hidden := range [][]any{{32.}, {64.}, {32., 32.}, {64., 64.}} {
			for _, batch := range []float64{32, 128} {
				for _, lr := range []float64{.003, .01, .02, .03} {
					r := rand.New(rand.NewPCG(uint64(seed), uint64(1e6*lr+1e3*batch)+uint64(i)))
					gap := .1 - .004*float64(i%2) - .3*lr + .002*r.NormFloat64() + .001*float64(seed)
					gap = math.Round(gap*4476) / 4476
					rec := record.Record{
						ID: fmt.Sprintf("zoo-%d-%d-%g-%g", seed, i, batch, lr), Status: record.Done,
						Config: map[string]any{
							"data": map[string]any{"kind": "mnist", "train": 1024.}, "model": map[string]any{"kind": "mlp", "hidden": hidden},
							"optimizer": map[string]any{"kind": "sgd", "momentum": .9}, "batch_size": batch, "lr": lr, "seed": float64(seed),
							"stop": map[string]any{"train_loss": .01, "max_epochs": 300.},
						},
						Values: record.Values{Numbers: map[string]record.Number{}},
					}
					set := func(name string, v float64) { rec.Values.Numbers[name] = record.Number(v) }
					loss, run := .0099-.01*lr+.0001*r.Float64(), 20+100*r.Float64()
					if lr == .003 && batch == 128 && i == 0 {
						loss, run = .02, 300
					}
					set("train_loss", loss)
					set("epochs_run", math.Round(run))
					set("train_error", 0)
					set("test_error", gap)
					set("error_gap", gap)
					set("loss_gap", 4*gap+.05*r.NormFloat64())
					set("gradnorm", .01*math.Exp(.5*r.NormFloat64()))
					set("norm", 10+r.NormFloat64())
					set("pacbayes(rho=0.05)", 9+r.NormFloat64())
					for k, m := range []string{"1", "16", "1024"} {
						for _, rho := range []float64{.01, .05} {
							set(fmt.Sprintf("msharp(m=%s rho=%g)", m, rho), rho*math.Exp(200*(gap-.1)+.3*float64(1+3*k)*r.NormFloat64()))
						}
					}
					recs = append(recs, rec)
				}
			}
		}
	}
	return recs
}

// ByBlock is the records, each with its test results by block. The images of a block are about as hard in every trial.
func ByBlock(recs []record.Record) []record.Record {
	const blocks, size = 50, 200
	return With(recs, func(r *record.Record) {
		if r.Status != record.Done {
			return
		}
		n := r.Values.Numbers
		spread := func(errors float64) (by []int) { // in proportion to how hard a block is, which is 1 in the mean
			before := 0.
			for g := range blocks {
				hard := 1 + .2*math.Sin(float64(7*g)) + .1*math.Sin(float64(3*g)*(1+errors))
				after := before + errors*size*hard
				by = append(by, int(min(size, math.Round(after)-math.Round(before))))
				before = after
			}
			return by
		}
		at := &r.Values.Blocks
		*at = record.Blocks{Errors: spread(float64(n["test_error"]))}
		if v, ok := n["test_error_at_best_val"]; ok {
			at.ErrorsAtBestVal = spread(float64(v))
		}
		loss, all := float64(n["loss_gap"]+n["train_loss"]), 0
		for _, k := range at.Errors {
			all += k
		}
		for _, k := range at.Errors {
			at.Examples = append(at.Examples, size)
			at.Loss = append(at.Loss, record.Rounded(loss*size*blocks*float64(k+1)/float64(all+blocks)))
		}
	})
}

// Counted is the records, each with the confusion counts of so many test examples.
func Counted(recs []record.Record, tests int) []record.Record {
	return With(recs, func(r *record.Record) { r.Values.Confusion = [][]int{{tests - 1, 1}, {0, 0}} })
}

// Several is Small at two learning rates without weight decay, and the base optimizer alone at three by two decays, of which it does best at
// one that SAM was not trained at.
func Several(seeds int) (recs []record.Record) {
	p := Small
	p.Seeds = seeds
	for _, lr := range []float64{.025, .1, .2} {
		for _, decay := range []float64{0, .002} {
			of := p.Records()
			if lr == .2 || decay > 0 {
				of = Only(of, func(r study.Trial) bool { return r.Rho == 0 })
			}
			better := record.Number(.004*math.Log2(lr/.025) + 2*decay)
			for _, r := range With(of, func(r *record.Record) {
				for _, name := range []string{"test_error", "val_error", "error_gap"} {
					r.Values.Numbers[name] -= better
				}
			}) {
				r.ID = fmt.Sprintf("%s-%g-%g", r.ID, lr, decay)
				r.Config = maps.Clone(r.Config)
				optimizer := maps.Clone(r.Config["optimizer"].(map[string]any))
				optimizer["base"] = map[string]any{"kind": "sgd", "momentum": .9, "weight_decay": decay}
				r.Config["optimizer"], r.Config["lr"] = optimizer, lr
				recs = append(recs, r)
			}
		}
	}
	return recs
}

// Shuffled is the records in another order.
func Shuffled(recs []record.Record) []record.Record {
	out := slices.Clone(recs)
	r := rand.New(rand.NewPCG(5, 6))
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// Only is the records of final trials that keep accepts.
func Only(recs []record.Record, keep func(r study.Trial) bool) (out []record.Record) {
	kept := map[string]bool{}
	for _, r := range study.Of(recs).Final() {
		kept[r.ID] = keep(r)
	}
	for _, rec := range recs {
		if kept[rec.ID] {
			out = append(out, rec)
		}
	}
	return out
}

// With is the records with a change to each, which may write into its numbers; recs stay as they are.
func With(recs []record.Record, change func(r *record.Record)) []record.Record {
	out := slices.Clone(recs)
	for i := range out {
		out[i].Values.Numbers = maps.Clone(out[i].Values.Numbers)
		if out[i].Values.Numbers == nil {
			out[i].Values.Numbers = map[string]record.Number{}
		}
		change(&out[i])
	}
	return out
}

// At is the records with another value of a key of the configuration, by its path, and so with other ids: At(recs, .2, "lr").
func At(recs []record.Record, v any, path ...string) []record.Record {
	var set func(config any, path []string) any
	set = func(config any, path []string) any {
		if len(path) == 0 {
			return v
		}
		of, _ := config.(map[string]any)
		changed := maps.Clone(of)
		if changed == nil {
			changed = map[string]any{}
		}
		changed[path[0]] = set(changed[path[0]], path[1:])
		return changed
	}
	return With(recs, func(r *record.Record) {
		r.ID += fmt.Sprint("-", v)
		r.Config = set(r.Config, path).(map[string]any)
	})
}

// Diverge makes a run one that diverged.
func Diverge(r *record.Record) {
	r.Status = record.Diverged
	for k := range r.Values.Numbers {
		r.Values.Numbers[k] = record.Number(math.NaN())
	}
}

// Trial is a bare record of a batch of 8, with these numbers and nothing else.
func Trial(seed int, rho, m float64, values map[string]float64) record.Record {
	optimizer := map[string]any{"rho": rho}
	if rho > 0 {
		optimizer["m"] = m
	}
	numbers := map[string]record.Number{}
	for k, v := range values {
		numbers[k] = record.Number(v)
	}
	return record.Record{
		ID: fmt.Sprintf("%02d-%g-%g", seed, rho, m), Status: record.Done,
		Config: map[string]any{"optimizer": optimizer, "batch_size": 8., "seed": float64(seed)}, Values: record.Values{Numbers: numbers},
	}
}

// Erring is a Trial with a test and a validation error.
func Erring(seed int, rho, m, test, val float64) record.Record {
	return Trial(seed, rho, m, map[string]float64{"test_error": test, "val_error": val})
}
