package config

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// united plans the union of two sweeps, and wants it to plan the trials of both and no others.
func united(t *testing.T, old, asked *Sweep) *Sweep {
	t.Helper()
	text, err := Union(old, asked)
	if err != nil {
		t.Fatal(err)
	}
	u, err := Plan("union.yaml", text, nil, "")
	if err != nil {
		t.Fatalf("%v\nthe union\n%s\nof\n%s\nand\n%s", err, text, old.Resolved, asked.Resolved)
	}
	want := map[string]bool{}
	for _, id := range append(tIDs(old), tIDs(asked)...) {
		want[id] = true
	}
	if !u.Covers(old) || !u.Covers(asked) || len(u.Trials) != len(want) {
		t.Fatalf("the union plans %d trials, want %d:\n%s\nof\n%s\nand\n%s", len(u.Trials), len(want), text, old.Resolved, asked.Resolved)
	}
	return u
}

// swept returns what a configuration says of its sweep.
func swept(s *Sweep) string {
	_, sweep, _ := strings.Cut(string(s.Resolved), "sweep:\n")
	return sweep
}

// A folder that grows along one axis at a time keeps one grid, with its axes and values in the order in which they came.
func TestUnionJoinsGrids(t *testing.T) {
	head, _, _ := strings.Cut(small, "sweep:")
	for _, c := range []struct {
		name string
		grow [][]string // overrides of small
		want string
	}{
		{"a grid twice", [][]string{{"seed=3"}, {"seed=4"}, {"seed=3"}}, "  optimizer.rho: [0, 0.05, 0.5]\n  optimizer.m: [1, 4]\n  seed: [3, 4]\n"},
		{"values as they came", [][]string{{"seed=9,8"}, {"seed=3,8"}, {"seed=1"}}, "  optimizer.rho: [0, 0.05, 0.5]\n  optimizer.m: [1, 4]\n  seed: [9, 8, 3, 1]\n"},
		{"axes in another order", [][]string{{"optimizer.m=0", "seed=5,6"}, {"seed=1", "optimizer.m=0"}}, "  optimizer.rho: [0, 0.05, 0.5]\n  optimizer.m: [0]\n  seed: [5, 6, 1]\n"},
		{"two axes in turn", [][]string{{"seed=1", "optimizer.m=1"}, {"seed=2", "optimizer.m=1"}, {"seed=1,2", "optimizer.m=4"}}, "  optimizer.rho: [0, 0.05, 0.5]\n  optimizer.m: [1, 4]\n  seed: [1, 2]\n"},
		{"corners of a square", [][]string{{"seed=1", "optimizer.m=1"}, {"seed=2", "optimizer.m=4"}, {"seed=1", "optimizer.m=4"}, {"seed=2", "optimizer.m=1"}}, "  optimizer.rho: [0, 0.05, 0.5]\n  optimizer.m: [1, 4]\n  seed: [1, 2]\n"},
		{"no rectangle", [][]string{{"seed=1", "optimizer.m=1"}, {"seed=2", "optimizer.m=4"}}, "  - optimizer.rho: [0, 0.05, 0.5]\n    optimizer.m: [1]\n    seed: [1]\n  - optimizer.rho: [0, 0.05, 0.5]\n    optimizer.m: [4]\n    seed: [2]\n"},
		{"a new axis", [][]string{{"seed=1"}, {"seed=2", "lr=0.1,0.2"}, {"seed=1", "lr=0.2"}}, "  optimizer.rho: [0, 0.05, 0.5]\n  optimizer.m: [1, 4]\n  seed: [1, 2]\n  lr: [0.1, 0.2]\n"},
		{"radii", [][]string{{"optimizer.rho=0"}, {"optimizer.rho=0.1"}}, "  optimizer.rho: [0, 0.1]\n  optimizer.m: [1, 4]\n  seed: [1, 2]\n"},
	} {
		var u *Sweep
		for _, words := range c.grow {
			s := plan(t, small, words...)
			if u == nil {
				u = s
			} else if diff := Differences(u, s); diff != nil {
				t.Fatalf("%s: %v", c.name, diff)
			} else {
				u = united(t, u, s)
			}
		}
		if got := swept(u); got != c.want {
			t.Errorf("%s:\n%swant\n%s", c.name, got, c.want)
		}
	}
	u := plan(t, small, "seed=1,2")
	for i := range 10 {
		u = united(t, u, plan(t, small, fmt.Sprintf("seed=%d,%d", 2*i+3, 2*i+4)))
	}
	if want := "  optimizer.rho: [0, 0.05, 0.5]\n  optimizer.m: [1, 4]\n  seed: range(1, 23)\n"; swept(u) != want || len(u.Trials) != 22*5 {
		t.Errorf("grown by seeds, %d trials of\n%swant\n%s", len(u.Trials), swept(u), want)
	}
	whole := func(sweep string) *Sweep { return plan(t, head+"sweep: "+sweep+"\n") }
	u = united(t, whole("{optimizer: [sgd, {kind: sam, m: 4, rho: 0.1}], seed: [1]}"), whole("{seed: [2], optimizer: [{rho: 0.1, kind: sam, m: 4}, {kind: sgd}]}"))
	if want := "  optimizer: [sgd, {kind: sam, m: 4, rho: 0.1}]\n  seed: [1, 2]\n"; swept(u) != want {
		t.Errorf("whole keys:\n%swant\n%s", swept(u), want)
	}
}

// What is written by a bare name on one side, in full or with another default on the other, makes no union that is refused.
func TestUnionOfOtherBases(t *testing.T) {
	const rest = "data: {kind: spirals, n: 300, train: 64, val: 32, test: 64}\nmodel: {kind: mlp, hidden: [8]}\nbatch_size: 16\n"
	for _, c := range []struct{ old, asked string }{
		{"epochs: 3\noptimizer: sam\nsweep: {optimizer.kind: [sam, sgd]}", "epochs: 3\noptimizer: {kind: sam, base: sgd}\nsweep: {optimizer.base.momentum: [0.9, 0.5]}"},
		{"epochs: 3\noptimizer: {kind: sam, base: sgd}\nsweep: {optimizer.base.momentum: [0.9, 0.5]}", "epochs: 3\noptimizer: sam\nsweep: {optimizer.kind: [sam, sgd]}"},
		{"epochs: 3\noptimizer: {kind: sam, m: 4}\nsweep: {optimizer.rho: [0, 0.1]}", "epochs: 3\noptimizer: {kind: sam, m: 8}\nsweep: {optimizer.rho: [0, 0.2]}"},
		{"epochs: 3\noptimizer: {kind: sam, rho: 0, m: 4}\nsweep: {seed: [1, 2]}", "epochs: 3\noptimizer: {kind: sam, rho: 0.1, m: 8}\nsweep: {seed: [1, 3], optimizer.rho: [0, 0.1]}"},
		{"epochs: 3\nsweep: {optimizer: [sgd, sam], seed: 1}", "epochs: 3\noptimizer: {kind: sgd}\nsweep: {seed: [1, 2]}"},
		{"epochs: 3\noptimizer: {rho: 0.1}\nsweep: {optimizer.kind: [sam], seed: [1, 2]}", "epochs: 3\noptimizer: {kind: sam, rho: 0.1}\nsweep: {seed: [2, 3]}"},
		{"epochs: 3\nschedule: warmup\nsweep: {schedule.kind: [cosine, constant]}", "epochs: 3\nsweep: {lr: [0.05, 0.1]}"},
		{"epochs: 3\nsweep: [{seed: 1}, {epochs: null, stop: {train_loss: 0.1, max_epochs: 3}}]", "epochs: 3\nsweep: {seed: 2}"},
		{"epochs: 3\nsweep: {seed: 1}", "stop: {train_loss: 0.1, max_epochs: 4}\nsweep: [{seed: 2}, {seed: [1, 3], stop: null, epochs: 3}]"},
	} {
		old, asked := plan(t, rest+c.old+"\n"), plan(t, rest+c.asked+"\n")
		if diff := Differences(old, asked); diff != nil {
			t.Errorf("%s\nand\n%s\ndiffer: %v", c.old, c.asked, diff)
			continue
		}
		united(t, old, asked)
	}
}

// randomSweep is a configuration of whole keys, parts of keys, kinds by bare name, nulls and lists of grids. Most are no sweep.
func randomSweep(r *rand.Rand) string {
	of := func(choices ...string) string { return choices[r.IntN(len(choices))] }
	optimizers := []string{"sgd", "sam", "adam", "{kind: sgd}", "{kind: sam}", "{kind: sgd, momentum: 0.5}", "{kind: sam, rho: 0}", "{kind: sam, rho: 0, m: 4}",
		"{kind: sam, rho: 0.1, m: 8}", "{kind: sam, base: sgd}", "{kind: sam, base: {kind: adam}}", "{kind: sam, m: 4, base: {kind: sgd, momentum: 0.5}}", "{rho: 0.1}", "null"}
	values := map[string][]string{
		"optimizer": optimizers, "optimizer.kind": {"sgd", "sam", "sam", "adam"}, "optimizer.rho": {"0", "0.05", "0.1", "null"}, "optimizer.m": {"0", "4", "8", "16"},
		"optimizer.base": {"sgd", "adam", "{kind: sgd, momentum: 0.5}", "null"}, "optimizer.base.kind": {"sgd", "adam", "rmsprop"}, "optimizer.base.momentum": {"0.9", "0.5"},
		"optimizer.momentum": {"0.9", "0.5"}, "schedule": {"constant", "cosine", "{kind: constant}", "warmup", "null"}, "schedule.kind": {"constant", "cosine", "warmup"},
		"lr": {"0.05", "0.1", "null"}, "seed": {"1", "2", "3", "'range(1, 4)'", "null"}, "clip": {"0", "1"}, "epochs": {"3", "null"},
		"stop": {"{train_loss: 0.1, max_epochs: 3}", "{train_loss: 0.1, max_epochs: 3, every: 2}", "null"}, "stop.every": {"0", "2"},
		"model.hidden": {"[8]", "8", "[8, 8]"}, "model": {"mlp", "{kind: mlp, hidden: [8]}"}, "data.val": {"32", "16"},
	}
	axes := []string{"seed", "seed", "optimizer", "optimizer.kind", "optimizer.rho", "optimizer.rho", "optimizer.m", "optimizer.base", "optimizer.base.kind", "optimizer.base.momentum",
		"optimizer.momentum", "schedule", "schedule.kind", "lr", "clip", "epochs", "stop", "stop.every", "model.hidden", "model", "data.val"}
	var b strings.Builder
	b.WriteString("data: {kind: spirals, n: 200, train: 32, val: 32, test: 32}\nbatch_size: 16\n")
	b.WriteString(of("model: {kind: mlp, hidden: [8]}\n", "model: {kind: mlp, hidden: 8}\n"))
	b.WriteString(of("epochs: 3\n", "epochs: 3\n", "stop: {train_loss: 0.1, max_epochs: 3}\n", "stop: {train_loss: 0.1, max_epochs: 3, every: 2}\n"))
	for _, key := range []string{"optimizer", "schedule", "lr", "seed", "clip"} {
		if v := of(values[key]...); r.IntN(2) == 0 && v != "null" && !strings.Contains(v, "range") {
			fmt.Fprintf(&b, "%s: %s\n", key, v)
		}
	}
	b.WriteString("sweep:\n")
	for range 1 + r.IntN(3) {
		grid := map[string]bool{}
		var parts []string
		for range r.IntN(4) {
			if key := of(axes...); !grid[key] {
				grid[key] = true
				list := []string{of(values[key]...)}
				for range r.IntN(3) {
					list = append(list, of(values[key]...))
				}
				parts = append(parts, key+": ["+strings.Join(list, ", ")+"]")
			}
		}
		fmt.Fprintf(&b, "  - {%s}\n", strings.Join(parts, ", "))
	}
	return b.String()
}

// The union of two sweeps of one configuration is a sweep of exactly their trials, however each is written.
func TestUnionOfRandomSweeps(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var sweeps []*Sweep
	for len(sweeps) < 90 {
		if s, err := Plan("random.yaml", []byte(randomSweep(r)), nil, ""); err == nil && len(s.Trials) <= 24 {
			sweeps = append(sweeps, s)
		}
	}
	same, grown := 0, 0
	for _, old := range sweeps {
		if again := plan(t, string(old.Resolved)); !reflect.DeepEqual(tIDs(again), tIDs(old)) {
			t.Fatalf("the resolved configuration plans other trials:\n%s", old.Resolved)
		}
		for _, asked := range sweeps {
			if Differences(old, asked) != nil {
				continue
			}
			same++
			u := united(t, plan(t, string(old.Resolved)), asked)
			if !old.Covers(asked) && !asked.Covers(old) {
				grown++
			}
			if last := sweeps[r.IntN(len(sweeps))]; Differences(u, last) == nil {
				united(t, u, last)
			}
		}
	}
	t.Logf("%d unions, %d of them larger than both", same, grown)
	if grown < 50 {
		t.Errorf("only %d unions are larger than both", grown)
	}
}

// Thousands of single trials, as of a random search, are joined as fast as they are planned. Weights that either sweep keeps are kept.
func TestUnionOfManyGrids(t *testing.T) {
	head, _, _ := strings.Cut(small, "sweep:")
	search := func(seed uint64, n int) *Sweep {
		r, text := rand.New(rand.NewPCG(seed, 0)), head+"sweep:\n"
		for range n {
			text += fmt.Sprintf("  - {lr: %.4f, optimizer.rho: %.4f}\n", .01+r.Float64(), r.Float64())
		}
		return plan(t, text+fmt.Sprintf("keep_weights: %v\n", seed == 1))
	}
	old, asked := search(1, 1000), search(2, 1000)
	if u := united(t, old, asked); !u.Execution.KeepWeights || !united(t, asked, u).Execution.KeepWeights || !united(t, u, asked).Execution.KeepWeights {
		t.Error("weights are not kept")
	}
}
