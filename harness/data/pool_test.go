package data

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"msharp/models"
	"msharp/models/kind"
)

// classed is examples of classes of the given sizes, shuffled; the value of an example is its number.
func classed(sizes ...int) *vectors {
	e := &vectors{dim: 1}
	for c, n := range sizes {
		for range n {
			e.x, e.labels = append(e.x, float64(len(e.x))), append(e.labels, c)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(e.labels), func(i, j int) { e.labels[i], e.labels[j] = e.labels[j], e.labels[i] })
	return e
}

func pooled(sizes ...int) *Source {
	return &Source{Shape: models.Shape{C: 1, H: 1, W: 1}, Classes: len(sizes), Pool: classed(sizes...), Test: classed(sizes...)}
}

// Every class has its share of every part, rounded down or up, and all parts fit into the pool.
func TestPartQuotas(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	check := func(sizes []int, size int) {
		t.Helper()
		total := 0
		for _, n := range sizes {
			total += n
		}
		used := make([]int, len(sizes))
		for k := range total / size {
			sum := 0
			for c, q := range partQuotas(sizes, size, k) {
				share := float64(size) * float64(sizes[c]) / float64(total)
				if math.Abs(float64(q)-share) >= 1 {
					t.Fatalf("part %d of %d of %v has %d of class %d; its share is %g", k, size, sizes, q, c, share)
				}
				sum += q
				used[c] += q
			}
			if sum != size {
				t.Fatalf("part %d of %v has %d examples; want %d", k, sizes, sum, size)
			}
		}
		for c, n := range used {
			if n > sizes[c] {
				t.Fatalf("parts of %d take %d examples of class %d of %v", size, n, c, sizes)
			}
		}
	}
	check([]int{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}, 5120) // MNIST
	check([]int{6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000}, 1023)
	check([]int{1, 0, 99}, 10)
	check([]int{1, 1, 1}, 3)
	check([]int{7}, 2)
	for range 2000 {
		sizes := make([]int, 1+r.IntN(12))
		total := 0
		for c := range sizes {
			sizes[c] = r.IntN(1 + r.IntN(60))
			total += sizes[c]
		}
		if total > 0 {
			check(sizes, 1+r.IntN(total))
		}
	}
}

// The seeds of a disjoint pool have nothing in common, each draws as from a pool of its own, and none depends on another.
func TestDisjointPool(t *testing.T) {
	s := pooled(50, 31, 19)
	split := Split{Train: 13, Val: 6, Pool: Disjoint}
	seen := map[int]uint64{}
	for seed := uint64(1); seed <= 5; seed++ {
		d, err := s.draw(split, seed)
		if err != nil {
			t.Fatal(err)
		}
		if len(d.train) != 13 || len(d.val) != 6 || !slices.Equal(d.test, upTo(100, 200)) {
			t.Errorf("seed %d drew %d, %d and %v", seed, len(d.train), len(d.val), d.test)
		}
		part := slices.Concat(d.train, d.val)
		for _, i := range part {
			if other := seen[i]; other != 0 || i >= 100 {
				t.Errorf("example %d is drawn by seeds %d and %d", i, other, seed)
			}
			seen[i] = seed
		}
		checkStrata(t, s, "part", part, upTo(0, 100))
		checkStrata(t, s, "train", d.train, part)
		checkStrata(t, s, "val", d.val, slices.DeleteFunc(part, func(i int) bool { return slices.Contains(d.train, i) }))
	}
	// One pool of the same split: another draw, so that the pool must be part of what a draw is known by.
	shared, _ := s.draw(Split{Train: 13, Val: 6}, 1)
	disjoint, _ := s.draw(split, 1)
	if reflect.DeepEqual(shared, disjoint) {
		t.Error("a disjoint pool draws what a shared one does")
	}
	// The part is cut by train + val alone.
	swapped, _ := s.draw(Split{Train: 6, Val: 13, Test: 20, LabelNoise: .5, Pool: Disjoint}, 1)
	if got, want := slices.Concat(swapped.train, swapped.val), slices.Concat(disjoint.train, disjoint.val); !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
		t.Error("the part depends on more than train + val")
	}
}

func TestSeedsWithoutAPart(t *testing.T) {
	s := pooled(50, 31, 19)
	split := Split{Train: 13, Val: 6, Pool: Disjoint}
	for _, seed := range []uint64{0, 6, 1 << 53, math.MaxUint64} {
		_, err := s.Draw(split, seed)
		want := fmt.Sprintf("seed = %d: no part of a disjoint pool; expected 1 to 5: 100 examples make 5 parts of data.train + data.val = 19", seed)
		if e := new(kind.Error); !errors.As(err, &e) || err.Error() != want {
			t.Errorf("%v; want %s", err, want)
		}
	}
	if _, err := s.Draw(Split{Train: 13, Val: 6, Pool: Shared}, 0); err != nil {
		t.Error(err)
	}
}

func TestDataSetsWithoutADisjointPool(t *testing.T) {
	alone := pooled(50, 50)
	alone.Test = nil
	left := pooled(50, 50)
	left.LeftoverIsTest = true
	for want, s := range map[string]*Source{
		"pool = disjoint: the data set has no test file of its own, and what one seed leaves is part of another; expected shared, or a data set with a test file, such as the full MNIST": alone,
		"pool = disjoint: what one seed leaves is test, and part of another; expected shared, or a data set with a test file, such as the full MNIST":                                     left,
	} {
		if err := s.Check(Split{Train: 10, Pool: Disjoint}); err == nil || err.Error() != want {
			t.Errorf("%v; want %s", err, want)
		}
	}
}
