package config

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"msharp/models/kind"
)

// The sha256 of the rows of MNIST inside golearn, and of the full MNIST.
const (
	sumRows = "1ec5330cac441a6c6724d106d13202775d6fa6b148c155ac6c743727a68dd79c"
	sumFull = "b2d8f5bf39174ee5ffeefa97e42d673c35432b411bb5d1f74fbbeddae7f1690a"
)

func holding(sums ...string) Means { return Means{Held: func(string) []string { return sums }} }

func planWith(t *testing.T, text string, with Means, words ...string) *Sweep {
	t.Helper()
	s, err := PlanWith("sweep.yaml", []byte(text), words, with)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// shared is a sweep of pools that seeds share, as those of golearn's rows are.
const shared = `name: msweep
data: {kind: mnist, train: 1024, val: 1024, test: 0}
model: {kind: mlp, hidden: [128]}
optimizer: {kind: sam, rho: 0.05, m: 16}
epochs: 60
sweep:
  seed: range(1, 11)
  optimizer.m: [1, 4, 16, 64, 128]
  optimizer.rho: [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1]
`

// Ids rest on the sha256 of the data, and not on how these were found or are called. The ids of trials on golearn's rows are frozen: folders
// hold them.
func TestTheSourceIsNoPartOfAnID(t *testing.T) {
	of := func(text string, with Means, words ...string) (id, sum string) {
		s := planWith(t, text, with, words...)
		first := s.Trials[0]
		if settings, _ := Settings(first.Config)["data"].(map[string]any); settings["source"] != nil || settings["label"] != nil || settings["pool"] != nil {
			t.Errorf("%v: the record shows %v", words, settings)
		}
		return first.ID, first.Source.SHA256
	}
	bare := "epochs: 1\ndata: mnist\n" // of which all data are the default
	for _, c := range []struct {
		text, words string
		with        Means
		id, sum     string
	}{
		{bare, "data.source=golearn", Means{}, "d042a2c9af53796d", sumRows},
		{bare, "", holding(sumRows), "d042a2c9af53796d", sumRows},
		{bare, "data.source=golearn data.pool=shared", holding(sumFull), "d042a2c9af53796d", sumRows},
		{shared, "data.source=golearn", Means{}, "20810914552d5e86", sumRows},
		{shared, "", holding("another", sumRows), "20810914552d5e86", sumRows},
	} {
		id, sum := of(c.text, c.with, strings.Fields(c.words)...)
		if id != c.id || sum != c.sum {
			t.Errorf("%s: trial %s on %.12s; want %s on %.12s", c.words, id, sum, c.id, c.sum)
		}
	}
	full, sum := of(bare, Means{})
	if sum != sumFull {
		t.Errorf("without a source, %.12s is read", sum)
	}
	for _, words := range []string{"data.source=full", "data=mnist", "data.pool=shared", "data.label=MNIST"} {
		if id, _ := of(bare, holding(sumFull), words); id != full {
			t.Errorf("%s changes the id", words)
		}
	}
	if id, _ := of(bare, Means{}, "data.source=golearn"); id == full {
		t.Error("other data have the same id")
	}
	dir := fullMNIST(t)
	one, _ := of(bare, Means{Dir: dir})
	for _, words := range []string{"data.source=full", "data.label=black"} {
		if id, _ := of(bare, Means{Dir: dir}, words); id != one {
			t.Errorf("%s changes the id", words)
		}
	}
}

// The resolved configuration says which source was read, so that it plans the same trials wherever it is taken.
func TestResolvedSource(t *testing.T) {
	for _, c := range []struct {
		with  Means
		words []string
		want  string
	}{
		{Means{}, nil, "data: {kind: mnist, label_noise: 0, source: full, test: 0, train: 1024, val: 1024}"},
		{holding(sumRows), nil, "data: {kind: mnist, label_noise: 0, source: golearn, test: 0, train: 1024, val: 1024}"},
		{Means{}, []string{"data.pool=disjoint"}, "data: {kind: mnist, label_noise: 0, pool: disjoint, source: full, test: 0, train: 1024, val: 1024}"},
		{Means{Dir: fullMNIST(t)}, []string{"data.label=black"}, "data: {kind: mnist, label: black, label_noise: 0, test: 0, train: 1024, val: 1024}"},
	} {
		s := planWith(t, shared, c.with, c.words...)
		if !strings.Contains(string(s.Resolved), "\n"+c.want+"\n") {
			t.Errorf("want %s in\n%s", c.want, s.Resolved)
		}
		again := planWith(t, string(s.Resolved), Means{Dir: c.with.Dir})
		if !reflect.DeepEqual(tIDs(again), tIDs(s)) || string(again.Resolved) != string(s.Resolved) {
			t.Errorf("it plans other trials, or resolves to\n%s", again.Resolved)
		}
	}
}

func TestOneSourceASweep(t *testing.T) {
	for _, c := range []struct {
		words []string
		want  string
	}{
		{[]string{"data.source=full,golearn"}, `override "data.source=full,golearn": data.source = full,golearn: several values; expected one, for this key cannot be swept`},
		{[]string{"data.label=a,b"}, `override "data.label=a,b": data.label = a,b: several values; expected one, for this key cannot be swept`},
		{[]string{"data=mnist,{kind: mnist, source: golearn}"}, `data.source: two sources of mnist in one sweep, which records do not tell apart; expected one; the other goes into another --out`},
		{[]string{"data.label=digits"}, `override "data.label=digits": data.label = digits: the files are those of MNIST; expected no label`},
		{[]string{"data.source=golearn", "data.pool=disjoint"}, `override "data.pool=disjoint": data.pool = disjoint: what one seed leaves is test, and part of another; expected shared, or a data set with a test file, such as the full MNIST`},
		{[]string{"data=csv", "data.pool=disjoint"}, `override "data.pool=disjoint": data.pool = disjoint: the data set has no test file of its own, and what one seed leaves is part of another; expected shared, or a data set with a test file, such as the full MNIST`},
		{[]string{"data.pool=disjoint", "seed=0"}, `override "seed=0": seed = 0: no part of a disjoint pool; expected 1 to 29: 60000 examples make 29 parts of data.train + data.val = 2048`},
		{[]string{"data.pool=disjoint", "seed=range(1,31)"}, `override "seed=range(1,31)": seed = 30: no part of a disjoint pool; expected 1 to 29: 60000 examples make 29 parts of data.train + data.val = 2048`},
		{[]string{"data.pool=part"}, `override "data.pool=part": data.pool = part: unknown name; expected one of shared, disjoint`},
	} {
		_, err := PlanWith("sweep.yaml", []byte("epochs: 1\nbatch_size: 16\ndata: mnist\n"), c.words, Means{})
		if e := new(kind.Error); err == nil || !errors.As(err, &e) || !strings.HasSuffix(err.Error(), c.want) {
			t.Errorf("%s:\n got %v\nwant %s", c.words, err, c.want)
		}
	}
}

// A disjoint pool is part of the identity, and of the record.
func TestDisjointPoolIsASetting(t *testing.T) {
	shared, disjoint := planWith(t, "epochs: 1\n", Means{}), planWith(t, "epochs: 1\ndata: {kind: mnist, pool: disjoint}\n", Means{})
	if shared.Trials[0].ID == disjoint.Trials[0].ID {
		t.Error("one id")
	}
	if got := Settings(disjoint.Trials[0].Config)["data"].(map[string]any)["pool"]; got != "disjoint" {
		t.Errorf("the record shows the pool as %v", got)
	}
	if shared.Trials[0].Source.SHA256 != disjoint.Trials[0].Source.SHA256 {
		t.Error("other data")
	}
}
