package study

import (
	"math"
	"slices"
	"strings"

	"msharp/harness/record"
)

// Field is a number of a trial: a swept key, a metric, a measure. Fields of one Name and Key are equal.
type Field struct {
	Name  string  // of a column of records, or the last part of a key: "test_error", "rho"
	Key   string  // dotted, of the configuration, where the field is one: "optimizer.rho"
	Label string  // in words, for an axis: "test error"
	Unit  string  // for an axis, after the label: "%", "points"; empty for none
	Scale float64 // from the number to the unit; 0 is 1
	// Of returns the number; not ok where the trial has none that is finite.
	Of func(Trial) (v float64, ok bool)
}

// In returns v, a number of the field, in its unit.
func (f Field) In(v float64) float64 {
	if f.Scale == 0 {
		return v
	}
	return v * f.Scale
}

// Axis is the label with the unit: "test error (%)".
func (f Field) Axis() string {
	if f.Unit == "" {
		return f.Label
	}
	return f.Label + " (" + f.Unit + ")"
}

// Value is a metric or measure by column name: Value("train_loss").
func Value(name string) Field {
	return Field{Name: name, Label: strings.ReplaceAll(name, "_", " "), Of: finiteOf(name)}
}

// Error is a share of examples that are predicted wrong, by column name. Of a run that diverged it is 1: no run can be worse.
func Error(name, label string) Field {
	f := Value(name)
	recorded := f.Of
	f.Label, f.Unit, f.Scale = label, "%", 100
	f.Of = func(r Trial) (float64, bool) {
		if r.Diverged {
			return 1, true
		}
		return recorded(r)
	}
	return f
}

// Key is a number of the configuration by dotted key: Key("optimizer.base.weight_decay").
func Key(key string) Field {
	return Field{Name: key[strings.LastIndexByte(key, '.')+1:], Key: key, Label: KeyName(key), Of: func(r Trial) (float64, bool) {
		v, ok := r.Number(key)
		return v, ok && !math.IsInf(v, 0) && !math.IsNaN(v)
	}}
}

// The axes of a trial.
var (
	Rho = Field{Name: "rho", Key: "optimizer.rho", Label: "ρ", Of: func(r Trial) (float64, bool) { return r.Rho, true }}
	// M has no value at ρ = 0.
	M = Field{Name: "m", Key: "optimizer.m", Label: "m", Of: func(r Trial) (float64, bool) { return r.M, r.M > 0 }}
	// Noise is the share of train and validation labels that are wrong; 0 of a trial that knows of no noise.
	Noise = Field{Name: "label_noise", Key: "data.label_noise", Label: "noisy labels", Unit: "%", Scale: 100, Of: func(r Trial) (float64, bool) {
		v, ok := r.Number("data.label_noise")
		if !ok {
			return 0, true
		}
		return v, !math.IsNaN(v) && !math.IsInf(v, 0)
	}}
)

// Errors, of the last epoch or of the epoch of the run's smallest validation error. A diverged run has 1.
var (
	TrainError       = Error("train_error", "train error")
	ValError         = Error("val_error", "validation error")
	TestError        = Error("test_error", "test error")
	BestValError     = Error("best_val_error", "best validation error")
	TestErrorBestVal = Error("test_error_at_best_val", "test error")
)

// TrainLoss is the clean loss over the training split.
var TrainLoss = Field{Name: "train_loss", Label: "train loss", Unit: "nats", Of: finiteOf("train_loss")}

// Errors are where the errors of trials stand: the one that counts, and the one by which settings are chosen. Each seed chooses by its own
// validation images, or with Others by the mean over the other seeds': see Contest.
type Errors struct {
	Name     string // "last epoch"
	Test, By Field
	Others   bool
}

var (
	LastEpoch = Errors{Name: "last epoch", Test: TestError, By: ValError}
	BestEpoch = Errors{Name: "epoch of best validation", Test: TestErrorBestVal, By: BestValError}
)

// ByOthers are the same errors, with settings chosen by the other seeds.
func (e Errors) ByOthers() Errors {
	e.Others = true
	return e
}

// Minus turns a field round.
func Minus(x Field) Field {
	of := x.Of
	x.Name, x.Label = "-"+x.Name, "−"+x.Label
	x.Of = func(r Trial) (float64, bool) { v, ok := of(r); return -v, ok }
	return x
}

// Log2 is the base-2 logarithm of a field, of which a difference of 1 is a doubling; not there where the field is not positive.
func Log2(x Field) Field {
	of := x.Of
	x.Name, x.Label, x.Unit, x.Scale = "log2 "+x.Name, "log₂ "+x.Label, "", 0
	x.Of = func(r Trial) (float64, bool) { v, ok := of(r); return math.Log2(v), ok && v > 0 }
	return x
}

// Ratio is x/y, where both are positive.
func Ratio(x, y Field) Field {
	return Field{Name: x.Name + "/" + y.Name, Label: x.Label + "/" + y.Label, Of: func(r Trial) (float64, bool) {
		a, ok := x.Of(r)
		b, has := y.Of(r)
		return a / b, ok && has && a > 0 && b > 0
	}}
}

// listField is something about a list of numbers in the configuration, the widths of layers; not ok where it is none, or empty.
func listField(key, what string, of func([]float64) float64) Field {
	return Field{Name: key + "." + what, Label: what, Of: func(r Trial) (float64, bool) {
		list, _ := r.config[key].([]any)
		xs := make([]float64, len(list))
		for i, x := range list {
			var ok bool
			if xs[i], ok = record.Float(x); !ok {
				return nan, false
			}
		}
		if len(xs) == 0 {
			return nan, false
		}
		return of(xs), true
	}}
}

// placeField numbers the values of a key that are no numbers, in the order of texts.
func placeField(key string, texts []string) Field {
	return Field{Name: key, Label: KeyName(key), Of: func(r Trial) (float64, bool) {
		i := slices.Index(texts, record.Text(r.config[key]))
		return float64(i), true
	}}
}

var nan = math.NaN()

// Is reports whether two fields are one.
func (f Field) Is(g Field) bool { return f.Name == g.Name && f.Key == g.Key }

// Or is f, or a default where f is the zero value.
func (f Field) Or(fallback Field) Field {
	if f.Of == nil {
		return fallback
	}
	return f
}

// OfData says that a key is of the problem, not of its solution: nobody tunes over it.
func OfData(key string) bool { return strings.HasPrefix(key, "data.") }
