package folder

import (
	"reflect"
	"testing"
)

// Settings have one hash if they are equal apart from the keys.
func TestApart(t *testing.T) {
	dir := Dir(t.TempDir())
	var lines []Line
	for _, words := range [][]string{nil, {"lr=0.1,0.2"}, {"optimizer=sgd"}, {"epochs=null", "stop={train_loss: 0.1, max_epochs: 3}", "seed=1"}, {"model.hidden=[8],[9]", "seed=2"}} {
		text := small
		if len(words) == 1 && words[0] == "optimizer=sgd" {
			text = head // a sweep of SAM
		}
		lines = append(lines, planOf(t, dir, text, words...).Lines...)
	}
	for _, keys := range [][]string{nil, {"seed"}, {"optimizer.rho", "optimizer.m"}, {"optimizer"}, {"optimizer.base", "model.hidden", "stop.max_epochs"}, {"model"}, {"data", "lr", "seed", "optimizer"}} {
		a := newApart(keys)
		for _, l := range lines {
			for _, m := range lines {
				same := a.hash(l.Config) == a.hash(m.Config)
				if want := reflect.DeepEqual(a.settings(l.Config), a.settings(m.Config)); same != want {
					t.Fatalf("apart from %q, %s and %s are one: %v", keys, l.Config, m.Config, same)
				}
			}
		}
	}
}
