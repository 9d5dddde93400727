package verdict

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"msharp/harness/parallel"
	"msharp/harness/record"
)

const sweeps = 1000 // simulated, of each null

// limit is 5 % and two standard errors of a rate over the sweeps.
var limit = .05 + 2*math.Sqrt(.05*.95/sweeps)

// null tests that claims reproduce in no more than the limit of simulated sweeps where they are not true: each alone, and judged with
// the others.
func null(t *testing.T, name string, ps []Claim, simulate func(i int) *table) {
	t.Helper()
	nullUpTo(t, limit, name, ps, simulate)
}

func nullUpTo(t *testing.T, limit float64, name string, ps []Claim, simulate func(i int) *table) {
	t.Helper()
	type outcome struct{ alone, among bool }
	found := parallel.Map(sweeps, func(i int) (out []outcome) {
		tb := simulate(i)
		evidence := weighAll(ps, func(c Claim) ([]Part, string) { return c.of(tb) })
		for k, v := range settle(evidence) {
			out = append(out, outcome{evidence[k].p() <= alpha, v.Verdict == Reproduces})
		}
		return out
	})
	for k, c := range ps {
		var alone, among float64
		for _, f := range found {
			if f[k].alone {
				alone += 1. / sweeps
			}
			if f[k].among {
				among += 1. / sweeps
			}
		}
		t.Logf("%s: %s reproduces in %.1f %% alone, %.1f %% among %d claims", name, c.ID, 100*alone, 100*among, len(ps))
		if !(alone <= limit) || !(among <= limit) {
			t.Errorf("%s: %s reproduces in %.1f %% alone, %.1f %% among the others", name, c.ID, 100*alone, 100*among)
		}
	}
}

// permute deals the values of the trials of one key among them. A key may leave a trial out.
func (t *table) permute(i int, key func(r trial) (k [3]float64, ok bool)) *table {
	r := rand.New(rand.NewPCG(7, uint64(i)))
	groups := map[[3]float64][]int{}
	var order [][3]float64
	for at, x := range t.trials {
		if k, ok := key(x); ok {
			if groups[k] == nil {
				order = append(order, k)
			}
			groups[k] = append(groups[k], at)
		}
	}
	out := slices.Clone(t.trials)
	for _, k := range order {
		for a, b := range r.Perm(len(groups[k])) {
			out[groups[k][a]].Record = t.trials[groups[k][b]].Record // of which claims read nothing but values
		}
	}
	return newTable(out, t.errors)
}

func (r trial) noise() float64 { v, _ := r.number("data.label_noise"); return v }

func pick(ps []Claim, ids ...string) (out []Claim) {
	for _, p := range ps {
		if slices.Contains(ids, p.ID) {
			out = append(out, p)
		}
	}
	return out
}

// errors are those of asPublished without its measures.
func errors(r *rand.Rand, t trial) map[string]record.Number {
	m := max(t.m, 1)
	x := t.rho / (.08 * math.Pow(m, .25))
	return around(r, math.Min(.11-(.018-.001*math.Log2(m))*x*math.Exp(1-x)+.1*math.Max(0, x-2.5), .89), .002)
}

// around is errors about a level, test and validation error of one run with a deviation that they share.
func around(r *rand.Rand, level, shared float64) map[string]record.Number {
	run := shared * r.NormFloat64()
	return map[string]record.Number{
		"test_error": record.Number(level + run + .001*r.NormFloat64()),
		"val_error":  record.Number(level + run + .004*r.NormFloat64()),
	}
}

// alsoBest has at the epoch of best validation errors of the same kind, drawn anew.
func alsoBest(of draw) draw {
	return func(r *rand.Rand, t trial) map[string]record.Number {
		v, best := of(r, t), of(r, t)
		v[bestEpoch.test], v[bestEpoch.val] = best["test_error"], best["val_error"]
		return v
	}
}

// ofM deals out m within each (seed, ρ).
func ofM(r trial) ([3]float64, bool) { return [3]float64{float64(r.seed), r.rho}, r.rho > 0 }

// Claims on training m, its labels permuted independently within each (seed, ρ).
func TestNullOfTrainingM(t *testing.T) {
	blank := flagship.blank()
	ps := pick(figure3, "error-rises-with-m", "best-rho-moves-right", "tuned-small-m-wins", "curves-cross")
	null(t, "m permuted", ps, func(i int) *table { return blank.with(uint64(i), errors).permute(i, ofM) })
}

// The U is a claim on ρ: its labels permuted within each seed. Once all of them, and once all but the largest, so that
// one arm is real.
func TestNullOfRho(t *testing.T) {
	one := flagship
	one.ms = one.ms[2:3]
	blank := one.blank()
	for name, keep := range map[string]float64{"ρ permuted": math.Inf(1), "ρ permuted but the largest": 1} {
		null(t, name, pick(figure3, "u-shape"), func(i int) *table {
			return blank.with(uint64(i), errors).permute(i, func(r trial) ([3]float64, bool) {
				return [3]float64{float64(r.seed)}, r.rho < keep
			})
		})
	}
}

// Tuned errors that are equal in truth: each m has its best ρ at another place, and one as low.
func TestNullOfTuning(t *testing.T) {
	s := flagship
	s.seeds, s.ms = 8, []float64{4, 16, 128}
	blank := s.blank()
	equal := func(r *rand.Rand, x trial) map[string]record.Number {
		best := map[float64]float64{4: .1, 16: .2, 128: .3}[x.m]
		level := .1 + .002*math.Abs(math.Log2(max(x.rho, .005)/best))
		z, w := r.NormFloat64(), r.NormFloat64()
		return map[string]record.Number{
			"test_error": record.Number(level + .0025*z),
			"val_error":  record.Number(level + .0043*(.3*z+.95*w)),
		}
	}
	simulate := func(i int) *table { return blank.with(uint64(i), equal) }
	null(t, "equal at the best ρ", pick(figure3, "tuned-small-m-wins"), simulate)
	part := Claim{ID: "tuned m = 4", Direction: +1, Smallest: .2, of: func(t *table) ([]Part, string) {
		families, _ := t.families()
		d, _, _ := families[0].lead(4)
		return []Part{{BySeed: d.bySeed(), P: reverse(d)}}, ""
	}}
	nullUpTo(t, .08, "equal at the best ρ", []Claim{part}, simulate) // near exact: see reverse
}

// Claims on label noise: the optimizers' labels permuted within each (seed, noise), those of m with ρ > 0, those of the
// noise.
func TestNullOfLabelNoise(t *testing.T) {
	s := synthetic{seeds: 8, ms: []float64{1, 16, 128}, rhos: []float64{0, .05, .1, .2}, noise: []float64{0, .2, .4, .8}}
	blank := s.blank()
	flat := func(r *rand.Rand, x trial) map[string]record.Number {
		level := .1 + x.noise()/2 + .01*r.NormFloat64()
		return map[string]record.Number{
			"test_error": record.Number(level + .002*r.NormFloat64()),
			"val_error":  record.Number(level + .005*r.NormFloat64()),
		}
	}
	one := s
	one.noise = s.noise[:1]
	clean := one.blank()
	batch := pick(labelNoise, "small-m-beats-batch", "small-m-beats-batch-best-val")
	null(t, "optimizers permuted, one level", slices.Concat(batch, pick(labelNoise, "sam-beats-sgd", "sam-beats-sgd-best-val")),
		func(i int) *table { return clean.with(uint64(i), alsoBest(flat)) })
	null(t, "m permuted", batch, func(i int) *table { return clean.with(uint64(i), alsoBest(errors)).permute(i, ofM) })
	grows := pick(labelNoise, "gain-grows-with-noise")
	null(t, "optimizers permuted", grows, func(i int) *table { return blank.with(uint64(i), flat) })
	null(t, "noise permuted", grows, func(i int) *table {
		tb := blank.with(uint64(i), errors) // one gain at every level
		return tb.permute(i, func(r trial) ([3]float64, bool) { return [3]float64{float64(r.seed), r.rho, r.m}, true })
	})
}

// latent gives every measure and baseline the same value plus equal independent noise, which tells of the gaps to the
// given extent.
func latent(tells float64) draw {
	return func(r *rand.Rand, x trial) map[string]record.Number {
		z := r.NormFloat64()
		gap := func() record.Number { return record.Number(tells*z + r.NormFloat64()) }
		loss := record.Number((1 + math.Tanh(z+r.NormFloat64())) / 300)
		v := map[string]record.Number{"train_error": 0, "train_loss": loss, "error_gap": gap(), "loss_gap": gap()}
		for _, m := range measuredM {
			v[msharpAt(m)] = record.Number(z + r.NormFloat64())
		}
		for _, b := range baselines[:3] {
			v[b.column] = record.Number(z + r.NormFloat64())
		}
		return v
	}
}

// Claims on the m of the measure, all columns one latent value plus equal independent noise.
func TestNullOfMeasuredM(t *testing.T) {
	s := synthetic{seeds: 10, ms: []float64{1, 16, 128}, rhos: []float64{.01, .02, .05, .1, .2, .5}, noise: []float64{0}, trainLoss: .01}
	blank := s.blank()
	ps := append(pick(figure3, "predictive-power-falls", "predictive-power-falls-loss"),
		pick(predict, "predictive-power-falls", "small-m-beats-baselines")...)
	null(t, "one latent value", ps, func(i int) *table { return blank.with(uint64(i), latent(1)) })
	null(t, "no relation", predict, func(i int) *table { return blank.with(uint64(i), latent(0)) })
}
