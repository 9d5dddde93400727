package study

import "slices"

// Gate says which models are compared.
type Gate struct {
	Text string // "at train error 0"
	// Passes reports whether a model is compared. One that diverged never is.
	Passes func(Trial) bool
	// Missing says why no model of the trials could be; empty, or a nil Missing, where one can.
	Missing func(*Trials) string
}

var (
	// ByDesign keeps the models of radii at which every m trains and that fit: ρ ≤ .05, train error at most .001. A gate on the fit alone
	// admits, at larger ρ, only models of large m.
	ByDesign = Gate{Text: "at ρ ≤ .05 and train error ≤ .001", Passes: func(r Trial) bool {
		v, ok := trainError(r)
		return ok && v <= .001 && r.Rho <= SmallRho
	}}
	// Fitted keeps the models whose train error is exactly 0, whose error gap is their test error.
	Fitted = Gate{Text: "at train error 0", Passes: fitted}
	// Stopped keeps the models that reached the train loss they were to stop at.
	Stopped = Gate{
		Text:   "stopped at their train loss",
		Passes: stopped,
		Missing: func(t *Trials) string {
			if slices.ContainsFunc(t.distinct(), stopsAtLoss) {
				return ""
			}
			return "no trial was to stop at a train loss (stop.train_loss)"
		},
	}
	// Ungated keeps every model. How models fit and how they generalize are confounded then.
	Ungated = Gate{Text: "every finite model", Passes: func(Trial) bool { return true }}
)

var trainError, trainLoss, epochsRun = finiteOf("train_error"), finiteOf("train_loss"), finiteOf("epochs_run")

func fitted(r Trial) bool {
	v, ok := trainError(r)
	return ok && v == 0
}

func stopsAtLoss(r Trial) bool {
	_, ok := r.Number("stop.train_loss")
	return ok
}

func stopped(r Trial) bool {
	at, ok := r.Number("stop.train_loss")
	if !ok {
		return false
	}
	if loss, ok := trainLoss(r); ok && loss <= at {
		return true
	}
	epochs, ran := epochsRun(r)
	most, limited := r.Number("stop.max_epochs")
	return ran && limited && epochs < most
}

// passes applies the gate, and the rule that a diverged run is no model.
func (g Gate) passes(r Trial) bool { return !r.Diverged && g.Passes(r) }

// missing is Missing.
func (g Gate) missing(t *Trials) string {
	if g.Missing == nil {
		return ""
	}
	return g.Missing(t)
}
