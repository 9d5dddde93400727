package cli

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"msharp/harness/record"
	"msharp/harness/slurm"
)

func (s *session) slurmStatusCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "status [--json]",
		Short: "the trials by state; of the missing which are queued, running or lost; and what to do next",
		Args:  noArgs,
		RunE:  func(*cobra.Command, []string) error { return s.slurmStatus(asJSON) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as one JSON object")
	return c
}

// standing is the trials of a folder by state, and where the queue has those that are missing.
type standing struct {
	tally
	Queued      int         `json:"queued"`        // the missing trials of tasks that have yet to start
	Running     int         `json:"running"`       // the missing trials of tasks under way
	Lost        []lostTrial `json:"lost"`          // whose task has ended without them
	Unsubmitted int         `json:"not_submitted"` // of no task that Slurm has accepted

	tasks map[slurm.State]map[string]bool // with missing trials
	waits map[string]bool                 // what queued tasks wait for
	held  map[string]bool                 // tasks that wait for `scontrol release`
}

// lostTrial is a missing trial whose task is over.
type lostTrial struct {
	ID   string `json:"id"`
	Task string `json:"task"` // ARRAYJOB_INDEX
	Said string `json:"said"` // what Slurm says became of it
	Log  string `json:"log"`
}

func (s *session) slurmStatus(asJSON bool) error {
	out, subs, err := s.submitted()
	if err != nil {
		return err
	}
	for _, sub := range subs {
		if sub.Fault != nil {
			fmt.Fprintln(s.talk, "warning: the trials of its tasks do not count as submitted:", sub.Fault)
		}
	}
	queue, unknown := slurm.Queue() // before the records: what ends in between counts as running, not as lost
	m, err := readManifest(out)
	if err != nil {
		return err
	}
	recs, err := s.load(out)
	if err != nil {
		return err
	}
	recorded := map[string]bool{}
	for _, r := range recs {
		recorded[r.ID] = true
	}
	trials := s.planned(out, m, recs)
	missing := slices.DeleteFunc(slices.Clone(trials), func(id string) bool { return recorded[id] })
	st := standing{tally: s.tally(out, trials, recs), Lost: []lostTrial{}}
	if unknown != nil {
		if asJSON {
			err = s.json(st.tally)
		} else {
			_, err = fmt.Fprintf(s.out, "%s: %s\n", out, st.Counts)
		}
		if err != nil {
			return err
		}
		return fmt.Errorf("where the missing trials stand is unknown: %w", unknown)
	}
	st.place(missing, slurm.Standings(subs, queue))
	if asJSON {
		return s.json(st)
	}
	s.sayStanding(out, st, subs)
	return nil
}

// submitted returns the output folder and its submissions, of which there must be some.
func (s *session) submitted() (out string, subs []*slurm.Submission, err error) {
	if out, err = s.existingFolder(); err != nil {
		return "", nil, err
	}
	subs, err = slurm.Load(out)
	if err == nil && len(subs) == 0 {
		err = usageError{fmt.Errorf("nothing was submitted from %s; slurm submit does, or name a folder with --out", out)}
	}
	return out, subs, err
}

// place counts missing trials by where the queue has them.
func (st *standing) place(missing []string, where map[string]slurm.Standing) {
	st.waits, st.held = map[string]bool{}, map[string]bool{}
	st.tasks = map[slurm.State]map[string]bool{slurm.Lost: {}, slurm.Queued: {}, slurm.Running: {}}
	for _, id := range missing {
		w := where[id]
		if w.State == slurm.Unsubmitted {
			st.Unsubmitted++
			continue
		}
		st.tasks[w.State][w.Task] = true
		switch w.State {
		case slurm.Lost:
			st.Lost = append(st.Lost, lostTrial{id, w.Task, w.Said, w.Log})
		case slurm.Queued:
			st.Queued++
			st.waits[w.Said] = true
			if w.Held {
				st.held[w.Task] = true
			}
		case slurm.Running:
			st.Running++
		}
	}
}

// sayStanding prints a standing, on less than a screen.
func (s *session) sayStanding(out string, st standing, subs []*slurm.Submission) {
	fmt.Fprintf(s.out, "%s: %s\n", out, st.Counts)
	if st.Missing > 0 {
		s.sayMissing(st)
	}
	s.sayErrors(st.Errors)
	again := commandLine(s.Name, s.sibling("submit"))
	for _, sub := range subs {
		if len(sub.Plan.Command) > 0 {
			again = commandLine(s.Name, sub.Plan.Command)
		}
	}
	switch {
	case len(st.held) > 0:
		fmt.Fprintf(s.out, "next: Slurm holds %s; when the nodes are well again: scontrol release %s\n", record.Plural(len(st.held), "task"), strings.Join(some(st.held, 10), ","))
	case len(st.Lost)+st.Unsubmitted > 0:
		fmt.Fprintf(s.out, "next, to submit the %s that the queue does not have: %s\n", record.Plural(len(st.Lost)+st.Unsubmitted, "trial"), again)
	case st.Missing > 0:
		fmt.Fprintln(s.out, "next: wait; nothing is lost")
	case st.Failed > 0:
		if !strings.HasSuffix(again, " --retry-failed") {
			again += " --retry-failed"
		}
		fmt.Fprintf(s.out, "next, to run the failed trials again: %s\n", again)
	default:
		fmt.Fprintf(s.out, "all trials are recorded; the figures are in %s, drawn when the last job ends\n", filepath.Join(out, "report.html"))
	}
}

// sayMissing says where the missing trials stand and names the lost ones.
func (s *session) sayMissing(st standing) {
	tasks := func(state slurm.State) string { return record.Plural(len(st.tasks[state]), "task") }
	var parts []string
	if st.Queued > 0 {
		parts = append(parts, fmt.Sprintf("%d queued in %s, %s", st.Queued, tasks(slurm.Queued), strings.Join(some(st.waits, 3), ", ")))
	}
	if st.Running > 0 {
		parts = append(parts, fmt.Sprintf("%d running in %s", st.Running, tasks(slurm.Running)))
	}
	if len(st.Lost) > 0 {
		parts = append(parts, fmt.Sprintf("%d lost with %s", len(st.Lost), tasks(slurm.Lost)))
	}
	if st.Unsubmitted > 0 {
		parts = append(parts, fmt.Sprintf("%d not submitted", st.Unsubmitted))
	}
	fmt.Fprintf(s.out, "missing: %s\n", strings.Join(parts, "; "))
	const most = 8
	for _, l := range first(st.Lost, most) {
		fmt.Fprintf(s.out, "  lost %s, task %s, %s; log %s\n", l.ID, l.Task, l.Said, l.Log)
	}
	if n := len(st.Lost) - most; n > 0 {
		fmt.Fprintf(s.out, "  and %d more; --json names all\n", n)
	}
}

// some returns at most n members of a set, sorted.
func some(set map[string]bool, n int) []string { return first(slices.Sorted(maps.Keys(set)), n) }

// first returns at most n items.
func first[T any](list []T, n int) []T { return list[:min(n, len(list))] }
