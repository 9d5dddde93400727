package study

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"msharp/harness/record"
)

// A run that diverged has error 1: with Others the others do not choose its option for that, and the seed that is given the option pays for it.
// Without, the others' choices cost the seed as much.
func TestTunedCountsDivergedRuns(t *testing.T) {
	var recs []record.Record
	for seed := 1.; seed <= 3; seed++ {
		recs = append(recs, trialOf(seed, 4, .1, nil, tested(.15)), trialOf(seed, 4, .2, nil, tested(.1)))
	}
	recs[1].Status = record.Diverged // seed 1 at ρ = .2, the best of the others
	ts := Of(recs)
	c, n := Tuned(LastEpoch.ByOthers(), ts.Options(LastEpoch))
	if got, want := c.PerSeed(), (PerSeed{1: 1, 2: .15, 3: .15}); !reflect.DeepEqual(got, want) || c.Diverged(0) != 1 || n != (Tally{3, 0}) {
		t.Errorf("%v, want %v; %d diverged, %+v", got, want, c.Diverged(0), n)
	}
	// Seed 1 chooses .1, the others .2: over pairs of a run and another's choice, (1 + 1 + .15 + .1 + .15 + .1)/6.
	own, _ := Tuned(LastEpoch, ts.Options(LastEpoch))
	if mean := own.PerSeed().Mean().Mean; math.Abs(mean-2.5/6) > 1e-12 || own.Diverged(0) != 1 {
		t.Errorf("%v, %d diverged", own.PerSeed(), own.Diverged(0))
	}
	if got, want := own.Picked(0), (map[Choice]int{{Rho: .1}: 1, {Rho: .2}: 2}); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// One option needs no choice, and so no other seed. A run without a validation error is no option.
func TestTunedWithoutChoice(t *testing.T) {
	if c, _ := Tuned(LastEpoch, Of([]record.Record{trialOf(1, 4, .1, nil, tested(.1))}).Options(LastEpoch)); c.PerSeed()[1] != .1 {
		t.Errorf("one option, one seed: %v", c.PerSeed())
	}
	lone := Of([]record.Record{trialOf(1, 4, .1, nil, tested(.1)), trialOf(1, 4, .2, nil, tested(.1))})
	if c, _ := Tuned(LastEpoch, lone.Options(LastEpoch)); len(c.PerSeed()) != 0 {
		t.Errorf("one seed chooses for itself: %v", c.PerSeed())
	}
	blind := map[string]record.Number{"test_error": .1}
	if s := Of([]record.Record{trialOf(1, 4, .1, nil, blind), trialOf(2, 4, .2, nil, blind)}).Options(LastEpoch); len(s) != 0 {
		t.Errorf("options without a validation error: %+v", s)
	}
}

// A seed counts in a comparison where it has every option of both sides.
func TestMeetNeedsBothSides(t *testing.T) {
	var recs []record.Record
	for seed := 1.; seed <= 3; seed++ {
		recs = append(recs, trialOf(seed, 0, 0, nil, tested(.2)), trialOf(seed, 4, .1, nil, tested(.1)), trialOf(seed, 4, .2, nil, tested(.15)))
	}
	recs = recs[:len(recs)-1] // seed 3 lacks ρ = .2
	ts := Of(recs)
	c, n := Meet(LastEpoch, ts.Seeds(), []float64{100, -100}, ts.Ascent().Options(LastEpoch), ts.Base().Options(LastEpoch))
	if got := c.PerSeed(); len(got) != 2 || math.Abs(got[1]+10) > 1e-9 || n != (Tally{3, 1}) {
		t.Errorf("%v, %+v", got, n)
	}
	if got := n.Text("seeds", "an option"); got != "left out: 1 of 3 seeds that lack an option" {
		t.Errorf("%q", got)
	}
}

// sideOf draws a side of options that often tie in validation.
func sideOf(r *rand.Rand, seeds, options int) (s Side) {
	for k := range options {
		o := Option{Choice: Choice{Rho: float64(k + 1)}}
		for seed := range seeds {
			o.add(uint64(seed), Point{Test: float64(100*k+seed) + r.Float64(), Val: float64(r.IntN(5)) / 7})
		}
		s = append(s, o)
	}
	return s
}

// With Others a choice is by the means over the other seeds, each summed anew; of equal options it is the first.
func TestChoiceOfOthersIsItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		seeds, options := 2+r.IntN(5), 1+r.IntN(5)
		s := sideOf(r, seeds, options)
		c, _ := Tuned(LastEpoch.ByOthers(), s)
		for i, got := range c.Values() {
			want, least := 0, math.Inf(1)
			for k, o := range s {
				var others mean
				for j, p := range o.Points {
					if j != i {
						others.sum, others.n = others.sum+p.Val, others.n+1
					}
				}
				if m := others.sum / others.n; m < least-1e-9 {
					want, least = k, m
				}
			}
			if got != s[want].Points[i].Test {
				t.Fatalf("seed %d of %+v has %v, want option %d", i, s, got, want)
			}
		}
	}
}

// tunedByPairs is the statistic of a contest: over all pairs of a run and the choice of another seed.
func tunedByPairs(weight []float64, sides []Side, seeds []int) (theta float64) {
	pairs := float64(len(seeds) * (len(seeds) - 1))
	for w, s := range sides {
		for _, chooser := range seeds {
			best := 0
			for k, o := range s {
				if o.Points[chooser].Val < s[best].Points[chooser].Val {
					best = k
				}
			}
			for _, run := range seeds {
				if run != chooser {
					theta += weight[w] * s[best].Points[run].Test / pairs
				}
			}
		}
	}
	return theta
}

// A seed's value is the pseudo-value of the jackknife, each θ without a seed computed anew.
func TestTunedIsItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for range 500 {
		n := 2 + r.IntN(6)
		weight := []float64{100, -100, 7}[:1+r.IntN(3)]
		var sides []Side
		var seeds []int
		var ids []uint64
		for range weight {
			sides = append(sides, sideOf(r, n, 1+r.IntN(5)))
		}
		for i := range n {
			seeds, ids = append(seeds, i), append(ids, uint64(i))
		}
		c, _ := Meet(LastEpoch, ids, weight, sides...)
		got := c.Values()
		theta, mean := tunedByPairs(weight, sides, seeds), 0.
		for i, v := range got {
			mean += v / float64(n)
			if n == 2 {
				continue
			}
			others := slices.Delete(slices.Clone(seeds), i, i+1)
			if want := float64(n)*theta - float64(n-1)*tunedByPairs(weight, sides, others); math.Abs(v-want) > 1e-7 {
				t.Fatalf("seed %d of %d has %v, want %v", i, n, v, want)
			}
		}
		if math.Abs(mean-theta) > 1e-8 {
			t.Fatalf("mean %v, want %v", mean, theta)
		}
	}
}

// Where all seeds choose alike, a seed's value is its own test error there, to the bit.
func TestTunedAlike(t *testing.T) {
	var s Side
	for k := range 3 {
		o := Option{Choice: Choice{Rho: float64(k)}}
		for seed := range uint64(5) {
			o.add(seed, Point{Test: float64(k) + float64(seed)/7, Val: math.Abs(float64(k) - 1)})
		}
		s = append(s, o)
	}
	c, _ := Tuned(LastEpoch, s)
	if got := c.Values(); !slices.Equal(got, testsOf(s[1])) {
		t.Errorf("%v", got)
	}
}

// testsOf are the test errors of an option.
func testsOf(o Option) (xs []float64) {
	for _, p := range o.Points {
		xs = append(xs, p.Test)
	}
	return xs
}

// The best of many networks is better than one though options be equal, in validation and test alike; a tuned test error is not.
func TestTunedKnowsNoLuck(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 6))
	const sweeps, seeds, options = 2000, 8, 9
	sum, ss := 0., 0.
	for range sweeps {
		var s Side
		for k := range options {
			o := Option{Choice: Choice{Rho: float64(k)}}
			for seed := range uint64(seeds) {
				luck := r.NormFloat64()
				o.add(seed, Point{Test: luck, Val: luck})
			}
			s = append(s, o)
		}
		c, _ := Tuned(LastEpoch, s)
		m := c.PerSeed().Mean().Mean
		sum, ss = sum+m, ss+m*m
	}
	mean := sum / sweeps
	if error := math.Sqrt((ss/sweeps - mean*mean) / sweeps); !(math.Abs(mean) <= 3*error) || !(error < .01) {
		t.Errorf("%v ± %v of equal options: luck was chosen", mean, error)
	}
}
