package claimstest

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"msharp/harness/parallel"
	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

const sweeps = 1000 // simulated, of each null

// limit is 5 % and two standard errors of a rate over the sweeps.
var limit = .05 + 2*math.Sqrt(.05*.95/sweeps)

// Null tests that claims reproduce in no more than 5 %, and two standard errors, of simulated sweeps where they are not true: each alone,
// and judged with the others.
func Null(t *testing.T, name string, claims []verdict.Claim, simulate func(i int) *study.Trials) {
	t.Helper()
	NullUpTo(t, limit, name, claims, simulate)
}

// NullUpTo is Null of claims that are known to reproduce too often, with a limit of their own; the test says why.
func NullUpTo(t *testing.T, limit float64, name string, claims []verdict.Claim, simulate func(i int) *study.Trials) {
	t.Helper()
	if testing.Short() {
		t.Skip("1000 simulated sweeps of each null; the full run has them")
	}
	type outcome struct{ alone, among bool }
	alone := slices.Clone(claims)
	for k := range alone {
		alone[k].Others = nil // of which none decides
	}
	found := parallel.Map(sweeps, func(i int) (out []outcome) {
		for _, v := range verdict.Judge(alone, simulate(i)) {
			out = append(out, outcome{v.Unadjusted <= .05, v.P <= .05})
		}
		return out
	})
	for k, c := range claims {
		var alone, among float64
		for _, f := range found {
			if f[k].alone {
				alone += 1. / sweeps
			}
			if f[k].among {
				among += 1. / sweeps
			}
		}
		t.Logf("%s: %s reproduces in %.1f %% alone, %.1f %% among %d claims", name, c.ID, 100*alone, 100*among, len(claims))
		if !(alone <= limit) || !(among <= limit) {
			t.Errorf("%s: %s reproduces in %.1f %% alone, %.1f %% among the others", name, c.ID, 100*alone, 100*among)
		}
	}
}

// Dealt is sweep i of a null in which the values of the trials of one key are dealt among them; a key may leave a trial out. The test images
// come after: what they are to a setting is no part of what is dealt.
func Dealt(blank *study.Trials, i int, values Draw, key func(r study.Trial) (k [3]float64, ok bool)) *study.Trials {
	return Shared.Test(permute(Expected(blank, uint64(i), values), i, key), uint64(i))
}

func permute(t *study.Trials, i int, key func(r study.Trial) (k [3]float64, ok bool)) *study.Trials {
	r := rand.New(rand.NewPCG(7, uint64(i)))
	trials := t.Final()
	groups := map[[3]float64][]int{}
	var order [][3]float64
	for at, x := range trials {
		if k, ok := key(x); ok {
			if groups[k] == nil {
				order = append(order, k)
			}
			groups[k] = append(groups[k], at)
		}
	}
	from := make([]int, len(trials))
	for at := range from {
		from[at] = at
	}
	for _, k := range order {
		for a, b := range r.Perm(len(groups[k])) {
			from[groups[k][a]] = groups[k][b]
		}
	}
	return t.With(func(at int, _ study.Trial) record.Values { return trials[from[at]].Values })
}

// Pick returns the claims of some ids.
func Pick(claims []verdict.Claim, ids ...string) (out []verdict.Claim) {
	for _, c := range claims {
		if slices.Contains(ids, c.ID) {
			out = append(out, c)
		}
	}
	return out
}

// Errors are those of AsPublished without its measures.
func Errors(r *rand.Rand, t study.Trial) map[string]record.Number {
	m := max(t.M, 1)
	x := t.Rho / (.08 * math.Pow(m, .25))
	return Around(r, math.Min(.11-(.018-.001*math.Log2(m))*x*math.Exp(1-x)+.1*math.Max(0, x-2.5), .89), .002)
}

// Around is errors about a level, test and validation error of one run with a deviation that they share.
func Around(r *rand.Rand, level, shared float64) map[string]record.Number {
	run := shared * r.NormFloat64()
	return map[string]record.Number{
		"test_error": record.Number(level + run + .001*r.NormFloat64()),
		"val_error":  record.Number(level + run + .004*r.NormFloat64()),
	}
}

// OfM deals out m within each (seed, ρ).
func OfM(r study.Trial) ([3]float64, bool) { return [3]float64{float64(r.Seed), r.Rho}, r.Rho > 0 }

// Latent gives every measure, baseline and further column the same value plus equal independent noise, which tells of the gaps to the
// given extent.
func Latent(tells float64, further ...string) Draw {
	return func(r *rand.Rand, x study.Trial) map[string]record.Number {
		z := r.NormFloat64()
		test := func() record.Number { return record.Number(.1 + .002*(tells*z+r.NormFloat64())) }
		loss := record.Number((1 + math.Tanh(z+r.NormFloat64())) / 300)
		v := map[string]record.Number{"train_error": 0, "train_loss": loss, "test_error": test(), "test_loss": test() + loss}
		for _, m := range MeasuredM {
			v[MSharpAt(m)] = record.Number(z + r.NormFloat64())
		}
		for _, b := range slices.Concat(Baselines, further) {
			v[b] = record.Number(z + r.NormFloat64())
		}
		return v
	}
}
