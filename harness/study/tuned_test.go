package study

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"msharp/harness/record"
)

// A run that diverged has error 1: the other seeds do not choose its option for that, and the seed that is given the option pays for it.
func TestTunedCountsDivergedRuns(t *testing.T) {
	var recs []record.Record
	for seed := 1.; seed <= 3; seed++ {
		recs = append(recs, trialOf(seed, 4, .1, nil, tested(.15)), trialOf(seed, 4, .2, nil, tested(.1)))
	}
	recs[1].Status = record.Diverged // seed 1 at ρ = .2, the best of the others
	c, n := Tuned(Of(recs).Options(LastEpoch))
	if got, want := c.PerSeed(), (PerSeed{1: 1, 2: .15, 3: .15}); !reflect.DeepEqual(got, want) || c.Diverged(0) != 1 || n != (Tally{3, 0}) {
		t.Errorf("%v, want %v; %d diverged, %+v", got, want, c.Diverged(0), n)
	}
}

// One option needs no choice, and so no other seed. A run without a validation error is no option.
func TestTunedWithoutChoice(t *testing.T) {
	if c, _ := Tuned(Of([]record.Record{trialOf(1, 4, .1, nil, tested(.1))}).Options(LastEpoch)); c.PerSeed()[1] != .1 {
		t.Errorf("one option, one seed: %v", c.PerSeed())
	}
	lone := Of([]record.Record{trialOf(1, 4, .1, nil, tested(.1)), trialOf(1, 4, .2, nil, tested(.1))})
	if c, _ := Tuned(lone.Options(LastEpoch)); len(c.PerSeed()) != 0 {
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
	c, n := Meet(ts.Seeds(), []float64{100, -100}, ts.Ascent().Options(LastEpoch), ts.Base().Options(LastEpoch))
	if got := c.PerSeed(); len(got) != 2 || math.Abs(got[1]+10) > 1e-9 || n != (Tally{3, 1}) {
		t.Errorf("%v, %+v", got, n)
	}
	if got := n.Text("seeds", "an option"); got != "left out: 1 of 3 seeds that lack an option" {
		t.Errorf("%q", got)
	}
}

// Choose is by the means over the other seeds, each summed anew; of equal options it takes the first.
func TestChoiceIsItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		seeds, options := 2+r.IntN(5), 1+r.IntN(5)
		var s Side
		for k := range options {
			o := Option{Choice: Choice{Rho: float64(k + 1)}}
			for seed := range seeds {
				o.add(uint64(seed), Point{Test: float64(100*k + seed), Val: float64(r.IntN(5)) / 7}) // ties are many
			}
			s = append(s, o)
		}
		c, _ := Tuned(s)
		c.Choose(0, func(i int, got Choice, test float64) {
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
			if got != s[want].Choice || test != float64(100*want+i) {
				t.Fatalf("seed %d of %+v has %+v with %v, want option %d", i, s, got, test, want)
			}
		})
	}
}
