package plots

import "msharp/harness/record"

// Predict is the figures of a population trained without SAM, each model stopped at the same train loss: Figure 3 (right) of Foret et
// al. 2021 as the paper did it.
func Predict() []Figure {
	return []Figure{PredictCurves{compared: toLoss}, PredictRivals{compared: toLoss}, Power{compared: toLoss}, Scatter{compared: toLoss}}
}

// stopped is the gate of models that reached the train loss they were to stop at: 0 where they did, 1 where they did not, or were to
// run for a number of epochs.
var stopped = Field{Name: "stopped", Of: func(r record.Record) (float64, bool) {
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
