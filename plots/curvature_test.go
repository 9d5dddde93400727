package plots

import (
	"fmt"
	"math"
	"strconv"
	"testing"

	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/plots/plotstest"
)

// curved gives every run a curvature that falls with ρ, the more the smaller m, and a density of four nodes.
func curved(recs []record.Record) []record.Record {
	return plotstest.With(recs, func(r *record.Record) {
		if r.Status == record.Diverged {
			return
		}
		number := func(key string) float64 {
			v, _ := r.Setting(key)
			if x, ok := record.Float(v); ok {
				return x
			}
			return 0
		}
		seed, rho, m := number("seed"), number("optimizer.rho"), max(number("optimizer.m"), 1)
		top := (2 + .1*seed + .02*m*rho) * math.Exp(-3*rho/math.Sqrt(m))
		r.Values.Numbers["hessian_max"] = record.Number(top)
		r.Values.Numbers["trace"] = record.Number(6*math.Sqrt(top) + .3*math.Sin(seed*m*rho))
		for i, at := range []float64{-.1, 0, .5, 1} {
			r.Values.Numbers[fmt.Sprintf("density_node(i=%d)", i+1)] = record.Number(at * top)
			r.Values.Numbers[fmt.Sprintf("density_weight(i=%d)", i+1)] = record.Number([]float64{.01, .97, .015, .005}[i])
		}
	})
}

func curvatureFigures() []Figure {
	top, trace := study.Value("hessian_max"), study.Value("trace")
	return []Figure{
		Numbers{File: "curvature", Of: []study.Field{study.Log2(top), study.Ratio(trace, top), study.TestError}},
		Density{}, Mediation{Of: study.TestError, Through: []study.Field{top, trace}},
	}
}

// The density of each line is that of its quadrature: it integrates to 1 and has the quadrature's mean, at every seed and so in the mean.
func TestDensityHasItsMoments(t *testing.T) {
	d, err := Density{}.Draw(study.Of(curved(plotstest.Small.Records())))
	if err != nil || d.Skipped != "" {
		t.Fatal(err, d.Skipped)
	}
	mass, first, want := map[string]float64{}, map[string]float64{}, map[string]float64{}
	for i := 1; i < len(d.Rows); i++ {
		row, before := d.Rows[i], d.Rows[i-1]
		if row[0] != before[0] {
			continue
		}
		x, _ := strconv.ParseFloat(row[1], 64)
		from, _ := strconv.ParseFloat(before[1], 64)
		y, _ := strconv.ParseFloat(row[2], 64)
		mass[row[0]] += y * (x - from)
		first[row[0]] += x * y * (x - from)
	}
	runs := map[string]float64{}
	for _, r := range study.Of(curved(plotstest.Small.Records())).Final() {
		if line := study.GroupText(r.M); r.Rho == 0 || r.Rho == .05 {
			top, _ := study.Value("hessian_max").Of(r)
			want[line] += top * (-.1*.01 + .5*.015 + .005)
			runs[line]++
		}
	}
	if len(mass) != 3 {
		t.Fatalf("lines %v", mass)
	}
	for line := range mass {
		if math.Abs(mass[line]-1) > .02 {
			t.Errorf("m = %s: mass %v", line, mass[line])
		}
		if mean := want[line] / runs[line]; math.Abs(first[line]-mean) > .01 {
			t.Errorf("m = %s: mean %v, want %v", line, first[line], mean)
		}
	}
}

// A row is the study's effect: its mean over seeds, in points.
func TestMediationIsTheStudys(t *testing.T) {
	trials := study.Of(curved(plotstest.Small.Records()))
	f := curvatureFigures()[2].(Mediation)
	d, err := f.Draw(trials)
	if err != nil || d.Skipped != "" || len(d.Rows) != 5 {
		t.Fatal(err, d.Skipped, d.Rows)
	}
	both, _ := trials.Mediated(f.Of, f.Through...)
	top, _ := trials.Mediated(f.Of, f.Through[0])
	for i, want := range map[int]float64{0: both.Total.Mean().Mean, 1: top.Indirect.Mean().Mean, 3: both.Indirect.Mean().Mean,
		4: both.Total.Minus(both.Indirect).Mean().Mean} {
		if got, err := strconv.ParseFloat(d.Rows[i][1], 64); err != nil || math.Abs(got-want) > 1e-3*math.Abs(want) {
			t.Errorf("%v, want %v", d.Rows[i], want)
		}
	}
}
