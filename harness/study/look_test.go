package study

import (
	"math"
	"testing"

	"msharp/harness/record"
)

// A look has the numbers of its own time, and the loss of the epoch that begins there.
func TestLooks(t *testing.T) {
	rec := record.Record{ID: "a", Status: record.Done, Config: map[string]any{"seed": 1.}}
	rec.Watch = record.Watch{Every: 2, Unit: "epoch", At: []int{0, 2, 3}, Values: map[string][]record.Number{"x": {1, record.Number(math.NaN()), 3}}}
	for epoch, loss := range []float64{2, 1.5, 1} {
		rec.Epochs = append(rec.Epochs, record.Epoch{Epoch: epoch + 1, TrainLoss: record.Number(loss)})
	}
	looks := Of([]record.Record{rec}).Final()[0].Looks()
	type number struct {
		v  float64
		ok bool
	}
	for i, want := range []struct {
		at      int
		x, loss number
	}{{0, number{1, true}, number{2, true}}, {2, number{}, number{1, true}}, {3, number{3, true}, number{}}} {
		l := looks[i]
		x, hasX := l.Value("x")
		loss, hasLoss := l.TrainLoss()
		if l.At != want.at || hasX != want.x.ok || hasX && x != want.x.v || hasLoss != want.loss.ok || hasLoss && loss != want.loss.v {
			t.Errorf("look %d is at %d with x %v %v and loss %v %v, want %+v", i, l.At, x, hasX, loss, hasLoss, want)
		}
		if _, has := l.Value("y"); has || l.Trial().ID != "a" {
			t.Errorf("look %d of %s has a column that nobody watched", i, l.Trial().ID)
		}
	}
	rec.Watch.Unit = "step"
	r := Of([]record.Record{rec}).Final()[0]
	if _, has := r.Looks()[1].TrainLoss(); has || len(looks) != 3 {
		t.Errorf("%d looks; a look by the step has the loss of an epoch: %v", len(looks), has)
	}
	rec.Watch = record.Watch{}
	if looks := Of([]record.Record{rec}).Final()[0].Looks(); len(looks) != 0 {
		t.Errorf("%d looks of a trial that watched nothing", len(looks))
	}
}
