package record

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var (
	nan = Number(math.NaN())
	inf = Number(math.Inf(1))
)

func numbers(kv ...any) map[string]Number {
	m := map[string]Number{}
	for i := 0; i < len(kv); i += 2 {
		switch v := kv[i+1].(type) {
		case int:
			m[kv[i].(string)] = Number(v)
		case float64:
			m[kv[i].(string)] = Number(v)
		case Number:
			m[kv[i].(string)] = v
		}
	}
	return m
}

// full is a record without an empty field.
func full(id string) Record {
	return Record{
		ID: id, Status: Done,
		Config: map[string]any{
			"lr": 0.05, "seed": 3.0, "name": "a, \"b\"", "on": true,
			"model":     map[string]any{"kind": "mlp", "hidden": []any{128.0, 64.0}},
			"optimizer": map[string]any{"kind": "sam", "rho": 0.1, "base": map[string]any{"kind": "sgd", "momentum": 0.9}},
		},
		Values: Values{
			Numbers:   numbers("test_error", 0.125, "train_loss", 1e-300, "msharp(m=4 rho=0.05)", -3.5),
			Confusion: [][]int{{3, 1}, {0, 4}},
			Blocks:    Blocks{Examples: []int{5, 3}, Errors: []int{1, 0}, Loss: []Number{2.125, 0.5}, ErrorsAtBestVal: []int{0, 1}},
		},
		Epochs: []Epoch{{1, 2.5, 2.75, 0.5}, {2, 1.5, 1.5, 0.25}},
		Watch:  Watch{Every: 2, Unit: "step", At: []int{0, 2, 3}, Values: map[string][]Number{"gradnorm": {1.5, 0.25, -1e-300}, "hessian_max(steps=20)": {3, 2, 1}}},
		Run:    &Run{Revision: "abc", Dirty: true, Results: 2, Kernel: "gonum", Host: "host", Ended: "2026-01-02T03:04:05Z", TrainSeconds: 1.5, MeasureSeconds: 0.25},
	}
}

func line(t testing.TB, r Record) string {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestRecordRoundTrip(t *testing.T) {
	for name, r := range map[string]Record{
		"full":              full("a"),
		"failed":            {ID: "a", Status: Failed, Config: map[string]any{"lr": 1.0}, Values: Values{Numbers: numbers()}, Run: &Run{Error: "disk"}},
		"later measurement": {ID: "a", Values: Values{Numbers: numbers("gradnorm", 1)}},
		"extremes":          {ID: "a", Status: Done, Values: Values{Numbers: numbers("max", math.MaxFloat64, "min", 5e-324, "third", 1.0/3, "zero", math.Copysign(0, -1))}},
	} {
		var got Record
		text := line(t, r)
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !reflect.DeepEqual(got, r) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, got, r)
		}
		if strings.Contains(text, "\n") {
			t.Errorf("%s is more than one line", name)
		}
	}
}

// A value that is not finite is null on disk, and NaN when read; it is not missing.
func TestNonFiniteIsNull(t *testing.T) {
	r := Record{ID: "a", Status: Diverged, Values: Values{Numbers: numbers("a", nan, "b", inf, "c", -inf, "d", 1)}, Epochs: []Epoch{{1, nan, inf, nan}}}
	text := line(t, r)
	if want := `{"id":"a","status":"diverged","values":{"a":null,"b":null,"c":null,"d":1},"epochs":[{"epoch":1,"train_loss":null,"perturbed_loss":null,"val_error":null}]}`; text != want {
		t.Errorf("%s, want %s", text, want)
	}
	var got Record
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b", "c"} {
		if v, ok := got.Value(name); !ok || !math.IsNaN(v) {
			t.Errorf("%s is %v, %v", name, v, ok)
		}
	}
	if v, ok := got.Value("e"); ok || v != 0 {
		t.Errorf("a value that is not there is %v, %v", v, ok)
	}
	if e := got.Epochs[0]; e.Epoch != 1 || !math.IsNaN(float64(e.TrainLoss)) || !math.IsNaN(float64(e.PerturbedLoss)) || !math.IsNaN(float64(e.ValError)) {
		t.Errorf("epoch %+v", e)
	}
}

func TestSettings(t *testing.T) {
	r := full("a")
	want := map[string]any{
		"lr": 0.05, "seed": 3.0, "name": "a, \"b\"", "on": true, "model.kind": "mlp", "model.hidden": []any{128.0, 64.0},
		"optimizer.kind": "sam", "optimizer.rho": 0.1, "optimizer.base.kind": "sgd", "optimizer.base.momentum": 0.9,
	}
	if got := r.Dotted(); !reflect.DeepEqual(got, want) {
		t.Errorf("dotted %v, want %v", got, want)
	}
	if v, ok := r.Setting("optimizer.base.momentum"); !ok || v != 0.9 {
		t.Errorf("momentum is %v, %v", v, ok)
	}
	for _, key := range []string{"optimizer", "optimizer.m", "", "lr.x", "optimizer.", ".lr", "optimizer..rho"} {
		if v, ok := r.Setting(key); ok || v != nil {
			t.Errorf("%q is %v", key, v)
		}
	}
	odd := Record{Config: map[string]any{"a.b": 1.0, "a": map[string]any{"c": 2.0, "d.e": map[string]any{"": nil}}, "": map[string]any{"": 3.0}, "none": map[string]any{}}}
	for _, r := range []Record{r, odd} {
		for key, want := range r.Dotted() {
			if v, ok := r.Setting(key); !ok || !reflect.DeepEqual(v, want) {
				t.Errorf("%q is %v, %v, want %v", key, v, ok, want)
			}
		}
	}
}

func TestText(t *testing.T) {
	for _, c := range []struct {
		v    any
		want string
	}{
		{nil, ""}, {"a b", "a b"}, {true, "true"}, {3, "3"}, {uint64(math.MaxUint64), "18446744073709551615"}, {0.1, "0.1"}, {1e21, "1e+21"}, {128.0, "128"},
		{Number(0.1), "0.1"}, {nan, ""}, {inf, ""}, {-inf, ""}, {[]any{128.0, "a"}, `[128,"a"]`}, {[]any{}, "[]"},
	} {
		if got := Text(c.v); got != c.want {
			t.Errorf("%#v is %q, want %q", c.v, got, c.want)
		}
	}
}

func TestStatusAndNames(t *testing.T) {
	if !Done.Final() || !Diverged.Final() || Failed.Final() || Status("").Final() {
		t.Error("done and diverged are final, nothing else")
	}
	recs := []Record{{Values: Values{Numbers: numbers("b", 1, "a", 1)}}, {}, {Values: Values{Numbers: numbers("c", nan, "a", 2)}}}
	var got []string
	for _, c := range Trials(recs).columns {
		got = append(got, c.name)
	}
	if last := got[len(got)-4:]; !slices.Equal(last, []string{"measure_seconds", "a", "b", "c"}) {
		t.Errorf("names %q", got)
	}
}
