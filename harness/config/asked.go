package config

import (
	"fmt"

	"msharp/sharpness"
)

// Asked is what is asked of a trial beside its trained network: it is no part of the trial's identity.
type Asked struct {
	Trace    string          `yaml:"trace" in:"none|step"`       // step also writes the losses of every step, into traces/ID.csv
	TestAt   string          `yaml:"test_at" in:"last|best_val"` // best_val also records the test error after the epoch of the least validation error, as test_error_at_best_val
	Measures []sharpness.Any `yaml:"measures" empty:"ok"`        // taken of the trained network
	Watch    *Watch          `yaml:"watch"`                      // measures along training
}

// TestAtBestVal is the test error after the epoch of the least validation error, the first of equals: that of early stopping.
const TestAtBestVal = "test_error_at_best_val"

// mostColumns is how many columns the measures of a trial may have.
const mostColumns = 10_000

// Joined returns what a or b asks for: the measures of both, as sharpness.Joined joins them, a trace and a test_at that either wants, and what
// both watch. The error is sharpness.Joined's, or says that there are too many columns, or that one watches at other times.
func (a Asked) Joined(b Asked) (Asked, error) {
	d := Default().Asked
	if a.Trace == d.Trace {
		a.Trace = b.Trace
	}
	if a.TestAt == d.TestAt {
		a.TestAt = b.TestAt
	}
	var err error
	if a.Measures, err = sharpness.Joined(a.Measures, b.Measures); err != nil {
		return a, err
	}
	if n := len(columnsOf(a.Measures)); n > mostColumns {
		return a, fmt.Errorf("the measures have %d columns together; expected at most %d", n, mostColumns)
	}
	a.Watch, err = a.Watch.joined(b.Watch)
	return a, err
}

// columnsOf returns the names of the columns of measures.
func columnsOf(measures []sharpness.Any) (names []string) {
	for _, m := range measures {
		names = append(names, sharpness.Names(m.Spec)...)
	}
	return names
}
