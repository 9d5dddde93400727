package plots

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"msharp/harness/record"
)

func only(recs []record.Record, keep func(r run) bool) (out []record.Record) {
	for _, rec := range recs {
		if rs := Read([]record.Record{rec}).runs; len(rs) == 1 && keep(rs[0]) {
			out = append(out, rec)
		}
	}
	return out
}

func with(recs []record.Record, change func(r *record.Record)) []record.Record {
	out := slices.Clone(recs)
	for i := range out {
		numbers := map[string]record.Number{}
		for k, v := range out[i].Values.Numbers {
			numbers[k] = v
		}
		out[i].Values.Numbers = numbers
		change(&out[i])
	}
	return out
}

func diverge(r *record.Record) {
	r.Status = record.Diverged
	for k := range r.Values.Numbers {
		r.Values.Numbers[k] = record.Number(math.NaN())
	}
}

// subset is a part of an experiment's records, or records that lack something.
type subset struct {
	name    string
	figures []Figure
	recs    []record.Record
	skipped string // the figures not drawn
	says    string // a part of the captions or of what is said of a figure that is not drawn; empty for nothing in particular
	finding string // a part of it; empty where nobody asks
}

// decay is the key of the weight decay.
var decay = []string{"optimizer.base.weight_decay"}

// manySettings is small at nine learning rates.
func manySettings() (recs []record.Record) {
	for i := range 9 {
		for _, r := range small.records() {
			r.ID += fmt.Sprint("-", i)
			r.Config = maps.Clone(r.Config)
			r.Config["lr"] = .01 * float64(i+1)
			recs = append(recs, r)
		}
	}
	return recs
}

func subsets() (all []subset) {
	everything := small.records()
	changed := func(f func(p *population)) []record.Record { p := small; f(&p); return p.records() }
	without := func(recs []record.Record, names ...string) []record.Record {
		return with(recs, func(r *record.Record) {
			for k := range r.Values.Numbers {
				if slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(k, n) }) {
					delete(r.Values.Numbers, k)
				}
			}
		})
	}
	// half lacks the measures in every other record.
	half := func(recs []record.Record) []record.Record {
		out := slices.Clone(recs)
		for i, r := range without(recs, "msharp") {
			if i%2 == 0 {
				out[i] = r
			}
		}
		return out
	}
	same := func(recs []record.Record, names ...string) []record.Record {
		return with(recs, func(r *record.Record) {
			for _, n := range names {
				r.Values.Numbers[n] = .1
			}
		})
	}
	twice := func(recs []record.Record) []record.Record {
		out := slices.Clone(recs)
		for _, r := range recs {
			r.ID += "-v2"
			out = append(out, r)
		}
		return out
	}
	const noAscent = "collapse predictive_power best_rho paired_differences"
	const every = "msweep error_vs_rho collapse predictive_power scatter best_rho paired_differences training_curves"
	for _, s := range []subset{
		{"none", nil, nil, every, "no trial has finished", "no trial has finished"},
		{"one trial", nil, everything[:1], noAscent, "no run has ρ > 0", "not two values of m"},
		{"one seed", nil, one(small).records(), "paired_differences", "needs 2 or more, and there is 1", "undecided"},
		{"two seeds", nil, only(everything, func(r run) bool { return r.seed < 3 }), "", "n = 2", "Over 2 seeds"},
		{"one m", nil, only(everything, func(r run) bool { return r.m <= 1 }), "collapse best_rho",
			"the records have one m (1)", "τ of m-sharpness"},
		{"no base", nil, only(everything, func(r run) bool { return r.rho > 0 }), "", "no ρ = 0 run to compare with", "test error"},
		{"only base", nil, only(everything, func(r run) bool { return r.rho == 0 }), noAscent, "no run has ρ > 0", "not two values of m"},
		{"one ρ", nil, only(everything, func(r run) bool { return r.rho == .2 }), "best_rho", "there is no best one", "at ρ = .2"},
		{"no measures", nil, changed(func(p *population) { p.measure = nil }), "predictive_power scatter",
			"no record has a measure msharp", "test error"},
		{"half the measures", nil, half(everything), "", "more lack the measure", "test error"},
		{"one measure", nil, changed(func(p *population) { p.measure, p.at = []string{"n"}, []float64{.2} }), "", "", "test error"},
		{"all diverged", nil, with(everything, diverge), every, "all of 27 trials diverged", "diverged"},
		{"all but one diverged", nil, append(with(everything[1:], diverge), everything[0]), noAscent, "0 of 2 m have a finished run", ""},
		{"all failed", nil, with(everything, func(r *record.Record) { r.Status = record.Failed }), every,
			"no trial has finished", "no trial has finished"},
		{"no epochs", nil, changed(func(p *population) { p.epochs = 0 }), "training_curves", "no finished trial has epochs", "τ of m-sharpness"},
		{"one epoch", nil, changed(func(p *population) { p.epochs = 1 }), "", "", "τ of m-sharpness"},
		{"no validation", nil, with(without(everything, "val_error"), func(r *record.Record) {
			r.Epochs = slices.Clone(r.Epochs)
			for i := range r.Epochs {
				r.Epochs[i].ValError = record.Number(math.NaN())
			}
		}), "paired_differences", "at a ρ that other seeds' validation error picks", "τ of m-sharpness"},
		{"no gate", nil, with(everything, func(r *record.Record) { r.Values.Numbers["train_error"] = .1 }), "",
			"Nothing passes the gate", "test error"},
		{"sharpness zero", nil, with(everything, func(r *record.Record) {
			for k := range r.Values.Numbers {
				if strings.HasPrefix(k, "msharp") {
					r.Values.Numbers[k] = 0
				}
			}
		}), "predictive_power", "no seed has two models that differ in both", "test error"},
		{"no test error", nil, without(only(everything, func(r run) bool { return !r.diverged }), "test_error", "error_gap", "loss_gap"),
			"msweep error_vs_rho collapse predictive_power scatter paired_differences", "no final trial has the test error", "not two values of m"},
		{"no loss gap", nil, without(everything, "loss_gap"), "", "no finished model has the loss gap", "τ of m-sharpness"},
		{"constant error", nil, same(whole.records(), "test_error"), "", "the curves of all m are one", "undecided"},
		{"constant gap", nil, same(everything, "error_gap", "loss_gap"), "predictive_power", "have the same error gap", "test error"},
		{"partial", nil, only(everything, func(r run) bool { return int(100*r.rho+r.m)%3 != int(r.seed)%3 }), "", "", ""},
		{"also swept", nil, changed(func(p *population) { p.hidden = []float64{64, 128} }), "", "Also swept: model.hidden",
			"points at hidden [64]; "},
		{"two results versions", nil, twice(everything), "", "stand in the records under more than one id", "τ of m-sharpness"},
		{"whole", nil, whole.records(), "", "", "falls from"},
	} {
		s.figures = sweepFigures()
		all = append(all, s)
	}
	rates := several(3)
	lr := func(r run) float64 { v, _ := record.Float(r.config["lr"]); return v }
	const noBase = "paired_differences against_tuned best_rho predictive_power_by_setting predictive_power"
	const robust = "robust paired_differences against_tuned best_rho predictive_power_by_setting predictive_power"
	for _, s := range []subset{
		{"robust, none", nil, nil, robust, "no trial has finished", "no trial has finished"},
		{"robust, one trial", nil, rates[:1], noBase, "no run has ρ > 0", "not two values of m"},
		{"robust, one seed", nil, several(1), "paired_differences against_tuned", "a setting is picked by the other seeds", "In one seed"},
		{"robust, two seeds", nil, several(2), "", "n = 2", "Over 2 seeds"},
		{"robust, one setting", nil, only(rates, func(r run) bool { return lr(r) == .1 && settingName(r, decay) == "weight decay 0" }),
			"against_tuned", "trained at one setting", "rises by"},
		{"robust, one sweep and a grid", nil, only(rates, func(r run) bool { return lr(r) != .025 || r.rho == 0 }), "",
			"6 settings of lr and weight decay", "test error"},
		{"robust, no base", nil, only(rates, func(r run) bool { return r.rho > 0 }), "against_tuned", "there is no run at ρ = 0", "at lr .1"},
		{"robust, only base", nil, only(rates, func(r run) bool { return r.rho == 0 }), noBase, "no run has ρ > 0", "not two values of m"},
		{"robust, one m", nil, only(rates, func(r run) bool { return r.m <= 1 }), "best_rho", "one m (1)", "SAM, tuned over"},
		{"robust, one ρ", nil, only(rates, func(r run) bool { return r.rho == 0 || r.rho == .05 }), "best_rho",
			"there is no best one", "ρ = .05"},
		{"robust, all diverged", nil, with(rates, diverge), robust, "all of 66 trials diverged", "diverged"},
		{"robust, a setting diverged", nil, with(rates, func(r *record.Record) {
			if v, _ := r.Setting("lr"); v == .025 {
				diverge(r)
			}
		}), "", "a: all of 27 trials diverged", "points at lr .1 (left out"},
		{"robust, no validation", nil, without(rates, "val_error"), "paired_differences against_tuned",
			"no seed has a test error of SGD at a setting", "at lr .1"},
		{"robust, no measures", nil, without(rates, "msharp"), "predictive_power_by_setting predictive_power",
			"no record has a measure msharp", "at lr .1"},
		{"robust, no test error", nil, without(rates, "test_error"), "robust paired_differences against_tuned",
			"no final trial has the test error", "No finding: no setting"},
		{"robust, of many settings", nil, manySettings(), "", "9 settings of lr", "of 9 settings of lr"},
		{"robust, of label noise", nil, noisy.records(), "against_tuned", "several data sets (label noise)", "noisy labels"},
	} {
		s.figures = settingsFigures()
		all = append(all, s)
	}
	zoo3 := zoo(3)
	const predict = "predict predict_baselines predictive_power scatter"
	for _, s := range []subset{
		{"predict, none", nil, nil, predict, "no trial has finished", ""},
		{"predict, one trial", nil, zoo3[:1], "predict predict_baselines predictive_power", "have the same error gap", ""},
		{"predict, one seed", nil, zoo(1), "", "One seed (n = 1): no interval", ""},
		{"predict, two seeds", nil, zoo(2), "", "n = 2", ""},
		{"predict, all diverged", nil, with(zoo3, diverge), predict, "all of 96 trials diverged", ""},
		{"predict, no measures", nil, without(zoo3, "msharp"), "predict predictive_power scatter", "no record has a measure msharp", ""},
		{"predict, half the measures", nil, half(zoo3), "", "lack the measure", ""},
		{"predict, constant gap", nil, same(zoo3, "error_gap", "loss_gap"), "predict predict_baselines predictive_power",
			"have the same error gap", ""},
		{"predict, one architecture", nil, only(zoo3, func(r run) bool { return strings.Contains(r.ID, "-1-32-") }), "",
			"it needs two hyperparameters", ""},
		{"predict, nobody stopped", nil, same(zoo3, "train_loss"), "", "", ""},
		{"predict, of a sweep", nil, everything, "predict predict_baselines", "none of 27 models passes the gate", ""},
	} {
		s.figures = rankingFigures()
		all = append(all, s)
	}
	wrong := noisy.records()
	for _, s := range []subset{
		{"noise, none", nil, nil, "label_noise label_noise_rho", "no trial has finished", ""},
		{"noise, one level", nil, everything, "label_noise label_noise_rho", "one share of noisy labels (0)", ""},
		{"noise, one seed", nil, only(wrong, func(r run) bool { return r.seed == 1 }), "", "One seed (n = 1): no interval", ""},
		{"noise, one seed and no base", nil, only(wrong, func(r run) bool { return r.seed == 1 && r.rho > 0 }), "label_noise",
			"that needs 2 or more seeds", ""},
		{"noise, no base", nil, only(wrong, func(r run) bool { return r.rho > 0 }), "", "", ""},
		{"noise, only base", nil, only(wrong, func(r run) bool { return r.rho == 0 }), "", "", ""},
		{"noise, last epoch only", nil, without(wrong, "test_error_at_best_val"), "", "", ""},
		{"noise, all diverged", nil, with(wrong, diverge), "label_noise label_noise_rho", "all of 63 trials diverged", ""},
		{"noise, a level diverged", nil, with(wrong, func(r *record.Record) {
			if v, _ := r.Setting(noiseKey); v == .4 {
				diverge(r)
			}
		}), "", "diverged", ""},
	} {
		s.figures = noiseFigures()
		all = append(all, s)
	}
	return all
}

// Every subset of an experiment makes a page, without a panic, and without a NaN on it; what cannot be drawn is said.
func TestSubsets(t *testing.T) {
	for _, c := range subsets() {
		t.Run(c.name, func(t *testing.T) {
			ds := set{figures: c.figures, records: c.recs}.draw(t)
			var said strings.Builder
			var skipped []string
			for _, d := range ds {
				said.WriteString(d.Caption + d.Skipped)
				if d.Skipped != "" {
					skipped = append(skipped, d.Name)
					continue
				}
				svg := written(t, d.WriteSVG)
				wellFormed(t, d.Name, svg)
				if strings.Contains(string(svg), "NaN") || strings.Contains(string(svg), "Inf,") {
					t.Errorf("%s draws a NaN", d.Name)
				}
				if csv := string(written(t, d.WriteCSV)); strings.Contains(csv, "NaN") || strings.Count(csv, "\n") < 2 {
					t.Errorf("%s.csv: %s", d.Name, csv)
				}
				if d.Caption == "" || strings.Contains(d.Caption, "NaN") || strings.Contains(d.Caption, "%!") {
					t.Errorf("%s: caption %q", d.Name, d.Caption)
				}
			}
			if got := strings.Join(skipped, " "); got != c.skipped {
				t.Errorf("skipped %q, want %q", got, c.skipped)
			}
			if !strings.Contains(said.String(), c.says) {
				t.Errorf("nothing says %q:\n%s", c.says, said.String())
			}
			if got := Finding(Read(c.recs)); !strings.Contains(got, c.finding) || strings.Contains(got, "NaN") || !strings.HasSuffix(got, ".") {
				t.Errorf("finding %q lacks %q", got, c.finding)
			}
			page := string(report(t, c.recs, ds))
			if strings.Contains(page, "NaN") || strings.Contains(page, "ZgotmplZ") {
				t.Error("NaN in the report")
			}
			for _, d := range ds {
				if d.Skipped != "" && !strings.Contains(page, "("+d.Name+"): ") {
					t.Errorf("the report does not say why %s is missing", d.Name)
				}
			}
		})
	}
}

func TestSkippedIsNotWritten(t *testing.T) {
	d, err := Power{}.Draw(Read(nil))
	if err != nil || d.Skipped == "" {
		t.Fatal(d, err)
	}
	if d.WritePNG(io.Discard) == nil || d.WriteSVG(io.Discard) == nil {
		t.Error("wrote a figure that was skipped")
	}
}
