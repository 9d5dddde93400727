package sharpness

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Columns are stable, there is a value for each, and each says what it is; their names are unique and fit a table's header.
func TestColumns(t *testing.T) {
	eachMeasure(t, func(t *testing.T, m Measure) {
		columns, names := m.Columns(), Names(m)
		if values := of(t, m, example()); len(columns) == 0 || len(values) != len(columns) {
			t.Errorf("%d values of %q", len(values), names)
		}
		if again := m.Columns(); !reflect.DeepEqual(again, columns) {
			t.Errorf("columns change from %+v to %+v", columns, again)
		}
		if unique := slices.Compact(slices.Sorted(slices.Values(names))); len(unique) != len(names) {
			t.Errorf("a name stands twice: %q", names)
		}
		for i, name := range names {
			if name == "" || strings.TrimSpace(name) != name || strings.ContainsAny(name, ",\"\n") || name == "confusion" {
				t.Errorf("%q is no column", name)
			}
			if c := columns[i]; c.Title == "" || c.Role < Detail || c.Role > Rival {
				t.Errorf("%s has role %d and title %q", name, c.Role, c.Title)
			}
		}
	})
}

// Two measures never share a column, not even at other parameters.
func TestColumnsOfDifferentMeasures(t *testing.T) {
	of := map[string]string{}
	eachMeasure(t, func(t *testing.T, m Measure) {
		for _, c := range m.Columns() {
			if other := of[c.Measure]; other != "" && other != t.Name() {
				t.Errorf("%s gives %s too", other, c.Measure)
			}
			of[c.Measure] = t.Name()
		}
	})
}

// A name says all of its column.
func TestParseColumnIsTheInverseOfName(t *testing.T) {
	eachMeasure(t, func(t *testing.T, m Measure) {
		for _, c := range m.Columns() {
			if got, ok := ParseColumn(c.Name()); !ok || !reflect.DeepEqual(got, c) {
				t.Errorf("%s is read as %+v, %v, want %+v", c.Name(), got, ok, c)
			}
		}
	})
	for _, m := range []Measure{
		&MSharpness{M: []int{4, 0}, Rho: []float64{.05, 1e-7}, Steps: 3, P: math.Inf(1)},
		&PACBayes{Rho: []float64{.05, 2}, Delta: .01},
		&Hessian{K: 3, Steps: 7}, &Trace{Estimator: "hutchinson", Products: 30}, &Fisher{K: 3, Subset: 100}, &Density{Probes: 2, Steps: 7},
		&Hessian{K: 2, Steps: 20, Layer: 1}, &Trace{Estimator: "xtrace", Products: 8, Layer: 2}, &Density{Probes: 2, Steps: 7, Layer: 3},
		&Worst{M: []int{4, 0}, Rho: []float64{1, 2}, Steps: 3, P: 1}, &Keskar{Eps: []float64{1, 2}, Steps: 3},
		&Adaptive{M: []int{4, 0}, Rho: []float64{1, 2}, Steps: 3, P: 1}, &Average{Sigma: []float64{1, 2}, Draw: "uniform", Relative: true, Pairs: 3},
		&Margin{Q: []float64{.1, .5}}, &Flatness{Drop: .2, Draws: 3, Relative: true},
	} {
		for _, c := range m.Columns() {
			if got, ok := ParseColumn(c.Name()); !ok || !reflect.DeepEqual(got, c) {
				t.Errorf("%s is read as %+v, %v, want %+v", c.Name(), got, ok, c)
			}
		}
	}
}

// The names in records, with role and title.
func TestColumnsByName(t *testing.T) {
	var got []string
	for _, kind := range []string{"distance", "fisher", "ggn", "gradnorm", "hessian", "msharp", "norm", "pacbayes", "trace"} {
		m, err := Table.New(kind)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range m.Columns() {
			got = append(got, fmt.Sprintf("%s: %d, %s", c.Name(), c.Role, c.Title))
		}
	}
	want := []string{
		"distance: 2, ‖w − w₀‖",
		"fisher_trace: 1, trace of the Fisher matrix",
		"fisher_max: 1, λ₁ of the Fisher matrix",
		"fisher_top(k=2): 0, λ_k of the Fisher matrix",
		"fisher_top(k=3): 0, λ_k of the Fisher matrix",
		"fisher_top(k=4): 0, λ_k of the Fisher matrix",
		"fisher_top(k=5): 0, λ_k of the Fisher matrix",
		"gradcov_trace: 1, trace of the gradient covariance",
		"gradcov_max: 1, λ₁ of the gradient covariance",
		"gradcov_top(k=2): 0, λ_k of the gradient covariance",
		"gradcov_top(k=3): 0, λ_k of the gradient covariance",
		"gradcov_top(k=4): 0, λ_k of the gradient covariance",
		"gradcov_top(k=5): 0, λ_k of the gradient covariance",
		"ggn_trace: 1, trace of the Gauss-Newton matrix",
		"gradnorm: 2, gradient norm",
		"hessian_max: 1, λ₁ of the Hessian",
		"hessian_max_residual: 0, residual of λ₁ of the Hessian",
		"hessian_min: 2, smallest eigenvalue of the Hessian",
		"hessian_min_residual: 0, residual of the smallest eigenvalue of the Hessian",
		"hessian_top(k=2): 0, λ_k of the Hessian",
		"hessian_top_residual(k=2): 0, residual of λ_k of the Hessian",
		"hessian_top(k=3): 0, λ_k of the Hessian",
		"hessian_top_residual(k=3): 0, residual of λ_k of the Hessian",
		"hessian_top(k=4): 0, λ_k of the Hessian",
		"hessian_top_residual(k=4): 0, residual of λ_k of the Hessian",
		"hessian_top(k=5): 0, λ_k of the Hessian",
		"hessian_top_residual(k=5): 0, residual of λ_k of the Hessian",
		"msharp_zero(m=1): 0, groups whose gradient is zero",
		"msharp(m=1 rho=0.05): 1, m-sharpness",
		"msharp_se(m=1 rho=0.05): 0, standard error of m-sharpness",
		"norm: 2, ‖w‖",
		"pacbayes(rho=0.05): 2, PAC-Bayes bound",
		"pacbayes_error(rho=0.05): 0, error term of the PAC-Bayes bound",
		"pacbayes_complexity(rho=0.05): 0, complexity term of the PAC-Bayes bound",
		"trace: 1, trace of the Hessian",
		"trace_se: 0, standard error of the trace of the Hessian",
	}
	if !slices.Equal(got, want) {
		t.Errorf("columns\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestNoColumn(t *testing.T) {
	for _, name := range []string{
		"", "x", "test_error", "x(m=4)", "(m=4)", "msharp(", "msharp()", "msharp(m)", "msharp(m=)", "msharp(=4)", "msharp(m=4 )", "msharp(m=4  rho=0.05)",
		"msharp(m=4 rho=0.05", "msharp(m=4 rho=0.05))", "msharp(m=4 rho=0.05) ", "msharp(m=4=5)", "msharp(m=4 (rho=0.05)", "msharp m=4", "msharp)", " msharp(m=4)",
	} {
		if c, ok := ParseColumn(name); ok || !reflect.DeepEqual(c, Column{}) {
			t.Errorf("%q is read as %+v, %v", name, c, ok)
		}
	}
}

func TestColumnNumber(t *testing.T) {
	c, _ := ParseColumn("msharp(m=n rho=1e-07 p=inf steps=3 q=x r=nan)")
	for _, want := range []struct {
		key string
		v   float64
		ok  bool
	}{{"m", math.Inf(1), true}, {"rho", 1e-7, true}, {"p", math.Inf(1), true}, {"steps", 3, true}, {"q", 0, false}, {"r", 0, false}, {"delta", 0, false}} {
		if v, ok := c.Number(want.key); ok != want.ok || ok && v != want.v {
			t.Errorf("%s is %v, %v, want %v, %v", want.key, v, ok, want.v, want.ok)
		}
	}
}

// late joins the table after columns have been read.
type late struct{}

func (late) Columns() []Column { return []Column{{Measure: "late", Role: Sharpness, Title: "late"}} }
func (late) Of(l Landscape, _ *rand.Rand) ([]float64, error) {
	return []float64{l.Loss(l.W())}, nil
}

func TestAMeasureAddedLaterIsFound(t *testing.T) {
	if _, ok := ParseColumn("late"); ok {
		t.Fatal("late is there already")
	}
	Table.Add("late", func() Measure { return &late{} })
	if c, ok := ParseColumn("late"); !ok || c.Role != Sharpness {
		t.Errorf("%+v, %v", c, ok)
	}
}
