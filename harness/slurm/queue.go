package slurm

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// State is where the queue has a task.
type State int

const (
	Unsubmitted State = iota // never was in the queue
	Lost                     // has left the queue
	Queued
	Running
)

// Row is one job or array task of the queue.
type Row struct {
	Job    string // the id of the job, or of the array
	Index  int    // in the array; −1 for a job
	State  string // Slurm's word
	Reason string
	Name   string // of the job
}

// ended are the states that no job leaves. In any other state Slurm may still run the job.
var ended = []string{"BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "REVOKED", "TIMEOUT"}

// waiting are the states of a job that has yet to start.
var waiting = []string{"PENDING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD", "SPECIAL_EXIT"}

func (r Row) state() State {
	switch {
	case slices.Contains(ended, r.State):
		return Lost
	case slices.Contains(waiting, r.State):
		return Queued
	}
	return Running
}

// held reports whether the row waits for somebody to release it.
func (r Row) held() bool {
	return r.state() == Queued && strings.Contains(strings.ToLower(r.Reason), "held") || r.State == "SPECIAL_EXIT" || r.State == "REQUEUE_HOLD"
}

// Queue returns the user's jobs that the queue still shows, ended ones included: Slurm forgets these after some minutes.
func Queue() ([]Row, error) {
	out, err := command("squeue", "--me", "--noheader", "--array", "--states=all", "--format=%i|%T|%r|%j")
	if err != nil {
		return nil, err
	}
	return parseQueue(out), nil
}

// parseQueue reads the lines of squeue and skips what is no line of a job.
func parseQueue(out string) (rows []Row) {
	for line := range strings.Lines(out) {
		f := strings.SplitN(strings.TrimSpace(line), "|", 4)
		if len(f) < 4 {
			continue
		}
		r := Row{Job: f[0], Index: -1, State: f[1], Reason: f[2], Name: f[3]}
		if job, index, ok := strings.Cut(f[0], "_"); ok {
			n, err := strconv.Atoi(index)
			if err != nil {
				continue
			}
			r.Job, r.Index = job, n
		}
		if jobID.MatchString(r.Job) {
			rows = append(rows, r)
		}
	}
	return rows
}

var jobName = regexp.MustCompile(`-([0-9a-f]{8})-(draw|[0-9]+)$`)

// part returns the last part of the row's name if the row is the submission's, else "": "draw", or the first task of an array.
func (s *Submission) part(r Row) string {
	m := jobName.FindStringSubmatch(r.Name)
	if m == nil || m[1] != s.Name() {
		return ""
	}
	return m[2]
}

// Live returns the rows of the submission that are queued or running.
func (s *Submission) Live(queue []Row) (rows []Row) {
	for _, r := range queue {
		if s.part(r) != "" && r.state() > Lost {
			rows = append(rows, r)
		}
	}
	return rows
}

// Standing is where a trial is in the queue.
type Standing struct {
	State State
	Task  string // ARRAYJOB_INDEX, as Slurm's commands take it
	Said  string // Slurm's word and reason: "FAILED (NonZeroExitCode)"
	Held  bool   // waits for `scontrol release`
	Log   string // the task's log file
}

// Standings returns where the trials of submissions are in the queue. Of a trial in several submissions it gives the best state, and of equal
// ones that of the later submission. Trials that Slurm accepted in none are missing.
func Standings(subs []*Submission, queue []Row) map[string]Standing {
	all := map[string]Standing{}
	for _, s := range subs {
		for k, st := range s.standings(queue) {
			for _, id := range s.Plan.Tasks[k].Trials {
				if st.State >= all[id].State {
					all[id] = st
				}
			}
		}
	}
	return all
}

// standings returns where a submission's tasks are in the queue. A job in the queue counts even if it was not noted as accepted.
func (s *Submission) standings(queue []Row) map[int]Standing {
	tasks := map[int]Standing{}
	put := func(k int, st Standing, job string, index int) {
		st.Task = fmt.Sprintf("%s_%d", job, index)
		st.Log = s.Dir + "/" + st.Task + ".log"
		tasks[k] = st
	}
	waits := map[string]string{}
	for _, j := range s.Jobs {
		waits[j.ID] = awaited(j.After, queue)
		for i := range j.Tasks {
			put(j.First+i, Standing{State: Lost, Said: "no longer in the queue"}, j.ID, i)
		}
	}
	for _, r := range queue {
		first, err := strconv.Atoi(s.part(r))
		k := first + r.Index
		if err != nil || r.Index < 0 || k < 0 || k >= len(s.Plan.Tasks) {
			continue
		}
		said, reason := r.State, r.Reason
		if reason == "Dependency" {
			reason += waits[r.Job]
		}
		if reason != "" && reason != "None" {
			said += " (" + reason + ")"
		}
		put(k, Standing{State: r.state(), Said: said, Held: r.held()}, r.Job, r.Index)
	}
	return tasks
}

// awaited names those of the given arrays that have not ended, for which an array waits.
func awaited(after []string, queue []Row) string {
	ids := slices.DeleteFunc(slices.Clone(after), func(id string) bool {
		return !slices.ContainsFunc(queue, func(r Row) bool { return r.Job == id && r.state() > Lost })
	})
	const most = 3
	switch n := len(ids); {
	case n == 0:
		return ""
	case n == 1:
		return ": after array " + ids[0] + ", to keep within the throttle"
	case n > most:
		ids = append(ids[:most], fmt.Sprintf("%d more", n-most))
	}
	return ": after arrays " + strings.Join(ids, ", ") + ", to keep within the throttle"
}

// Cancel ends the jobs of submissions that are queued or running, and returns their ids.
func Cancel(subs []*Submission, queue []Row) ([]string, error) {
	live := map[string]bool{}
	for _, s := range subs {
		for _, r := range s.Live(queue) {
			live[r.Job] = true
		}
	}
	ids := slices.Sorted(maps.Keys(live))
	if len(ids) == 0 {
		return nil, nil
	}
	_, err := command("scancel", ids...)
	return ids, err
}
