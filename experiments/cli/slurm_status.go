package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"msharp/harness/folder"
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

// standing counts the trials of a folder by state, and says where the missing ones and those run again are in the queue.
type standing struct {
	tally
	Queued      int         `json:"queued"`        // the missing trials of tasks that have yet to start
	Running     int         `json:"running"`       // the missing trials of tasks under way
	Lost        []lostTrial `json:"lost"`          // the missing trials of tasks that have ended
	Unsubmitted int         `json:"not_submitted"` // the missing trials of no task that Slurm has accepted
	Retrying    int         `json:"retrying"`      // the failed trials that a task, queued or under way, runs again

	missing, again []slurm.Standing // of the missing trials that the queue has, and of those that are run again
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
	m, plan, err := out.Read()
	if err != nil {
		return err
	}
	recs, err := s.load(out, record.WithoutEpochs, record.WithoutConfusion, record.WithoutNumbers)
	if err != nil {
		return err
	}
	recorded := states(recs)
	s.sayUnplanned(out, plan, recs)
	trials := s.counted(out, m, recs)
	st := standing{tally: newTally(plan, trials, recs, nil), Lost: []lostTrial{}}
	if unknown != nil {
		if asJSON {
			err = s.json(st.tally)
		} else {
			_, err = fmt.Fprintf(s.out, "%s: %s\n", out, st.Counts)
		}
		if err != nil {
			return err
		}
		return fmt.Errorf("cannot tell where the missing trials are: %w", unknown)
	}
	retrying := slices.DeleteFunc(slices.Clone(subs), func(sub *slurm.Submission) bool { return !sub.Plan.Retry })
	where, again := slurm.Standings(subs, queue), slurm.Standings(retrying, queue)
	for _, id := range trials {
		switch status, ok := recorded[id]; {
		case !ok:
			st.place(id, where[id])
		case status == record.Failed && again[id].State > slurm.Lost:
			st.Retrying++
			st.again = append(st.again, again[id])
		}
	}
	if asJSON {
		return s.json(st)
	}
	s.sayStanding(out, st, subs)
	return nil
}

// submitted returns the output folder and its submissions, of which there must be some.
func (s *session) submitted() (out folder.Dir, subs []*slurm.Submission, err error) {
	if out, err = s.existingFolder(); err != nil {
		return "", nil, err
	}
	subs, err = slurm.Load(out.Submissions())
	if err == nil && len(subs) == 0 {
		err = usageError{fmt.Errorf("nothing was submitted from %s; slurm submit does, or name a folder with --out", out)}
	}
	return out, subs, err
}

// place counts a missing trial by where the queue has it.
func (st *standing) place(id string, w slurm.Standing) {
	switch w.State {
	case slurm.Unsubmitted:
		st.Unsubmitted++
	case slurm.Lost:
		st.Lost = append(st.Lost, lostTrial{id, w.Task, w.Said, w.Log})
	case slurm.Queued:
		st.Queued++
		st.missing = append(st.missing, w)
	case slurm.Running:
		st.Running++
		st.missing = append(st.missing, w)
	}
}

// held returns the tasks that wait for `scontrol release`.
func (st standing) held() []string {
	held := slices.DeleteFunc(slices.Concat(st.missing, st.again), func(w slurm.Standing) bool { return !w.Held })
	return distinct(held, func(w slurm.Standing) string { return w.Task })
}

// parts says where trials are that the queue has.
func parts(all []slurm.Standing) (parts []string) {
	in := func(state slurm.State) (trials []slurm.Standing, tasks string) {
		trials = slices.DeleteFunc(slices.Clone(all), func(w slurm.Standing) bool { return w.State != state })
		return trials, record.Plural(len(distinct(trials, func(w slurm.Standing) string { return w.Task })), "task")
	}
	if queued, tasks := in(slurm.Queued); len(queued) > 0 {
		waits := distinct(queued, func(w slurm.Standing) string { return w.Said })
		parts = append(parts, fmt.Sprintf("%d queued in %s, %s", len(queued), tasks, strings.Join(first(waits, 3), ", ")))
	}
	if running, tasks := in(slurm.Running); len(running) > 0 {
		parts = append(parts, fmt.Sprintf("%d running in %s", len(running), tasks))
	}
	return parts
}

// distinct returns the texts of a list, each once, sorted.
func distinct[T any](list []T, text func(T) string) (texts []string) {
	for _, x := range list {
		texts = append(texts, text(x))
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

// sayStanding prints a standing, on less than a screen.
func (s *session) sayStanding(out folder.Dir, st standing, subs []*slurm.Submission) {
	fmt.Fprintf(s.out, "%s: %s\n", out, st.Counts)
	if st.Missing > 0 {
		s.sayMissing(st)
	}
	s.sayErrors(st.Errors)
	if st.Retrying > 0 {
		fmt.Fprintf(s.out, "failed, and run again: %s\n", strings.Join(parts(st.again), "; "))
	}
	again := func(failed bool) string { return commandLine(s.Name, s.again(out, subs, failed)) }
	switch held := st.held(); {
	case len(held) > 0:
		fmt.Fprintf(s.out, "next: Slurm holds %s; when the nodes are well again: scontrol release %s\n", record.Plural(len(held), "task"), strings.Join(first(held, 10), ","))
	case len(st.Lost)+st.Unsubmitted > 0:
		fmt.Fprintf(s.out, "next, to submit the %s that the queue does not have: %s\n", record.Plural(len(st.Lost)+st.Unsubmitted, "trial"), again(false))
	case st.Missing > 0, st.Retrying > 0 && st.Retrying == st.Failed:
		fmt.Fprintln(s.out, "next: wait; nothing is lost")
	case st.Retrying > 0:
		fmt.Fprintf(s.out, "next, to run the other %s again: %s\n", record.Plural(st.Failed-st.Retrying, "failed trial"), again(true))
	case st.Failed > 0:
		fmt.Fprintf(s.out, "next, to run the failed trials again: %s\n", again(true))
	default:
		fmt.Fprintf(s.out, "all trials are recorded; the figures are in %s, drawn when the last job ends\n", out.Report())
	}
}

// sayMissing says where the missing trials stand and names the lost ones.
func (s *session) sayMissing(st standing) {
	parts := parts(st.missing)
	if len(st.Lost) > 0 {
		ended := distinct(st.Lost, func(l lostTrial) string { return l.Task })
		parts = append(parts, fmt.Sprintf("%d lost with %s", len(st.Lost), record.Plural(len(ended), "task")))
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
