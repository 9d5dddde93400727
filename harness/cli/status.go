package cli

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"msharp/harness"
	"msharp/harness/record"
	"msharp/plots"
)

func (s *session) statusCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "status [--json]",
		Short: "counts by state, what runs and how fast, the time left, why trials failed",
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

// tally is how far the trials of a folder are.
type tally struct {
	record.Counts
	Seconds *float64  `json:"seconds_left"` // on one worker; null if unknown
	Errors  []failure `json:"errors"`       // of failed trials, the last first
}

// failure is why a trial failed.
type failure struct {
	ID    string `json:"id"`
	Error string `json:"error"`
	Ended string `json:"ended,omitempty"`
}

// now is what runs in a folder.
type now struct {
	tally
	Running   int      `json:"running"` // trials
	Processes int      `json:"processes"`
	Rate      *float64 `json:"trials_a_minute"` // null if nothing runs, or too few trials have ended lately
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
	st := now{tally: s.tally(out, s.planned(out, m, recs), recs)}
	if err := st.look(out, recs); err != nil {
		return err
	}
	if asJSON {
		return s.json(st)
	}
	fmt.Fprintf(s.out, "%s: %s", out, st.Counts)
	if st.Seconds != nil && st.Missing > 0 {
		fmt.Fprintf(s.out, ", about %s left on one worker at %s a trial", lasting(*st.Seconds), lasting(*st.Seconds/float64(st.Missing)))
	}
	fmt.Fprintln(s.out)
	if st.Processes > 0 {
		fmt.Fprintf(s.out, "running: %s in %s", record.Plural(st.Running, "trial"), processes(st.Processes))
		if st.Rate != nil {
			fmt.Fprintf(s.out, ", %.3g trials a minute: about %s left", *st.Rate, lasting(60*float64(st.Missing) / *st.Rate))
		}
		fmt.Fprintln(s.out)
	}
	s.sayErrors(st.Errors)
	for _, w := range plots.Mixed(plots.Read(recs), m) {
		fmt.Fprintln(s.talk, "warning:", w)
	}
	return nil
}

func processes(n int) string {
	if n == 1 {
		return "1 process"
	}
	return fmt.Sprintf("%d processes", n)
}

// tally returns how far the trials of the given ids are.
func (s *session) tally(out string, ids []string, recs []record.Record) tally {
	state := states(recs)
	st := tally{Counts: record.Count(ids, state), Errors: []failure{}}
	for _, r := range recs {
		if r.Status == record.Failed && r.Run != nil {
			st.Errors = append(st.Errors, failure{r.ID, r.Run.Error, r.Run.Ended})
		}
	}
	slices.SortStableFunc(st.Errors, func(a, b failure) int { return cmp.Compare(b.Ended, a.Ended) })
	missing := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { _, ok := state[id]; return ok })
	if sum, known := estimated(recs).total(s.classes(out, missing)); known {
		st.Seconds = &sum
	}
	return st
}

func states(recs []record.Record) map[string]record.Status {
	state := map[string]record.Status{}
	for _, r := range recs {
		state[r.ID] = r.Status
	}
	return state
}

// classes counts missing trials by their classes: "", any, where the folder's configuration does not tell, or is too large to be
// planned for a look.
func (s *session) classes(out string, missing []string) map[string]int {
	const most = 20_000 // trials, in two seconds
	of := map[string]string{}
	if n := len(missing); 0 < n && n <= most {
		text, _ := os.ReadFile(sweepPath(out))
		if sweep, err := harness.Plan(sweepPath(out), text, nil, s.data); err == nil {
			for _, t := range sweep.Trials {
				of[t.ID] = class(harness.Settings(t.Config))
			}
		}
	}
	classes := map[string]int{}
	for _, id := range missing {
		classes[of[id]]++
	}
	return classes
}

// look finds what runs in the folder.
func (st *now) look(out string, recs []record.Record) error {
	claims, err := claims(out)
	if err != nil {
		return err
	}
	state := states(recs)
	st.Processes = len(claims)
	for _, c := range claims {
		left := 0
		for _, id := range c.Trials {
			if _, ok := state[id]; !ok {
				left++
			}
		}
		st.Running += min(left, c.Workers)
	}
	if rate, ok := rate(recs, time.Now()); ok && st.Processes > 0 {
		st.Rate = &rate
	}
	return nil
}

// rate returns how many trials a minute have ended in the ten minutes before a time, after the first of them.
func rate(recs []record.Record, at time.Time) (perMinute float64, ok bool) {
	const window = 10 * time.Minute
	n, first := 0, at
	for _, r := range recs {
		if r.Run == nil {
			continue
		}
		ended, err := time.Parse(time.RFC3339, r.Run.Ended)
		if err != nil || ended.After(at) || at.Sub(ended) > window {
			continue
		}
		n++
		if ended.Before(first) {
			first = ended
		}
	}
	minutes := at.Sub(first).Minutes()
	if n < 2 || minutes <= 0 {
		return 0, false
	}
	return float64(n-1) / minutes, true
}

// sayErrors says why trials failed, the last of them.
func (s *session) sayErrors(errors []failure) {
	const most = 5
	for _, e := range first(errors, most) {
		fmt.Fprintf(s.out, "failed: %s: %s\n", e.ID, e.Error)
	}
	if n := len(errors) - most; n > 0 {
		fmt.Fprintf(s.out, "failed: %d more; logs/ID.log says why\n", n)
	}
}
