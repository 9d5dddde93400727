package cli

import (
	"strings"
	"testing"

	"msharp/harness/config"
)

// A trial is named by what is swept: keys by their last words where these differ, of a swept kind the keys that differ.
func TestPlace(t *testing.T) {
	one := "name: one\ndata: {kind: spirals, n: 300, train: 64, val: 32}\nmodel: {kind: mlp, hidden: [8]}\nlr: 0.1\nepochs: 3\nbatch_size: 16\n"
	for _, c := range []struct{ config, words, want, among string }{
		{string(tiny.Config), "lr=0.01,0.05 optimizer.rho=0.1 seed=1", "rho=0.1 m=4 seed=1 lr=0.05", "lr=0.01 m=1"},
		{string(tiny.Config), "model.hidden=[8],[16,4] optimizer.m=4 optimizer.rho=0.1 seed=2", "rho=0.1 m=4 seed=2 hidden=[16,4]", "hidden=[8]"},
		{string(tiny.Config), "optimizer.base.momentum=0,0.5 optimizer.m=4 optimizer.rho=0.1 seed=1", "rho=0.1 m=4 seed=1 momentum=0.5", "momentum=0"},
		{one + "sweep: {optimizer: [{kind: sgd}, {kind: sam, m: 4, rho: 0.1}], seed: 1}", "", "kind=sam seed=1", "kind=sgd"},
		{one + "sweep: {optimizer: [{kind: sgd}, {kind: sam, m: 4}, {kind: sam, m: 16}], seed: 1}", "", "kind=sam m=16 seed=1", "kind=sgd"},
		{one + "sweep: {optimizer.rho: 0.1, model.activation: [relu, tanh]}\noptimizer: {kind: sam, m: 4}", "", "rho=0.1 activation=tanh", "activation=relu"},
	} {
		s, err := config.Plan("tiny.yaml", []byte(c.config), strings.Fields(c.words), "")
		if err != nil {
			t.Fatal(err)
		}
		if got := placing(s.Trials, s.Axes).of(s.Trials[len(s.Trials)-1]); got != c.want {
			t.Errorf("%s: %q, want %q", c.words, got, c.want)
		}
		// Without axes, as in a task of a cluster, it has the keys in which the trials differ.
		if got := placing(s.Trials, nil).of(s.Trials[0]); got != c.among {
			t.Errorf("%s: among others %q, want %q", c.words, got, c.among)
		}
	}
}
