package data

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"gopkg.in/yaml.v3"

	"msharp/models"
	"msharp/models/kind"
)

// folders makes a small data folder for each kind without a default folder.
var folders = map[string]func(t testing.TB) string{}

// eachKind runs a test on every kind in the table with its defaults.
func eachKind(t *testing.T, test func(t *testing.T, s *Source)) {
	for _, name := range Table.Names() {
		t.Run(name, func(t *testing.T) { test(t, load(t, name)) })
	}
}

func load(t testing.TB, name string) *Source {
	t.Helper()
	spec, err := Table.New(name)
	if err != nil {
		t.Fatal(err)
	}
	dir := ""
	if folders[name] != nil {
		dir = folders[name](t)
	}
	return loadFrom(t, spec, dir)
}

func loadFrom(t testing.TB, spec Spec, dir string) *Source {
	t.Helper()
	s, err := spec.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// rows is the digits inside golearn.
func rows(t testing.TB) *Source { return loadFrom(t, &MNIST{Source: sourceGolearn}, "") }

// some is a split that every data set can give.
func some(s *Source) Split {
	return Split{Train: min(s.Pool.Len()/3, 1600), Val: min(s.Pool.Len()/4, 1200)}
}

func mustDraw(t *testing.T, s *Source, split Split, seed uint64) *Set {
	t.Helper()
	set, err := s.Draw(split, seed)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestSources(t *testing.T) {
	eachKind(t, func(t *testing.T, s *Source) {
		if s.Shape.C < 1 || s.Shape.H < 1 || s.Shape.W < 1 {
			t.Errorf("shape %v", s.Shape)
		}
		if names := slices.Compact(slices.Sorted(slices.Values(s.ClassNames))); s.Classes < 2 || len(names) != s.Classes {
			t.Errorf("%d classes of names %q", s.Classes, s.ClassNames)
		}
		if len(s.SHA256) != 64 || s.Origin == "" {
			t.Errorf("sha256 %q, origin %q", s.SHA256, s.Origin)
		}
		for _, e := range []Examples{s.Pool, s.Test} {
			if e == nil {
				continue
			}
			x := make([]float64, s.Shape.Size())
			for i := range e.Len() {
				if y := e.Label(i); y < 0 || y >= s.Classes {
					t.Fatalf("label %d of %d classes", y, s.Classes)
				}
				e.Row(x, i)
				if slices.ContainsFunc(x, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }) {
					t.Fatalf("example %d is not finite", i)
				}
			}
		}
	})
}

func TestLoadTwiceIsTheSame(t *testing.T) {
	for _, name := range Table.Names() {
		a, b := load(t, name), load(t, name)
		if a.SHA256 != b.SHA256 || !reflect.DeepEqual(mustDraw(t, a, some(a), 1), mustDraw(t, b, some(b), 1)) {
			t.Errorf("%s: two loads differ", name)
		}
	}
}

func TestSplitsAreDisjointSizedAndStratified(t *testing.T) {
	eachKind(t, func(t *testing.T, s *Source) {
		split := some(s)
		for _, split.Test = range []int{0, 7} {
			d, err := s.draw(split, 1)
			if err != nil {
				t.Fatal(err)
			}
			n, pool := s.Pool.Len(), upTo(0, s.Pool.Len())
			candidates := upTo(n, n)
			if s.Test != nil {
				candidates = upTo(n, n+s.Test.Len())
			}
			train, val := set(d.train), set(d.val)
			if s.Test == nil || s.LeftoverIsTest {
				for _, i := range pool {
					if !train[i] && !val[i] {
						candidates = append(candidates, i)
					}
				}
			}
			if len(d.train) != split.Train || len(d.val) != split.Val {
				t.Errorf("train and val are %d and %d; want %d and %d", len(d.train), len(d.val), split.Train, split.Val)
			}
			if split.Test == 0 && !slices.Equal(d.test, candidates) {
				t.Errorf("test is not what is left, in file order")
			}
			if split.Test > 0 && len(d.test) != split.Test {
				t.Errorf("test is %d; want %d", len(d.test), split.Test)
			}
			seen := map[int]bool{}
			for _, i := range slices.Concat(d.train, d.val, d.test) {
				if seen[i] {
					t.Fatalf("example %d is drawn twice", i)
				}
				seen[i] = true
			}
			rest := slices.DeleteFunc(slices.Clone(pool), func(i int) bool { return train[i] })
			checkStrata(t, s, "train", d.train, pool)
			checkStrata(t, s, "val", d.val, rest)
			checkStrata(t, s, "test", d.test, candidates)
		}
	})
}

func set(list []int) map[int]bool {
	has := map[int]bool{}
	for _, i := range list {
		has[i] = true
	}
	return has
}

// checkStrata checks that each class has its share of the candidates, to less than one example.
func checkStrata(t *testing.T, s *Source, part string, chosen, candidates []int) {
	t.Helper()
	count := func(examples []int) []float64 {
		n := make([]float64, s.Classes)
		for _, i := range examples {
			n[s.label(i)]++
		}
		return n
	}
	all := count(candidates)
	for c, got := range count(chosen) {
		if want := all[c] * float64(len(chosen)) / float64(len(candidates)); math.Abs(got-want) >= 1 {
			t.Errorf("%s has %g examples of class %d; want %.1f", part, got, c, want)
		}
	}
}

func TestSeedsDecideTheSplit(t *testing.T) {
	eachKind(t, func(t *testing.T, s *Source) {
		split := some(s)
		split.LabelNoise = 0.3
		one := mustDraw(t, s, split, 1)
		if !reflect.DeepEqual(one, mustDraw(t, s, split, 1)) {
			t.Error("one seed gives two sets")
		}
		if reflect.DeepEqual(one.Train.Y, mustDraw(t, s, split, 2).Train.Y) {
			t.Error("two seeds give one set")
		}
		d, _ := s.draw(split, 1)
		split.Val, split.Test = split.Val/2, 5
		if e, _ := s.draw(split, 1); !slices.Equal(d.train, e.train) {
			t.Error("val and test change what train is")
		}
		if split.Train >= 20 && slices.IsSorted(one.Train.Y) {
			t.Error("train is sorted by class")
		}
	})
}

func TestLabelNoise(t *testing.T) {
	eachKind(t, func(t *testing.T, s *Source) {
		clean := mustDraw(t, s, some(s), 3)
		for _, p := range []float64{0.2, 0.51, 1} {
			split := some(s)
			split.LabelNoise = p
			noisy := mustDraw(t, s, split, 3)
			for _, part := range []struct {
				name         string
				clean, noisy models.Batch
				p            float64
			}{
				{"train", clean.Train, noisy.Train, p},
				{"val", clean.Val, noisy.Val, p},
				{"test", clean.Test, noisy.Test, 0},
			} {
				wrong := 0
				for i, y := range part.noisy.Y {
					if y < 0 || y >= s.Classes {
						t.Fatalf("label %d", y)
					}
					if y != part.clean.Y[i] {
						wrong++
					}
				}
				if want := int(math.Round(part.p * float64(part.noisy.Len()))); wrong != want {
					t.Errorf("noise %g: %d wrong labels in %s; want %d", p, wrong, part.name, want)
				}
				if !reflect.DeepEqual(part.clean.X, part.noisy.X) {
					t.Errorf("noise %g changes the examples of %s", p, part.name)
				}
			}
		}
	})
}

func TestStandardisation(t *testing.T) {
	eachKind(t, func(t *testing.T, s *Source) {
		b := mustDraw(t, s, some(s), 1).Train.X
		c := s.Shape.C
		n := float64(b.Rows * b.Cols / c)
		sum, square := make([]float64, c), make([]float64, c)
		for i := range b.Rows {
			for j, v := range b.Row(i) {
				sum[j%c] += float64(v)
				square[j%c] += float64(v) * float64(v)
			}
		}
		for k := range c {
			mean, sd := sum[k]/n, math.Sqrt(square[k]/n)
			if !(math.Abs(mean) <= 1e-5) || !(math.Abs(sd-1) <= 1e-5) && sd != 0 {
				t.Errorf("channel %d has mean %g and deviation %g; want 0 and 1", k, mean, sd)
			}
		}
	})
}

func TestKindsReadBackWhatTheyWrite(t *testing.T) {
	for _, name := range Table.Names() {
		doc, err := yaml.Marshal(map[string]any{"kind": name, "train": 12, "val": 3, "test": 4, "label_noise": 0.5, "pool": "disjoint"})
		if err != nil {
			t.Fatal(err)
		}
		var a, b Any
		if err := yaml.Unmarshal(doc, &a); err != nil {
			t.Fatal(err)
		}
		if got, want := a.Spec.Drawn(), (Split{Train: 12, Val: 3, Test: 4, LabelNoise: 0.5, Pool: Disjoint}); got != want {
			t.Errorf("%s: %v; want %v", name, got, want)
		}
		doc, _ = yaml.Marshal(kind.Encode(&struct {
			Data Any `yaml:"data"`
		}{a})["data"])
		if err := yaml.Unmarshal(doc, &b); err != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%s: reads %s as %v, %v", name, doc, b.Spec, err)
		}
	}
}

// What is drawn for training alone is what is drawn for training.
func TestDrawTrain(t *testing.T) {
	eachKind(t, func(t *testing.T, s *Source) {
		split := some(s)
		split.LabelNoise = .3
		got, err := s.DrawTrain(split, 3)
		if err != nil {
			t.Fatal(err)
		}
		if want := mustDraw(t, s, split, 3); !reflect.DeepEqual(got.Train, want.Train) || got.Shape != want.Shape || got.Classes != want.Classes || got.Val.Len()+got.Test.Len() != 0 {
			t.Errorf("it draws others, and %d and %d examples beside", got.Val.Len(), got.Test.Len())
		}
		if _, err := s.DrawTrain(Split{Train: s.Pool.Len() + 1}, 3); err == nil {
			t.Error("too many examples are no error")
		}
	})
}

// A record shows the pool of a data set of any kind where it is disjoint, and only there: records are those of before there was the key.
func TestASharedPoolIsNotShown(t *testing.T) {
	for _, name := range Table.Names() {
		for pool, want := range map[string]any{"": nil, "pool: shared": nil, "pool: disjoint": Disjoint} {
			var a Any
			if err := yaml.Unmarshal([]byte("{kind: "+name+", "+pool+"}"), &a); err != nil {
				t.Fatal(err)
			}
			if got := kind.Encode(a.Spec)["pool"]; got != want {
				t.Errorf("%s, {%s}: the record shows %v; want %v", name, pool, got, want)
			}
		}
	}
}
