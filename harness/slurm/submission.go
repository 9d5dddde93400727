package slurm

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"msharp/harness/disk"
	"msharp/harness/record"
)

// Submission is a plan handed to Slurm, kept in a folder of its own, named NAME: plan.json, jobs.json, the job scripts, and the log of each
// task. Its jobs are named EXPERIMENT-NAME-FIRST, FIRST being the plan's task that index 0 of the array runs, or
// EXPERIMENT-NAME-draw, so that the queue alone says what a job is.
type Submission struct {
	Dir   string // absolute
	Plan  Plan
	Jobs  []Job // what Slurm accepted
	Fault error // what is wrong with Plan or Jobs
}

// Job is an array that Slurm accepted, or the job that draws when all arrays have ended.
type Job struct {
	ID    string   `json:"job"`
	First int      `json:"first"`           // task of the plan that index 0 runs
	Tasks int      `json:"tasks"`           // 0 is the job that draws
	Share int      `json:"share,omitempty"` // of the throttle: tasks at a time; 0 is no bound
	After []string `json:"after,omitempty"` // arrays that must have ended first; the first of them leaves its places to this one
}

// Name returns the submission's name: eight hexadecimal digits.
func (s *Submission) Name() string { return filepath.Base(s.Dir) }

// planPath returns the plan's file.
func (s *Submission) planPath() string { return filepath.Join(s.Dir, "plan.json") }

// Folder returns the folder of all submissions that a plan's is in.
func Folder(plan string) string { return filepath.Dir(filepath.Dir(plan)) }

// Create makes the folder of a new submission with its plan, in the folder of all submissions. Nothing is submitted yet.
func Create(in string, p Plan) (*Submission, error) {
	p.Version = planVersion
	in, err := filepath.Abs(in)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(in, 0o777); err != nil {
		return nil, err
	}
	s := &Submission{Plan: p}
	for err = fs.ErrExist; errors.Is(err, fs.ErrExist); {
		s.Dir = filepath.Join(in, fmt.Sprintf("%08x", rand.Uint32()))
		err = os.Mkdir(s.Dir, 0o777)
	}
	if err != nil {
		return nil, err
	}
	return s, writeJSON(s.planPath(), p)
}

// Load returns the submissions in a folder, oldest jobs first, those that are damaged among them. There may be no such folder.
func Load(in string) (subs []*Submission, err error) {
	in, err = filepath.Abs(in)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(in)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries {
		if !e.IsDir() || !folderName.MatchString(e.Name()) {
			continue
		}
		s := &Submission{Dir: filepath.Join(in, e.Name())}
		if s.Plan, s.Fault = ReadPlan(s.planPath()); s.Fault == nil {
			s.Jobs, s.Fault = s.readJobs()
		}
		if s.Fault != nil && !errors.As(s.Fault, new(*PlanError)) && !errors.Is(s.Fault, fs.ErrNotExist) {
			return nil, s.Fault // what cannot be read may be well
		}
		subs = append(subs, s)
	}
	slices.SortStableFunc(subs, func(a, b *Submission) int { return a.newest() - b.newest() })
	return subs, nil
}

var folderName = regexp.MustCompile(`^[0-9a-f]{8}$`)

// newest returns the number of the latest job; Slurm counts up.
func (s *Submission) newest() (n int) {
	for _, j := range s.Jobs {
		n = max(n, number(j.ID))
	}
	return n
}

func (s *Submission) jobsPath() string { return filepath.Join(s.Dir, "jobs.json") }

// readJobs returns the jobs that Slurm accepted. If there is no jobs.json, none was.
func (s *Submission) readJobs() (jobs []Job, err error) {
	text, err := disk.ReadFile(s.jobsPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &jobs); err != nil {
		return nil, &PlanError{s.jobsPath(), record.Fault(err).Error()}
	}
	for _, j := range jobs {
		if !jobID.MatchString(j.ID) || j.First < 0 || j.Tasks < 0 || j.First+j.Tasks > len(s.Plan.Tasks) {
			return nil, &PlanError{s.jobsPath(), fmt.Sprintf("job %q runs %d tasks from task %d; the plan has %d", j.ID, j.Tasks, j.First, len(s.Plan.Tasks))}
		}
		if j.Share < 0 {
			return nil, &PlanError{s.jobsPath(), fmt.Sprintf("job %q has a share of %d; expected a whole number ≥ 0", j.ID, j.Share)}
		}
	}
	return jobs, nil
}

// accepted notes a job that Slurm has taken.
func (s *Submission) accepted(j Job) error {
	s.Jobs = append(s.Jobs, j)
	return writeJSON(s.jobsPath(), s.Jobs)
}

// Accepted returns the tasks that Slurm accepted: the first of the plan.
func (s *Submission) Accepted() []Task {
	n := 0
	for _, j := range s.Jobs {
		n += j.Tasks
	}
	return s.Plan.Tasks[:n]
}
