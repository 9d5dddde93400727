package study

import (
	"math"
	"testing"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// grid are the models of three seeds over two hyperparameters, whose measure ranks right along a and wrong along b.
func grid() (recs []record.Record) {
	for seed := 1.; seed <= 3; seed++ {
		for a := 0.; a < 5; a++ {
			for b := 0.; b < 4; b++ {
				recs = append(recs, record.Record{
					ID: string(rune('A'+int(seed))) + string(rune('a'+int(a))) + string(rune('a'+int(b))), Status: record.Done,
					Config: map[string]any{"seed": seed, "lr": a, "batch_size": b, "optimizer": map[string]any{"kind": "sgd"}},
					Values: record.Values{Numbers: map[string]record.Number{
						"x": record.Number(a - .1*b), "train_error": 0, "error_gap": record.Number((10*a + b + 1) / 1000), "test_error": record.Number((10*a + b + 1) / 1000),
					}},
				})
			}
		}
	}
	return recs
}

func TestScoresAreTheStatistics(t *testing.T) {
	trials := Of(grid())
	for name, c := range map[string]struct {
		of   Score
		want float64
	}{
		"τ":         {func(_ *stats.Grid, mu, gap []float64) float64 { return stats.TauB(mu, gap) }, 1 - 2*5*6./190},
		"Ψ":         {Granulated, 0},
		"the worst": {WorstSign, math.NaN()}, // 10 pairs of a, 5 of b in an environment: fewer than 12
	} {
		got, said := trials.Scores(Value("x"), ErrorGap, Fitted, c.of)
		if math.IsNaN(c.want) {
			if len(got) != 0 || said != "60 of 60 models at train error 0; left out: 3 seeds where the statistic is undefined" {
				t.Errorf("%s: %v, %q", name, got, said)
			}
			continue
		}
		if len(got) != 3 || said != "60 of 60 models at train error 0, 20 a seed" {
			t.Errorf("%s: %v, %q", name, got, said)
		}
		for seed, v := range got {
			if math.Abs(v-c.want) > 1e-12 {
				t.Errorf("%s of seed %d: %v, want %v", name, seed, v, c.want)
			}
		}
	}
	if got, said := trials.Scores(Value("x"), ErrorGap, Stopped, Granulated); len(got) != 0 || said != "no trial was to stop at a train loss (stop.train_loss)" {
		t.Errorf("%v, %q", got, said)
	}
}

// The error is a line over the index of m, over log₂ of a measure that falls with m, and over ρ: what goes through is the product of the slopes.
func TestMediatedIsTheProductOfSlopes(t *testing.T) {
	var recs []record.Record
	for seed := 1.; seed <= 3; seed++ {
		for i, m := range []float64{1, 4, 16, 64} {
			for j, rho := range []float64{.01, .05} {
				log := .5*float64(i) + math.Sin(7*seed+3*float64(i)+5*float64(j)) + 4*float64(j)
				recs = append(recs, record.Record{
					ID: string(rune('A'+int(seed))) + string(rune('a'+i)) + string(rune('a'+j)), Status: record.Done,
					Config: map[string]any{"seed": seed, "batch_size": 128., "optimizer": map[string]any{"kind": "sam", "rho": rho, "m": m}},
					Values: record.Values{Numbers: map[string]record.Number{
						"curve": record.Number(math.Exp2(log)), "y": record.Number(3*float64(i) + 2*log + 100*float64(j)),
					}},
				})
			}
		}
	}
	got, said := Of(recs).Mediated(Value("y"), Value("curve"))
	if len(got.Total) != 3 || said != "24 runs with ρ > 0" {
		t.Fatalf("%+v, %q", got, said)
	}
	for seed, total := range got.Total {
		if direct := total - got.Indirect[seed]; math.Abs(direct-3) > 1e-9 || math.Abs(got.Indirect[seed]) < .1 {
			t.Errorf("seed %d: %v goes through, and %v does not, want 3", seed, got.Indirect[seed], direct)
		}
	}
	recs[0].Values.Numbers["curve"] = -1
	recs[1].Status = record.Diverged
	if _, said := Of(recs).Mediated(Value("y"), Value("curve")); said != "22 runs with ρ > 0; left out: 2 of 24 that diverged or lack y or curve" {
		t.Errorf("%q", said)
	}
}
