package study

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"msharp/harness/record"
)

// trialOf is a record of SAM on a data set, of the base optimizer at ρ = 0.
func trialOf(seed, m, rho float64, more map[string]any, numbers map[string]record.Number) record.Record {
	optimizer := map[string]any{"kind": "sam", "rho": rho, "p": 2., "base": map[string]any{"kind": "sgd"}}
	if rho > 0 {
		optimizer["m"] = m
	}
	config := map[string]any{"seed": seed, "batch_size": 128., "optimizer": optimizer}
	for k, v := range more {
		if o, ok := v.(map[string]any); ok && k == "optimizer" {
			for k, v := range o {
				optimizer[k] = v
			}
			continue
		}
		config[k] = v
	}
	return record.Record{ID: fmt.Sprint(seed, m, rho, more), Status: record.Done, Config: config, Values: record.Values{Numbers: numbers}}
}

func tested(v float64) map[string]record.Number {
	return map[string]record.Number{"test_error": record.Number(v), "val_error": record.Number(v), "train_loss": .1}
}

// A run that diverged has an error of 1 wherever an error is read, no other value, and is no model to rank.
func TestDivergence(t *testing.T) {
	diverged := trialOf(1, 4, .1, nil, map[string]record.Number{"test_error": record.Number(math.NaN()), "train_loss": record.Number(math.NaN())})
	diverged.Status = record.Diverged
	ts := Of([]record.Record{diverged, trialOf(1, 4, .05, nil, tested(.1)), trialOf(2, 4, .1, nil, tested(.3))})
	for _, f := range []Field{TrainError, ValError, TestError, BestValError, TestErrorBestVal} {
		for _, r := range ts.Final() {
			if v, ok := f.Of(r); r.Diverged && (!ok || v != 1) {
				t.Errorf("%s of a diverged run is %v, %v", f.Name, v, ok)
			}
		}
	}
	cells := ts.Cells(M, Rho, TestError)
	if len(cells) != 2 || cells[1].Diverged != 1 || cells[1].Runs != 2 || cells[1].Mean().Mean != .65 {
		t.Errorf("%+v", cells)
	}
	if losses := ts.Cells(M, Rho, TrainLoss); len(losses[1].PerSeed) != 1 {
		t.Errorf("%+v", losses)
	}
	curves, _ := ts.Curves(LastEpoch)
	if p, ok := curves[0].At[4][1].Of(1); !ok || p != (Point{1, 1}) {
		t.Errorf("on the curves: %v, %v", p, ok)
	}
	if k := ts.Ranking(TestError, Ungated); k.Passing != 2 {
		t.Errorf("%d models", k.Passing)
	}
}

// A base run is the partner of what it agrees with in every swept key that both have. The ascent's own keys are none of these.
func TestPartners(t *testing.T) {
	norm := func(p float64) map[string]any { return map[string]any{"optimizer": map[string]any{"p": p}} }
	lr := func(v float64) map[string]any { return map[string]any{"lr": v} }
	recs := []record.Record{
		trialOf(1, 0, 0, lr(.1), tested(.1)), trialOf(1, 0, 0, lr(.2), tested(.2)), trialOf(1, 0, 0, lr(.4), tested(.4)),
		trialOf(1, 4, .05, lr(.1), tested(.1)), trialOf(1, 4, .05, lr(.2), tested(.1)),
	}
	settings := Of(recs).Settings()
	if len(settings) != 2 || settings[0].Text() != "lr = 0.1" || settings[1].Text() != "lr = 0.2" {
		t.Fatalf("%+v", settings)
	}
	for i, s := range settings {
		if base := s.Base().Final(); len(base) != 1 || base[0].Key("lr") != settings[i].Values[0] {
			t.Errorf("%s: %d partners", s.Text(), len(base))
		}
	}
	if n := len(Of(recs).Partners().Base().Final()); n != 2 {
		t.Errorf("%d partners of all, want those at .1 and .2", n)
	}
	of := Of([]record.Record{trialOf(1, 0, 0, nil, tested(.1)), trialOf(1, 4, .05, norm(2), tested(.1)), trialOf(1, 4, .05, norm(math.Inf(1)), tested(.1))})
	for _, s := range of.Settings() {
		if len(s.Base().Final()) != 1 {
			t.Errorf("p = %v has no partner", s.Values)
		}
	}
}

// What stands under several ids is told, by what was swept alone.
func TestTwice(t *testing.T) {
	a, b := trialOf(1, 4, .1, nil, tested(.1)), trialOf(1, 4, .1, map[string]any{"clip": 0.}, tested(.2))
	if n := Of([]record.Record{a, b, trialOf(2, 4, .1, nil, tested(.1))}).Twice(); n != 1 {
		t.Errorf("%d trials twice", n)
	}
	if n := Of([]record.Record{a, a}).Twice(); n != 0 {
		t.Errorf("of one id: %d trials twice", n)
	}
}

// Columns of m-sharpness are those of m and ρ alone, and n stands for the number of all examples.
func TestMSharpness(t *testing.T) {
	numbers := map[string]record.Number{}
	for _, name := range []string{"msharp(m=1 rho=0.05)", "msharp(m=64 rho=0.05)", "msharp(m=n rho=0.05)", "msharp(m=1 rho=0.2)",
		"msharp(m=1 rho=0.05 steps=5)", "msharp_se(m=1 rho=0.05)", "msharp(m=1", "gradnorm", "pacbayes(rho=0.2)", "pacbayes(rho=0.1)", "pacbayes_error(rho=0.1)"} {
		numbers[name] = 1
	}
	recs := []record.Record{trialOf(1, 4, .1, map[string]any{"data": map[string]any{"train": 64.}}, numbers), trialOf(1, 4, .2, map[string]any{"data": map[string]any{"train": 64.}}, map[string]record.Number{
		"gradnorm": 2, "pacbayes(rho=0.1)": 3, "pacbayes(rho=0.2)": 4, "train_loss": 1})}
	ts := Of(recs)
	var names []string
	for _, m := range MeasuredAt(ts.MSharpness(), ShownRho(ts.MSharpness())) {
		names = append(names, m.Name)
	}
	if want := []string{"msharp(m=1 rho=0.05)", "msharp(m=n rho=0.05)"}; !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
	names = nil
	for _, r := range ts.Rivals() {
		names = append(names, r.Column)
	}
	if want := []string{"rho", "gradnorm", "pacbayes(rho=0.1)"}; !slices.Equal(names, want) {
		t.Errorf("rivals %q, want %q", names, want)
	}
}

// A Trials may be asked for one thing by many at a time.
func TestWithHasOtherNumbers(t *testing.T) {
	ts := Of([]record.Record{trialOf(1, 4, .1, nil, tested(.1)), trialOf(2, 4, .1, nil, tested(.2))})
	other := ts.With(func(i int, r Trial) record.Values { return record.Values{Numbers: tested(float64(i) / 4)} })
	for i, want := range []float64{0, .25} {
		if v, _ := TestError.Of(other.Final()[i]); v != want {
			t.Errorf("%v, want %v", v, want)
		}
	}
	if v, _ := TestError.Of(ts.Final()[0]); v != .1 {
		t.Error("With changes what it was made of")
	}
}

// Where the ascent lacks a key that the base optimizer was swept over, a seed has several partners; curves and cells have their mean.
func TestSeveralPartners(t *testing.T) {
	decay := func(v float64) map[string]any { return map[string]any{"decay": v} }
	ts := Of([]record.Record{
		trialOf(1, 0, 0, decay(0), tested(.1)), trialOf(1, 0, 0, decay(.1), tested(.3)), trialOf(1, 4, .05, nil, tested(.1)), trialOf(1, 4, .1, nil, tested(.2)),
	})
	curves, missing := ts.Curves(LastEpoch)
	if p, ok := curves[0].Base.Of(1); missing != "" || !ok || math.Abs(p.Test-.2) > 1e-15 {
		t.Errorf("%v %v %s", p, ok, missing)
	}
	if v := ts.Partners().Base().All(TestError).PerSeed[1]; math.Abs(v-.2) > 1e-15 {
		t.Error(v)
	}
}

// Keys of one last part are two fields.
func TestLevelsOfTwoKeys(t *testing.T) {
	var recs []record.Record
	for i := 0.; i < 4; i++ {
		recs = append(recs, trialOf(1, 4, .1, map[string]any{"x": map[string]any{"lr": i}, "y": map[string]any{"lr": i + 10}}, tested(.1)))
	}
	ts := Of(recs)
	if x, y := ts.Levels(Key("x.lr")), ts.Levels(Key("y.lr")); x[3].Value != 3 || y[3].Value != 13 {
		t.Errorf("%v, %v", x[3].Value, y[3].Value)
	}
}

// A hyperparameter that the first trials lack is one all the same.
func TestHyperparameterThatBaseLacks(t *testing.T) {
	recs := []record.Record{trialOf(1, 0, 0, nil, tested(.1))}
	for i := 0.; i < 3; i++ {
		recs = append(recs, trialOf(1, 4, .1, map[string]any{"lr": i + 1}, tested(.1)))
	}
	if hs := Of(recs).Hyperparameters(); len(hs) != 1 || hs[0].Column != "lr" {
		t.Errorf("%+v", hs)
	}
}

// A radius or an m that is no finite number is none.
func TestAxesAreFinite(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		ts := Of([]record.Record{trialOf(1, 4, bad, nil, tested(.1)), trialOf(1, bad, .1, nil, tested(.1))})
		for _, r := range ts.Final() {
			if math.IsNaN(r.Rho+r.M) || math.IsInf(r.Rho+r.M, 0) || r.Rho > 0 && r.M != 128 {
				t.Errorf("ρ = %v, m = %v", r.Rho, r.M)
			}
		}
	}
}

// Thousands of settings are divided in a moment.
func TestManySettings(t *testing.T) {
	var recs []record.Record
	for i := 0.; i < 10_000; i++ {
		recs = append(recs, trialOf(1, 0, 0, map[string]any{"lr": i}, tested(.1)), trialOf(1, 4, .05, map[string]any{"lr": i}, tested(.1)))
	}
	settings := Of(recs).Settings()
	if len(settings) != 10_000 || len(settings[7].Final()) != 2 {
		t.Errorf("%d settings", len(settings))
	}
}
