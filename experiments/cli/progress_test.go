package cli

import (
	"math"
	"testing"
)

// The bar says what fits beside it, the time left in any case.
func TestStanding(t *testing.T) {
	p := &progress{total: 410, latest: .0312, best: .0295, failed: 2, workers: 1, pending: map[string]pending{"a": {}}}
	p.trained = work{classes: map[string]int{"c": 10}, cost: estimate{}}
	p.trained.cost.add("c", 10.7)
	p.measured = work{classes: map[string]int{}, cost: estimate{}}
	for columns, want := range map[int]string{
		0: "error 3.1 %, best 2.9 %, 2 failed, about 1 min 47 s left", 100: "error 3.1 %, best 2.9 %, 2 failed, about 1 min 47 s left",
		75: "best 2.9 %, 2 failed, about 1 min 47 s left", 50: "about 1 min 47 s left", 10: "about 1 min 47 s left",
	} {
		if got := p.standing(columns); got != want {
			t.Errorf("%d columns: %q, want %q", columns, got, want)
		}
	}
	p.failed, p.latest, p.best = 0, math.NaN(), math.Inf(1)
	if got := p.standing(80); got != "about 1 min 47 s left" {
		t.Errorf("before any has ended: %q", got)
	}
}
