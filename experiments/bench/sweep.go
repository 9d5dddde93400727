package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"time"

	"msharp/harness"
	"msharp/harness/config"
	"msharp/harness/folder"
	"msharp/harness/record"
	"msharp/models/ascent"
)

// MSharp is the cost of m-sharpness at 8 radii and 6 group sizes on a batch of 128, in forward passes of the MLP over it.
type MSharp struct {
	Cells    int     `json:"cells"`
	MS       float64 `json:"ms"`
	FastMS   float64 `json:"fast_ms"` // of the best decile
	Forwards float64 `json:"forwards"`
	Around
}

func msharp(e effort, refs *references) MSharp {
	s := digitsMLP(batchSize, 256, 128)
	var rules []ascent.Rule
	var gains [][]float64
	for _, m := range []int{1, 4, 16, 32, 64, 128} {
		for _, rho := range []float64{0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5} {
			rules = append(rules, ascent.Rule{Rho: rho, M: m})
			gains = append(gains, make([]float64, batchSize/m))
		}
	}
	zero := make([]int, len(rules))
	r := refs.raceOf(e.rounds(21), e.span(time.Second), func() { s.problem.Eval(s.w) }, func() { s.problem.AscentGains(gains, zero, nil, s.w, rules) })
	return MSharp{len(rules), 1e3 * r.rows[1].median(), 1e3 * r.rows[1].fast(), ratio(r.rows[1], r.rows[0]), r.around()}
}

// Worker is how many trials a second, on the wall, a pool of n workers trains.
type Worker struct {
	N          int     `json:"n"`
	Trials     float64 `json:"trials_per_s"`
	FastTrials float64 `json:"fast_trials_per_s"` // of the best decile
	Around
}

const trials = `
data: {kind: mnist, source: golearn, train: 1024, val: 0, test: 256}
model: {kind: mlp, hidden: [128]}
optimizer: {kind: sam, rho: 0.05, m: 16}
epochs: 20
sweep:
  seed: range(1, 9)
`

// workers times a pool on the wall, whose workers run beside each other, in alternation with the references on this thread.
func workers(e effort) (all []Worker, err error) {
	runtime.LockOSThread() // the references read its clock
	defer runtime.UnlockOSThread()
	refs := newReferences()
	sweep, err := config.Plan("bench", []byte(trials), nil, "")
	if err != nil {
		return nil, err
	}
	pool := func(n int) side {
		return func(int) ([]float64, error) {
			start := time.Now()
			err := runTrials(sweep, n)
			return []float64{time.Since(start).Seconds()}, err
		}
	}
	r, err := refs.race(pacing{rounds: e.rounds(5), most: 1}, pool(1), pool(2))
	if err != nil {
		return nil, err
	}
	for i, t := range r.rows {
		n := float64(len(sweep.Trials))
		all = append(all, Worker{i + 1, n / t.median(), n / t.fast(), r.around()})
	}
	return all, nil
}

func runTrials(sweep *config.Sweep, workers int) error {
	out, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(out)
	store, err := record.Open(out)
	if err != nil {
		return err
	}
	defer store.Close()
	failed, err := harness.Run(context.Background(), sweep.Trials, nil, store, harness.Runtime{Workers: workers, Out: folder.Dir(out)})
	if failed > 0 {
		return fmt.Errorf("%d trials failed", failed)
	}
	return err
}
