package data

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"msharp/models"
	"msharp/models/kind"
)

// Every result depends on the draws, so they are frozen: a change here needs a new results version.
func TestDrawsAreFrozen(t *testing.T) {
	for _, c := range []struct {
		kind  string
		split Split
		seed  uint64
		want  string
	}{
		{"golearn's rows", Split{Train: 1024, Val: 1024, LabelNoise: 0.2}, 1, "b5fd825cf177e281"},
		{"golearn's rows", Split{Train: 1024, Val: 1024, LabelNoise: 0.2}, 2, "e7ef72e571ef438f"},
		{"golearn's rows", Split{Train: 1000, Test: 500}, 1, "ea02a99f411c9ae7"},
		{"mnist", Split{Train: 1024, Val: 1024, LabelNoise: 0.2}, 1, "25747b010aa56fed"},
		{"mnist", Split{Train: 1024, Val: 384, Test: 500, Pool: Disjoint}, 1, "197082246db861d7"},
		{"mnist", Split{Train: 1024, Val: 384, Test: 500, Pool: Disjoint}, 42, "aa57cb24f6f067d7"},
		{"csv", Split{Train: 60, Val: 30, Test: 0, LabelNoise: 0.1}, 1, "c8e36a1d0363cff7"},
		{"spirals", Split{Train: 1024, Val: 1024, Test: 100, LabelNoise: 1}, 7, "3a2fdeb5a94d2a14"},
	} {
		s := sourceOf(t, c.kind)
		d, err := s.draw(c.split, c.seed)
		if err != nil {
			t.Fatal(err)
		}
		set := mustDraw(t, s, c.split, c.seed)
		h := sha256.New()
		for _, part := range [][]int{d.train, d.val, d.test, set.Train.Y, set.Val.Y, set.Test.Y} {
			for _, i := range part {
				binary.Write(h, binary.LittleEndian, uint32(i))
			}
		}
		if got := fmt.Sprintf("%x", h.Sum(nil)[:8]); got != c.want {
			t.Errorf("%s, %v, seed %d: the draw hashes to %s; want %s", c.kind, c.split, c.seed, got, c.want)
		}
	}
}

func TestSourceHashesAreFrozen(t *testing.T) {
	for kind, want := range map[string]string{
		"golearn's rows": "1ec5330cac441a6c6724d106d13202775d6fa6b148c155ac6c743727a68dd79c",
		"mnist":          "b2d8f5bf39174ee5ffeefa97e42d673c35432b411bb5d1f74fbbeddae7f1690a",
		"csv":            bundledIris.sha256,
		"spirals":        "cc7442eb9337cecff38b8185c5b4768e785532ea82b20bbc184a4a1f086668ee",
	} {
		if got := sourceOf(t, kind).SHA256; got != want {
			t.Errorf("%s: sha256 %s; want %s", kind, got, want)
		}
	}
}

func sourceOf(t *testing.T, name string) *Source {
	if name == "golearn's rows" {
		return rows(t)
	}
	return load(t, name)
}

func TestQuotas(t *testing.T) {
	for _, c := range []struct {
		sizes []int
		n     int
		want  []int
	}{
		{[]int{3, 3, 3}, 4, []int{2, 1, 1}},     // ties to the lower class
		{[]int{50, 30, 20}, 10, []int{5, 3, 2}}, // exact
		{[]int{6, 0, 5}, 6, []int{3, 0, 3}},     // 3.27, 2.73
		{[]int{1, 97, 2}, 10, []int{0, 10, 0}},  // a class without an example
		{[]int{4, 4}, 0, []int{0, 0}},
		{[]int{0, 0}, 0, []int{0, 0}},
		{[]int{4, 3}, 7, []int{4, 3}},
	} {
		if got := quotas(c.sizes, c.n); !slices.Equal(got, c.want) {
			t.Errorf("quotas(%v, %d) = %v; want %v", c.sizes, c.n, got, c.want)
		}
	}
}

func TestAskingForTooMany(t *testing.T) {
	s := load(t, "csv")
	for _, c := range []struct {
		split Split
		want  string
	}{
		{Split{Train: 151}, "train = 151: more examples than there are; expected at most 150"},
		{Split{}, "train = 0: too few examples; expected at least 1"},
		{Split{Train: 100, Val: 51}, "val = 51: more examples than there are; expected at most 50"},
		{Split{Train: 100, Val: 20, Test: 31}, "test = 31: more examples than there are; expected at most 30"},
		{Split{Train: 100, Val: 50}, "test = 0: no example is left; expected train and val to be fewer than 150 together"},
	} {
		_, err := s.Draw(c.split, 1)
		var e *kind.Error
		if !errors.As(err, &e) || e.Error() != c.want {
			t.Errorf("%v: %v; want %s", c.split, err, c.want)
		}
	}
}

func TestATestSetOfItsOwnKeepsItsOrder(t *testing.T) {
	s := &Source{Shape: models.Shape{C: 1, H: 1, W: 1}, Classes: 2, Pool: line(8), Test: line(6)}
	for _, c := range []struct {
		leftover bool
		test     int
		want     int
	}{{false, 0, 6}, {true, 0, 9}, {false, 4, 4}, {true, 8, 8}} {
		s.LeftoverIsTest = c.leftover
		d, err := s.draw(Split{Train: 4, Val: 1, Test: c.test}, 1)
		if err != nil {
			t.Fatal(err)
		}
		own, left := slices.DeleteFunc(slices.Clone(d.test), func(i int) bool { return i < 8 }), slices.DeleteFunc(slices.Clone(d.test), func(i int) bool { return i >= 8 })
		if len(d.test) != c.want || !slices.IsSorted(own) || !slices.IsSorted(left) || !slices.Equal(d.test, slices.Concat(own, left)) {
			t.Errorf("leftover %v, test %d: drew %v", c.leftover, c.test, d.test)
		}
		if !c.leftover && len(left) > 0 {
			t.Errorf("pool examples %v are test", left)
		}
	}
}

func TestEveryOtherClassIsAsLikely(t *testing.T) {
	s := &Source{Shape: models.Shape{C: 1, H: 1, W: 1}, Classes: 4, Pool: &vectors{1, make([]float64, 9001), make([]int, 9001)}}
	count := make([]int, 4)
	for _, y := range mustDraw(t, s, Split{Train: 9000, LabelNoise: 1}, 1).Train.Y {
		count[y]++
	}
	if count[0] != 0 {
		t.Errorf("%d labels are still right", count[0])
	}
	for _, n := range count[1:] {
		if math.Abs(float64(n)-3000) > 4*math.Sqrt(3000*2./3) { // four standard deviations
			t.Errorf("wrong labels %v; want 3000 of each", count[1:])
		}
	}
}

func TestAValueTooFarAwayIsAnError(t *testing.T) {
	s := &Source{Shape: models.Shape{C: 1, H: 1, W: 1}, Classes: 2, Pool: &vectors{1, []float64{0, 1e-30}, []int{0, 1}}, Test: &vectors{1, []float64{1e30}, []int{0}}}
	if _, err := s.Draw(Split{Train: 2}, 1); err == nil {
		t.Error("1e60 standard deviations are no error")
	}
}

// line is n examples of two classes; the value of an example is its number.
func line(n int) *vectors {
	e := &vectors{dim: 1}
	for i := range n {
		e.x, e.labels = append(e.x, float64(i)), append(e.labels, i%2)
	}
	return e
}
