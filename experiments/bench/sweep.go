package main

import (
	"context"
	"fmt"
	"os"
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
	Forwards float64 `json:"forwards"`
}

func msharp() MSharp {
	s := subjects()[0]
	var rules []ascent.Rule
	var gains [][]float64
	for _, m := range []int{1, 4, 16, 32, 64, 128} {
		for _, rho := range []float64{0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5} {
			rules = append(rules, ascent.Rule{Rho: rho, M: m})
			gains = append(gains, make([]float64, batchSize/m))
		}
	}
	zero := make([]int, len(rules))
	t := medians(21, time.Second, func() { s.problem.Eval(s.w) }, func() { s.problem.AscentGains(gains, zero, nil, s.w, rules) })
	return MSharp{len(rules), 1e3 * t[1], t[1] / t[0]}
}

// Worker is how many trials a second a pool of n workers trains.
type Worker struct {
	N      int     `json:"n"`
	Trials float64 `json:"trials_per_s"`
}

const trials = `
data: {kind: mnist, source: golearn, train: 1024, val: 0, test: 256}
model: {kind: mlp, hidden: [128]}
optimizer: {kind: sam, rho: 0.05, m: 16}
epochs: 20
sweep:
  seed: range(1, 9)
`

func workers() (all []Worker, err error) {
	sweep, err := config.Plan("bench", []byte(trials), nil, "")
	if err != nil {
		return nil, err
	}
	run := func(n int) func() {
		return func() {
			if e := runTrials(sweep, n); e != nil {
				err = e
			}
		}
	}
	t := medians(5, 0, run(1), run(2))
	for i, s := range t {
		all = append(all, Worker{i + 1, float64(len(sweep.Trials)) / s})
	}
	return all, err
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
