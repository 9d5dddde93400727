package main

import (
	"os"
	"slices"
	"testing"

	"msharp/harness"
	"msharp/harness/config"
)

func TestDefaultTrialIsOneOfTheDefaultSweep(t *testing.T) {
	text, err := os.ReadFile("../msweep/msweep.yaml")
	if err != nil {
		t.Fatal(err)
	}
	sweep, err := config.Plan("msweep.yaml", text, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	one, err := config.Plan("bench", []byte(defaultTrial), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(sweep.Trials, func(t config.Trial) bool { return t.ID == one.Trials[0].ID }) {
		t.Error("msweep.yaml has no such trial")
	}
}

// A trial whose steps are timed takes the steps that it takes without.
func TestTimedStepsAreTheSame(t *testing.T) {
	words := []string{"epochs=2", "data.train=256", "data.val=128", "measures=[]"}
	timed, log, err := planned(defaultTrial, words...)
	if err != nil {
		t.Fatal(err)
	}
	sweep, err := config.Plan("bench", []byte(defaultTrial), words, "")
	if err != nil {
		t.Fatal(err)
	}
	var losses [2][]float64
	for i, trial := range []config.Trial{timed, sweep.Trials[0]} {
		if _, err := harness.Train(trial, func(s harness.Step) { losses[i] = append(losses[i], s.Perturbed) }); err != nil {
			t.Fatal(err)
		}
	}
	if len(losses[0]) != 4 || !slices.Equal(losses[0], losses[1]) {
		t.Errorf("losses %v, want %v", losses[0], losses[1])
	}
	if len(log.steps) != 4 || len(log.gradients) != 4 {
		t.Fatalf("%d steps and %d gradients in the log", len(log.steps), len(log.gradients))
	}
	for i, g := range log.gradients {
		if g > log.steps[i] {
			t.Errorf("step %d: a gradient of %v s in a step of %v", i, g, log.steps[i])
		}
	}
}

// Every product is a call that fits its operands: it would panic if not.
func TestProductsRun(t *testing.T) {
	for _, g := range []Gemm{{Op: "nn", M: 4, N: 256, K: 784}, {Op: "tn", M: 784, N: 256, K: 128}, {Op: "conv", M: 25088, N: 32, K: 144}} {
		product(g)()
	}
}

func TestFlopsOfNetworks(t *testing.T) {
	want := map[string]float64{
		"mlp":   2 * batchSize * (784*256 + 256*128 + 128*10),
		"cnn":   2 * batchSize * (28*28*9*16 + 14*14*144*32 + 1568*10),
		"cifar": 2 * batchSize * (32*32*27*64 + 16*16*576*128 + 8*8*1152*256 + 4096*10),
	}
	for _, s := range subjects() {
		if w := want[s.name]; w != 0 && s.flops != w {
			t.Errorf("%s: %v operations, want %v", s.name, s.flops, w)
		}
		drawn := false
		for _, x := range titles {
			drawn = drawn || x.model == s.name
		}
		if !drawn {
			t.Errorf("the figure has no title for %s", s.name)
		}
	}
}
