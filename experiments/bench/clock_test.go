package main

import (
	"errors"
	"slices"
	"testing"
	"time"
)

func constant(v ...float64) side {
	return func(reps int) ([]float64, error) { return slices.Repeat(v, reps), nil }
}

func TestAlternate(t *testing.T) {
	p := pacing{rounds: 5, turn: .05, most: 20}
	got, err := alternate(p, constant(2), constant(.01), constant(1e-6))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		median float64
		runs   int
	}{{2, 5}, {.01, 25}, {1e-6, 100}} {
		if g := got[i]; g.median() != want.median || len(g.runs) != want.runs || len(g.turns) != 5 {
			t.Errorf("side %d: median %v of %d runs in %d turns, want %+v", i, g.median(), len(g.runs), len(g.turns), want)
		}
	}
	calls := 0
	count := func(int) ([]float64, error) { calls++; return []float64{1e-6}, nil }
	if got, err = alternate(pacing{rounds: 1, turn: .05, most: 20}, count); err != nil || calls != 1 || len(got[0].runs) != 1 {
		t.Error("a single round took", calls, "runs and kept", got, err)
	}
	fault := errors.New("fault")
	if _, err := alternate(p, constant(2), func(int) ([]float64, error) { return nil, fault }); !errors.Is(err, fault) {
		t.Error(err)
	}
}

func TestTimes(t *testing.T) {
	var x times
	for i := range 100 {
		x.runs = append(x.runs, float64(100-i))
	}
	if x.median() != 51 || x.fast() != 10 || x.runs[0] != 100 {
		t.Error(x.median(), x.fast(), x.runs[0])
	}
	if got := (times{runs: []float64{3, 2}}).fast(); got != 2 {
		t.Error("the best decile of two runs is", got)
	}
	// The medians would say 3.
	a, b := times{turns: []float64{2, 6, 3}}, times{turns: []float64{1, 1, 3}}
	if got := ratio(a, b); got != 2 {
		t.Error(got)
	}
}

func TestEffort(t *testing.T) {
	if whole.rounds(20) != 20 || brief.rounds(20) != 3 || brief.rounds(2) != 2 || single.rounds(20) != 1 {
		t.Error(whole.rounds(20), brief.rounds(20), brief.rounds(2), single.rounds(20))
	}
	if whole.span(time.Second) != time.Second || brief.span(time.Second) >= time.Second || single.span(time.Second) != 0 {
		t.Error(whole.span(time.Second), brief.span(time.Second), single.span(time.Second))
	}
}

func TestClocksCountWork(t *testing.T) {
	defer pin()()
	thread, process := threadTime(), cpuTime()
	for threadTime() == thread {
		newReferences().l2(1)
	}
	if cpuTime() <= process {
		t.Error("the process took no time")
	}
}

func TestSlowRowsAreMarked(t *testing.T) {
	rows := []*Around{{peak: 100, l2: 80}, {peak: 95, l2: 82}, {peak: 89, l2: 82}, {peak: 100, l2: 70}}
	peak, l2 := mark(rows)
	if peak != 100 || l2 != 82 {
		t.Error(peak, l2)
	}
	for i, slow := range []bool{false, false, true, true} {
		if rows[i].Slow != slow {
			t.Errorf("row %d: %+v", i, *rows[i])
		}
	}
	if rows[2].Pace != .89 {
		t.Errorf("%+v", *rows[2])
	}
}

func TestRaceSharesThePeak(t *testing.T) {
	x := &references{peak: constant(1), l2: constant(2), peakFlops: 100e9, l2Flops: 160e9}
	r, err := x.race(pacing{rounds: 3, most: 1}, constant(4))
	if err != nil {
		t.Fatal(err)
	}
	if share, fast := r.ofPeak(0, 200e9); share != .5 || fast != .5 {
		t.Error(share, fast)
	}
	if got := r.ofL2(0, 200e9); got != .625 {
		t.Error(got)
	}
	if a := r.around(); a.peak != 100 || a.l2 != 80 {
		t.Errorf("%+v", a)
	}
}
