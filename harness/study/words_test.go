package study

import (
	"testing"

	"msharp/harness/record"
)

// Data are called by the name that a manifest gives them, and else by their kind.
func TestTrainedNamesTheData(t *testing.T) {
	of := func(kind string) record.Record {
		return trialOf(1, 4, .1, map[string]any{"data": map[string]any{"kind": kind, "train": 1024.}, "model": map[string]any{"kind": "mlp"}}, nil)
	}
	source := func(kind, name string) record.DataSource { return record.DataSource{Kind: kind, Name: name} }
	for _, c := range []struct {
		recs    []record.Record
		sources []record.DataSource
		want    string
	}{
		{[]record.Record{of("mnist")}, nil, "MLP on MNIST, 1024 training examples"},
		{[]record.Record{of("mnist")}, []record.DataSource{source("csv", "iris"), source("mnist", "Fashion-MNIST")}, "MLP on Fashion-MNIST, 1024 training examples"},
		{[]record.Record{of("mnist")}, []record.DataSource{source("mnist", "")}, "MLP on MNIST, 1024 training examples"},
		{[]record.Record{of("csv")}, []record.DataSource{source("csv", "a.csv"), source("csv", "b.csv"), source("csv", "a.csv")}, "MLP on a.csv and b.csv, 1024 training examples"},
		{[]record.Record{of("mnist"), of("fashion")}, []record.DataSource{source("mnist", "MNIST"), source("fashion", "Fashion-MNIST")}, "MLP, 1024 training examples"},
	} {
		ts := Of(c.recs, c.sources...)
		if got := ts.Trained(); got != c.want {
			t.Errorf("%s; want %s", got, c.want)
		}
		if got := ts.Where(func(Trial) bool { return true }).Trained(); got != c.want {
			t.Errorf("of a part: %s; want %s", got, c.want)
		}
	}
}
