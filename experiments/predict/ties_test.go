package main

import (
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"msharp/experiments/cli"
	"msharp/harness/record"
	"msharp/harness/verdict"
)

// τ with the error gap is that of counts of wrong examples: of 60 training and 60 test examples, a gap is a whole number of sixtieths, and equal
// ones tie. Were they compared as rounded, τ would be −.0727 at m = 1 and −.0719 at m = 60.
func TestEqualGapsTie(t *testing.T) {
	if testing.Short() {
		t.Skip("left out of -short: it trains 216 networks")
	}
	out := t.TempDir()
	program := cli.Experiment{Name: "predict", Config: config, Claims: predicts}
	if status := program.Main([]string{"--config", filepath.Join("testdata", "ties.yaml"), "--out", out, "--quiet"}, io.Discard, os.Stderr); status != 0 {
		t.Fatal("exit status", status)
	}
	recs, warnings, err := record.Load(out)
	if err != nil || len(warnings) > 0 || len(recs) != 216 {
		t.Fatal(len(recs), warnings, err)
	}
	var verdicts []verdict.Verdict
	text, err := os.ReadFile(filepath.Join(out, "verdicts.json"))
	if err == nil {
		err = json.Unmarshal(text, &verdicts)
	}
	if err != nil {
		t.Fatal(err)
	}
	says := map[string]float64{}
	for _, v := range verdicts {
		says[v.Claim] = float64(v.Estimate)
	}
	at1, at60 := meanTau(recs, "msharp(m=1 rho=0.05)"), meanTau(recs, "msharp(m=60 rho=0.05)")
	if math.Abs(at1 - -.0670) > 1e-3 || math.Abs(at60 - -.0760) > 1e-3 {
		t.Errorf("τ is %.4f at m = 1 and %.4f at m = 60; want −.0670 and −.0760", at1, at60)
	}
	// m = 4 is in the middle: the slope over three is half the difference of the ends.
	for claim, want := range map[string]float64{"small-m-predicts": at1, "predictive-power-falls": (at60 - at1) / 2} {
		if got, ok := says[claim]; !ok || math.Abs(got-want) > 1e-12 {
			t.Errorf("%s: the verdict says %v, the definition %v", claim, got, want)
		}
	}
}

// meanTau is Kendall's τ-b of a measure with the error gap over the networks of a seed that reached their train loss, mean over seeds, by its
// definition: pairs that agree less pairs that do not, over the geometric mean of the pairs that do not tie in either.
func meanTau(recs []record.Record, measure string) float64 {
	bySeed := map[any][][2]float64{}
	for _, r := range recs {
		value := func(name string) float64 { v, _ := r.Value(name); return v }
		setting := func(key string) float64 { v, _ := r.Setting(key); x, _ := record.Float(v); return x }
		if value("train_loss") > setting("stop.train_loss") && value("epochs_run") == setting("stop.max_epochs") {
			continue
		}
		wrong := math.Round(60*value("test_error")) - math.Round(60*value("train_error"))
		bySeed[r.Config["seed"]] = append(bySeed[r.Config["seed"]], [2]float64{value(measure), wrong})
	}
	sum := 0.
	for _, of := range bySeed {
		var score, x, y float64
		for i, a := range of {
			for _, b := range of[:i] {
				dx, dy := sign(a[0]-b[0]), sign(a[1]-b[1])
				score, x, y = score+dx*dy, x+dx*dx, y+dy*dy
			}
		}
		sum += score / math.Sqrt(x*y)
	}
	return sum / float64(len(bySeed))
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}
