package harness

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"msharp/harness/config"
	"msharp/harness/data"
	"msharp/harness/folder"
	"msharp/harness/record"
)

// train runs what is missing of a sweep in a folder and returns all records as sorted lines without run.
func train(t *testing.T, out string, s *config.Sweep, workers int) (lines []string, recs []record.Record) {
	t.Helper()
	old, _, err := record.Load(out)
	if err != nil {
		t.Fatal(err)
	}
	store, err := record.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if failed, err := Run(context.Background(), Missing(s.Trials, old, held(t, out), false), old, store, Runtime{Workers: workers, Out: folder.Dir(out)}); err != nil || failed > 0 {
		t.Fatal(failed, err)
	}
	recs, warnings, err := record.Load(out)
	if err != nil || len(warnings) > 0 {
		t.Fatal(warnings, err)
	}
	return bare(t, recs), recs
}

func bare(t *testing.T, recs []record.Record) (lines []string) {
	for _, r := range recs {
		r.Run = nil
		line, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	slices.Sort(lines)
	return lines
}

// Neither the number of workers, nor shards, nor a resume after part of the work changes a record.
func TestRecordsDoNotDependOnWorkersShardsOrResumes(t *testing.T) {
	s := plan(t, small)
	want, recs := train(t, t.TempDir(), s, 1)
	if len(recs) != len(s.Trials) {
		t.Fatalf("%d records of %d trials", len(recs), len(s.Trials))
	}
	if got, _ := train(t, t.TempDir(), s, 4); !slices.Equal(got, want) {
		t.Error("four workers give other records")
	}
	out := t.TempDir()
	for i := range 3 {
		part := *s
		var err error
		if part.Trials, err = Shard(s.Trials, i, 3); err != nil {
			t.Fatal(err)
		}
		train(t, out, &part, 2)
	}
	if got, _ := train(t, out, s, 1); !slices.Equal(got, want) {
		t.Error("three shards give other records")
	}
}

// A record holds every metric and every column, and the base optimizer, ρ = 0, has no m.
func TestRecordHoldsWhatWasAsked(t *testing.T) {
	s := plan(t, small)
	_, recs := train(t, t.TempDir(), s, 2)
	base := 0
	for _, r := range recs {
		if r.Status != record.Done || len(r.Epochs) != 3 {
			t.Errorf("%s is %s after %d epochs", r.ID, r.Status, len(r.Epochs))
		}
		for _, name := range append(slices.Clone(record.Metrics), "zero_gradients", "gradnorm", "msharp(m=1 rho=0.05)", "msharp_se(m=16 rho=0.2)", "msharp(m=n rho=0.2)", "msharp_zero(m=1)") {
			if _, ok := r.Value(name); !ok {
				t.Errorf("%s lacks %s", r.ID, name)
			}
		}
		rho, _ := r.Setting("optimizer.rho")
		_, hasM := r.Setting("optimizer.m")
		if rho == 0.0 {
			base++
		}
		if hasM != (rho != 0.0) {
			t.Errorf("%s: ρ = %v and m there %v", r.ID, rho, hasM)
		}
		for _, e := range r.Epochs {
			if rho != 0.0 && e.PerturbedLoss <= e.TrainLoss || rho == 0.0 && e.PerturbedLoss != e.TrainLoss {
				t.Errorf("%s at ρ = %v: clean loss %v, perturbed %v", r.ID, rho, e.TrainLoss, e.PerturbedLoss)
			}
		}
		n := 0
		for _, row := range r.Values.Confusion {
			for _, c := range row {
				n += c
			}
		}
		if n != 64 {
			t.Errorf("%s: the confusion counts sum to %d, want 64", r.ID, n)
		}
	}
	if base != 2 {
		t.Errorf("%d trials of the base optimizer, want one a seed", base)
	}
}

// Asking for more measures later trains again to measure, adds the columns and changes nothing else.
func TestLaterMeasures(t *testing.T) {
	out := t.TempDir()
	few := plan(t, small, "measures=[gradnorm]")
	_, before := train(t, out, few, 2)
	_, after := train(t, out, plan(t, small), 2)
	want, _ := train(t, t.TempDir(), plan(t, small), 2)
	if got := bare(t, after); !slices.Equal(got, want) {
		t.Error("measures taken later differ from measures taken at once")
	}
	if missing := Missing(plan(t, small).Trials, after, held(t, out), false); len(missing) > 0 || len(before) != len(after) {
		t.Errorf("%d trials still missing; %d records became %d", len(missing), len(before), len(after))
	}
}

// A diverged run is a result: null values, final, kept.
func TestDivergedIsAResult(t *testing.T) {
	out := t.TempDir()
	s := plan(t, small, "lr=1e30", "seed=1", "optimizer.rho=0.05")
	_, recs := train(t, out, s, 1)
	for _, r := range recs {
		v, ok := r.Value("test_error")
		m, okM := r.Value("msharp(m=1 rho=0.05)")
		if r.Status != record.Diverged || !ok || !okM || !math.IsNaN(v) || !math.IsNaN(m) || len(r.Epochs) == 0 {
			t.Errorf("%s is %s with test error %v, m-sharpness %v and %d epochs", r.ID, r.Status, v, m, len(r.Epochs))
		}
	}
	if len(recs) != 2 || len(Missing(s.Trials, recs, held(t, out), true)) != 0 {
		t.Errorf("%d records; %d are run again", len(recs), len(Missing(s.Trials, recs, held(t, out), true)))
	}
}

func TestStopAtTrainLoss(t *testing.T) {
	text := strings.Replace(small, "epochs: 3", "stop: {train_loss: 0.8, max_epochs: 100}", 1)
	_, recs := train(t, t.TempDir(), plan(t, text, "seed=1", "optimizer.rho=0"), 1)
	loss, _ := recs[0].Value("train_loss")
	epochs, _ := recs[0].Value("epochs_run")
	if loss > 0.8 || epochs >= 100 || epochs < 2 {
		t.Errorf("stopped after %v epochs at train loss %v", epochs, loss)
	}
}

// With every, the loss is looked at after so many steps, over epochs' ends, and an epoch may be short. Looking once an epoch is the default.
func TestStopLooksEvery(t *testing.T) {
	type end struct {
		rec   record.Record
		steps []Step
	}
	run := func(every string) (e end) {
		text := strings.Replace(small, "epochs: 3", "stop: {train_loss: 0.8, max_epochs: 100"+every+"}", 1) // epochs of 4 steps
		s := plan(t, text, "seed=1", "optimizer.rho=0.05", "optimizer.m=4")
		r, err := Train(s.Trials[0], func(s Step) { e.steps = append(e.steps, s) })
		if err != nil {
			t.Fatal(err)
		}
		if loss, _ := r.Value("train_loss"); !(loss <= .8) {
			t.Errorf("%s: stopped at %v", every, loss)
		}
		e.rec = r
		return e
	}
	epoch := run("")
	last := len(epoch.steps)
	if same := run(", every: 4"); !slices.Equal(same.steps, epoch.steps) || !slices.Equal(same.rec.Epochs, epoch.rec.Epochs) {
		t.Error("looking after as many steps as an epoch has differs from looking after an epoch")
	}
	if run(", every: 0").rec.ID != epoch.rec.ID {
		t.Error("the default has another identity where it is written")
	}
	if _, there := epoch.rec.Setting("stop.every"); there {
		t.Error("the record of a stop after an epoch shows every")
	}
	if two := run(", every: 8"); len(two.steps)%8 != 0 || len(two.steps) < last || len(two.steps) >= last+8 {
		t.Errorf("looking every 8 steps ends after %d, looking every 4 after %d", len(two.steps), last)
	}
	each := run(", every: 1")
	if n := len(each.steps); n > last || n <= last-4 || n%4 == 0 {
		t.Fatalf("looking at each step ends after %d, looking every 4 after %d", n, last)
	}
	var clean, up float64
	short := each.steps[len(each.steps)/4*4:]
	for _, s := range short {
		clean, up = clean+s.Clean/float64(len(short)), up+s.Perturbed/float64(len(short))
	}
	e := each.rec.Epochs[len(each.rec.Epochs)-1]
	if !(math.Abs(float64(e.TrainLoss)-clean) <= 1e-12) || !(math.Abs(float64(e.PerturbedLoss)-up) <= 1e-12) || e.Epoch != short[0].Epoch {
		t.Errorf("the short epoch is %+v, its %d steps have mean losses %v and %v", e, len(short), clean, up)
	}
}

// With every, the validation error is taken after each so many epochs and after the last, wherever that is; nothing else of the training changes.
func TestValidateEvery(t *testing.T) {
	for _, c := range []struct {
		words     []string
		every     string
		validated []int // epochs
	}{
		{[]string{"epochs=5"}, "2", []int{2, 4, 5}}, {[]string{"epochs=4"}, "2", []int{2, 4}}, {[]string{"epochs=3"}, "100", []int{3}},
		{[]string{"epochs=null", "stop={train_loss: 0.8, max_epochs: 100}", "lr=0.05"}, "5", nil}, // the last at least
	} {
		words := append([]string{"seed=1", "optimizer.rho=0.05", "optimizer.m=4", "test_at=best_val"}, c.words...)
		all, err := Train(plan(t, small, words...).Trials[0], nil)
		if err != nil {
			t.Fatal(err)
		}
		some, err := Train(plan(t, small, append(words, "validate.every="+c.every)...).Trials[0], nil)
		if err != nil {
			t.Fatal(err)
		}
		same, err := Train(plan(t, small, append(words, "validate={every: 1}")...).Trials[0], nil)
		if err != nil || !slices.Equal(bare(t, []record.Record{same}), bare(t, []record.Record{all})) {
			t.Errorf("%v: the default that is written has another record, or error %v", c.words, err)
		}
		if v, there := some.Setting("validate.every"); some.ID == all.ID || !there || fmt.Sprint(v) != c.every {
			t.Errorf("%v: the record says every %v", c.words, v)
		}
		if _, there := all.Setting("validate.every"); there {
			t.Errorf("%v: the record of the default says so", c.words)
		}
		var validated []int
		least, at := math.NaN(), 0.
		for i, e := range some.Epochs {
			want := all.Epochs[i]
			if v := float64(e.ValError); !math.IsNaN(v) {
				validated = append(validated, e.Epoch)
				if !(v >= least) {
					least, at = v, float64(e.Epoch)
				}
			} else {
				want.ValError = e.ValError
			}
			if fmt.Sprint(e) != fmt.Sprint(want) {
				t.Errorf("%v: epoch %+v, want %+v", c.words, e, want)
			}
		}
		last := len(all.Epochs)
		if len(some.Epochs) != last || c.validated != nil && !slices.Equal(validated, c.validated) || validated[len(validated)-1] != last {
			t.Errorf("%v: validated after epochs %v", c.words, validated)
		}
		if c.validated == nil && (last%5 == 0 || len(validated) != last/5+1) {
			t.Fatalf("%v: validated after epochs %v of %d", c.words, validated, last)
		}
		best, _ := some.Value("best_val_error")
		epoch, _ := some.Value("best_val_epoch")
		if best != least || epoch != at {
			t.Errorf("%v: the best is %v after epoch %v, want %v after %v", c.words, best, epoch, least, at)
		}
		a, _ := all.Value("test_loss")
		if b, _ := some.Value("test_loss"); a != b {
			t.Errorf("%v: another network", c.words)
		}
	}
}

// The test error at the best validation error is that of a run that ends there. Asking for it changes no identity and nothing else of a
// record, and may come later.
func TestTestErrorAtBestValidation(t *testing.T) {
	words := []string{"epochs=8", "data.label_noise=0.3", "lr=0.3", "optimizer.rho=0,0.05", "optimizer.m=4"}
	with := plan(t, small, append(words, "test_at=best_val")...)
	before := plan(t, small, words...)
	if !slices.Equal(tIDs(with), tIDs(before)) {
		t.Fatal("test_at is part of the identity")
	}
	out := t.TempDir()
	_, plain := train(t, out, before, 2)
	_, later := train(t, out, with, 2)
	at, recs := train(t, t.TempDir(), with, 2)
	if !slices.Equal(bare(t, later), at) {
		t.Error("asked for later, the records differ")
	}
	inside := 0
	for i, r := range recs {
		v, ok := r.Value("test_error_at_best_val")
		epoch, _ := r.Value("best_val_epoch")
		if epoch < 8 {
			inside++
		}
		rho, _ := r.Setting("optimizer.rho")
		_, shorter := train(t, t.TempDir(), plan(t, small, fmt.Sprintf("epochs=%v", epoch), words[1], words[2],
			fmt.Sprintf("optimizer.rho=%v", rho), words[4], fmt.Sprintf("seed=%v", r.Config["seed"])), 1)
		want, _ := shorter[0].Value("test_error")
		if !ok || v != want {
			t.Errorf("%s: %v, want %v, the test error after epoch %v", r.ID, v, want, epoch)
		}
		sum := 0
		for _, n := range r.Values.Blocks.ErrorsAtBestVal {
			sum += n
		}
		if of := len(r.Values.Blocks.ErrorsAtBestVal); of != data.Blocks || float64(sum)/64 != v {
			t.Errorf("%s: %d blocks with %d errors there, of a test error of %v", r.ID, of, sum, v)
		}
		delete(r.Values.Numbers, "test_error_at_best_val")
		r.Values.Blocks.ErrorsAtBestVal = nil
		if !slices.Equal(bare(t, []record.Record{r}), bare(t, plain[i:i+1])) {
			t.Errorf("%s: test_at changes the record", r.ID)
		}
	}
	if inside == 0 {
		t.Error("every run is best at its end: nothing was compared")
	}
	_, lost := train(t, t.TempDir(), plan(t, small, "lr=1e30", "seed=1", "optimizer.rho=0.05", "optimizer.m=4", "test_at=best_val"), 1)
	if v, ok := lost[0].Value("test_error_at_best_val"); !ok || !math.IsNaN(v) || lost[0].Status != record.Diverged {
		t.Errorf("a run that is %s has %v", lost[0].Status, v)
	}
}

// The measures of weights are of this run's: its initial weights are those of one that took no step.
func TestMeasuresOfWeights(t *testing.T) {
	s := plan(t, small, "measures=[norm, distance, {kind: pacbayes, rho: [0.05, 5]}]", "optimizer.rho=0", "seed=1,2")
	_, recs := train(t, t.TempDir(), s, 2)
	_, still := train(t, t.TempDir(), plan(t, small, "measures=[norm, distance]", "optimizer.rho=0", "seed=1", "lr=1e-30"), 1)
	for _, r := range recs {
		v := func(name string) float64 {
			x, ok := r.Value(name)
			if !ok || math.IsNaN(x) {
				t.Errorf("%s: %s is %v, there %v", r.ID, name, x, ok)
			}
			return x
		}
		if !(v("distance") > 0 && v("distance") < v("norm")) || !(v("pacbayes_error(rho=0.05)") >= v("train_error")) ||
			!(v("pacbayes_error(rho=5)") > v("pacbayes_error(rho=0.05)")) || !(v("pacbayes_complexity(rho=5)") < v("pacbayes_complexity(rho=0.05)")) ||
			v("pacbayes(rho=5)") != v("pacbayes_error(rho=5)")+v("pacbayes_complexity(rho=5)") {
			t.Errorf("%s: %v", r.ID, r.Values.Numbers)
		}
	}
	d, _ := still[0].Value("distance")
	n, _ := still[0].Value("norm")
	if !(d <= 1e-20) || !(n > 1) {
		t.Errorf("weights of length %v that did not move are at distance %v", n, d)
	}
}

// A failed trial is recorded, does not stop the others unless asked to, and is run again on request.
func TestFailedTrials(t *testing.T) {
	out := t.TempDir()
	s := plan(t, small)
	store, err := record.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	late := Runtime{Workers: 1, Out: folder.Dir(out), TimeLimit: 1, Stop: true}
	failed, err := Run(context.Background(), s.Trials, nil, store, late)
	if err != nil || failed != 1 {
		t.Errorf("%d failed before the first stopped the sweep, error %v", failed, err)
	}
	late.Stop, late.Workers = false, 2
	failed, err = Run(context.Background(), s.Trials[1:], nil, store, late)
	if err != nil || failed != len(s.Trials)-1 {
		t.Errorf("%d failed, error %v", failed, err)
	}
	recs, _, err := record.Load(out)
	if err != nil || len(Missing(s.Trials, recs, held(t, out), false)) != 0 || len(Missing(s.Trials, recs, held(t, out), true)) != len(s.Trials) {
		t.Errorf("%d missing, %d with retry, error %v", len(Missing(s.Trials, recs, held(t, out), false)), len(Missing(s.Trials, recs, held(t, out), true)), err)
	}
	for _, r := range recs {
		if r.Status != record.Failed || r.Run.Error == "" {
			t.Errorf("%s is %s: %q", r.ID, r.Status, r.Run.Error)
		}
	}
	if _, err := Run(context.Background(), Missing(s.Trials, recs, held(t, out), true), recs, store, Runtime{Workers: 2, Out: folder.Dir(out)}); err != nil {
		t.Fatal(err)
	}
	recs, _, _ = record.Load(out)
	for _, r := range recs {
		if r.Status != record.Done {
			t.Errorf("%s is %s", r.ID, r.Status)
		}
	}
}

// What a trial cannot write fails no trial: it ends the sweep with its name, and the same trials are run once it can be written.
func TestWhatCannotBeWrittenFailsNoTrial(t *testing.T) {
	out := t.TempDir()
	s := plan(t, small, "keep_weights=true")
	store, err := record.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	weights := folder.Dir(out).Weights(s.Trials[0].ID)
	if err := os.MkdirAll(weights, 0o777); err != nil { // a folder is there
		t.Fatal(err)
	}
	if failed, err := Run(context.Background(), s.Trials, nil, store, Runtime{Workers: 1, Out: folder.Dir(out)}); failed != 0 || err == nil || !strings.Contains(err.Error(), weights+" is a folder") {
		t.Errorf("%d failed, error %v", failed, err)
	}
	if recs, _, err := record.Load(out); len(recs) != 0 || err != nil {
		t.Errorf("%d records, error %v", len(recs), err)
	}
}

// When a record cannot be written, or its folder is gone, the sweep ends with that error.
func TestLostStoreEndsTheSweep(t *testing.T) {
	s := plan(t, small)
	for name, c := range map[string]struct {
		lose func(out string)
		want string
	}{
		"removed":  {func(out string) { os.RemoveAll(out) }, ", and 1 record of this process went with it"},
		"moved":    {func(out string) { os.Rename(out, out+"2") }, "; safe in "},
		"replaced": {func(out string) { os.Rename(out, out+"2"); os.MkdirAll(filepath.Join(out, "records"), 0o777) }, "; safe in "},
	} {
		out := filepath.Join(t.TempDir(), "out")
		store, err := record.Open(out)
		if err != nil {
			t.Fatal(err)
		}
		ended := 0
		rt := Runtime{Workers: 1, Out: folder.Dir(out), InPlace: store.InPlace, Finished: func(record.Record, error) { ended++; c.lose(out) }}
		if _, err := Run(context.Background(), s.Trials, nil, store, rt); !errors.Is(err, record.ErrMoved) || !strings.Contains(err.Error(), c.want) || ended != 1 {
			t.Errorf("%s: %d trials, error %v", name, ended, err)
		}
		if recs, _, err := record.Load(out + "2"); name != "removed" && (len(recs) != 1 || err != nil) {
			t.Errorf("%s: %d records, error %v", name, len(recs), err)
		}
	}
}

// When the context ends, no further trial starts and those under way are kept.
func TestInterrupt(t *testing.T) {
	out := t.TempDir()
	s := plan(t, small)
	store, err := record.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	if _, err := Run(ctx, s.Trials, nil, store, Runtime{Workers: 1, Out: folder.Dir(out), Finished: func(record.Record, error) { cancel() }}); err != nil {
		t.Fatal(err)
	}
	recs, _, err := record.Load(out)
	if err != nil || len(recs) < 1 || len(recs) > 2 || recs[0].Status != record.Done { // the second may have begun
		t.Errorf("%d records after an interrupt at the end of the first trial, error %v", len(recs), err)
	}
}

func TestShards(t *testing.T) {
	s := plan(t, small)
	var all []string
	for i := range 3 {
		part, err := Shard(s.Trials, i, 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range part {
			all = append(all, x.ID)
		}
	}
	want := tIDs(s)
	slices.Sort(all)
	slices.Sort(want)
	if !slices.Equal(all, want) {
		t.Error("the shards are not the sweep")
	}
	for _, bad := range [][2]int{{-1, 3}, {3, 3}, {0, 0}} {
		if _, err := Shard(s.Trials, bad[0], bad[1]); err == nil {
			t.Errorf("shard %v was accepted", bad)
		}
	}
}

// Networks trained without SAM are compared at one train loss: a small part of the population stops there.
func TestPredictStopsAtOneLoss(t *testing.T) {
	text, err := os.ReadFile("../experiments/predict/predict.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := plan(t, string(text), "seed=1", "model.hidden=[64]", "batch_size=32,128", "lr=0.03", "optimizer.weight_decay=0",
		"data.train=256", "data.test=64", "measures=[{kind: msharp, m: [1, 256]}, gradnorm, norm, distance, pacbayes]")
	_, recs := train(t, t.TempDir(), s, 2)
	for _, r := range recs {
		loss, _ := r.Value("train_loss")
		if r.Status != record.Done || !(loss <= .01 && loss >= .007) {
			t.Errorf("%s is %s at train loss %v, want a little below .01", r.ID, r.Status, loss)
		}
	}
}
