package cli

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"msharp/harness/folder"
	"msharp/harness/record"
	"msharp/harness/study"
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

	toTrain int
}

// failure is why a trial failed.
type failure struct {
	ID    string `json:"id"`
	Error string `json:"error"`
	Ended string `json:"ended,omitempty"`
}

func (s *session) status(out folder.Dir, asJSON bool) error {
	m, plan, err := out.Read()
	if err != nil {
		return err
	}
	recs, err := s.load(out, record.WithoutEpochs, record.WithoutConfusion, record.WithoutNumbers)
	if err != nil {
		return err
	}
	r, err := look(out, recs, time.Now())
	if err != nil {
		return err
	}
	attempts, err := out.Attempts()
	if err != nil {
		return err
	}
	s.sayUnplanned(out, plan, recs)
	st := newTally(plan, s.counted(out, m, recs), recs, r.train)
	if asJSON {
		return s.json(struct {
			tally
			running
			Unended folder.Attempts `json:"unended"` // goes at a trial that began and never ended, or are under way
		}{st, r, attempts})
	}
	fmt.Fprintf(s.out, "%s: %s", out, st.Counts)
	if n := st.toTrain; st.Seconds != nil && n > 0 {
		fmt.Fprintf(s.out, ", about %s left on one worker at %s a trial", lasting(*st.Seconds), lasting(*st.Seconds/float64(n)))
	}
	fmt.Fprintln(s.out)
	if r.Processes > 0 {
		fmt.Fprintln(s.out, r)
	}
	s.sayUnended(attempts)
	s.sayErrors(st.Errors)
	s.sayMixed(study.Of(recs), m)
	return nil
}

// newTally says how far the trials of the given ids are. Recorded trials among again are being trained once more. The plan, if there is one,
// gives the class of those without a record.
func newTally(plan *folder.Plan, ids []string, recs []record.Record, again []string) tally {
	state := states(recs)
	st := tally{Counts: record.Count(ids, state), Errors: []failure{}}
	for _, r := range recs {
		if r.Status == record.Failed && r.Run != nil {
			st.Errors = append(st.Errors, failure{r.ID, r.Run.Error, r.Run.Ended})
		}
	}
	slices.SortStableFunc(st.Errors, func(a, b failure) int { return cmp.Compare(b.Ended, a.Ended) })
	recorded := func(id string) bool { _, ok := state[id]; return ok }
	train := slices.DeleteFunc(slices.Clone(ids), recorded)
	train = append(train, slices.DeleteFunc(slices.Clone(again), func(id string) bool { return !recorded(id) })...)
	st.toTrain = len(train)
	if sum, known := estimated(recs).total(classes(plan, train)); known {
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

// classes counts trials by their classes; without a plan all are of the class "", any.
func classes(plan *folder.Plan, trials []string) map[string]int {
	of := map[string]string{}
	for _, id := range trials {
		of[id] = ""
	}
	if plan != nil {
		for _, l := range plan.Lines {
			if _, wanted := of[l.ID]; wanted {
				of[l.ID] = class(l.Settings())
			}
		}
	}
	classes := map[string]int{}
	for _, id := range trials {
		classes[of[id]]++
	}
	return classes
}

// sayUnended names the trials that began often and never ended.
func (s *session) sayUnended(attempts folder.Attempts) {
	const most = 5
	often := attempts.Often()
	for _, id := range first(often, most) {
		fmt.Fprintf(s.talk, "trial %s began %d times and has not ended: it may need more memory than there is; it runs after all others, alone\n", id, attempts[id])
	}
	if n := len(often) - most; n > 0 {
		fmt.Fprintf(s.talk, "%d more trials began twice or more and have not ended\n", n)
	}
}

// sayErrors says why the last trials failed.
func (s *session) sayErrors(errors []failure) {
	const most = 5
	for _, e := range first(errors, most) {
		fmt.Fprintf(s.out, "failed: %s: %s\n", e.ID, e.Error)
	}
	if n := len(errors) - most; n > 0 {
		fmt.Fprintf(s.out, "failed: %d more; logs/ID.log says why\n", n)
	}
}
