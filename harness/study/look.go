package study

import (
	"math"

	"msharp/harness/record"
)

// Look is what a trial watched at one time of its training.
type Look struct {
	At    int // steps or epochs taken before it, in the unit of the trial's watch
	trial Trial
	index int // among the looks of the trial
}

// Looks returns the looks of a trial in their order; none where nothing was watched.
func (r Trial) Looks() []Look {
	looks := make([]Look, len(r.Watch.At))
	for i, at := range r.Watch.At {
		looks[i] = Look{at, r, i}
	}
	return looks
}

// Trial returns the trial that looked.
func (l Look) Trial() Trial { return l.trial }

// Value returns the number of a watched column; not ok where there is none that is finite.
func (l Look) Value(column string) (float64, bool) {
	values, has := l.trial.Watch.Values[column]
	if !has {
		return math.NaN(), false
	}
	return finiteNumber(values[l.index])
}

// TrainLoss returns the mean train loss, in nats, of the steps of the epoch that begins at the look. Where the batch is the whole training
// split that is the loss at the weights that were looked at. Not ok where no epoch begins there, as at the end, where the watch counts
// steps, and where the loss is not finite.
func (l Look) TrainLoss() (float64, bool) {
	if l.trial.Watch.Unit != "epoch" || l.At >= len(l.trial.Epochs) {
		return math.NaN(), false
	}
	return finiteNumber(l.trial.Epochs[l.At].TrainLoss)
}

func finiteNumber(x record.Number) (float64, bool) {
	v := float64(x)
	return v, !math.IsNaN(v) && !math.IsInf(v, 0)
}
