package harness

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"msharp/harness/config"
	"msharp/harness/folder"
	"msharp/harness/record"
	"msharp/models/rng"
	"msharp/sharpness"
)

// weightsAt is a watcher that keeps the weights before the first step and after each.
type weightsAt struct {
	onlyTraced
	run *training
	w   [][]float32
}

func (k *weightsAt) begin(t *training) error {
	k.run, k.w = t, [][]float32{slices.Clone(t.w)}
	return nil
}

func (k *weightsAt) step(Step) { k.w = append(k.w, slices.Clone(k.run.w)) }

// trained trains a trial.
func trained(t *testing.T, trial config.Trial, w watcher) record.Record {
	t.Helper()
	r, err := trainWatched(trial, w, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// unseen is a record's text but for its watch and its run.
func unseen(t *testing.T, r record.Record) string {
	t.Helper()
	r.Watch = record.Watch{}
	return without(t, r)
}

const watched = "[gradnorm, {kind: hessian, k: 1, steps: 4}, {kind: msharp, m: [4, 0], rho: [0.1]}, distance, {kind: trace, products: 4}]"

// A watched trial trains to the bits of an unwatched one. It looks at the start, as often as asked, and at the end, and what it sees is what
// the measures are at the weights there, with a stream of the measure and the step. 4 epochs are 16 steps.
func TestWatch(t *testing.T) {
	for _, c := range []struct {
		words []string
		watch string
		at    []int // nil for a run that ends where the others cannot tell
	}{
		{nil, "every: 6", []int{0, 6, 12, 16}},
		{nil, "every: 8, unit: step", []int{0, 8, 16}},
		{nil, "every: 100", []int{0, 16}},
		{nil, "every: 1, unit: epoch", []int{0, 1, 2, 3, 4}},
		{[]string{"optimizer={kind: sam, rho: 0.1, m: 4, base: {kind: sgd, momentum: 0.9}}", "test_at=best_val", "clip=0.5"}, "every: 3, unit: epoch", []int{0, 3, 4}},
		{[]string{"epochs=null", "stop={train_loss: 0.9, max_epochs: 5, every: 3}"}, "every: 2", nil},
		{[]string{"epochs=null", "stop={train_loss: 0.9, max_epochs: 5, every: 3}", "model.hidden=[]"}, "every: 2, unit: epoch", nil},
	} {
		trial := plan(t, base4, append(c.words, fmt.Sprintf("watch={%s, measures: %s}", c.watch, watched))...).Trials[0]
		plain := trained(t, plan(t, base4, c.words...).Trials[0], onlyTraced(nil))
		steps := &weightsAt{}
		r := trained(t, trial, steps)
		if unseen(t, r) != without(t, plain) || !plain.Watch.IsZero() || r.ID != plain.ID {
			t.Errorf("%v: watched\n%s\nunwatched\n%s", c, unseen(t, r), without(t, plain))
		}
		w := trial.Config.Watch
		last := len(steps.w) - 1
		want := []int{0}
		for s := range steps.w[1:] {
			epoch := w.Unit == "epoch"
			switch s++; {
			case !epoch && (s%w.Every == 0 || s == last):
				want = append(want, s)
			case epoch && (s%(4*w.Every) == 0 || s == last):
				want = append(want, (s+3)/4)
			}
		}
		if !slices.Equal(r.Watch.At, want) || c.at != nil && !slices.Equal(want, c.at) {
			t.Fatalf("%v: looks at %v, want %v", c, r.Watch.At, want)
		}
		if !r.Watch.Has(w.Every, w.Unit, w.Columns()) || len(r.Watch.Values) != len(w.Columns()) {
			t.Fatalf("%v: watched %v", c, r.Watch)
		}
		for i, at := range want {
			step := at
			if w.Unit == "epoch" {
				step = min(4*at, last)
			}
			land := &landscape{split: steps.run.train, w: steps.w[step], init: steps.w[0]}
			for _, m := range w.Measures {
				names := sharpness.Names(m.Spec)
				values, err := m.Spec.Of(land, rng.Stream(trial.Config.Seed, fmt.Sprintf("watch/%d/%s", step, names[0])))
				if err != nil {
					t.Fatal(err)
				}
				for k, v := range values {
					if got := float64(r.Watch.Values[names[k]][i]); got != v && !(math.IsNaN(got) && math.IsNaN(v)) {
						t.Errorf("%v: %s at step %d is %v, want %v", c, names[k], step, got, v)
					}
				}
			}
		}
	}
}

// What a measure sees does not depend on what else is watched, how often, and by which unit.
func TestWatchedMeasuresAreApart(t *testing.T) {
	seen := func(watch string) record.Watch {
		return trained(t, plan(t, base4, "watch="+watch).Trials[0], onlyTraced(nil)).Watch
	}
	const name = "hessian_max(steps=4)"
	all := seen("{every: 4, measures: " + watched + "}").Values[name]
	for watch, want := range map[string][]record.Number{
		"{every: 1, unit: epoch, measures: [{kind: hessian, k: 2, steps: 4}, norm]}": all,
		"{every: 8, measures: {kind: hessian, k: 1, steps: 4}}":                      {all[0], all[2], all[4]},
	} {
		if got := seen(watch).Values[name]; !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", watch, got, want)
		}
	}
}

// Stopped at any epoch and continued, a trial has the same watch, to the byte.
func TestWatchIsResumed(t *testing.T) {
	for _, words := range [][]string{
		{"watch={every: 3, measures: " + watched + "}"}, {"watch={every: 3, unit: epoch, measures: " + watched + "}", "optimizer=adam"},
		{"watch={every: 5, measures: gradnorm}", "epochs=null", "stop={train_loss: 0.9, max_epochs: 5, every: 3}"},
	} {
		trial := plan(t, base4, words...).Trials[0]
		whole := trained(t, trial, onlyTraced(nil))
		for at := 1; at <= len(whole.Epochs); at++ {
			h := &halting{at: at}
			if _, err := trainWatched(trial, h, nil); !errors.Is(err, errHalted) {
				t.Fatal(err)
			}
			again := &resuming{state: h.state}
			if r := trained(t, trial, again); again.err != nil || without(t, r) != without(t, whole) {
				t.Errorf("%v after epoch %d: %v\n%s\nin one go:\n%s", words, at, again.err, without(t, r), without(t, whole))
			}
		}
	}
}

// A state of which not all was watched that is asked for is none to go on from; of one of which more was watched, the rest is left out.
func TestWatchOfAnotherRun(t *testing.T) {
	for _, c := range []struct {
		then, now string
		fits      bool
	}{
		{"null", "{every: 3, measures: gradnorm}", false},
		{"{every: 3, measures: gradnorm}", "{every: 3, measures: [gradnorm, norm]}", false},
		{"{every: 3, measures: gradnorm}", "{every: 2, measures: gradnorm}", false},
		{"{every: 2, measures: gradnorm}", "{every: 2, unit: epoch, measures: gradnorm}", false},
		{"{every: 3, measures: [norm, gradnorm]}", "{every: 3, measures: gradnorm}", true},
		{"{every: 3, measures: gradnorm}", "null", true},
	} {
		h := &halting{at: 2}
		if _, err := trainWatched(plan(t, base4, "watch="+c.then).Trials[0], h, nil); !errors.Is(err, errHalted) {
			t.Fatal(err)
		}
		trial := plan(t, base4, "watch="+c.now).Trials[0]
		again := &resuming{state: h.state}
		r := trained(t, trial, again)
		if (again.err == nil) != c.fits || again.err != nil && !strings.Contains(again.err.Error(), "did not watch what is asked for") {
			t.Errorf("%+v: %v", c, again.err)
		}
		if got, want := without(t, r), without(t, trained(t, trial, onlyTraced(nil))); got != want {
			t.Errorf("%+v:\n%s\nwant\n%s", c, got, want)
		}
	}
}

// A run that diverged has the looks until then.
func TestWatchOfADivergedRun(t *testing.T) {
	r := trained(t, plan(t, base4, "lr=1e12", "watch={every: 1, measures: [gradnorm, norm]}").Trials[0], onlyTraced(nil))
	if n := len(r.Watch.At); r.Status != record.Diverged || n == 0 || n > 15 || len(r.Watch.Values["norm"]) != n || !(r.Watch.Values["norm"][0] > 0) {
		t.Errorf("%s with %+v", r.Status, r.Watch)
	}
}

// A trial that has ended without the watch asked for is trained again, diverged or not, and its record is then that of one go. A watch at
// other times is refused.
func TestWatchedLater(t *testing.T) {
	for _, lr := range []string{"lr=0.1", "lr=1e12"} {
		words := func(watch, measures string) []string {
			return []string{lr, "seed=1", "optimizer.rho=0,0.05", "optimizer.m=4", "watch=" + watch, "measures=" + measures}
		}
		out := t.TempDir()
		ask := func(watch, measures string, missing int, what ...string) {
			t.Helper()
			s := plan(t, small, words(watch, measures)...)
			recs, _, err := record.Load(out)
			if err != nil {
				t.Fatal(err)
			}
			lack := Missing(s.Trials, recs, held(t, out), false)
			if len(lack) != missing {
				t.Fatalf("%s: %d trials are missing", watch, len(lack))
			}
			if len(recs) > 0 && missing > 0 {
				if got := Lacking(lack[0], byID(recs)[lack[0].ID], held(t, out)); !slices.Equal(got, what) {
					t.Errorf("%s: lacking %q, want %q", watch, got, what)
				}
			}
			train(t, out, s, 1)
		}
		ask("null", "[norm]", 2)
		ask("{every: 5, measures: gradnorm}", "[norm]", 2, "watch")
		ask("{every: 5, measures: gradnorm}", "[norm]", 0)
		ask("{every: 5, measures: [distance, gradnorm]}", "[norm]", 2, "watch")
		ask("null", "[norm]", 0)
		once, _ := train(t, t.TempDir(), plan(t, small, words("{every: 5, measures: [distance, gradnorm]}", "[norm]")...), 1)
		recs, warnings, err := record.Load(out)
		if err != nil || len(warnings) > 0 || !slices.Equal(bare(t, recs), once) {
			t.Errorf("%v, %v\n%s\nat once\n%s", warnings, err, bare(t, recs), once)
		}
		bareRecs, _, err := record.Load(out, record.WithoutEpochs)
		if err != nil || len(Missing(plan(t, small, words("{every: 5, measures: distance}", "[]")...).Trials, bareRecs, held(t, out), false)) != 0 {
			t.Errorf("records without epochs lack the watch: %v", err)
		}

		s := plan(t, small, words("{every: 4, measures: gradnorm}", "[norm]")...)
		store, err := record.Open(out)
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		var why error
		failed, err := Run(context.Background(), s.Trials[:1], recs, store, Runtime{Workers: 1, Out: folder.Dir(out), Finished: func(_ record.Record, err error) { why = err }})
		if err != nil || failed != 1 || why == nil || !strings.Contains(why.Error(), "holds a watch every 5 steps; every 4 steps was asked for") {
			t.Errorf("%d failed, %v, %v", failed, why, err)
		}
		if after, _, _ := record.Load(out); !slices.Equal(bare(t, after), once) {
			t.Error("a watch at other times changes the records")
		}
	}
}

// Kept weights cannot give a watch: the trial is trained, whatever else they could give.
func TestWatchNeedsTraining(t *testing.T) {
	trial := plan(t, base4, "watch={every: 5, measures: gradnorm}", "measures=[norm]", "keep_weights=true").Trials[0]
	old := record.Record{ID: trial.ID, Status: record.Done}
	kept := folder.Held{Weights: map[string]bool{trial.ID: true}}
	if measurable(trial, old, kept, true) || !measurable(trial, old, kept, false) {
		t.Error("kept weights are taken for the watch, or not for the measures alone")
	}
	old.Watch = record.Watch{Every: 5, Unit: "step", Values: map[string][]record.Number{"gradnorm": nil}}
	if !measurable(trial, old, kept, true) {
		t.Error("kept weights do not give the measure that is all that is missing")
	}
}

// A record's watch is read as it was written.
func TestWatchIsRead(t *testing.T) {
	r := trained(t, plan(t, base4, "watch={every: 5, measures: "+watched+"}").Trials[0], onlyTraced(nil))
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var again record.Record
	if err := json.Unmarshal(text, &again); err != nil || !reflect.DeepEqual(again.Watch.At, r.Watch.At) || without(t, again) != without(t, r) {
		t.Errorf("%v: %+v", err, again.Watch)
	}
}
