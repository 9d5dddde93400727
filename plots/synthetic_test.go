package plots

import (
	"fmt"
	"math"
	"math/rand/v2"

	"msharp/harness/record"
)

// population is a synthetic sweep: a U-shaped error, sharpness that knows it best at small m, collapse and divergence
// at large ρ and small m.
type population struct {
	seeds   int
	ms      []float64
	rhos    []float64 // 0 is the base optimizer
	measure []string  // the m of the measures; nil for none
	at      []float64 // their ρ
	epochs  int
	hidden  []float64 // model.hidden swept too; nil for [128]
}

var whole = population{
	seeds: 10, ms: []float64{1, 4, 16, 64, 128}, rhos: []float64{0, .01, .02, .05, .1, .2, .3, .5, 1}, // 41 cells
	measure: []string{"1", "4", "16", "64", "256", "n"}, at: []float64{.01, .05, .2}, epochs: 60,
}

var small = population{
	seeds: 3, ms: []float64{1, 16}, rhos: []float64{0, .02, .05, .2, .5},
	measure: []string{"1", "16", "n"}, at: []float64{.05, .2}, epochs: 3,
}

func (p population) records() (recs []record.Record) {
	hidden := p.hidden
	if hidden == nil {
		hidden = []float64{128}
	}
	for seed := 1; seed <= p.seeds; seed++ {
		for _, h := range hidden {
			for _, rho := range p.rhos {
				ms := p.ms
				if rho == 0 {
					ms = []float64{0}
				}
				for _, m := range ms {
					recs = append(recs, p.trial(seed, h, rho, m))
				}
			}
		}
	}
	return recs
}

func (p population) trial(seed int, hidden, rho, m float64) record.Record {
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
	set("zero_gradients", 0)
	for _, rhoM := range p.at {
		for _, mm := range p.measure {
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
	for e := 1; e <= p.epochs; e++ {
		t := float64(e) / float64(p.epochs)
		loss := 2.3*math.Exp(-7*t) + .002*(1+20*rho)
		if rec.Status == record.Diverged && e == p.epochs {
			break
		}
		rec.Epochs = append(rec.Epochs, record.Epoch{
			Epoch: e, TrainLoss: record.Number(loss), PerturbedLoss: record.Number(loss * (1 + 12*rho/math.Sqrt(m+1))),
			ValError: record.Number(.11 + .5*math.Exp(-12*t) + .004*bySeed + .003*r.NormFloat64() - gain/100),
		})
	}
	return rec
}

// shuffled is the same records in another order.
func shuffled(recs []record.Record) []record.Record {
	out := append([]record.Record(nil), recs...)
	r := rand.New(rand.NewPCG(5, 6))
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}
