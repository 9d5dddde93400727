package plots

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"msharp/harness/record"
)

// Trials is the records of an experiment, read once for all that is drawn and said of them.
type Trials struct {
	all  []run // in the order of recs
	runs []run // that ended, in an order that depends on nothing but themselves

	mu     sync.Mutex
	powers map[string]func() powerFacts // of runs, by what is compared; each computes once
}

// Read takes the records in any order. They are not to be written into as long as the Trials are in use.
func Read(recs []record.Record) *Trials {
	t := &Trials{all: make([]run, len(recs)), powers: map[string]func() powerFacts{}}
	of, configs := record.Settings(recs)
	beside := besideAxes(configs)
	numbers := rows{columns: map[string]int{}, layouts: map[string]*layout{}}
	for i := range recs {
		t.all[i] = newRun(&recs[i], configs[of[i]], of[i], beside[of[i]], &numbers)
		if recs[i].Status.Final() {
			t.runs = append(t.runs, t.all[i])
		}
	}
	slices.SortStableFunc(t.runs, func(a, b run) int {
		return cmp.Or(cmp.Compare(a.seed, b.seed), cmp.Compare(a.m, b.m), cmp.Compare(a.rho, b.rho), cmp.Compare(a.ID, b.ID))
	})
	return t
}

// facts is how well measures rank all runs. Several figures may ask at a time.
func (t *Trials) facts(c compared) powerFacts {
	key := fmt.Sprintf("%q %q %v", c.gap.Name, c.gate.Name, c.caution)
	t.mu.Lock()
	facts, known := t.powers[key]
	if !known {
		facts = sync.OnceValue(func() powerFacts { return c.facts(t.runs) })
		t.powers[key] = facts
	}
	t.mu.Unlock()
	return facts()
}
