package plots

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/plots/plotstest"
)

// optimizers is small under two optimizers, by words, with steps, a number, spanning two decades.
func optimizers() (recs []record.Record) {
	for _, kind := range []string{"sgd", "adam"} {
		for _, steps := range []float64{1, 10, 100} {
			for _, r := range plotstest.Small.Records() {
				r.ID += fmt.Sprint("-", kind, steps)
				r.Config = maps.Clone(r.Config)
				r.Config["kind"], r.Config["steps"] = kind, steps
				recs = append(recs, r)
			}
		}
	}
	return recs
}

func drawOne(t *testing.T, f Figure, recs []record.Record) (d Drawing, svg, csv string) {
	t.Helper()
	d, err := f.Draw(study.Of(recs))
	if err != nil || d.Skipped != "" {
		t.Fatal(err, d.Skipped)
	}
	return d, string(written(t, d.WriteSVG)), string(written(t, d.WriteCSV))
}

// x, y and the series may be any number; x and the series any key.
func TestLinesOfAnyField(t *testing.T) {
	recs := optimizers()
	d, svg, csv := drawOne(t, Lines{X: study.Key("steps"), Panel: study.Key("kind"), Base: true}, recs)
	if strings.Join(d.Header, ",") != "panel,kind,m,steps,error_percent,low,high,seeds,runs,diverged,above_axis" ||
		!strings.Contains(csv, "\na,sgd,,1,") || !strings.Contains(csv, "\nb,adam,16,100,") {
		t.Errorf("%v\n%s", d.Header, csv)
	}
	if !strings.Contains(svg, "steps (log scale)") || !strings.Contains(svg, ">(b) kind adam<") || strings.Contains(svg, "NaN") {
		t.Error("no log axis, or no panel of adam")
	}
	if !strings.Contains(d.Caption, "Averaged over ρ too.") || strings.Contains(d.Caption, "Also swept") {
		t.Error(d.Caption)
	}

	d, svg, csv = drawOne(t, Lines{X: study.Key("kind"), Series: study.Key("steps"), Panel: study.M, Y: study.Value("loss_gap")}, recs)
	if !strings.Contains(svg, ">sgd<") || !strings.Contains(svg, ">adam<") || !strings.Contains(svg, ">steps 10<") || !strings.Contains(svg, ">loss gap<") {
		t.Error("the axis lacks its words, or the legend its series")
	}
	if !strings.Contains(csv, ",10,adam,") || strings.Contains(d.Caption, "ρ = 0") {
		t.Errorf("%s\n%s", d.Caption, csv)
	}

	d, _, csv = drawOne(t, Lines{Series: study.Key("kind"), Base: true}, recs)
	if len(d.Header) != 11 || d.Header[2] != "kind" || !strings.Contains(csv, "\na,steps 1,sgd,0.05,") || !strings.Contains(d.Title, "settings of steps") {
		t.Errorf("%s: %v\n%s", d.Title, d.Header, csv)
	}
}

// What nobody swept has one panel, what more was swept than a page holds is averaged.
func TestLinesHaveAPanelASetting(t *testing.T) {
	d, _, _ := drawOne(t, Lines{Base: true}, plotstest.Small.Records())
	if d.Header[0] != "m" || !d.Narrow() {
		t.Errorf("%v", d.Header)
	}
	var many []record.Record
	for i := range mostPanels + 1 {
		for _, r := range plotstest.Small.Records() {
			r.ID += fmt.Sprint("-", i)
			r.Config = maps.Clone(r.Config)
			r.Config["lr"] = .01 * float64(i+1)
			many = append(many, r)
		}
	}
	if d, _, _ := drawOne(t, Lines{Base: true}, many); d.Header[0] != "m" || !strings.Contains(d.Caption, "Also swept: lr") || !strings.Contains(d.Caption, "averaged within each seed") {
		t.Errorf("%v: %s", d.Header, d.Caption)
	}
}

// A whole axis holds every mean, where another cuts those that are much worse than ρ = 0.
func TestWholeAxis(t *testing.T) {
	recs := plotstest.Whole.Records()
	cut, _, csv := drawOne(t, Lines{Base: true}, recs)
	whole, _, _ := drawOne(t, Lines{Base: true, Whole: true}, recs)
	if !strings.Contains(csv, ",true\n") || !strings.Contains(cut.Caption, "Above the axis") {
		t.Error("the records have nothing to cut")
	}
	for _, row := range whole.Rows {
		if row[len(row)-1] != "false" {
			t.Errorf("%q is above the axis", row)
		}
	}
	if strings.Contains(whole.Caption, "Above the axis") || len(whole.Rows) != len(cut.Rows) {
		t.Error(whole.Caption)
	}
}
