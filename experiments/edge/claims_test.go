package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"msharp/experiments/claims/claimstest"
	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

// law is what a made-up run does: its λ₁ and its λc at a share of its training, where its edge is as given.
type law func(r *rand.Rand, o optimizer, eta float64) func(at, edge float64) (sharpest, critical float64)

// riding comes to the edge from below in the first quarter of training and then lies above it by a factor that the run draws. λc does
// likewise at 2/η.
func riding(by, spread float64) law {
	return func(r *rand.Rand, _ optimizer, eta float64) func(at, edge float64) (float64, float64) {
		own, ownC := by*math.Exp(spread*r.NormFloat64()), by*math.Exp(spread*r.NormFloat64())
		return func(at, edge float64) (float64, float64) {
			rise := math.Min(1, .4+2.4*at)
			return edge * own * rise * math.Exp(.03*r.NormFloat64()), 2 / eta * ownC * rise * math.Exp(.03*r.NormFloat64())
		}
	}
}

// where is one law for some runs, and riding for the others.
func where(is func(o optimizer, eta float64) bool, then law) law {
	return func(r *rand.Rand, o optimizer, eta float64) func(at, edge float64) (float64, float64) {
		if is(o, eta) {
			return then(r, o, eta)
		}
		return riding(1.1, .03)(r, o, eta)
	}
}

// alone picks the runs of one optimizer at one rate.
func alone(o optimizer, eta float64) func(optimizer, float64) bool {
	return func(p optimizer, at float64) bool { return p == o && at == eta }
}

// oneCurvature is a λ₁ that does not ask for the optimizer.
func oneCurvature(by, spread float64) law {
	return func(r *rand.Rand, _ optimizer, eta float64) func(at, edge float64) (float64, float64) {
		own := by * math.Exp(spread*r.NormFloat64())
		return func(at, _ float64) (float64, float64) { return 2 / eta * own, 2 / eta * own }
	}
}

// runs are records of eight seeds of gradient descent, SAM and unnormalised SAM at two rates. Their train loss falls from e to .07, and is
// between 1 and .5 at a fifth of the looks.
func runs(stream uint64, of law) (recs []record.Record) {
	const looks, every = 40, 3
	r := rand.New(rand.NewPCG(stream, 3))
	for seed := range 8 {
		for _, eta := range []float64{.05, .1} {
			for _, o := range []optimizer{{}, {.05, false}, {.1, false}, {.1, true}} {
				rec := record.Record{ID: fmt.Sprint(seed, eta, o), Status: record.Done, Config: map[string]any{
					"seed": float64(seed + 1), "lr": eta, "batch_size": 512., "clip": 0.,
					"data":      map[string]any{"train": 512.},
					"schedule":  map[string]any{"kind": "constant"},
					"optimizer": map[string]any{"kind": "sam", "rho": o.rho, "unnormalised": o.unnormalised, "p": 2., "steps": 1., "decay": 0., "base": map[string]any{"kind": "sgd", "momentum": 0., "weight_decay": 0.}},
				}, Values: record.Values{Numbers: map[string]record.Number{"test_error": record.Number(.1 + .001*r.Float64())}}}
				w := record.Watch{Every: every, Unit: "epoch", Values: map[string][]record.Number{}}
				numbers := of(r, o, eta)
				for i := range looks + 1 {
					at := float64(i) / looks
					norm := .5 + r.Float64()
					stands := edge(o.rho, o.unnormalised, eta, norm)
					top, c := numbers(at, stands)
					w.At = append(w.At, i*every)
					for column, v := range map[string]float64{
						sharpest: top, critical: c, gradNorm: norm,
					} {
						w.Values[column] = append(w.Values[column], record.Number(v))
					}
				}
				for i := range looks * every {
					rec.Epochs = append(rec.Epochs, record.Epoch{Epoch: i + 1, TrainLoss: record.Number(math.Exp(1 - 3.6*float64(i)/looks/every))})
				}
				rec.Watch = w
				recs = append(recs, rec)
			}
		}
	}
	return recs
}

func TestClaims(t *testing.T) {
	claimstest.Whole(t, edges)
	claimstest.True(t, edges, runs(1, riding(1.1, .03)))
}

func TestClaimsOnBadInput(t *testing.T) {
	claimstest.BadInput(t, edges)
}

func judged(recs []record.Record) map[string]verdict.Verdict {
	out := map[string]verdict.Verdict{}
	for _, v := range verdict.Judge(edges, study.Of(recs)) {
		out[v.Claim] = v
	}
	return out
}

// Of each claim runs in which it is not so, and runs that do not tell. What one optimizer does at one rate decides.
func TestEveryArmCounts(t *testing.T) {
	falling := func(r *rand.Rand, o optimizer, eta float64) func(at, edge float64) (float64, float64) {
		up := riding(1.1, .03)(r, o, eta)
		return func(at, edge float64) (float64, float64) {
			top, _ := up(at, edge)
			return top, edge * edge / top * math.Exp(.3*r.NormFloat64())
		}
	}
	for _, c := range []struct {
		name    string
		of      law
		claim   string
		outcome string
		why     string
	}{
		{"below", where(alone(optimizer{}, .1), riding(.5, .03)), "gd-rides-its-edge", verdict.DoesNotReproduce, "gradient descent, η = .1, not below: "},
		{"above", where(alone(optimizer{}, .05), riding(1.8, .03)), "gd-rides-its-edge", verdict.DoesNotReproduce, "gradient descent, η = .05, not above: "},
		{"loud", where(alone(optimizer{}, .05), riding(1, .9)), "gd-rides-its-edge", verdict.Undecided, "gradient descent, η = .05"},
		{"at 2/η", where(alone(optimizer{.1, false}, .05), oneCurvature(1.1, .03)), "sam-rides-its-edge", verdict.DoesNotReproduce, "SAM, ρ = .1, η = .05, not above: "},
		{"at 2/η", where(alone(optimizer{.1, false}, .05), oneCurvature(1.1, .03)), "sam-edge-is-lower", verdict.DoesNotReproduce, "SAM, ρ = .1, η = .05: "},
		{"loud", where(alone(optimizer{.05, false}, .1), riding(1, .9)), "sam-rides-its-edge", verdict.Undecided, "SAM, ρ = .05, η = .1"},
		{"below", where(alone(optimizer{.1, true}, .1), riding(.5, .03)), "unnormalised-sam-rides-its-edge", verdict.DoesNotReproduce, "unnormalised SAM, ρ = .1, η = .1, not below: "},
		{"loud", where(alone(optimizer{.1, true}, .1), riding(1, .9)), "unnormalised-sam-rides-its-edge", verdict.Undecided, "unnormalised SAM"},
		{"loud", riding(1, 1.5), "sam-edge-is-lower", verdict.Undecided, "η = "},
		{"λc falls", where(alone(optimizer{}, .1), falling), "critical-step-shows-sharpening", verdict.DoesNotReproduce, "η = .1: "},
		{"λc is far below", where(alone(optimizer{}, .1), riding(.3, .03)), "critical-step-tells-the-edge", verdict.DoesNotReproduce, "gradient descent, η = .1, not below: "},
		{"loud", riding(1, .9), "critical-step-tells-the-edge", verdict.Undecided, "gradient descent"},
	} {
		if v := judged(runs(2, c.of))[c.claim]; v.Verdict != c.outcome || !strings.Contains(v.Why, c.why) {
			t.Errorf("%s: %s: want %s: %+v", c.name, c.claim, c.outcome, v)
		}
	}
}

// Looks outside of the window have no say: the train loss of the made-up runs is 1 at .28 of training and .5 at .47.
func TestOnlyTheWindowCounts(t *testing.T) {
	astray := func(from, to float64) law {
		return func(r *rand.Rand, o optimizer, eta float64) func(at, edge float64) (float64, float64) {
			ride := riding(1.1, .03)(r, o, eta)
			return func(at, edge float64) (float64, float64) {
				top, c := ride(at, edge)
				if at >= from && at <= to {
					top, c = top/50, c/50
				}
				return top, c
			}
		}
	}
	for _, c := range []struct {
		from, to float64
		outcome  string
	}{{0, .27, verdict.Reproduces}, {.48, 1, verdict.Reproduces}, {.29, .46, verdict.DoesNotReproduce}} {
		for id, v := range judged(runs(4, astray(c.from, c.to))) {
			if strings.Contains(id, "edge") && id != "sam-edge-is-lower" && v.Verdict != c.outcome {
				t.Errorf("astray from %v to %v: want %s: %+v", c.from, c.to, c.outcome, v)
			}
		}
	}
}

// Whatever the records, the reason says in words what is missing.
func TestEdgesSayWhatIsMissing(t *testing.T) {
	set := func(key string, v any) func(r *record.Record) bool {
		return func(r *record.Record) bool {
			keys := strings.Split(key, ".")
			whole, at := copied(r.Config)
			r.Config = whole
			for _, k := range keys[:len(keys)-1] {
				var in map[string]any
				at[k], in = copied(at[k].(map[string]any))
				at = in
			}
			at[keys[len(keys)-1]] = v
			return true
		}
	}
	rho := func(r *record.Record) float64 { return claimstest.SettingOf(r, "optimizer.rho") }
	without := func(column string) func(r *record.Record) bool {
		return func(r *record.Record) bool {
			var columns []string
			for name := range r.Watch.Values {
				if name != column {
					columns = append(columns, name)
				}
			}
			r.Watch = r.Watch.Only(columns)
			return true
		}
	}
	for _, c := range []struct {
		name string
		keep func(r *record.Record) bool
		want map[string]string
	}{
		{"momentum", set("optimizer.base.momentum", .9), map[string]string{"gd-rides-its-edge": "optimizer.base.momentum is 0.9; the edges are those of steps with 0", "sam-edge-is-lower": "momentum"}},
		{"cosine", set("schedule.kind", "cosine"), map[string]string{"sam-rides-its-edge": "schedule.kind is cosine; the edges are those of a constant rate"}},
		{"batches", set("batch_size", 128.), map[string]string{"critical-step-shows-sharpening": "batch_size is 128 and m 0, of 512 training examples"}},
		{"no descent", func(r *record.Record) bool { return rho(r) > 0 }, map[string]string{
			"gd-rides-its-edge": "no run of such an optimizer", "sam-edge-is-lower": "no run of gradient descent at η = .05", "critical-step-shows-sharpening": "no run of gradient descent",
		}},
		{"no SAM", func(r *record.Record) bool { return rho(r) == 0 }, map[string]string{"sam-rides-its-edge": "no run of such an optimizer", "sam-edge-is-lower": "no run of SAM"}},
		{"no λ₁", without(sharpest), map[string]string{"gd-rides-its-edge": "left out: 16 of 16 runs that lack 5 looks in the window", "critical-step-shows-sharpening": "left out: 16 of 16 runs that lack 5 looks on the way to the edge"}},
		{"no λc", without(critical), map[string]string{"gd-rides-its-edge": "8 of 8 seeds as claimed", "critical-step-tells-the-edge": "left out: 16 of 16 runs"}},
		{"no ‖g‖", without(gradNorm), map[string]string{"sam-rides-its-edge": "left out: 32 of 32 runs", "unnormalised-sam-rides-its-edge": "8 of 8 seeds as claimed"}},
		{"no epochs", func(r *record.Record) bool { r.Epochs = nil; return true }, map[string]string{"gd-rides-its-edge": "left out: 16 of 16 runs that lack 5 looks in the window"}},
		{"a seed diverged", func(r *record.Record) bool { return claimstest.SettingOf(r, "seed") > 1 || claimstest.Diverge(r) }, map[string]string{
			"sam-rides-its-edge": "left out: 4 of 32 runs that lack 5 looks in the window", "sam-edge-is-lower": "7 of 7 seeds as claimed",
		}},
	} {
		found := judged(claimstest.Change(runs(3, riding(1.1, .03)), c.keep))
		for id, part := range c.want {
			if v := found[id]; !strings.Contains(v.Why, part) || strings.Contains(v.Why, "NaN") {
				t.Errorf("%s: %s: %q lacks %q", c.name, id, v.Why, part)
			}
		}
	}
}

func copied(of map[string]any) (out, same map[string]any) {
	out = map[string]any{}
	for k, v := range of {
		out[k] = v
	}
	return out, out
}

// One optimizer at one rate lies at the very factor, either way, while all others ride their edges; SAM at one ρ and rate is as sharp as
// gradient descent; a critical sharpness has nothing to do with λ₁.
func TestNullOfEdges(t *testing.T) {
	const spread = .1
	null := func(name string, of law, ids ...string) {
		claimstest.Null(t, name, claimstest.Pick(edges, ids...), func(i int) *study.Trials { return study.Of(runs(uint64(i), of)) })
	}
	for _, by := range []float64{factor, 1 / factor} {
		at := func(o optimizer, eta float64) law { return where(alone(o, eta), riding(by, spread)) }
		name := fmt.Sprintf("at %.2f of the edge", by)
		null(name, at(optimizer{}, .1), "gd-rides-its-edge", "critical-step-tells-the-edge")
		null(name, at(optimizer{.1, false}, .05), "sam-rides-its-edge")
		null(name, at(optimizer{.1, true}, .1), "unnormalised-sam-rides-its-edge")
	}
	null("one curvature", func(r *rand.Rand, o optimizer, eta float64) func(at, edge float64) (float64, float64) {
		if o == (optimizer{}) || o == (optimizer{.1, false}) && eta == .05 {
			return oneCurvature(1, spread)(r, o, eta)
		}
		return riding(.7, .03)(r, o, eta)
	}, "sam-edge-is-lower")
	null("λc by itself", func(r *rand.Rand, o optimizer, eta float64) func(at, edge float64) (float64, float64) {
		up := riding(1.1, .03)(r, o, eta)
		return func(at, edge float64) (float64, float64) {
			top, c := up(at, edge)
			if eta == .1 {
				c = r.Float64()
			}
			return top, c
		}
	}, "critical-step-shows-sharpening")
}

// Where runs ride their edges with the spread of the exploration, eight seeds tell it.
func TestPowerOfEdges(t *testing.T) {
	const sweeps = 40
	told := map[string]int{}
	for i := range sweeps {
		for _, v := range verdict.Judge(edges, study.Of(runs(uint64(100+i), riding(1.3, .05)))) {
			if v.Verdict == verdict.Reproduces {
				told[v.Claim]++
			}
		}
	}
	for _, c := range edges {
		if told[c.ID] < sweeps*9/10 {
			t.Errorf("%s reproduces in %d of %d sweeps in which it is so", c.ID, told[c.ID], sweeps)
		}
	}
}

func TestFindingIsMadeOfVerdicts(t *testing.T) {
	claimstest.Finding(t, "edge", edges, claimstest.Sweep{Seeds: 8, Ms: []float64{128}, Rhos: []float64{0, .05, .1}, Noise: []float64{0}})
}
