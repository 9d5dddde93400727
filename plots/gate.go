package plots

import "msharp/harness/record"

// Stopped is the gate of models that reached the train loss they were to stop at: 0 where they did, 1 where they did not, or were to
// run for a number of epochs.
var Stopped = Field{Name: "stopped", Label: "stopped at their train loss", Of: func(r record.Record) (float64, bool) {
	v, _ := r.Setting("stop.train_loss")
	at, ok := record.Float(v)
	if !ok {
		return 1, true
	}
	if loss, has := r.Value("train_loss"); has && loss <= at {
		return 0, true
	}
	epochs, ran := r.Value("epochs_run")
	v, _ = r.Setting("stop.max_epochs")
	most, limited := record.Float(v)
	if ran && limited && epochs < most {
		return 0, true
	}
	return 1, true
}}
