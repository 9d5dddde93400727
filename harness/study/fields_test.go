package study

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"msharp/harness/record"
)

// m is the batch where the configuration says 0, and nothing at ρ = 0.
func TestM(t *testing.T) {
	for _, c := range []struct {
		rho, m, want float64
		ok           bool
	}{{0, 4, 0, false}, {.1, 4, 4, true}, {.1, 0, 128, true}} {
		r := Of([]record.Record{trialOf(1, c.m, c.rho, nil, nil)}).Final()[0]
		if got, ok := M.Of(r); ok != c.ok || ok && got != c.want {
			t.Errorf("ρ = %v, m = %v: %v, %v", c.rho, c.m, got, ok)
		}
	}
}

// n stands for the number of all examples only at a ρ where it was measured, and a measure with more parameters is another one.
func TestMSharpnessByRho(t *testing.T) {
	numbers := map[string]record.Number{}
	for _, name := range []string{"msharp(m=n rho=0.05)", "msharp(m=16 rho=0.05)", "msharp(m=4 rho=0.05)", "msharp(m=4 rho=1e-05)", "msharp_se(m=4 rho=0.05)",
		"msharp_zero(m=4)", "msharp(m=4 rho=0.05 steps=5)", "msharp(m=4 rho=0.05 p=inf)", "test_error", "msharp(m=1024 rho=0.05)", "msharp(m=1024 rho=0.2)"} {
		numbers[name] = 1
	}
	var got []string
	for _, m := range Of([]record.Record{trialOf(1, 0, 0, map[string]any{"data": map[string]any{"train": 1024.}}, numbers)}).MSharpness() {
		got = append(got, fmt.Sprintf("%s@%g", GroupText(m.M), m.Rho))
	}
	if want := []string{"4@1e-05", "4@0.05", "16@0.05", "n@0.05", "1024@0.2"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// population is networks without SAM that differ in width, depth, batch size and learning rate.
func population() (recs []record.Record) {
	for seed := 1.; seed <= 2; seed++ {
		for i, hidden := range [][]any{{32.}, {64.}, {32., 32.}, {64., 64.}} {
			for _, batch := range []float64{32, 64} {
				for k, lr := range []float64{.1, .2} {
					v := record.Number(float64(i) + batch/100 + lr)
					recs = append(recs, trialOf(seed, 0, 0, map[string]any{"model": map[string]any{"hidden": hidden}, "batch_size": batch, "lr": lr},
						map[string]record.Number{"train_loss": v, "gradnorm": v, "norm": -v, "pacbayes(rho=0.05)": v, "error_gap": v, "msharp(m=1 rho=0.05)": v, "epochs_run": record.Number(k)}))
				}
			}
		}
	}
	return recs
}

// What is set beside m-sharpness: measures and hyperparameters that vary within a seed, a list of layers as its width and depth.
func TestRivalsOfAPopulation(t *testing.T) {
	var labels []string
	for _, r := range Of(population()).Rivals() {
		labels = append(labels, r.Label)
	}
	if got, want := strings.Join(labels, ", "), "train loss, gradient norm, ‖w‖, PAC-Bayes bound, batch size, lr, width, depth"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	swept := Of([]record.Record{trialOf(1, 4, .1, nil, tested(.1)), trialOf(1, 4, .2, nil, map[string]record.Number{"train_loss": .2})}).Rivals()
	if len(swept) != 2 || swept[0].Label != "ρ alone" || swept[1].Label != "train loss" {
		t.Errorf("of a sweep of ρ: %+v", swept)
	}
}

// A list that width and depth do not tell from another is numbered.
func TestGrid(t *testing.T) {
	var recs []record.Record
	for _, hidden := range [][]any{{64., 32.}, {64., 64.}} {
		for _, decay := range []float64{0, .1} {
			recs = append(recs, trialOf(1, 0, 0, map[string]any{"model": map[string]any{"hidden": hidden}, "decay": decay},
				map[string]record.Number{"error_gap": record.Number(decay)}))
		}
	}
	ts := Of(recs)
	grid := ts.Grid()
	if len(grid) != 2 || grid[0].Label != "decay" || grid[1].Column != "model.hidden" {
		t.Fatalf("%+v", grid)
	}
	numbers := map[float64]bool{}
	for _, r := range ts.Final() {
		v, _ := grid[1].Of(r)
		numbers[v] = true
	}
	if len(numbers) != 2 {
		t.Errorf("two architectures have the numbers %v", numbers)
	}
}

// All numbers of a ranking are of the same models: those that pass the gate and have every one of them.
func TestRankingIsOfTheSameModels(t *testing.T) {
	recs := population()
	delete(recs[0].Values.Numbers, "norm")
	recs[1].Status = record.Diverged
	ts := Of(recs)
	k := ts.Ranking(ErrorGap, Ungated, Value("gradnorm"), Value("norm"))
	if n := k.By(Value("gradnorm")).Models(); k.All != 32 || k.Passing != 31 || k.Lack != 1 || n != 30 {
		t.Errorf("%d, %d, %d, %d models", k.All, k.Passing, k.Lack, n)
	}
	taus, said := ts.Taus([]Field{Value("gradnorm"), Value("norm")}, ErrorGap, Ungated)
	if len(taus) != 2 || taus[1][0] != 1 || taus[1][1] != -1 || !strings.Contains(said, "(norm: 1)") {
		t.Errorf("%v, %q", taus, said)
	}
}

// A sample is the same whatever the order of the trials, keeps their order, and is all of few.
func TestSome(t *testing.T) {
	ts := Of(population()).Final()
	ids := func(ts []Trial) (ids []string) {
		for _, r := range ts {
			ids = append(ids, r.ID)
		}
		return ids
	}
	got := ids(Some(ts, 10))
	if len(got) != 10 || len(Some(ts, len(ts))) != len(ts) {
		t.Fatalf("%d trials of 10", len(got))
	}
	back := slices.Clone(ts)
	slices.Reverse(back)
	turned := ids(Some(back, 10))
	slices.Reverse(turned)
	if !slices.Equal(got, turned) {
		t.Error("another order, another sample, or not in their order")
	}
}
