package harness

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"msharp/harness/data"
	"msharp/harness/optim"
	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/models"
	"msharp/sharpness"
)

// This file alone adds a measure, an optimizer and a data set, and runs a sweep with them.

// distance is ‖w‖.
type distance struct{}

var _ = sharpness.Table.Add("test_distance", func() sharpness.Measure { return &distance{} })

func (*distance) Columns() []sharpness.Column {
	return []sharpness.Column{{Measure: "test_distance", Role: sharpness.Rival, Title: "‖w‖"}}
}
func (*distance) Of(l sharpness.Landscape, _ *rand.Rand) ([]float64, error) {
	var n2 float64
	for _, v := range l.W() {
		n2 += float64(v) * float64(v)
	}
	return []float64{math.Sqrt(n2)}, nil
}

// sign is w ← w − η sign(g).
type sign struct {
	Scale float64 `yaml:"scale" in:"(0,)"`
	g     []float32
}

var _ = optim.Table.Add("test_sign", func() optim.Spec { return &sign{Scale: 1} })

func (s *sign) New(dim int) optim.Stepper { return &sign{s.Scale, make([]float32, dim)} }
func (*sign) Remember(optim.Memory)       {}
func (s *sign) Step(w []float32, obj optim.Objective, lr float64) (clean, perturbed float64) {
	loss := obj.Grad(s.g, w)
	for i, g := range s.g {
		switch {
		case g > 0:
			w[i] -= float32(s.Scale * lr)
		case g < 0:
			w[i] += float32(s.Scale * lr)
		}
	}
	return loss, loss
}

// parity is numbers by whether they are even.
type parity struct {
	data.Split `yaml:",inline"`
}

var _ = data.Table.Add("test_parity", func() data.Spec { return &parity{data.Split{Train: 64, Val: 16}} })

func (*parity) Load(string) (*data.Source, error) {
	return &data.Source{Shape: models.Shape{C: 2, H: 1, W: 1}, Classes: 2, ClassNames: []string{"even", "odd"}, Pool: count(200),
		SHA256: fmt.Sprintf("%064d", 0), Origin: "counting"}, nil
}

type count int

func (n count) Len() int             { return int(n) }
func (count) Label(i int) int        { return i % 2 }
func (count) Row(x []float64, i int) { x[0], x[1] = float64(i), float64(i%2) }

func TestANewFileAddsMeasureOptimizerAndData(t *testing.T) {
	s := plan(t, `
data: test_parity
model: {kind: mlp, hidden: [4]}
lr: 0.01
epochs: 30
batch_size: 16
measures: [test_distance, {kind: msharp, m: [1, 0]}]
sweep:
  optimizer: [{kind: test_sign, scale: 2}, {kind: sam, m: 4, base: test_sign}]
  seed: [1, 2]
`)
	if len(s.Trials) != 4 {
		t.Fatalf("%d trials, want 4", len(s.Trials))
	}
	store, err := record.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	done := 0
	var recs []record.Record
	failed, err := Run(context.Background(), s.Trials, nil, store, Runtime{Workers: 2, Finished: func(r record.Record, err error) {
		d, _ := r.Value("test_distance")
		e, _ := r.Value("test_error")
		m, _ := r.Value("msharp(m=1 rho=0.05)")
		if err != nil || r.Status != record.Done || !(d > 0) || e != 0 || !(m > 0) {
			t.Errorf("%+v: distance %v, test error %v, m-sharpness %v, error %v", r.Config["optimizer"], d, e, m, err)
		}
		done++
		recs = append(recs, r)
	}})
	if err != nil || failed != 0 || done != 4 {
		t.Errorf("%d of 4 trials done, %d failed, error %v", done, failed, err)
	}
	// By its role the measure is one of the numbers that models are ranked by.
	if !slices.ContainsFunc(study.Of(recs).Rivals(), func(r study.Rival) bool { return r.Column == "test_distance" && r.Label == "‖w‖" }) {
		t.Errorf("the rivals are %+v", study.Of(recs).Rivals())
	}
}
