package record

import (
	"fmt"
	"strings"
)

// Counts says how many trials of a plan are in each state.
type Counts struct {
	Trials   int `json:"trials"`
	Done     int `json:"done"`
	Diverged int `json:"diverged"`
	Failed   int `json:"failed"`
	Missing  int `json:"missing"` // without a record
}

// Count counts trials by their state; an id without a state is missing.
func Count(ids []string, state map[string]Status) Counts {
	c := Counts{Trials: len(ids)}
	for _, id := range ids {
		switch state[id] {
		case Done:
			c.Done++
		case Diverged:
			c.Diverged++
		case Failed:
			c.Failed++
		default:
			c.Missing++
		}
	}
	return c
}

// String returns a text such as "410 trials: 400 done, 2 diverged, 8 missing".
func (c Counts) String() string {
	parts := []string{fmt.Sprintf("%d done", c.Done)}
	for _, p := range []struct {
		n    int
		name string
	}{{c.Diverged, "diverged"}, {c.Failed, "failed"}, {c.Missing, "missing"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.name))
		}
	}
	return Plural(c.Trials, "trial") + ": " + strings.Join(parts, ", ")
}

// Plural returns a count with its noun: "1 trial", "2 trials".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
