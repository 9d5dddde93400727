package plots

import (
	"cmp"
	"fmt"
	"slices"

	"msharp/harness/record"
)

// Trials is the records of an experiment, read once for all that is drawn and said of them.
type Trials struct {
	recs []record.Record
	all  []run // in the order of recs
	runs []run // that ended, in an order that depends on nothing but themselves

	powers map[string]powerFacts // of runs, by what is compared
}

// Read takes the records in any order. They are not to be written into as long as the Trials are in use.
func Read(recs []record.Record) *Trials {
	t := &Trials{recs: recs, all: make([]run, len(recs)), powers: map[string]powerFacts{}}
	of, configs := record.Settings(recs)
	for i := range recs {
		t.all[i] = newRun(&recs[i], configs[of[i]], of[i])
		if recs[i].Status.Final() {
			t.runs = append(t.runs, t.all[i])
		}
	}
	slices.SortStableFunc(t.runs, func(a, b run) int {
		return cmp.Or(cmp.Compare(a.seed, b.seed), cmp.Compare(a.m, b.m), cmp.Compare(a.rho, b.rho), cmp.Compare(a.ID, b.ID))
	})
	return t
}

// facts is how well measures rank all runs. What is compared has its defaults.
func (t *Trials) facts(c compared) powerFacts {
	key := fmt.Sprintf("%q %v %q %q %q %q", c.Family, c.Rho, c.Gap.Name, c.GapLabel, c.Gate.Name, c.GateText)
	facts, known := t.powers[key]
	if !known {
		facts = c.facts(t.runs)
		t.powers[key] = facts
	}
	return facts
}
