package harness

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"msharp/harness/config"
	"msharp/harness/disk"
	"msharp/harness/folder"
	"msharp/models"
	"msharp/sharpness"
)

// keptTrials trains trials, and leaves their weights in a folder.
func keptTrials(t *testing.T, words ...string) (folder.Dir, []config.Trial) {
	t.Helper()
	out := folder.Dir(t.TempDir())
	trials := plan(t, base4, append([]string{"data={kind: spirals, n: 600, train: 320, val: 32, test: 64}", "measures=[]", "epochs=3"}, words...)...).Trials
	for _, trial := range trials {
		run, err := trainingOf(trial, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := run.run(onlyTraced(nil)); err != nil {
			t.Fatal(err)
		}
		if err := disk.WriteFile(out.Weights(trial.ID), run.weights(trial.ID)); err != nil {
			t.Fatal(err)
		}
	}
	return out, trials
}

// looked is a view of the trials.
func looked(t *testing.T, out folder.Dir, trials []config.Trial, v View, workers int) (*Grid, []*Solution) {
	t.Helper()
	solutions, err := Solutions(trials, out)
	if err != nil {
		t.Fatal(err)
	}
	last := 0
	g, err := Look(context.Background(), RequestOf(v, solutions, "data"), solutions, workers, func(done, of int) {
		if last++; done != last || of < done {
			t.Errorf("%d of %d points are done after %d", done, of, last)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return g, solutions
}

var views = []View{
	{Along: "random", Split: "train", Dims: 2, Points: 5, Span: 1, Draw: 1}, {Along: "random", Split: "train", Dims: 1, Points: 5, Span: 2, Draw: 2},
	{Along: "eigenvectors", Split: "train", Dims: 2, Points: 3, Span: .005}, {Along: "line", Split: "train", Dims: 1, Points: 5, Span: .5},
	{Along: "plane", Split: "train", Dims: 2, Points: 4, Span: .25},
}

// The losses are those of the landscape at the points, whatever the number of workers; and a grid's file is the grid.
func TestLook(t *testing.T) {
	out, all := keptTrials(t, "seed=1,2,3", "model={kind: mlp, hidden: [8], activation: tanh}", "lr=0.1")
	for _, v := range views {
		trials := all[:v.Solutions()]
		g, solutions := looked(t, out, trials, v, 1)
		again, _ := looked(t, out, trials, v, 3)
		if !reflect.DeepEqual(*g, *again) && v.Along != "line" || !reflect.DeepEqual(g.Points, again.Points) { // the cosine of a line is NaN
			t.Errorf("%s: three workers find another grid", v.Along)
		}
		if len(g.Points) != pointsOf(v) {
			t.Errorf("%s: %d points", v.Along, len(g.Points))
		}
		s, _, _, err := section(v, solutions)
		if err != nil {
			t.Fatal(err)
		}
		l, w := &landscape{split: solutions[0].run.train, w: solutions[0].w}, make([]float32, len(solutions[0].w))
		for _, p := range g.Points {
			s.Point(w, []float64{p.X, p.Y}[:len(s.Axes)]...)
			if p.Loss != l.Loss(w) || p.Error != l.Error(w) {
				t.Errorf("%s: at (%v, %v) %v and %v, the landscape has %v and %v", v.Along, p.X, p.Y, p.Loss, p.Error, l.Loss(w), l.Error(w))
			}
		}
		for i, f := range g.Found.Solutions {
			if want := l.Loss(solutions[i].w); math.Abs(float64(f.Loss)-want) > 1e-6*want {
				t.Errorf("%s: the loss of solution %d is %v, want %v", v.Along, i, f.Loss, want)
			}
		}
		switch v.Along {
		case "random":
			if middle := g.Points[len(g.Points)/2-len(g.Points)/2%v.Points+v.Points/2]; v.Dims == 2 && (middle.X != 0 || middle.Y != 0 || middle.Loss != l.Loss(l.w)) {
				t.Errorf("the middle is %v", middle)
			}
		case "eigenvectors": // the second difference in the middle row; tanh has no kinks, which a Hessian does not see
			row := g.Points[3:6]
			h := row[2].X
			if got, want := (row[0].Loss-2*row[1].Loss+row[2].Loss)/(h*h), float64(*g.Found.Axes[0].Value); math.Abs(got-want) > .02*want || want <= 0 {
				t.Errorf("the loss curves by %v along the first eigenvector, want λ₁ = %v", got, want)
			}
		}
		g.Points[0].Loss, g.Points[1].Loss, g.Points[1].Error = math.NaN(), math.Inf(1), 1./3
		path := filepath.Join(t.TempDir(), "grid.csv")
		if err := os.WriteFile(path, g.Encode(), 0o666); err != nil {
			t.Fatal(err)
		}
		read, err := ReadGrid(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(read.Encode()) != string(g.Encode()) || g.Request.Difference(read.Request) != "" || read.NotFinite() != 2 || !math.IsInf(read.Points[1].Loss, 1) || read.Points[2] != g.Points[2] {
			t.Errorf("%s: read back it is another", v.Along)
		}
		for name, damage := range map[string]func(string) string{
			"a digit": func(s string) string {
				return s[:len(s)-2] + map[bool]string{true: "3", false: "7"}[s[len(s)-2] == '7'] + "\n"
			},
			"a line":   func(s string) string { return s[:strings.LastIndex(strings.TrimSpace(s), "\n")+1] },
			"the head": func(s string) string { return strings.Replace(s, `"span":`, `"span":1`, 1) },
			"all":      func(string) string { return "" },
		} {
			if _, err := decodeGrid([]byte(damage(string(g.Encode())))); err == nil {
				t.Errorf("%s: without %s it is read", v.Along, name)
			}
		}
		other := g.Request
		other.Points += 2
		if d := other.Difference(g.Request); !strings.HasPrefix(d, "points is ") {
			t.Errorf("other points: %q", d)
		}
	}
}

// A trial's solutions are those of its kept weights; what cannot be compared is said.
func TestSolutionsThatDoNotFit(t *testing.T) {
	out, all := keptTrials(t, "model.hidden=[4],[6]", "seed=1,2")
	if len(all) != 4 {
		t.Fatal(len(all))
	}
	expect := func(what string, trials ...config.Trial) {
		t.Helper()
		if _, err := Solutions(trials, out); err == nil || !strings.Contains(err.Error(), what) || !strings.Contains(err.Error(), string(out)) {
			t.Errorf("error %v, want one that says %q and the file", err, what)
		}
	}
	one, other := all[0], all[0]
	for _, trial := range all {
		if reflect.DeepEqual(trial.Config.Seed, one.Config.Seed) && trial.ID != one.ID {
			other = trial
		}
	}
	expect("has shape", one, other)
	expect("are those of trial", one, one)
	if err := os.Remove(out.Weights(one.ID)); err != nil {
		t.Fatal(err)
	}
	expect("keep_weights: true", one)
	if err := os.WriteFile(out.Weights(one.ID), []byte("no weights"), 0o666); err != nil {
		t.Fatal(err)
	}
	expect("run trains the trial again", one)
}

func TestLookStops(t *testing.T) {
	out, trials := keptTrials(t)
	solutions, err := Solutions(trials[:1], out)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Look(ctx, RequestOf(views[0], solutions, ""), solutions, 1, func(int, int) {}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// The filters of a network hold every weight once, and no bias.
func TestFilters(t *testing.T) {
	n, err := models.NewNet(models.Shape{H: 6, W: 6, C: 2}, 3, models.Conv{Channels: 4, Size: 3, Stride: 1}, models.ReLU{}, models.Dense{Units: 3})
	if err != nil {
		t.Fatal(err)
	}
	held := make([]int, n.Dim())
	var sizes []int
	for _, f := range filters(n.Arrays()) {
		sizes = append(sizes, f.Len)
		for k := range f.Len {
			held[f.At+k*f.Step]++
		}
	}
	if want := []int{18, 18, 18, 18, 64, 64, 64}; !reflect.DeepEqual(sizes, want) {
		t.Errorf("filters of %v weights, want %v", sizes, want)
	}
	at := 0
	for _, a := range n.Arrays() {
		for range a.Size() {
			if want := map[bool]int{true: 0, false: 1}[strings.HasSuffix(a.Name, "bias")]; held[at] != want {
				t.Fatalf("a weight of %s is in %d filters", a.Name, held[at])
			}
			at++
		}
	}
	if f := filters(n.Arrays())[1]; (f != sharpness.Filter{At: 1, Step: 4, Len: 18}) {
		t.Errorf("the second channel is %+v", f)
	}
}

// A window is a square that holds the solutions with its margin.
func TestWindow(t *testing.T) {
	at := [][2]float64{{}, {4, 0}, {1, 2}}
	xs, ys := window(at, .25, 3)
	if want := []float64{-1, 2, 5}; !reflect.DeepEqual(xs, want) {
		t.Error(xs)
	}
	if want := []float64{-2, 1, 4}; !reflect.DeepEqual(ys, want) {
		t.Error(ys)
	}
}
