package plots

import (
	"slices"
	"strings"
	"testing"

	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/plots/plotstest"
)

func TestPowersAreWithinSeed(t *testing.T) {
	var recs []record.Record
	for seed := range 3 {
		for k := range 4 {
			recs = append(recs, plotstest.Trial(seed, .05, float64(k+1), map[string]float64{
				"train_error": 0, "error_gap": float64(k) - 10*float64(seed), "msharp(m=1 rho=0.05)": float64(k) + 10*float64(seed),
			}))
		}
	}
	recs[0].Values.Numbers["train_error"] = .5 // fails the gate
	ts := study.Of(recs)
	facts := comparedBy(study.Gate{}).facts(ts)
	if p := facts.ps[0]; len(facts.ps) != 1 || p.within.Mean != 1 || p.models != 11 || p.within.N != 3 || facts.models.String() != "3–4" {
		t.Fatalf("%+v", facts)
	}
	if len(facts.baselines) != 0 {
		t.Errorf("%+v", facts) // ρ is the same everywhere, and there is no train loss
	}
	if all := comparedBy(study.Gate{}).at(study.Ungated).facts(ts).ps; len(all) != 1 || all[0].models != 12 {
		t.Errorf("without the gate: %+v", all)
	}
}

// At one measured ρ, all τ are of the models that have every m there.
func TestPowersOfOneRhoAreOfTheSameModels(t *testing.T) {
	recs := plotstest.Zoo(2)
	lacks := plotstest.With(recs, func(*record.Record) {})
	delete(lacks[0].Values.Numbers, "msharp(m=16 rho=0.05)")
	of := comparedBy(study.Stopped).facts(study.Of(lacks))
	for _, p := range of.ps {
		want := 62
		if p.Rho == .05 {
			want--
		}
		if p.models != want {
			t.Errorf("m = %v, ρ = %v: %d models, want %d", p.M, p.Rho, p.models, want)
		}
	}
	if of.lacking != 1 || !strings.Contains(of.sample(), "(62 of 64: stopped at their train loss); 1 more lacks a measure") {
		t.Errorf("%d lack a measure: %s", of.lacking, of.sample())
	}
}

// A baseline has the sign that helps it, and its name says so; a sweep of SAM has ρ and the train loss.
func TestBaselinesAreTurned(t *testing.T) {
	facts := comparedBy(study.Stopped).facts(study.Of(plotstest.Zoo(2)))
	var names []string
	for _, b := range facts.baselines {
		names = append(names, b.name)
		if b.within.Mean < 0 {
			t.Errorf("%s has τ %v", b.name, b.within.Mean)
		}
	}
	if i := slices.IndexFunc(facts.baselines, func(b baseline) bool { return b.name == "−lr" && b.column == "-lr" }); i < 0 || len(names) != 8 {
		t.Errorf("a larger learning rate leaves a smaller gap: %q", names)
	}
	if facts.passing != 62 {
		t.Errorf("%d models stopped at their loss, want all but one a seed", facts.passing)
	}
	swept := comparedBy(study.Gate{}).facts(study.Of(plotstest.Small.Records())).baselines
	if len(swept) != 2 || strings.TrimPrefix(swept[0].name, "−") != "ρ alone" || strings.TrimPrefix(swept[1].name, "−") != "train loss" {
		t.Errorf("%+v", swept)
	}
}
