package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"msharp/experiments/claims/claimstest"
	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

var noisy = claimstest.Sweep{Seeds: 8, Ms: []float64{1, 16, 128}, Rhos: []float64{0, .05, .1, .2}, Noise: []float64{0, .2, .4, .8}}

func TestClaims(t *testing.T) {
	claimstest.Whole(t, table4)
	claimstest.True(t, table4, noisy.Records(1, claimstest.AsPublished))
}

func TestClaimsOnBadInput(t *testing.T) {
	claimstest.BadInput(t, table4, "sam-beats-sgd", "small-m-beats-batch", "gain-grows-with-noise", "sam-beats-sgd-best-val",
		"small-m-beats-batch-best-val")
}

// At the epoch of best validation all errors are equal, little or much disturbed; after the last they are as published.
func TestBestEpochIsJudgedForItself(t *testing.T) {
	for _, c := range []struct {
		sd   float64
		want string
	}{{.0003, verdict.DoesNotReproduce}, {.05, verdict.Undecided}} {
		vs := verdict.Judge(table4, study.Of(noisy.Records(1, func(r *rand.Rand, x study.Trial) map[string]record.Number {
			v := claimstest.AsPublished(r, x)
			v[study.TestErrorBestVal.Name] = record.Number(.3 + c.sd*r.NormFloat64())
			v[study.BestValError.Name] = record.Number(.3 + c.sd*r.NormFloat64())
			return v
		})))
		for _, v := range vs {
			if strings.HasSuffix(v.Claim, "-best-val") != (v.Verdict == c.want) {
				t.Errorf("%v: %+v", c.sd, v)
			}
		}
	}
}

func noiseOf(r study.Trial) float64 { v, _ := study.Noise.Of(r); return v }

// alsoBest has at the epoch of best validation errors of the same kind, drawn anew.
func alsoBest(of claimstest.Draw) claimstest.Draw {
	return func(r *rand.Rand, t study.Trial) map[string]record.Number {
		v, best := of(r, t), of(r, t)
		v[study.TestErrorBestVal.Name], v[study.BestValError.Name] = best["test_error"], best["val_error"]
		return v
	}
}

// Claims on label noise: the optimizers' labels permuted within each (seed, noise), those of m with ρ > 0, those of the
// noise.
func TestNullOfLabelNoise(t *testing.T) {
	blank := noisy.Blank()
	flat := func(r *rand.Rand, x study.Trial) map[string]record.Number {
		level := .1 + noiseOf(x)/2 + .01*r.NormFloat64()
		return map[string]record.Number{
			"test_error": record.Number(level + .002*r.NormFloat64()),
			"val_error":  record.Number(level + .005*r.NormFloat64()),
		}
	}
	one := noisy
	one.Noise = noisy.Noise[:1]
	clean := one.Blank()
	batch := claimstest.Pick(table4, "small-m-beats-batch", "small-m-beats-batch-best-val")
	claimstest.Null(t, "optimizers permuted, one level", slices.Concat(batch, claimstest.Pick(table4, "sam-beats-sgd", "sam-beats-sgd-best-val")),
		func(i int) *study.Trials { return claimstest.With(clean, uint64(i), alsoBest(flat)) })
	claimstest.Null(t, "m permuted", batch, func(i int) *study.Trials {
		return claimstest.Dealt(clean, i, alsoBest(claimstest.Errors), claimstest.OfM)
	})
	claimstest.Null(t, "equal at the best ρ, one level", batch, func(i int) *study.Trials {
		return claimstest.With(clean, uint64(i), alsoBest(func(r *rand.Rand, x study.Trial) map[string]record.Number {
			best := map[float64]float64{1: .05, 16: .1, 128: .2}[x.M]
			return claimstest.Around(r, .1+.002*math.Abs(math.Log2(max(x.Rho, .01)/max(best, .01))), .002)
		}))
	})
	grows := claimstest.Pick(table4, "gain-grows-with-noise")
	claimstest.Null(t, "optimizers permuted", grows, func(i int) *study.Trials { return claimstest.With(blank, uint64(i), flat) })
	claimstest.Null(t, "noise permuted", grows, func(i int) *study.Trials {
		return claimstest.Dealt(blank, i, claimstest.Errors, func(r study.Trial) ([3]float64, bool) { // one gain at every level
			return [3]float64{float64(r.Seed), r.Rho, r.M}, true
		})
	})
}

func TestFindingIsMadeOfVerdicts(t *testing.T) {
	claimstest.Finding(t, "labelnoise", table4, noisy)
}
