package sharpness

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"msharp/models/rng"
)

// Two lists joined have the columns of both, each once, and no others. Joining what the first list already has leaves the list as it is.
func TestJoined(t *testing.T) {
	m := func(rho []float64, m ...int) *MSharpness { return &MSharpness{M: m, Rho: rho, Steps: 1, P: 2} }
	rho := func(rho ...float64) []float64 { return rho }
	worst := func(rho []float64, m ...int) *Worst { return &Worst{M: m, Rho: rho, Steps: 3, P: 2} }
	adaptive := func(rho []float64, m ...int) *Adaptive {
		return &Adaptive{M: m, Rho: rho, Eta: .01, Biases: true, Steps: 1, P: 2}
	}
	average := func(sigma ...float64) *Average { return &Average{Sigma: sigma, Draw: "gaussian", Pairs: 2} }
	keskar := func(eps ...float64) *Keskar { return &Keskar{Eps: eps, Steps: 3} }
	several := &MSharpness{M: []int{1}, Rho: rho(.1), Steps: 3, P: math.Inf(1)}
	for _, c := range []struct {
		a, b []Measure
		n    int // measures
	}{
		{nil, nil, 0},
		{nil, []Measure{&Norm{}}, 1},
		{[]Measure{&Norm{}, &GradNorm{}}, []Measure{&GradNorm{}}, 2},
		{[]Measure{m(rho(.1), 1, 4)}, []Measure{m(rho(.1), 4)}, 1},
		{[]Measure{m(rho(.1), 4)}, []Measure{m(rho(.1), 1, 4)}, 1},
		{[]Measure{m(rho(.1), 1, 4)}, []Measure{m(rho(.1), 16, 0)}, 2},
		{[]Measure{m(rho(.1), 1, 4)}, []Measure{m(rho(.1), 4, 16)}, 1},
		{[]Measure{m(rho(.1), 1, 4)}, []Measure{m(rho(.2), 4, 16)}, 3},
		{[]Measure{m(rho(.1), 1), m(rho(.1), 4), &Norm{}}, []Measure{m(rho(.2), 1, 4, 16)}, 4},
		{[]Measure{m(rho(.1), 1)}, []Measure{several}, 2},
		{[]Measure{m(rho(.1), 1)}, []Measure{several, m(rho(.1, .2), 1), &Distance{}}, 3},
		{[]Measure{&PACBayes{Rho: rho(.1, .2), Delta: .05}}, []Measure{&PACBayes{Rho: rho(.2, .3), Delta: .05}}, 1},
		{[]Measure{&PACBayes{Rho: rho(.1, .2), Delta: .05}}, []Measure{&PACBayes{Rho: rho(.2, .3), Delta: .1}}, 2},
		{[]Measure{&Hessian{K: 2, Steps: 20}}, []Measure{&Hessian{K: 5, Steps: 20}}, 1},
		{[]Measure{&Hessian{K: 5, Steps: 20}}, []Measure{&Hessian{K: 2, Steps: 20}, &Hessian{K: 5, Steps: 40}}, 2},
		{[]Measure{worst(rho(.1), 0, 4)}, []Measure{worst(rho(.2, .1), 0, 4, 16)}, 3},
		{[]Measure{worst(rho(.1), 0)}, []Measure{worst(rho(.2, .3), 0, 4)}, 2},
		{[]Measure{worst(rho(.1, .2), 0)}, []Measure{worst(rho(.2), 0), &Worst{M: []int{0}, Rho: rho(.1), Steps: 2, P: 2}}, 2},
		{[]Measure{adaptive(rho(.1), 0)}, []Measure{adaptive(rho(.2), 0, 4)}, 2},
		{[]Measure{adaptive(rho(.1), 0)}, []Measure{adaptive(rho(.2), 4), &Adaptive{M: []int{0}, Rho: rho(.1), Eta: .5, Steps: 1, P: 2}}, 3},
		{[]Measure{average(.1, .01)}, []Measure{average(.05, .1), &Average{Sigma: rho(.1), Draw: "uniform", Pairs: 2}}, 2},
		{[]Measure{keskar(.001)}, []Measure{keskar(.0005, .001)}, 1},
		{[]Measure{&Hessian{K: 2, Steps: 20, Layer: 1}}, []Measure{&Hessian{K: 5, Steps: 20, Layer: 1}, &Hessian{K: 1, Steps: 20}}, 2},
		{[]Measure{&Fisher{K: 1}, &Fisher{K: 2, Subset: 8}}, []Measure{&Fisher{K: 3}}, 2},
	} {
		list := func(ms []Measure) (list []Any, names []string) {
			for _, m := range ms {
				list = append(list, Any{Spec: m})
				names = append(names, Names(m)...)
			}
			return list, names
		}
		a, inA := list(c.a)
		b, inB := list(c.b)
		want := slices.Compact(slices.Sorted(slices.Values(slices.Concat(inA, inB))))
		var got []string
		joined, err := Joined(a, b)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range joined {
			got = append(got, Names(m.Spec)...)
		}
		if slices.Sort(got); !slices.Equal(got, want) || len(joined) != c.n {
			t.Errorf("%q and %q joined are %d measures, want %d:\n%q", inA, inB, len(joined), c.n, got)
		}
		again, err := Joined(joined, b)
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range again {
			if i >= len(joined) || m.Spec != joined[i].Spec {
				t.Errorf("%q and %q joined are not left as they are", inA, inB)
			}
		}
	}
}

// Joined, the eigenvalues of the Hessian keep their bits, though they are drawn: their number draws nothing, and the first column stays.
func TestJoinedHessian(t *testing.T) {
	few, many := &Hessian{K: 1, Steps: 4}, &Hessian{K: 3, Steps: 4}
	joined := few.Join(many)[0]
	if Names(joined)[0] != Names(few)[0] || !slices.Equal(of(t, few, more()), of(t, joined, more())[:4]) {
		t.Errorf("%v alone, %v joined", of(t, few, more()), of(t, joined, more()))
	}
}

// Joined, what is drawn keeps its bits: the columns of the measure that others are joined to are those it has alone. At the minimum, where
// gradients are zero, ascents draw too.
func TestJoinedKeepWhatTheyHave(t *testing.T) {
	rho := func(rho ...float64) []float64 { return rho }
	for _, c := range []struct{ a, b Measure }{
		{&Worst{M: []int{0, 1}, Rho: rho(.1), Steps: 3, P: 2}, &Worst{M: []int{1, 0}, Rho: rho(.05, .1), Steps: 3, P: 2}},
		{&Keskar{Eps: rho(.01), Steps: 3}, &Keskar{Eps: rho(.001, .01), Steps: 3}},
		{&Average{Sigma: rho(.1, .2), Draw: "gaussian", Pairs: 3}, &Average{Sigma: rho(.05, .1), Draw: "gaussian", Pairs: 3}},
		{&Adaptive{M: []int{0, 1}, Rho: rho(.1), Eta: .01, Biases: true, Steps: 3, P: 2}, &Adaptive{M: []int{1}, Rho: rho(.05), Eta: .01, Biases: true, Steps: 3, P: 2}},
	} {
		for where, l := range map[string]Landscape{"at the minimum": diag(10, 3, 1, .1), "elsewhere": more()} {
			alone, together := map[string]float64{}, map[string]float64{}
			take := func(m Measure, into map[string]float64) {
				v, err := m.Of(l, rng.Stream(1, Names(m)[0]))
				if err != nil {
					t.Fatal(err)
				}
				for i, name := range Names(m) {
					into[name] = v[i]
				}
			}
			take(c.a, alone)
			for _, m := range c.a.(Joiner).Join(c.b) {
				take(m, together)
			}
			for name, v := range alone {
				if got, ok := together[name]; !ok || math.Float64bits(got) != math.Float64bits(v) {
					t.Errorf("%s, %s is %v alone, %v joined", where, name, v, got)
				}
			}
			if len(together) <= len(alone) {
				t.Errorf("%v joined", together)
			}
		}
	}
}

// lettered is a measure with one column a letter.
type lettered struct{ names string }

func (l *lettered) Columns() (columns []Column) {
	for name := range strings.SplitSeq(l.names, "") {
		columns = append(columns, Column{Measure: name})
	}
	return columns
}
func (*lettered) Of(Landscape, *rand.Rand) ([]float64, error) { return nil, nil }

// other is another kind of measure with the columns of m-sharpness.
type other struct{ MSharpness }

// If two measures cannot be joined, an error names the column; no column is lost silently.
func TestMeasuresThatCannotBeJoined(t *testing.T) {
	m := func(m ...int) *MSharpness { return &MSharpness{M: m, Rho: []float64{.1}, Steps: 1, P: 2} }
	for _, c := range []struct {
		a, b Measure
		want string // "" can
	}{
		{&lettered{"ab"}, &lettered{"bc"}, "share column b but"},
		{&lettered{"ab"}, &lettered{"b"}, ""},
		{&lettered{"ab"}, &lettered{"cd"}, ""},
		{&lettered{"b"}, &lettered{"ab"}, "share column b but"},
		{m(1, 4), &other{*m(4, 16)}, "share column msharp_zero(m=4) but"},
		{&other{*m(1, 4)}, m(4, 16), "share column msharp_zero(m=4) but"},
	} {
		joined, err := Joined([]Any{{Spec: c.a}}, []Any{{Spec: c.b}})
		if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || joined != nil) {
			t.Errorf("%q and %q: %v, %v; want %q", Names(c.a), Names(c.b), joined, err, c.want)
		}
	}
}
