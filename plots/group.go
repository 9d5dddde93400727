package plots

import "msharp/harness/study"

// Group is trials that a figure shows apart from others. An experiment makes them.
type Group struct {
	Name string
	Note string // below the name
	*study.Trials
}
