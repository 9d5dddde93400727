package study

import (
	"math"
	"reflect"
	"slices"
	"testing"
)

func TestMeansAreBySeed(t *testing.T) {
	var a, b Means
	for _, x := range []struct {
		seed uint64
		x    float64
	}{{3, 1}, {3, 2}, {5, 4}, {1, 7}, {3, 6}, {4, 8}} {
		a.Add(x.seed, x.x)
	}
	b.Add(2, 5)
	b.Add(4, 10)
	a.Pool(&b)
	if got, want := a.PerSeed(), (PerSeed{1: 7, 2: 5, 3: 3, 4: 9, 5: 4}); !reflect.DeepEqual(got, want) || !slices.IsSorted(a.seeds) {
		t.Errorf("%v of %v, want %v", got, a.seeds, want)
	}
	if x, ok := a.Value(4); x != 9 || !ok {
		t.Error(x, ok)
	}
	if x, ok := a.Value(6); ok {
		t.Errorf("of a seed without a value: %v", x)
	}
}

// at is a run of a seed.
type at struct {
	seed   uint64
	m, rho float64
	Point
}

// curvesOf are curves of runs in ascending order of seeds, ρ > 0.
func curvesOf(batch float64, runsOf ...at) Curves {
	places := map[place]*Runs{}
	for _, r := range runsOf {
		k := place{r.m, r.rho}
		if places[k] == nil {
			places[k] = &Runs{}
		}
		places[k].add(r.seed, r.Point)
	}
	c := Curves{Batch: batch, At: map[float64][]Radius{}}
	c.span(places)
	return c
}

func TestBestRho(t *testing.T) {
	c := curvesOf(128,
		at{1, 4, .1, Point{.3, 0}}, at{1, 4, .2, Point{.2, 0}}, at{1, 4, .4, Point{.2, 0}}, at{2, 4, .1, Point{.3, 0}})
	if got, least, _ := BestRho(c.At[4], 1, TestOf); least != .2 || !(math.Abs(got-.2*math.Sqrt2) <= 1e-12) {
		t.Errorf("of equal ones the geometric mean: %v", got)
	}
	if got, _, ok := BestRho(c.At[4], 2, TestOf); ok {
		t.Errorf("of an incomplete curve: %v", got)
	}
}

// With Others a choice is that of the other seeds: seed 3, whose own best is the second option, gets the first.
func TestChoiceIsOfOtherSeeds(t *testing.T) {
	e := LastEpoch.ByOthers()
	c := curvesOf(128,
		at{1, 4, .1, Point{.11, .1}}, at{1, 4, .2, Point{.21, .2}},
		at{2, 4, .1, Point{.12, .1}}, at{2, 4, .2, Point{.22, .2}},
		at{3, 4, .1, Point{.13, .14}}, at{3, 4, .2, Point{.23, .1}},
		at{4, 4, .1, Point{.14, .1}}) // incomplete
	d, n := Meet(e, c.Seeds, []float64{1}, c.Side(EveryRho, 4))
	if got, want := d.PerSeed(), (PerSeed{1: .11, 2: .12, 3: .13}); !reflect.DeepEqual(got, want) || n != (Tally{4, 1}) {
		t.Errorf("%v, want %v; %+v", got, want, n)
	}
	if d, _ := Meet(e, c.Seeds[:1], []float64{1}, c.Side(EveryRho, 4)); len(d.PerSeed()) != 0 {
		t.Errorf("one seed chose by itself: %v", d.PerSeed())
	}
}
