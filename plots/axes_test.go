package plots

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// However short or long a log axis is, two of its ticks have a label, no two labels touch, and labels that differ stand at values that do.
func TestLogAxisHasTwoLabels(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	check := func(low, high float64, length vg.Length) {
		ts := LogTicks(low, high, length)
		if n := labelled(ts); n < 2 {
			t.Fatalf("%d labels from %v to %v on %v points: %v", n, low, high, length, ts)
		}
		seen := map[string]bool{}
		for _, tick := range ts {
			if tick.Value < low-1e-9 || tick.Value > high+1e-9 || tick.Label != "" && seen[tick.Label] {
				t.Fatalf("%+v on an axis from %v to %v", tick, low, high)
			}
			seen[tick.Label] = true
		}
	}
	rounds := 20_000
	if testing.Short() {
		rounds = 2000
	}
	for range rounds {
		low := -9 + 14*r.Float64()
		check(low, low+math.Pow(10, -2+3*r.Float64()), vg.Length(100+150*r.Float64()))
	}
	for _, decades := range []float64{.02, .1, .3, .5, .9, 1, 1.6, 2, 3, 6, 7, 13, 30} {
		for low := -4.; low < 3; low += .01 {
			check(low, low+decades, 110)
		}
	}
}

func TestEpochsAreWhole(t *testing.T) {
	for last := 2; last < 3000; last++ {
		ts := WholeTicks(1, float64(last), 6)
		if n := len(ts); n < 2 || n > 7 {
			t.Fatalf("%d epochs: %d ticks", last, n)
		}
		for _, tick := range ts {
			if tick.Value != math.Round(tick.Value) || strings.ContainsAny(tick.Label, ".") || tick.Value < 1 || tick.Value > float64(last) {
				t.Fatalf("%d epochs: a tick %+v", last, tick)
			}
		}
	}
	if ts := WholeTicks(1, 1, 6); len(ts) != 1 || ts[0] != (plot.Tick{Value: 1, Label: "1"}) {
		t.Errorf("one epoch: %v", ts)
	}
}
