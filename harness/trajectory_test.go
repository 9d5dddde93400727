package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"msharp/harness/config"
	"msharp/harness/disk"
	"msharp/harness/folder"
	"msharp/harness/record"
)

// pathTrial is a trial that can be drawn, its record, and what that says.
func pathTrial(t *testing.T, words ...string) (config.Trial, record.Record, *Trained) {
	t.Helper()
	trial := plan(t, strings.Replace(base4, "epochs: 4\n", "", 1), append([]string{"data={kind: spirals, n: 600, train: 320, val: 32, test: 64}", "measures=[gradnorm]"}, words...)...).Trials[0]
	r, err := Train(trial, nil)
	if err != nil {
		t.Fatal(err)
	}
	trained, err := TrainedOf(trial, r)
	if err != nil {
		t.Fatal(err)
	}
	return trial, r, trained
}

// again trains a trial again.
func again(t *testing.T, trial config.Trial, as *Trained, out folder.Dir) (*Solution, error) {
	t.Helper()
	s, err := Untrained(trial, as, out)
	if err != nil {
		t.Fatal(err)
	}
	last := 0
	return s, s.TrainAgain(context.Background(), func(done, of int) {
		if last++; done != last || of != as.Epochs {
			t.Errorf("%d of %d epochs are done after %d", done, of, last)
		}
	})
}

// The weights on a path are those of the trial, from the first to the last, and holding them changes no byte of its record.
func TestPathIsThatOfTheTrial(t *testing.T) {
	for _, words := range [][]string{
		{"epochs=5"}, {"epochs=301", "batch_size=160"}, {"optimizer={kind: sam, m: 4, rho: 0.1, base: adam}", "lr=0.01", "epochs=3", "watch={every: 1, measures: [norm]}"},
		{"stop={train_loss: 0.6, max_epochs: 40, every: 3}"},
	} {
		trial, r, trained := pathTrial(t, words...)
		p := &path{ctx: context.Background(), as: trained, told: func(int, int) {}}
		held, err := trainWatched(trial, p, nil)
		if err != nil {
			t.Fatal(err)
		}
		held.Run, r.Run = nil, nil
		if a, b := encoded(t, held), encoded(t, r); !bytes.Equal(a, b) {
			t.Errorf("%v: with its path held its record is\n%s, without\n%s", words, a, b)
		}
		out := folder.Dir(t.TempDir())
		s, err := again(t, trial, trained, out) // no weights are kept: the train loss is compared
		if err != nil {
			t.Fatal(err)
		}
		run, err := trainingOf(trial, nil)
		if err != nil {
			t.Fatal(err)
		}
		first := slices.Clone(run.w)
		if _, err := run.run(onlyTraced(nil)); err != nil {
			t.Fatal(err)
		}
		at := s.path.points
		if n := len(at); n != trained.Points() || n > mostHeld || at[0].epoch != 0 || at[n-1].epoch != len(r.Epochs) || at[1].epoch != trained.Every {
			t.Errorf("%v: %d points, the last after %d epochs of %d", words, n, at[n-1].epoch, len(r.Epochs))
		}
		if !slices.Equal(at[0].w, first) || !slices.Equal(at[len(at)-1].w, run.w) {
			t.Errorf("%v: the path has another start or end", words)
		}
		for i, p := range at[1:] {
			if slices.Equal(p.w, at[i].w) {
				t.Errorf("%v: nothing moves to epoch %d", words, p.epoch)
			}
		}
		if err := disk.WriteFile(out.Weights(trial.ID), run.weights(trial.ID)); err != nil {
			t.Fatal(err)
		}
		if _, err := again(t, trial, trained, out); err != nil { // the kept weights are compared
			t.Fatal(err)
		}
		if strings.HasPrefix(words[0], "stop") && (len(r.Epochs) < 2 || len(r.Epochs) >= 40) {
			t.Errorf("it stops after %d epochs: this tests no early stop", len(r.Epochs))
		}
	}
}

func encoded(t *testing.T, r record.Record) []byte {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The points of a path have the losses of its weights, and their places on the plane; and a grid's file is the grid with its path.
func TestLookAtATrajectory(t *testing.T) {
	trial, _, trained := pathTrial(t, "epochs=6")
	s, err := again(t, trial, trained, folder.Dir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	v := View{Along: "trajectory", Split: "train", Dims: 2, Points: 5, Span: .25}
	look := func(workers int) *Grid {
		g, err := Look(context.Background(), RequestOf(v, []*Solution{s}, "data"), []*Solution{s}, workers, func(int, int) {})
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	g := look(1)
	if !reflect.DeepEqual(g, look(3)) {
		t.Error("three workers find another grid")
	}
	if len(g.Points) != 25 || len(g.Path) != 7 || g.Request.Weights != nil || *g.Request.Trained != *trained {
		t.Fatalf("%d points, %d of the path, asked for %+v", len(g.Points), len(g.Path), g.Request)
	}
	l, w := &landscape{split: s.run.train, w: s.w}, make([]float32, len(s.w))
	on, err := s.trajectory()
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range g.Path {
		at := s.path.points[i]
		if p.Epoch != i || p.Loss != l.Loss(at.w) || p.Error != l.Error(at.w) || p.X != on.At[i][0] || p.Y != on.At[i][1] || p.Distance != on.Distance[i] {
			t.Errorf("the path at epoch %d is %+v", i, p)
		}
		if corner := g.Points[len(g.Points)-1]; !(p.X > g.Points[0].X && p.Y > g.Points[0].Y && p.X < corner.X && p.Y < corner.Y) {
			t.Errorf("%+v is not on the map", p)
		}
	}
	for _, p := range g.Points {
		if on.Point(w, p.X, p.Y); p.Loss != l.Loss(w) {
			t.Errorf("at (%v, %v) the loss is %v, want %v", p.X, p.Y, p.Loss, l.Loss(w))
		}
	}
	end := g.Path[len(g.Path)-1]
	if o := g.Found.Solutions[0]; end.X != 0 || end.Y != 0 || end.Distance != 0 || float64(o.Loss) != end.Loss {
		t.Errorf("the path ends at %+v, the solution is %+v", end, o)
	}
	for k, axis := range g.Found.Axes {
		if axis.Share == nil || float64(*axis.Share) != on.Share[k] || math.Abs(float64(axis.Norm)-1) > 1e-12 {
			t.Errorf("axis %d is %+v", k, axis)
		}
	}
	g.Path[2].Loss = math.NaN()
	file := filepath.Join(t.TempDir(), "grid.csv")
	if err := os.WriteFile(file, g.Encode(), 0o666); err != nil {
		t.Fatal(err)
	}
	read, err := ReadGrid(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(read.Encode()) != string(g.Encode()) || g.Request.Difference(read.Request) != "" || len(read.Points) != 25 || !reflect.DeepEqual(read.Path[3:], g.Path[3:]) {
		t.Error("read back it is another")
	}
	other := g.Request
	other.Trained = &Trained{Epochs: 6, Every: 2, TrainLoss: trained.TrainLoss}
	if d := other.Difference(g.Request); !strings.HasPrefix(d, "trained is ") {
		t.Errorf("of another training: %q", d)
	}
}

// What is not the training that was recorded is not drawn; it is said how it differs.
func TestPathOfAnotherTraining(t *testing.T) {
	trial, r, trained := pathTrial(t, "epochs=4")
	out := folder.Dir(t.TempDir())
	refused := func(what string, as Trained) {
		t.Helper()
		_, err := again(t, trial, &as, out)
		if err == nil || !strings.Contains(err.Error(), what) || !strings.Contains(err.Error(), trial.ID) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %v, want %q", err, what)
		}
	}
	as := *trained
	as.TrainLoss = record.Number(math.Nextafter(float64(as.TrainLoss), 9))
	refused("its train loss is ", as)
	as = *trained
	as.Epochs = 3
	refused("it trains on where its record ends", as)
	run, err := trainingOf(trial, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := disk.WriteFile(out.Weights(trial.ID), run.weights(trial.ID)); err != nil { // those of the start
		t.Fatal(err)
	}
	refused("its last weights are not those in "+out.Weights(trial.ID), *trained)
	if err := os.WriteFile(out.Weights(trial.ID), []byte("no weights"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := again(t, trial, trained, out); err == nil || !strings.Contains(err.Error(), "run trains the trial again") {
		t.Errorf("with damaged weights: error %v", err)
	}
	for what, change := range map[string]func(*record.Record){
		"diverged in epoch 4; expected one that trained to its end": func(r *record.Record) { r.Status = record.Diverged },
		"failed; expected one":                    func(r *record.Record) { r.Status = record.Failed },
		"has no record":                           func(r *record.Record) { *r = record.Record{} },
		"trained for 1 epoch; expected 2 or more": func(r *record.Record) { r.Epochs = r.Epochs[:1] },
	} {
		other := r
		change(&other)
		if _, err := TrainedOf(trial, other); err == nil || !strings.Contains(err.Error(), what) || !strings.Contains(err.Error(), trial.ID) {
			t.Errorf("error %v, want %q", err, what)
		}
	}
	s, err := Untrained(trial, trained, out)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	err = s.TrainAgain(ctx, func(done, _ int) {
		if cancel(); done > 1 {
			t.Error("it trains on once it is told to stop")
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// A path has at most 200 points, whatever the epochs, and both ends among them.
func TestPointsOfAPath(t *testing.T) {
	for _, n := range []int{2, 3, 198, 199, 200, 398, 399, 1000, 12345} {
		r := record.Record{Status: record.Done, Epochs: make([]record.Epoch, n), Values: record.Values{Numbers: map[string]record.Number{"train_loss": 1}}}
		trained, err := TrainedOf(config.Trial{}, r)
		if err != nil {
			t.Fatal(err)
		}
		held := 1
		for e := 1; e <= n; e++ {
			if e%trained.Every == 0 || e == n {
				held++
			}
		}
		if held != trained.Points() || held > mostHeld || n < mostHeld && held != n+1 {
			t.Errorf("%d epochs: %d points, said %d, every %d epochs", n, held, trained.Points(), trained.Every)
		}
	}
}

// A trajectory takes the memory that is foretold, its path and its plane included: no more, and not much less.
func TestMemoryOfATrajectory(t *testing.T) {
	trial, _, trained := pathTrial(t, "model={kind: mlp, hidden: [500, 400]}", "epochs=40", "lr=0.01")
	v := View{Along: "trajectory", Split: "train", Dims: 2, Points: 3, Span: .25}
	out := folder.Dir(t.TempDir())
	s, err := Untrained(trial, trained, out)
	if err != nil {
		t.Fatal(err)
	}
	said, got := float64(viewBytes(trial, v, s.run.net, trained.Points(), 1)), 0.
	for range 3 { // see TestMemoryIsWhatATrialTakes
		got = peak(func() {
			if s, err = again(t, trial, trained, out); err == nil {
				_, err = Look(context.Background(), RequestOf(v, []*Solution{s}, ""), []*Solution{s}, 1, func(int, int) {})
			}
			if err != nil {
				t.Fatal(err)
			}
		})
		t.Logf("said %.1f MB, takes %.1f", said/1e6, got/1e6)
		if said >= .97*got && said <= 2*got+4<<20 {
			return
		}
	}
	t.Errorf("said %.1f MB, takes %.1f", said/1e6, got/1e6)
}
