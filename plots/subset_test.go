package plots

import (
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"msharp/harness/record"
)

func only(recs []record.Record, keep func(r run) bool) (out []record.Record) {
	for _, rec := range recs {
		if rs := runs([]record.Record{rec}); len(rs) == 1 && keep(rs[0]) {
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

// Every subset of a sweep makes a page, without a panic, and without a NaN on it.
func TestSubsets(t *testing.T) {
	all := small.records()
	changed := func(f func(p *population)) []record.Record { p := small; f(&p); return p.records() }
	for _, c := range []struct {
		name    string
		recs    []record.Record
		skipped string // the figures not drawn
		finding string // a part of it
	}{
		{"none", nil, "msweep error_vs_rho predictive_power scatter training_curves", "no trial has finished"},
		{"one trial", all[:1], "predictive_power", "not two values of m"},
		{"one seed", one(small).records(), "", "undecided"},
		{"two seeds", only(all, func(r run) bool { return r.seed < 3 }), "", "Over 2 seeds"},
		{"one m", only(all, func(r run) bool { return r.m <= 1 }), "", "τ of m-sharpness"},
		{"no base", only(all, func(r run) bool { return r.rho > 0 }), "", "test error"},
		{"only base", only(all, func(r run) bool { return r.rho == 0 }), "predictive_power", "not two values of m"},
		{"one ρ", only(all, func(r run) bool { return r.rho == .2 }), "predictive_power", "at ρ = .2"},
		{"no measures", changed(func(p *population) { p.measure = nil }), "predictive_power scatter", "test error"},
		{"one measure", changed(func(p *population) { p.measure, p.at = []string{"n"}, []float64{.2} }), "", "test error"},
		{"all diverged", with(all, diverge), "predictive_power scatter training_curves", "diverged"},
		{"all failed", with(all, func(r *record.Record) { r.Status = record.Failed }), "msweep error_vs_rho predictive_power scatter training_curves", "no trial has finished"},
		{"no epochs", changed(func(p *population) { p.epochs = 0 }), "training_curves", "τ of m-sharpness"},
		{"one epoch", changed(func(p *population) { p.epochs = 1 }), "", "τ of m-sharpness"},
		{"no validation", with(all, func(r *record.Record) {
			delete(r.Values.Numbers, "val_error")
			r.Epochs = slices.Clone(r.Epochs)
			for i := range r.Epochs {
				r.Epochs[i].ValError = record.Number(math.NaN())
			}
		}), "", "τ of m-sharpness"},
		{"no gate", with(all, func(r *record.Record) { r.Values.Numbers["train_error"] = .1 }), "predictive_power", "test error"},
		{"sharpness zero", with(all, func(r *record.Record) {
			for k := range r.Values.Numbers {
				if strings.HasPrefix(k, "msharp") {
					r.Values.Numbers[k] = 0
				}
			}
		}), "predictive_power", "test error"},
		{"no test error", with(only(all, func(r run) bool { return !r.diverged }), func(r *record.Record) {
			delete(r.Values.Numbers, "test_error")
			delete(r.Values.Numbers, "error_gap")
		}), "msweep error_vs_rho predictive_power scatter", "not two values of m"},
		{"constant error", with(all, func(r *record.Record) { r.Values.Numbers["test_error"] = .1 }), "", "undecided"},
		{"partial", only(all, func(r run) bool { return int(100*r.rho+r.m)%3 != int(r.seed)%3 }), "", ""},
		{"also swept", changed(func(p *population) { p.hidden = []float64{64, 128} }), "", "τ of m-sharpness"},
		{"whole", whole.records(), "", "falls from"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ds := drawAll(t, c.recs)
			var skipped []string
			for _, d := range ds {
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
			if got := Finding(c.recs); !strings.Contains(got, c.finding) || strings.Contains(got, "NaN") || !strings.HasSuffix(got, ".") {
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

func TestReport(t *testing.T) {
	recs := small.records()
	page := string(report(t, recs, drawAll(t, recs)))
	for _, want := range []string{"<title>msweep</title>", "n = 3 seeds", "0123abc (with changes", "a &lt;CPU&gt; &amp; co", "Figure 5.", "sha256 a65175f5", "prefers-color-scheme", "2025-01-02T03:04:05Z"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in the report", want)
		}
	}
	// Nothing is fetched: no scripts, and addresses only as names of XML namespaces.
	for _, address := range regexp.MustCompile(`.{0,20}https?://[^"' <]*`).FindAllString(page, -1) {
		if !strings.Contains(address, "xmlns") {
			t.Errorf("the report refers to %s", address)
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, "src=") {
		t.Error("the report loads something")
	}
}

func TestSkippedIsNotWritten(t *testing.T) {
	d, err := Power{}.Draw(nil)
	if err != nil || d.Skipped == "" {
		t.Fatal(d, err)
	}
	if d.WritePNG(io.Discard) == nil || d.WriteSVG(io.Discard) == nil {
		t.Error("wrote a figure that was skipped")
	}
}
