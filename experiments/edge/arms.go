package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"msharp/harness/stats"
	"msharp/harness/study"
)

// arm is the runs of one optimizer at one learning rate.
type arm struct {
	optimizer
	rate float64 // η
	*study.Trials
}

// optimizer is what its edge takes; the zero value is gradient descent.
type optimizer struct {
	rho          float64
	unnormalised bool
}

// The optimizers that claims are about.
func descends(o optimizer) bool     { return o.rho == 0 }
func normalised(o optimizer) bool   { return o.rho > 0 && !o.unnormalised }
func unnormalised(o optimizer) bool { return o.rho > 0 && o.unnormalised }
func ascends(o optimizer) bool      { return o.rho > 0 }

func (o optimizer) kind() string {
	switch {
	case o.rho == 0:
		return "gradient descent"
	case o.unnormalised:
		return "unnormalised SAM"
	}
	return "SAM"
}

func (o optimizer) rhoText() string { return "ρ = " + stats.Short(o.rho) }

func (o optimizer) name() string {
	if o.rho == 0 {
		return o.kind()
	}
	return o.kind() + ", " + o.rhoText()
}

func (a arm) name() string { return a.optimizer.name() + ", " + a.rateText() }

func (a arm) rateText() string { return "η = " + stats.Short(a.rate) }

func optimizerOf(r study.Trial) optimizer {
	un, _ := r.Key("optimizer.unnormalised").(bool)
	return optimizer{r.Rho, un && r.Rho > 0}
}

// edgeAt is the edge of a look's own optimizer; not ok where the look has no norm of the gradient and the edge needs one.
func edgeAt(l study.Look) (float64, bool) {
	r := l.Trial()
	eta, ok := r.Number("lr")
	if !ok {
		return 0, false
	}
	o := optimizerOf(r)
	norm, hasNorm := l.Value(gradNorm)
	return edge(o.rho, o.unnormalised, eta, norm), hasNorm || !normalised(o)
}

// arms are the runs apart: gradient descent first, then SAM, then unnormalised SAM, each by ρ and then the rate. Whatever else was swept is
// in one arm, and a seed's value there is the mean of its runs.
func arms(t *study.Trials, of func(optimizer) bool) (as []arm) {
	type place struct {
		optimizer
		rate float64
	}
	seen := map[place]bool{}
	for _, r := range t.Final() {
		if rate, ok := r.Number("lr"); ok && of(optimizerOf(r)) {
			seen[place{optimizerOf(r), rate}] = true
		}
	}
	order := func(a, b place) int {
		if a.unnormalised != b.unnormalised {
			if a.unnormalised {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(a.rho, b.rho), cmp.Compare(a.rate, b.rate))
	}
	for _, k := range slices.SortedFunc(maps.Keys(seen), order) {
		as = append(as, arm{k.optimizer, k.rate, t.Where(func(r study.Trial) bool {
			rate, ok := r.Number("lr")
			return ok && place{optimizerOf(r), rate} == k
		})})
	}
	return as
}

// plain says why the edges are not those of the trials; empty where they are: of plain steps on the whole training split at a constant rate.
func plain(t *study.Trials) string {
	for _, r := range study.OneOfEach(t.Final()) {
		for _, k := range []struct {
			key  string
			want float64
		}{
			{"optimizer.momentum", 0}, {"optimizer.base.momentum", 0}, {"optimizer.weight_decay", 0}, {"optimizer.base.weight_decay", 0},
			{"optimizer.decay", 0}, {"optimizer.steps", 1}, {"optimizer.p", 2}, {"clip", 0},
		} {
			if v, ok := r.Number(k.key); ok && v != k.want {
				return fmt.Sprintf("%s is %v; the edges are those of steps with %v", k.key, v, k.want)
			}
		}
		if kind := r.Key("schedule.kind"); kind != nil && kind != "constant" {
			return fmt.Sprintf("schedule.kind is %v; the edges are those of a constant rate", kind)
		}
		train, _ := r.Number("data.train")
		if batch, _ := r.Number("batch_size"); batch != train || r.Rho > 0 && r.M != train {
			return fmt.Sprintf("batch_size is %v and m %v, of %v training examples; the edges are those of steps on all of them", batch, r.M, train)
		}
	}
	return ""
}
