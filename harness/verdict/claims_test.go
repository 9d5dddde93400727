package verdict

import (
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"msharp/harness/record"
	"msharp/harness/stats"
)

var noisy = synthetic{seeds: 8, ms: []float64{1, 16, 128}, rhos: []float64{0, .05, .1, .2}, noise: []float64{0, .2, .4, .8}}
var stoppedSweep = synthetic{
	seeds:     8,
	ms:        []float64{1, 128},
	rhos:      []float64{0, .01, .02, .05, .1, .2},
	noise:     []float64{0},
	trainLoss: .004,
}

// Sweeps in which the claims are true, and one that is not. Neither the order of the records matters nor the number of
// processors.
func TestTrueClaims(t *testing.T) {
	for _, c := range []struct {
		name   string
		claims []Claim
		recs   []record.Record
		not    []string // claims that do not hold
	}{
		{"Figure3", Figure3(), flagship.records(2, asPublished), []string{"predictive-power-falls-loss"}},
		{"Predict", Predict(), stoppedSweep.records(1, asPublished), nil},
		{"LabelNoise", LabelNoise(), noisy.records(1, asPublished), nil},
		{"Robust", Robust(), rates.records(1, asPublished), nil},
	} {
		vs := Judge(c.claims, c.recs)
		for _, v := range vs {
			t.Logf("%s %s: %s %.3g [%.3g, %.3g] n %d p %.2g: %s", c.name, v.Claim, v.Verdict, v.Estimate, v.Low, v.High, v.N, v.P, v.Why)
			if (v.Verdict == Reproduces) == slices.Contains(c.not, v.Claim) {
				t.Errorf("%s: %+v", c.name, v)
			}
		}
		shuffled := slices.Clone(c.recs)
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		for _, processors := range []int{1, 7} {
			before := runtime.GOMAXPROCS(processors)
			again := Judge(c.claims, shuffled)
			runtime.GOMAXPROCS(before)
			if !reflect.DeepEqual(again, vs) {
				t.Errorf("%s: shuffled records on %d processors give %+v, not %+v", c.name, processors, again, vs)
			}
		}
	}
}

// At the epoch of best validation all errors are equal, little or much disturbed; after the last they are as published.
func TestBestEpochIsJudgedForItself(t *testing.T) {
	for _, c := range []struct {
		sd   float64
		want string
	}{{.0003, DoesNotReproduce}, {.05, Undecided}} {
		vs := Judge(LabelNoise(), noisy.records(1, func(r *rand.Rand, x trial) map[string]record.Number {
			v := asPublished(r, x)
			v[bestEpoch.test] = record.Number(.3 + c.sd*r.NormFloat64())
			v[bestEpoch.val] = record.Number(.3 + c.sd*r.NormFloat64())
			return v
		}))
		for _, v := range vs {
			if strings.HasSuffix(v.Claim, "-best-val") != (v.Verdict == c.want) {
				t.Errorf("%v: %+v", c.sd, v)
			}
		}
	}
}

// change applies f to copies of the records, and leaves out those for which it is false.
func change(recs []record.Record, f func(r *record.Record) bool) (out []record.Record) {
	for _, r := range recs {
		numbers := map[string]record.Number{}
		for k, v := range r.Values.Numbers {
			numbers[k] = v
		}
		r.Values.Numbers = numbers
		if f(&r) {
			out = append(out, r)
		}
	}
	return out
}

func setting(r *record.Record, key string) float64 {
	v, _ := r.Setting(key)
	f, _ := v.(float64)
	return f
}

func set(column string, v float64) func(r *record.Record) bool {
	return func(r *record.Record) bool { r.Values.Numbers[column] = record.Number(v); return true }
}

func diverge(r *record.Record) bool {
	r.Status = record.Diverged
	for k := range r.Values.Numbers {
		r.Values.Numbers[k] = record.Number(math.NaN())
	}
	return true
}

// Whatever the records, every claim has a verdict and a reason in words, and the reason names what is missing.
func TestBadInput(t *testing.T) {
	type records = []record.Record
	seed := func(r *record.Record) float64 { return setting(r, "seed") }
	half := func(f func(r *record.Record) bool) func(r *record.Record) bool {
		return func(r *record.Record) bool { return len(r.ID)%2 == 0 || f(r) }
	}
	drop := func(prefix string) func(r *record.Record) bool {
		return func(r *record.Record) bool {
			for k := range r.Values.Numbers {
				if strings.HasPrefix(k, prefix) {
					delete(r.Values.Numbers, k)
				}
			}
			return true
		}
	}
	small := flagship
	small.seeds, small.ms, small.rhos = 5, []float64{1, 4, 16, 128}, []float64{0, .02, .05, .2, 1}
	type want map[string]string // a part of the reason, by claim
	for _, c := range []struct {
		name string
		of   func(recs records) records
		want want
	}{
		{"none", func(records) records { return nil }, want{
			"error-rises-with-m": "no trial has finished",
			"small-m-predicts":   "no trial has finished",
			"sam-beats-sgd":      "no trial has finished",
		}},
		{"all failed", func(recs records) records {
			return change(recs, func(r *record.Record) bool { r.Status = record.Failed; return true })
		}, want{"u-shape": "no trial has finished"}},
		{"measurements without trials", func(recs records) records {
			return change(recs, func(r *record.Record) bool { r.Status, r.Config = "", nil; return true })
		}, want{"u-shape": "no trial has finished"}},
		{"one trial", func(recs records) records { return recs[1:2] }, want{"error-rises-with-m": "every trial has the same test error"}},
		{"one seed", func(recs records) records {
			return change(recs, func(r *record.Record) bool { return seed(r) == 2 })
		}, want{
			"error-rises-with-m":     "needs ≥ 3 seeds, has 1",
			"best-rho-moves-right":   "needs ≥ 3 seeds, has 1",
			"u-shape":                "needs ≥ 3 seeds, has 1",
			"tuned-small-m-wins":     "needs ≥ 3 seeds, has 1",
			"predictive-power-falls": "needs ≥ 3 seeds, has 1",
			"sam-beats-sgd":          "needs ≥ 3 seeds, has 1",
			"sam-beats-tuned-sgd":    "needs ≥ 3 seeds, has 1",
		}},
		{"two seeds", func(recs records) records {
			return change(recs, func(r *record.Record) bool { return seed(r) < 3 })
		}, want{
			"error-rises-with-m":     "needs ≥ 3 seeds, has 2",
			"u-shape":                "needs ≥ 3 seeds, has 2",
			"tuned-small-m-wins":     "needs ≥ 3 seeds, has 2",
			"sam-beats-sgd-best-val": "needs ≥ 3 seeds, has 2",
		}},
		{"five seeds", func(recs records) records { return recs }, want{
			"error-rises-with-m": "5 seeds give no p below 0.0312, and Holm over 7 claims asks for 0.00714: needs ≥ 8 seeds, has 5",
		}},
		{"one m", func(recs records) records {
			return change(recs, func(r *record.Record) bool { return setting(r, "optimizer.m") < 2 })
		}, want{
			"error-rises-with-m":   "one training m (1), needs two",
			"best-rho-moves-right": "one training m (1), needs two",
			"curves-cross":         "one training m (1)",
			"tuned-small-m-wins":   "m = 4 is not compared",
			"small-m-beats-batch":  "needs m = 1 or 16, and m = batch",
		}},
		{"no batch m", func(recs records) records {
			return change(recs, func(r *record.Record) bool { return setting(r, "optimizer.m") < 100 })
		}, want{"tuned-small-m-wins": "m = 16 is not compared: it and m = batch need"}},
		{"without m = 16", func(recs records) records {
			return change(recs, func(r *record.Record) bool { return setting(r, "optimizer.m") != 16 })
		}, want{"tuned-small-m-wins": "m = 16 is not compared"}},
		{"one ρ", func(recs records) records {
			return change(recs, func(r *record.Record) bool { return setting(r, "optimizer.rho") == .05 })
		}, want{
			"best-rho-moves-right": "one ρ > 0 (0.05), needs two",
			"u-shape":              "no ρ between 0 and the largest",
			"curves-cross":         "no ρ > .05 at which every m was swept",
		}},
		{"large ρ only", func(recs records) records {
			return change(recs, func(r *record.Record) bool { return setting(r, "optimizer.rho") > .1 })
		}, want{
			"error-rises-with-m": "no trial with 0 < ρ ≤ .05",
			"curves-cross":       "no trial with 0 < ρ ≤ .05",
			"u-shape":            "needs, in two seeds",
		}},
		{"no base", func(recs records) records {
			return change(recs, func(r *record.Record) bool { return setting(r, "optimizer.rho") > 0 })
		}, want{
			"u-shape":               "a run at ρ = 0",
			"sam-beats-sgd":         "a run at ρ = 0",
			"gain-grows-with-noise": "one level of label noise (0), needs two",
			"sam-beats-tuned-sgd":   "SGD (ρ = 0) has 0 settings with a validation error, needs two to be tuned",
		}},
		{"only the base", func(recs records) records {
			return change(recs, func(r *record.Record) bool { return setting(r, "optimizer.rho") == 0 })
		}, want{"error-rises-with-m": "no trial with ρ > 0", "sam-beats-sgd": "no trial with ρ > 0"}},
		{"holes", func(recs records) records {
			return change(recs, func(r *record.Record) bool {
				return !(setting(r, "optimizer.m") == 4 && setting(r, "optimizer.rho") == .02 && seed(r) == 1)
			})
		}, want{
			"error-rises-with-m":   "left out: 1 of 10 lines (seed, ρ) that lack an m",
			"best-rho-moves-right": "left out: 1 of 5 seeds that lack a (ρ, m)",
			"u-shape":              "left out: 1 of 20 curves (seed, m) that lack a ρ",
		}},
		{"no validation", func(recs records) records { return change(recs, drop("val_error")) }, want{
			"u-shape":            "a validation error",
			"tuned-small-m-wins": "a validation error",
			"sam-beats-sgd":      "a validation error",
		}},
		{"no test error", func(recs records) records { return change(recs, drop("test_error")) }, want{
			"u-shape":                "no trial has a test error",
			"sam-beats-sgd":          "no trial has a test error",
			"sam-beats-sgd-best-val": "needs test_at: best_val",
		}},
		{"last epoch only", func(recs records) records { return change(recs, drop(bestEpoch.test)) }, want{
			"sam-beats-sgd":                "Holm over 2 claims",
			"sam-beats-sgd-best-val":       "epoch of best validation (test_error_at_best_val): needs test_at: best_val",
			"small-m-beats-batch-best-val": "needs test_at: best_val",
		}},
		{"last epoch only, some of a seed", func(recs records) records {
			return change(recs, func(r *record.Record) bool {
				return seed(r) > 1 || setting(r, "optimizer.rho") > .1 || drop(bestEpoch.test)(r)
			})
		}, want{"sam-beats-sgd-best-val": "left out: 1 of 5 seeds that lack a run or its validation error"}},
		{"no best validation", func(recs records) records { return change(recs, drop(bestEpoch.val)) }, want{
			"sam-beats-sgd-best-val":       "a validation error",
			"small-m-beats-batch-best-val": "a validation error",
		}},
		{"no measure", func(recs records) records { return change(recs, drop("msharp")) }, want{
			"predictive-power-falls": "no record has a measure msharp(m=… rho=…)",
			"small-m-predicts":       "no record has a measure",
		}},
		{"one measure", func(recs records) records {
			return change(recs, func(r *record.Record) bool {
				for _, m := range measuredM[1:] {
					drop("msharp(m=" + m + " ")(r)
				}
				return true
			})
		}, want{"predictive-power-falls": "one m of the measure (msharp(m=1 rho=0.05)), needs two"}},
		{"half without a measure", func(recs records) records { return change(recs, half(drop(msharpAt("4")))) }, want{
			"predictive-power-falls": "of them lack a measure or the gap (" + msharpAt("4") + ": ",
		}},
		{"half without m = 1", func(recs records) records { return change(recs, half(drop(msharpAt("1")))) }, want{
			"small-m-predicts": "of them lack a measure or the gap",
		}},
		{"no baseline", func(recs records) records { return change(recs, drop("norm")) }, want{
			"small-m-beats-baselines": "not compared, no record has it: ‖w‖ (norm)",
		}},
		{"one gap", func(recs records) records { return change(recs, set("error_gap", .1)) }, want{
			"predictive-power-falls": "left out: 5 seeds with fewer than two models, or with one gap",
			"small-m-predicts":       "with one gap",
		}},
		{"one test error", func(recs records) records { return change(recs, set("test_error", .1)) }, want{
			"error-rises-with-m": "every trial has the same test error",
		}},
		{"nobody fits", func(recs records) records { return change(recs, set("train_error", .1)) }, want{
			"predictive-power-falls": "0 of 85 models at train error 0",
		}},
		{"all diverged", func(recs records) records { return change(recs, diverge) }, want{
			"error-rises-with-m": "all 85 trials diverged",
			"small-m-predicts":   "all 85 trials diverged",
			"sam-beats-sgd":      "all 85 trials diverged",
		}},
		{"half diverged", func(recs records) records { return change(recs, half(diverge)) }, nil},
		{"two versions", func(recs records) records {
			return append(recs, change(recs[:40], func(r *record.Record) bool { r.ID += "'"; return true })...)
		}, want{
			"u-shape":                "records of two results versions or data sets: 40 settings with several ids, of 125 trials",
			"predictive-power-falls": "two results versions",
			"sam-beats-sgd":          "two results versions",
		}},
		{"the same twice", func(recs records) records { return append(recs, recs...) }, want{
			"error-rises-with-m": "needs ≥ 8 seeds, has 5",
		}},
		{"no config", func(recs records) records {
			return change(recs, func(r *record.Record) bool { r.Config = nil; return true })
		}, want{"u-shape": "two results versions or data sets"}},
		{"nulls", func(recs records) records {
			return change(recs, func(r *record.Record) bool { diverge(r); r.Status = record.Done; return true })
		}, want{"u-shape": "no trial has a test error", "predictive-power-falls": "0 of 85 models at train error 0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			recs := c.of(small.records(3, asPublished))
			why := map[string]string{}
			for _, claims := range [][]Claim{Robust(), Figure3(), LabelNoise()} {
				for _, v := range Judge(claims, recs) {
					why[v.Claim] = v.Why
					if v.Why == "" || strings.Contains(v.Why, "NaN") || math.IsNaN(float64(v.Estimate)) && v.Verdict != Undecided {
						t.Errorf("%+v", v)
					}
				}
			}
			stop := small
			stop.trainLoss = .004
			for _, v := range Judge(Predict(), c.of(stop.records(3, asPublished))) {
				if why[v.Claim] == "" {
					why[v.Claim] = v.Why
				}
				if v.Why == "" || strings.Contains(v.Why, "NaN") {
					t.Errorf("%+v", v)
				}
			}
			for id, part := range c.want {
				if !strings.Contains(why[id], part) {
					t.Errorf("%s: %q lacks %q", id, why[id], part)
				}
			}
		})
	}
}

func TestPredictNeedsAStop(t *testing.T) {
	for _, v := range Judge(Predict(), flagship.records(1, asPublished)) {
		if v.Verdict != Undecided || v.Why != "no trial was to stop at a train loss (stop.train_loss)" {
			t.Errorf("%+v", v)
		}
	}
}

// A diverged run counts as the worst there can be: at the largest ρ it makes the U.
func TestDivergedRanksWorst(t *testing.T) {
	recs := change(flagship.records(4, asPublished), func(r *record.Record) bool { return setting(r, "optimizer.rho") < 1 || diverge(r) })
	tb, _ := read(recs)
	parts, missing := overall(uShape)(tb)
	if len(parts) != 10 || missing != "" {
		t.Fatal(len(parts), missing)
	}
	for i, p := range parts {
		for _, x := range p.BySeed {
			if i%2 == 1 && !(x > 85) {
				t.Errorf("%s: %v points", p.Name, x)
			}
		}
	}
}

// Curves of other settings are curves of their own, and a seed's value their mean; base runs serve the settings they agree with.
func TestOtherSettings(t *testing.T) {
	one := flagship.records(1, asPublished)
	two := change(one, func(r *record.Record) bool {
		config := map[string]any{"lr": .1}
		for k, v := range r.Config {
			config[k] = v
		}
		r.Config = config
		r.ID += "lr"
		return true
	})
	for i := range one {
		config := map[string]any{"lr": .05}
		for k, v := range one[i].Config {
			config[k] = v
		}
		one[i].Config = config
	}
	single, both := Judge(Figure3(), one), Judge(Figure3(), append(one, two...))
	for i, v := range single {
		w := both[i]
		if strings.HasPrefix(v.Claim, "predictive") {
			continue // every model is there twice
		}
		if !(math.Abs(float64(v.Estimate-w.Estimate)) <= 1e-9) || v.Verdict != w.Verdict || v.P != w.P {
			t.Errorf("%+v, of one setting %+v", w, v)
		}
	}
}

func TestMeansAreBySeed(t *testing.T) {
	var a, b means
	for _, x := range []struct {
		seed uint64
		x    float64
	}{{3, 1}, {3, 2}, {5, 4}, {1, 7}, {3, 6}, {4, 8}} {
		a.add(x.seed, x.x)
	}
	b.add(2, 5)
	b.add(4, 10)
	a.pool(&b)
	if got, want := a.bySeed(), (map[uint64]float64{1: 7, 2: 5, 3: 3, 4: 9, 5: 4}); !reflect.DeepEqual(got, want) || !slices.IsSorted(a.seeds) {
		t.Errorf("%v of %v, want %v", got, a.seeds, want)
	}
	if x, ok := a.value(4); x != 9 || !ok {
		t.Error(x, ok)
	}
	if x, ok := a.value(6); ok {
		t.Errorf("of a seed without a value: %v", x)
	}
}

// Columns of values are read once, together or one after the other.
func TestColumns(t *testing.T) {
	nan := math.NaN()
	tb := newTable(nil, lastEpoch)
	for _, v := range []map[string]record.Number{
		{"a": 1, "b": record.Number(nan)}, {"a": record.Number(math.Inf(1)), "b": 2}, {"b": 3},
	} {
		tb.trials = append(tb.trials, trial{Record: &record.Record{Values: record.Values{Numbers: v}}})
	}
	tb.columns("a")
	got := tb.columns("b", "a", "c")
	for k, want := range [][]float64{{nan, 2, 3}, {1, nan, nan}, {nan, nan, nan}} {
		if !slices.EqualFunc(got[k], want, func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }) {
			t.Errorf("column %d: %v, want %v", k, got[k], want)
		}
	}
	if !tb.has("a") || tb.has("c") {
		t.Error("a is there, c is not")
	}
}

// at is a run of a seed.
type at struct {
	seed   uint64
	m, rho float64
	point
}

// curvesOf are curves of runs in ascending order of seeds, ρ > 0.
func curvesOf(batch float64, runsOf ...at) curves {
	f := family{at: map[place]*runs{}}
	for _, r := range runsOf {
		k := place{r.m, r.rho}
		if f.at[k] == nil {
			f.at[k] = &runs{}
		}
		f.at[k].add(r.seed, r.point)
	}
	c := f.curves()
	c.batch = batch
	return c
}

func TestBestRho(t *testing.T) {
	c := curvesOf(128,
		at{1, 4, .1, point{.3, 0}}, at{1, 4, .2, point{.2, 0}}, at{1, 4, .4, point{.2, 0}}, at{2, 4, .1, point{.3, 0}})
	if got := bestRho(c.at[4], 1); !(math.Abs(got-.2*math.Sqrt2) <= 1e-12) {
		t.Errorf("of equal ones the geometric mean: %v", got)
	}
	if got := bestRho(c.at[4], 2); !math.IsNaN(got) {
		t.Errorf("of an incomplete curve: %v", got)
	}
}

// A choice is that of the other seeds: seed 3, whose own best is the second option, gets the first.
func TestChoiceIsOfOtherSeeds(t *testing.T) {
	c := curvesOf(128,
		at{1, 4, .1, point{.11, .1}}, at{1, 4, .2, point{.21, .2}},
		at{2, 4, .1, point{.12, .1}}, at{2, 4, .2, point{.22, .2}},
		at{3, 4, .1, point{.13, .14}}, at{3, 4, .2, point{.23, .1}},
		at{4, 4, .1, point{.14, .1}}) // incomplete
	d, n := meet(c.seeds, []float64{1}, c.side(every, 4))
	if got, want := d.bySeed(), map[uint64]float64{1: .11, 2: .12, 3: .13}; !reflect.DeepEqual(got, want) || n != (tally{4, 1}) {
		t.Errorf("%v, want %v; %+v", got, want, n)
	}
	if d, _ := meet(c.seeds[:1], []float64{1}, c.side(every, 4)); len(d.bySeed()) != 0 {
		t.Errorf("one seed chose by itself: %v", d.bySeed())
	}
}

// With one option a side there is nothing to choose, and reversing the sides flips signs.
func TestReverseIsSignFlips(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for range 20 {
		var runs []at
		var xs []float64
		for seed := range uint64(3 + r.IntN(6)) {
			a, b := r.Float64(), r.Float64()+.2
			runs = append(runs, at{seed, 4, .1, point{a, r.Float64()}}, at{seed, 128, .1, point{b, r.Float64()}})
			xs = append(xs, b-a)
		}
		d, _, ok := curvesOf(128, runs...).lead(4)
		if got, want := reverse(d), stats.SignFlip(xs).Greater; !ok || !(math.Abs(got-want) <= 1e-12) {
			t.Fatalf("p = %v, sign flips %v", got, want)
		}
	}
	if !math.IsNaN(reverse()) {
		t.Error("of nothing")
	}
}
