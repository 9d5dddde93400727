package config

import (
	"fmt"
	"math"
	"slices"

	"msharp/harness/optim"
)

// doubts collects what looks like a mistake in the trials of a sweep, a sentence each.
type doubts struct {
	known     map[course]bool
	sentences []string
}

// course is what the doubts about a trial depend on, beside its data.
type course struct {
	schedule             optim.Schedule
	epochs, train, batch int
	until                bool // a train loss
}

// mostDoubts is how many are told of one kind.
const mostDoubts = 10

// see looks at a trial.
func (d *doubts) see(c Config) {
	of := course{c.Schedule.Spec, c.MaxEpochs(), c.Data.Spec.Drawn().Train, c.BatchSize, c.Stop != nil}
	if d.known[of] || len(d.known) > remembered {
		return
	}
	d.known[of] = true
	for _, sentence := range []string{of.warmup(), of.unused()} {
		if sentence != "" && !slices.Contains(d.sentences, sentence) {
			d.sentences = append(d.sentences, sentence)
		}
	}
}

// told returns the doubts about trials, after those about their data sets.
func (d *doubts) told(sources []Origin) (sentences []string) {
	for _, o := range sources {
		sentences = append(sentences, o.Warnings...)
	}
	if n := len(d.sentences) - mostDoubts; n > 0 {
		return append(append(sentences, d.sentences[:mostDoubts]...), fmt.Sprintf("%d more warnings about warm-ups and batches", n))
	}
	return append(sentences, d.sentences...)
}

// warmup says that the learning rate rises until training ends, "" if it does not.
func (c course) warmup() string {
	key, epochs := "schedule", 0
	for s, ok := c.schedule.(*optim.Warmup); ok; s, ok = s.Then.Spec.(*optim.Warmup) {
		if epochs += s.Epochs; epochs >= c.epochs {
			length := "epochs"
			if c.until {
				length = "stop.max_epochs"
			}
			what := "the schedule after it never begins"
			if epochs > c.epochs {
				what = "the learning rate never reaches lr"
			}
			return fmt.Sprintf("%s.epochs = %d: the warm-up lasts to the end of training (%s = %d) or longer, so that %s; give it fewer epochs", key, s.Epochs, length, c.epochs, what)
		}
		key += ".then"
	}
	return ""
}

// unused says how many examples no epoch trains on, "" if each is likely to be used. An epoch leaves out what is too little for another batch,
// drawn anew each time.
func (c course) unused() string {
	left := c.train % c.batch
	never := float64(c.train) * math.Pow(float64(left)/float64(c.train), float64(c.epochs)) // on average
	if never < .5 {
		return ""
	}
	some := fmt.Sprintf("%d examples are not in the one epoch", left)
	if c.epochs > 1 {
		some = fmt.Sprintf("each epoch leaves out %d examples, drawn anew, and about %.0f of all are in none of %d epochs", left, never, c.epochs)
	}
	return fmt.Sprintf("batch_size = %d does not divide data.train = %d: %s; data.train = %d would be whole batches", c.batch, c.train, some, c.train-left)
}
