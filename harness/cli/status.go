package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"msharp/harness/record"
	"msharp/plots"
)

// counts is the trials of a plan by state.
type counts struct {
	Trials   int       `json:"trials"`
	Done     int       `json:"done"`
	Diverged int       `json:"diverged"`
	Failed   int       `json:"failed"`
	Missing  int       `json:"missing"`
	Running  int       `json:"running"`      // processes that run some of them
	Seconds  *float64  `json:"seconds_left"` // on one worker; null if unknown
	Errors   []failure `json:"errors"`       // of failed trials, by id
}

// failure is why a trial failed.
type failure struct {
	ID    string `json:"id"`
	Error string `json:"error"`
}

func (c counts) String() string {
	var parts []string
	for _, p := range []struct {
		n    int
		name string
	}{{c.Done, "done"}, {c.Diverged, "diverged"}, {c.Failed, "failed"}, {c.Missing, "missing"}} {
		if p.n > 0 || p.name == "done" {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.name))
		}
	}
	return fmt.Sprintf("%d trials: %s", c.Trials, strings.Join(parts, ", "))
}

func countStates(ids []string, recs []record.Record) counts {
	state := map[string]record.Status{}
	for _, r := range recs {
		state[r.ID] = r.Status
	}
	c := counts{Trials: len(ids), Errors: []failure{}}
	for _, r := range recs {
		if r.Status == record.Failed && r.Run != nil {
			c.Errors = append(c.Errors, failure{r.ID, r.Run.Error})
		}
	}
	for _, id := range ids {
		switch state[id] {
		case record.Done:
			c.Done++
		case record.Diverged:
			c.Diverged++
		case record.Failed:
			c.Failed++
		default:
			c.Missing++
		}
	}
	return c
}

// sayErrors says why trials failed, some of them.
func (s *session) sayErrors(errors []failure) {
	const most = 5
	for _, e := range first(errors, most) {
		fmt.Fprintf(s.out, "failed: %s: %s\n", e.ID, e.Error)
	}
	if n := len(errors) - most; n > 0 {
		fmt.Fprintf(s.out, "failed: %d more; logs/ID.log says why\n", n)
	}
}

func (s *session) statusCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "status [--json]",
		Short: "counts by state, what runs, the time left, why trials failed",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			out, err := s.existingFolder()
			if err != nil {
				return err
			}
			return s.status(out, asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as one JSON object")
	return c
}

func (s *session) status(out string, asJSON bool) error {
	m, err := readManifest(out)
	if err != nil {
		return err
	}
	recs, err := s.load(out, record.WithoutEpochs, record.WithoutConfusion, record.WithoutNumbers)
	if err != nil {
		return err
	}
	count := countStates(s.planned(out, m, recs), recs)
	cost := estimate{}
	for _, r := range recs {
		cost.add(r)
	}
	if mean, known := cost.mean(""); known {
		seconds := mean * float64(count.Missing)
		count.Seconds = &seconds
	}
	if count.Running, err = running(out); err != nil {
		return err
	}
	if asJSON {
		return s.json(count)
	}
	fmt.Fprintf(s.out, "%s: %s", out, count)
	if mean, known := cost.mean(""); known && count.Missing > 0 {
		fmt.Fprintf(s.out, ", about %s left on one worker at %s a trial", lasting(*count.Seconds), lasting(mean))
	}
	fmt.Fprintln(s.out)
	if count.Running > 0 {
		fmt.Fprintf(s.out, "processes that run some of them: %d\n", count.Running)
	}
	s.sayErrors(count.Errors)
	for _, w := range plots.Mixed(plots.Read(recs), m) {
		fmt.Fprintln(s.talk, "warning:", w)
	}
	return nil
}
