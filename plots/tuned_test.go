package plots

import (
	"math"
	"math/rand/v2"
	"testing"

	"msharp/harness/record"
)

// errors is a trial with a test and a validation error.
func errors(seed int, rho, m, test, val float64) record.Record {
	return trial(seed, rho, m, map[string]float64{"test_error": test, "val_error": val})
}

// A seed has no say in its own setting: its own best would be another.
func TestTuneAsksTheOthers(t *testing.T) {
	var recs []record.Record
	for seed := 1; seed <= 3; seed++ {
		val := []float64{.3, .2} // ρ = .2 for everybody
		if seed == 1 {
			val = []float64{.1, .9} // but seed 1, which alone would turn the mean over all of them
		}
		recs = append(recs, errors(seed, .1, 4, .10+.01*float64(seed), val[0]), errors(seed, .2, 4, .20+.01*float64(seed), val[1]))
	}
	got := tune(Read(recs).runs, Value("val_error"), Value("test_error"))
	for seed, want := range map[uint64]float64{1: .21, 2: .12, 3: .13} {
		if math.Abs(got.values[seed]-want) > 1e-12 {
			t.Errorf("seed %d: %v, want %v", seed, got.values[seed], want)
		}
	}
	if got.rhoText() != ".1 (2), .2 (1)" || got.lost != 0 {
		t.Errorf("%q, %d lost", got.rhoText(), got.lost)
	}
}

// A run that diverged has error 1: its setting is not chosen by the others, and is paid for by the seed it stands for.
func TestTuneCountsDivergedRuns(t *testing.T) {
	var recs []record.Record
	for seed := 1; seed <= 3; seed++ {
		recs = append(recs, errors(seed, .1, 4, .15, .15), errors(seed, .2, 4, .1, .1))
	}
	diverge(&recs[1]) // seed 1 at ρ = .2, the best of the others
	got := tune(Read(recs).runs, Value("val_error"), Value("test_error"))
	if got.values[1] != 1 || got.values[2] != .15 || got.values[3] != .15 || got.diverged != 1 {
		t.Errorf("%+v", got)
	}
}

func TestTuneWithoutChoice(t *testing.T) {
	alone := tune(Read([]record.Record{errors(1, .1, 4, .1, .1)}).runs, Value("val_error"), Value("test_error"))
	if alone.values[1] != .1 {
		t.Errorf("one setting, one seed: %+v", alone)
	}
	lone := tune(Read([]record.Record{errors(1, .1, 4, .1, .1), errors(1, .2, 4, .1, .1)}).runs, Value("val_error"), Value("test_error"))
	if len(lone.values) != 0 {
		t.Errorf("one seed chooses for itself: %+v", lone)
	}
	test := map[string]float64{"test_error": .1}
	blind := []record.Record{trial(1, .1, 4, test), trial(2, .1, 4, nil), trial(2, .2, 4, test)}
	diverge(&blind[1])
	if got := tune(Read(blind).runs, Value("val_error"), Value("test_error")); len(got.values) != 0 {
		t.Errorf("chosen without a validation error: %+v", got)
	}
}

// Differences by hand, against ρ = 0 and against the whole batch.
func TestForestRows(t *testing.T) {
	var recs []record.Record
	for seed := 1; seed <= 3; seed++ {
		s := .01 * float64(seed)
		recs = append(recs, errors(seed, 0, 0, .10+s, .1), errors(seed, .1, 2, .08+s, .1), errors(seed, .1, 8, .09+s, .1))
	}
	rows, why := Forest{}.rows(Read(recs).runs)
	if why != "" || len(rows) != 5 || rows[0].headingText() != "minus ρ = 0, the base optimizer" ||
		rows[3].headingText() != "minus SAM as it is usually run (m = 8, the batch), tuned" {
		t.Fatal(why, rows)
	}
	for i, want := range map[int]float64{1: -2, 2: -1, 4: -1} {
		if e := rows[i].est; math.Abs(e.Mean-want) > 1e-9 || e.Half() > 1e-9 || e.N != 3 {
			t.Errorf("row %d: %+v, want %v without an interval", i, e, want)
		}
	}
}

// The lines over noise end at their epoch.
func TestNoiseLines(t *testing.T) {
	var recs []record.Record
	for seed := 1; seed <= 2; seed++ {
		for _, noise := range []float64{0, .4} {
			r := trial(seed, .1, 4, map[string]float64{
				"test_error": .1 + noise, "val_error": .2, "test_error_at_best_val": .1 + noise/2, "best_val_error": .1,
			})
			r.ID += short(noise)
			r.Config["data"] = map[string]any{"label_noise": noise}
			recs = append(recs, r)
		}
	}
	for s, want := range map[stop]float64{lastEpoch: 50, bestEpoch: 30} {
		lines := tunedLines(Read(recs).runs, Noise, s)
		if len(lines) != 1 || len(lines[0].x) != 2 || lines[0].x[1] != 40 ||
			math.Abs(lines[0].estimates()[1].Mean-want) > 1e-9 || lines[0].rhos[0] != ".1" {
			t.Errorf("%s: %+v", s.name, lines)
		}
	}
}

// pick is by the means over the others, each summed anew.
func TestPickIsItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		seeds, options := 1+r.IntN(6), make([]option, 1+r.IntN(5))
		for i := range options {
			o := option{}
			for range seeds {
				v := float64(r.IntN(5)) / 7 // ties are many
				if r.IntN(6) == 0 {
					v = nan
				} else {
					o.sum, o.n = o.sum+v, o.n+1
				}
				o.error = append(o.error, v)
			}
			options[i] = o
		}
		for k := range seeds {
			want, least, most := -1, math.Inf(1), 0
			for i, o := range options {
				var others []float64
				for j, v := range o.error {
					if j != k && !math.IsNaN(v) {
						others = append(others, v)
					}
				}
				if n := len(others); n > most || n > 0 && n == most && mean(others) < least-rounding {
					want, least, most = i, mean(others), n
				}
			}
			if len(options) == 1 {
				want = 0
			}
			if got := pick(options, k); got != want {
				t.Fatalf("seed %d of %+v picks %d, want %d", k, options, got, want)
			}
		}
	}
}
