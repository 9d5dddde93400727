package study

import (
	"fmt"
	"math"
	"testing"

	"msharp/harness/record"
)

// Trials are pairs by their configurations, but for the keys that have one value in each study; what differs is told by seed.
func TestCompare(t *testing.T) {
	of := func(data, extra string, seed, rho, e float64) record.Record {
		config := map[string]any{"seed": seed, "data": map[string]any{"kind": data}, "optimizer": map[string]any{"rho": rho}, "lr": .1}
		if extra != "" {
			config["extra"] = extra
		}
		return record.Record{ID: fmt.Sprint(data, seed, rho), Status: record.Done, Config: config,
			Values: record.Values{Numbers: map[string]record.Number{"test_error": record.Number(e), "norm": 2, "gone": record.Number(math.NaN())}}}
	}
	a := Of([]record.Record{of("mnist", "", 1, 0, .1), of("mnist", "", 1, .1, .2), of("mnist", "", 2, 0, .1), of("mnist", "", 2, .1, .3), of("mnist", "", 3, .5, .3)})
	b := Of([]record.Record{of("fashion", "x", 1, 0, .2), of("fashion", "x", 1, .1, .2), of("fashion", "x", 2, 0, .5), of("fashion", "x", 2, .1, .1), of("fashion", "x", 4, 0, .1), of("fashion", "x", 5, 0, .1)})
	c := Compare(a, b)
	if got, want := fmt.Sprint(c.Apart, c.Pairs, c.Alone, c.Equal), "[{data.kind mnist fashion} {extra – x}] 4 [1 2] 1"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	// Seed 1 has the differences .1 and 0, seed 2 .4 and −.2.
	d := c.Values[1]
	if len(c.Values) != 2 || d.Name != "test_error" || d.Pairs != 4 || d.Equal != 1 || d.Mean.N != 2 || math.Abs(d.Mean.Mean-.075) > 1e-12 || math.Abs(d.Largest-.4) > 1e-12 || d.At != "mnist2 0" {
		t.Errorf("%+v", c.Values)
	}
	if n := c.Values[0]; n.Name != "norm" || n.Equal != 4 || n.Mean.Mean != 0 || n.At != "" {
		t.Errorf("%+v", n)
	}
	// A study beside itself is equal throughout.
	if c := Compare(a, a); c.Pairs != 5 || c.Equal != 5 || len(c.Apart) != 0 || c.Alone != [2]int{} {
		t.Errorf("%+v", c)
	}
	// A key that one study sweeps tells nothing apart: only the trials with the other's value are pairs.
	if c := Compare(a, a.Where(func(r Trial) bool { return r.Rho == .1 })); c.Pairs != 2 || len(c.Apart) != 0 || c.Alone != [2]int{3, 0} {
		t.Errorf("%+v", c)
	}
	// A key that is an empty text throughout one study, and that the other lacks, tells them apart.
	empty := of("csv", "", 1, 0, .1)
	empty.Config["data"].(map[string]any)["class"] = ""
	if c := Compare(Of([]record.Record{empty}), a); c.Pairs != 1 || fmt.Sprint(c.Apart) != `[{data.class "" –} {data.kind csv mnist}]` {
		t.Errorf("%+v", c)
	}
	// Pairs that diverged are counted, and have no equal bits, for they have no numbers.
	lost := of("mnist", "", 1, .1, math.NaN())
	lost.Status, lost.Values.Numbers = record.Diverged, map[string]record.Number{"test_error": record.Number(math.NaN())}
	if c := Compare(a, Of([]record.Record{of("mnist", "", 1, 0, .1), lost})); c.Pairs != 2 || c.Equal != 1 || c.Lost != [3]int{0, 1, 0} {
		t.Errorf("%+v", c)
	}
	if c := Compare(Of([]record.Record{lost}), Of([]record.Record{lost})); c.Pairs != 1 || c.Equal != 0 || c.Lost != [3]int{0, 0, 1} || len(c.Values) != 0 {
		t.Errorf("%+v", c)
	}
	if c := Compare(a, Of(nil)); c.Pairs != 0 || len(c.Apart) != 0 || c.Alone != [2]int{5, 0} {
		t.Errorf("beside nothing: %+v", c)
	}
}
