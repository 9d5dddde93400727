package config

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// What looks like a mistake is said once, with what mends it, and only then.
func TestDoubts(t *testing.T) {
	head, _, _ := strings.Cut(small, "sweep:")
	const part, end = "batch_size = 48 does not divide data.train = 64: ", "; data.train = 48 would be whole batches"
	for _, c := range []struct {
		words []string
		want  []string
	}{
		{nil, nil},
		{[]string{"schedule={kind: warmup, epochs: 2}"}, nil},
		{[]string{"schedule={kind: warmup, epochs: 3}"}, []string{"schedule.epochs = 3: the warm-up lasts to the end of training (epochs = 3) or longer, so that the schedule after it never begins; give it fewer epochs"}},
		{[]string{"schedule=warmup", "seed=1,2,3"}, []string{"schedule.epochs = 5: the warm-up lasts to the end of training (epochs = 3) or longer, so that the learning rate never reaches lr; give it fewer epochs"}},
		{[]string{"schedule={kind: warmup, epochs: 2, then: {kind: warmup, epochs: 1}}"}, []string{"schedule.then.epochs = 1: the warm-up lasts to the end of training (epochs = 3) or longer, so that the schedule after it never begins; give it fewer epochs"}},
		{[]string{"schedule=warmup", "epochs=null", "stop={train_loss: 0.1, max_epochs: 4}"}, []string{"schedule.epochs = 5: the warm-up lasts to the end of training (stop.max_epochs = 4) or longer, so that the learning rate never reaches lr; give it fewer epochs"}},
		{[]string{"batch_size=48"}, []string{part + "each epoch leaves out 16 examples, drawn anew, and about 1 of all are in none of 3 epochs" + end}},
		{[]string{"batch_size=48", "epochs=1"}, []string{part + "16 examples are not in the one epoch" + end}},
		{[]string{"batch_size=48", "epochs=4"}, nil}, // 0.25 examples
		{[]string{"batch_size=20"}, nil},
	} {
		s, err := Plan("x.yaml", []byte(head), c.words, "")
		if err != nil {
			t.Fatal(c.words, err)
		}
		if !slices.Equal(s.Warnings, c.want) {
			t.Errorf("%q\n got %q\nwant %q", c.words, s.Warnings, c.want)
		}
	}
	s, err := Plan("x.yaml", []byte(head), []string{"schedule=warmup", "epochs=1,2,3,4,5", "batch_size=33,34,35"}, "")
	if n := len(s.Warnings); err != nil || n != mostDoubts+1 || s.Warnings[mostDoubts] != "10 more warnings about warm-ups and batches" {
		t.Errorf("%q, %v", s.Warnings, err)
	}
}

// As many examples are never trained on as drawing the epochs leaves out.
func TestUnusedExamples(t *testing.T) {
	const train, batch, epochs, draws = 64, 48, 3, 4000
	r, never := rand.New(rand.NewPCG(1, 2)), 0
	for range draws {
		used := map[int]bool{}
		for range epochs {
			for _, i := range r.Perm(train)[:train/batch*batch] {
				used[i] = true
			}
		}
		never += train - len(used)
	}
	if mean := float64(never) / draws; mean < .95 || mean > 1.05 {
		t.Errorf("%g on average; want 1", mean)
	}
}

// A mapping under sweep that is meant as several axes is refused with the dotted keys; one that is a value, or wrong in itself, is not.
func TestNestedSweep(t *testing.T) {
	head, _, _ := strings.Cut(small, "sweep:")
	for sweep, want := range map[string]string{
		"{optimizer: {rho: [0, 0.05], m: [1, 4]}}":                                      "x.yaml:11: sweep.optimizer = {rho: [0, 0.05], m: [1, 4]}: read as one value of optimizer, whose kind is at fault (missing); expected a dotted key for each axis: optimizer.rho: [0, 0.05], optimizer.m: [1, 4]",
		"{seed: [1, 2], optimizer: {kind: sam, base: {kind: sgd, momentum: [0, 0.9]}}}": "x.yaml:11: sweep.optimizer = {kind: sam, base: {kind: sgd, momentum: [0, 0.9]}}: read as one value of optimizer, whose base.momentum is at fault (not a number); expected a dotted key for each axis: optimizer.kind: sam, optimizer.base.kind: sgd, optimizer.base.momentum: [0, 0.9]",
		"{optimizer.base: {kind: [sgd, adam]}}":                                         "x.yaml:11: sweep.optimizer.base = {kind: [sgd, adam]}: read as one value of optimizer.base, whose kind is at fault (not a name); expected a dotted key for each axis: optimizer.base.kind: [sgd, adam]",
		"{data: {kind: spirals, train: \"range(60, 64)\"}}":                             "x.yaml:11: sweep.data = {kind: spirals, train: \"range(60, 64)\"}: read as one value of data, whose train is at fault (not a whole number); expected a dotted key for each axis: data.kind: spirals, data.train: range(60, 64)",
		"{optimizer: {kind: sam, rho: -1}}":                                             "x.yaml:11: optimizer.rho = -1: out of range; expected a finite number ≥ 0",
		"{model: {kind: mlp, hidden: [8, 0]}}":                                          "x.yaml:11: model.hidden[1] = 0: out of range; expected a whole number ≥ 1 and ≤ 1048576",
		"{optimizer: [{rho: 0}, {rho: 0.1}]}":                                           "x.yaml:11: optimizer.kind: missing; expected one of adam, adamw, rmsprop, sam, sgd",
		"{model: {kind: mlp, hidden: [8, 4]}}":                                          "",
		"{optimizer.rho: [\"0.05\", 0.1]}":                                              "x.yaml:11: optimizer.rho = \"0.05\": a text, for it is in quotes; expected a finite number ≥ 0, without quotes: 0.05",
	} {
		_, err := Plan("x.yaml", []byte(head+"sweep: "+sweep+"\n"), nil, "")
		if got := ""; err != nil || want != "" {
			if err != nil {
				got = err.Error()
			}
			if got != want {
				t.Errorf("%s\n got %s\nwant %s", sweep, got, want)
			}
		}
	}
}
