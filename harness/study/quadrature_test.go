package study

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"msharp/harness/record"
)

// A trial has its nodes in their order, by number and not by text; the default number of steps stands before others, and a hole ends them.
func TestQuadratures(t *testing.T) {
	values := func(n int, more string, without ...int) map[string]record.Number {
		v := map[string]record.Number{"density_node": 7, "density_node(j=1)": 7, "density_node(i=x)": 7}
		for i := 1; i <= n; i++ {
			if !slices.Contains(without, i) {
				v[fmt.Sprintf("density_node(i=%d%s)", i, more)] = record.Number(i)
				v[fmt.Sprintf("density_weight(i=%d%s)", i, more)] = record.Number(i) / 100
			}
		}
		return v
	}
	both := values(12, "")
	for k, v := range values(3, " steps=3") {
		both[k] = v
	}
	nan := values(12, "")
	nan["density_node(i=4)"] = record.Number(math.NaN())
	for name, c := range map[string]struct {
		values map[string]record.Number
		nodes  int
	}{
		"twelve": {values(12, ""), 12}, "of two numbers of steps": {both, 12}, "of other steps alone": {values(3, " steps=3"), 3},
		"the fifth is missing": {values(12, "", 5), 4}, "one": {values(1, ""), 0}, "none": {nil, 0}, "a NaN": {nan, 0},
	} {
		trials := Of([]record.Record{{ID: "a", Status: record.Done, Config: map[string]any{"seed": 1.}, Values: record.Values{Numbers: c.values}}})
		q, ok := trials.Quadratures()(trials.Final()[0])
		if !ok {
			q = Quadrature{}
		}
		if len(q.Nodes) != c.nodes || ok != (c.nodes > 0) {
			t.Errorf("%s: %v, %v", name, q, ok)
		}
		for i, at := range q.Nodes {
			if at != float64(i+1) || q.Weights[i] != at/100 {
				t.Errorf("%s: node %d is %v with %v", name, i+1, at, q.Weights[i])
			}
		}
	}
}
