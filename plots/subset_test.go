package plots

import (
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/plots/plotstest"
)

// subset is a part of an experiment's records, or records that lack something.
type subset struct {
	name    string
	figures []Figure
	recs    []record.Record
	skipped string // the figures not drawn
	says    string // a part of the captions or of what is said of a figure that is not drawn; empty for nothing in particular
}

// manySettings is small at nine learning rates.
func manySettings() (recs []record.Record) {
	for i := range 9 {
		recs = append(recs, plotstest.At(plotstest.Small.Records(), .01*float64(i+1), "lr")...)
	}
	return recs
}

func subsets() (all []subset) {
	everything := plotstest.Small.Records()
	changed := func(f func(p *plotstest.Population)) []record.Record { p := plotstest.Small; f(&p); return p.Records() }
	without := func(recs []record.Record, names ...string) []record.Record {
		return plotstest.With(recs, func(r *record.Record) {
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
		return plotstest.With(recs, func(r *record.Record) {
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
		{"none", nil, nil, every, "no trial has finished"},
		{"one trial", nil, everything[:1], "msweep error_vs_rho " + noAscent, "no run has ρ > 0"},
		{"one seed", nil, plotstest.Small.OneSeed().Records(), "paired_differences", "One seed (n = 1): no interval"},
		{"two seeds", nil, plotstest.Only(everything, func(r study.Trial) bool { return r.Seed < 3 }), "", "n = 2"},
		{"one m", nil, plotstest.Only(everything, func(r study.Trial) bool { return r.M <= 1 }), "collapse best_rho",
			"the records have one m (1)"},
		{"no base", nil, plotstest.Only(everything, func(r study.Trial) bool { return r.Rho > 0 }), "", "no ρ = 0 run to compare with"},
		{"only base", nil, plotstest.Only(everything, func(r study.Trial) bool { return r.Rho == 0 }), "msweep error_vs_rho " + noAscent, "no run has ρ > 0"},
		{"one ρ", nil, plotstest.Only(everything, func(r study.Trial) bool { return r.Rho == .2 }), "best_rho", "there is no best one"},
		{"no measures", nil, changed(func(p *plotstest.Population) { p.Measures = nil }), "predictive_power scatter",
			"no record has a measure msharp"},
		{"half the measures", nil, half(everything), "", "10 more lack a measure"},
		{"one measure", nil, changed(func(p *plotstest.Population) { p.Measures, p.At = []string{"n"}, []float64{.2} }), "", ""},
		{"all diverged", nil, plotstest.With(everything, plotstest.Diverge), every, "all 27 trials diverged"},
		{"all but one diverged", nil, append(plotstest.With(everything[1:], plotstest.Diverge), everything[0]), "collapse predictive_power best_rho", "0 of 2 m have a point on the axis"},
		{"all failed", nil, plotstest.With(everything, func(r *record.Record) { r.Status = record.Failed }), every,
			"no trial has finished"},
		{"no epochs", nil, changed(func(p *plotstest.Population) { p.Epochs = 0 }), "training_curves", "no finished trial has epochs"},
		{"one epoch", nil, changed(func(p *plotstest.Population) { p.Epochs = 1 }), "", ""},
		{"no validation", nil, plotstest.With(without(everything, "val_error"), func(r *record.Record) {
			r.Epochs = slices.Clone(r.Epochs)
			for i := range r.Epochs {
				r.Epochs[i].ValError = record.Number(math.NaN())
			}
		}), "best_rho paired_differences", "no two seeds have every option of both sides of a difference, with a validation error"},
		{"no gate", nil, plotstest.With(everything, func(r *record.Record) { r.Values.Numbers["train_error"] = .1 }), "",
			"Nothing passes the gate"},
		{"sharpness zero", nil, plotstest.With(everything, func(r *record.Record) {
			for k := range r.Values.Numbers {
				if strings.HasPrefix(k, "msharp") {
					r.Values.Numbers[k] = 0
				}
			}
		}), "predictive_power", "and differ in both sharpness and error gap"},
		{"no test error", nil, without(plotstest.Only(everything, func(r study.Trial) bool { return !r.Diverged }), "test_error", "error_gap", "loss_gap"),
			"msweep error_vs_rho collapse predictive_power scatter best_rho paired_differences", "no final trial has the test error"},
		{"no loss gap", nil, without(everything, "loss_gap"), "", "no finished model has the loss gap"},
		{"constant error", nil, same(plotstest.Whole.Records(), "test_error"), "", "the curves of all m are one"},
		{"constant gap", nil, same(everything, "error_gap", "loss_gap"), "predictive_power", "have the same error gap"},
		{"partial", nil, plotstest.Only(everything, func(r study.Trial) bool { return int(100*r.Rho+r.M)%3 != int(r.Seed)%3 }), "", ""},
		{"also swept", nil, changed(func(p *plotstest.Population) { p.Hidden = []float64{64, 128} }), "", "Also swept: model.hidden"},
		{"two results versions", nil, twice(everything), "", "stand in the records under more than one id"},
		{"whole", nil, plotstest.Whole.Records(), "", ""},
	} {
		s.figures = sweepFigures()
		all = append(all, s)
	}
	rates := plotstest.Several(3)
	lr := func(r study.Trial) float64 { v, _ := r.Number("lr"); return v }
	const robust = "robust paired_differences against_tuned best_rho predictive_power_by_setting predictive_power"
	for _, s := range []subset{
		{"robust, none", nil, nil, robust, "no trial has finished"},
		{"robust, one trial", nil, rates[:1], robust, "no run has ρ > 0"},
		{"robust, one seed", nil, plotstest.Several(1), "paired_differences against_tuned", "One seed (n = 1): no interval"},
		{"robust, two seeds", nil, plotstest.Several(2), "", "n = 2"},
		{"robust, one setting", nil, plotstest.Only(rates, func(r study.Trial) bool { return lr(r) == .1 && r.Key("optimizer.base.weight_decay") == 0. }),
			"against_tuned", "trained at one setting"},
		{"robust, one sweep and a grid", nil, plotstest.Only(rates, func(r study.Trial) bool { return lr(r) != .025 || r.Rho == 0 }), "",
			"6 settings of lr and weight decay"},
		{"robust, no base", nil, plotstest.Only(rates, func(r study.Trial) bool { return r.Rho > 0 }), "against_tuned", "there is no run at ρ = 0"},
		{"robust, only base", nil, plotstest.Only(rates, func(r study.Trial) bool { return r.Rho == 0 }), robust, "no run has ρ > 0"},
		{"robust, one m", nil, plotstest.Only(rates, func(r study.Trial) bool { return r.M <= 1 }), "best_rho", "one m (1)"},
		{"robust, one ρ", nil, plotstest.Only(rates, func(r study.Trial) bool { return r.Rho == 0 || r.Rho == .05 }), "best_rho",
			"there is no best one"},
		{"robust, all diverged", nil, plotstest.With(rates, plotstest.Diverge), robust, "all 66 trials diverged"},
		{"robust, a setting diverged", nil, plotstest.With(rates, func(r *record.Record) {
			if v, _ := r.Setting("lr"); v == .025 {
				plotstest.Diverge(r)
			}
		}), "", "a: all 27 trials diverged"},
		{"robust, no validation", nil, without(rates, "val_error"), "paired_differences against_tuned best_rho",
			"no run at ρ = 0 has both a test and a validation error"},
		{"robust, no measures", nil, without(rates, "msharp"), "predictive_power_by_setting predictive_power",
			"no record has a measure msharp"},
		{"robust, no test error", nil, without(plotstest.Only(rates, func(r study.Trial) bool { return !r.Diverged }), "test_error"), "robust paired_differences against_tuned best_rho",
			"no final trial has the test error"},
		{"robust, of many settings", nil, manySettings(), "", "9 settings of lr"},
		{"robust, of label noise", nil, plotstest.Noisy.Records(), "against_tuned", "several data sets (label noise)"},
	} {
		s.figures = settingsFigures()
		all = append(all, s)
	}
	zoo3 := plotstest.Zoo(3)
	const predict = "predict predict_baselines predictive_power scatter"
	for _, s := range []subset{
		{"predict, none", nil, nil, predict, "no trial has finished"},
		{"predict, one trial", nil, zoo3[:1], "predict predict_baselines predictive_power", "have the same error gap"},
		{"predict, one seed", nil, plotstest.Zoo(1), "", "One seed (n = 1): no interval"},
		{"predict, two seeds", nil, plotstest.Zoo(2), "", "n = 2"},
		{"predict, all diverged", nil, plotstest.With(zoo3, plotstest.Diverge), predict, "all 96 trials diverged"},
		{"predict, no measures", nil, without(zoo3, "msharp"), "predict predictive_power scatter", "no record has a measure msharp"},
		{"predict, half the measures", nil, half(zoo3), "", "lack the measure"},
		{"predict, constant gap", nil, same(zoo3, "error_gap", "loss_gap"), "predict predict_baselines predictive_power",
			"have the same error gap"},
		{"predict, one architecture", nil, plotstest.Only(zoo3, func(r study.Trial) bool { return strings.Contains(r.ID, "-1-32-") }), "",
			"Left out, for it is undefined: sign error, mean (no hyperparameter has two values with 12 pairs of models that differ in nothing else); sign error, max. (no hyperparameter"},
		{"predict, nobody stopped", nil, same(zoo3, "train_loss"), "", ""},
		{"predict, of a sweep", nil, everything, "predict predict_baselines", "none of 27 models passes the gate"},
	} {
		s.figures = rankingFigures()
		all = append(all, s)
	}
	wrong := plotstest.Noisy.Records()
	for _, s := range []subset{
		{"noise, none", nil, nil, "label_noise label_noise_rho", "no trial has finished"},
		{"noise, one level", nil, everything, "label_noise label_noise_rho", "one share of noisy labels (0)"},
		{"noise, one seed", nil, plotstest.Only(wrong, func(r study.Trial) bool { return r.Seed == 1 }), "", "One seed (n = 1): no interval"},
		{"noise, one seed and no base", nil, plotstest.Only(wrong, func(r study.Trial) bool { return r.Seed == 1 && r.Rho > 0 }), "label_noise",
			"There is no ρ = 0 run to compare with"},
		{"noise, no base", nil, plotstest.Only(wrong, func(r study.Trial) bool { return r.Rho > 0 }), "", ""},
		{"noise, only base", nil, plotstest.Only(wrong, func(r study.Trial) bool { return r.Rho == 0 }), "label_noise_rho", "no run has ρ > 0"},
		{"noise, last epoch only", nil, without(wrong, "test_error_at_best_val"), "", ""},
		{"noise, all diverged", nil, plotstest.With(wrong, plotstest.Diverge), "label_noise label_noise_rho", "all 63 trials diverged"},
		{"noise, a level diverged", nil, plotstest.With(wrong, func(r *record.Record) {
			if v, _ := r.Setting("data.label_noise"); v == .4 {
				plotstest.Diverge(r)
			}
		}), "", "diverged"},
	} {
		s.figures = noiseFigures()
		all = append(all, s)
	}
	shaped := curved(everything)
	for _, s := range []subset{
		{"curvature, none", nil, nil, "curvature density mediation", "no trial has finished"},
		{"curvature, one trial", nil, shaped[:1], "curvature mediation", "no run has ρ > 0"},
		{"curvature, one seed", nil, plotstest.Only(shaped, func(r study.Trial) bool { return r.Seed == 1 }), "mediation", "One seed (n = 1): no interval"},
		{"curvature, one m", nil, plotstest.Only(shaped, func(r study.Trial) bool { return r.M <= 1 }), "mediation", "the training has 1 value of m, needs two"},
		{"curvature, no base", nil, plotstest.Only(shaped, func(r study.Trial) bool { return r.Rho > 0 }), "", ""},
		{"curvature, only base", nil, plotstest.Only(shaped, func(r study.Trial) bool { return r.Rho == 0 }), "curvature mediation", "the training has 0 values of m, needs two"},
		{"curvature, all diverged", nil, plotstest.With(shaped, plotstest.Diverge), "curvature density mediation", "all 27 trials diverged"},
		{"curvature, not measured", nil, everything, "density mediation", "no finished trial has the measure density"},
		{"curvature, a node is missing", nil, without(shaped, "density_node(i=3)"), "", ""},
		{"curvature, no weights", nil, without(shaped, "density_weight"), "density", "no finished trial has the measure density"},
	} {
		s.figures = curvatureFigures()
		all = append(all, s)
	}
	return all
}

// Every subset of an experiment is drawn, without a panic and without a NaN; what cannot be drawn is said.
func TestSubsets(t *testing.T) {
	t.Parallel()
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
		})
	}
}

func TestSkippedIsNotWritten(t *testing.T) {
	d, err := Power{}.Draw(study.Of(nil))
	if err != nil || d.Skipped == "" {
		t.Fatal(d, err)
	}
	if d.WritePNG(io.Discard) == nil || d.WriteSVG(io.Discard) == nil {
		t.Error("wrote a figure that was skipped")
	}
}
