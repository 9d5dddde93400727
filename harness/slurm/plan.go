// Package slurm runs trials as job arrays on a Slurm cluster: it divides them into tasks, submits the tasks, and reads the queue. Slurm
// schedules; only the records say what is done.
package slurm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"time"

	"msharp/harness/disk"
	"msharp/harness/record"
)

// Plan is the work of one submission, kept as plan.json: a submission's array task K runs Tasks[K].
type Plan struct {
	Version         int      `json:"version"`                    // planVersion
	Command         []string `json:"command"`                    // the words after the program's name that submitted it
	Data            string   `json:"data,omitempty"`             // the folder of --data, absolute
	Program         string   `json:"program,omitempty"`          // the file of --program, absolute
	Workers         int      `json:"workers"`                    // trials at a time in a task
	Retry           bool     `json:"retry_failed,omitempty"`     // whether failed trials are run again
	CheckpointAfter float64  `json:"checkpoint_after,omitempty"` // seconds; how a trial is run, as the configuration had it
	TimeLimit       float64  `json:"time_limit,omitempty"`       // seconds
	Tasks           []Task   `json:"tasks"`
}

// Task is trials that one process runs.
type Task struct {
	Seconds float64  `json:"seconds"` // estimated, with Plan.Workers at work; 0 is unknown
	Trials  []string `json:"trials"`  // their ids
}

const planVersion = 1

// PlanError says that a plan file is not as it was written.
type PlanError struct{ File, Problem string }

func (e *PlanError) Error() string {
	return e.File + ": " + e.Problem + "; a plan is not to be edited"
}

// Trials returns the number of trials in tasks.
func Trials(tasks []Task) (n int) {
	for _, t := range tasks {
		n += len(t.Trials)
	}
	return n
}

// Pack divides trials into tasks, in order: a task is full when its trials take at least length on so many workers. seconds is what each
// trial takes on one. The last task may be shorter.
func Pack(ids []string, seconds []float64, workers int, length time.Duration) (tasks []Task) {
	var t Task
	for i, id := range ids {
		t.Trials = append(t.Trials, id)
		t.Seconds += seconds[i] / float64(workers)
		if t.Seconds >= length.Seconds() {
			tasks, t = append(tasks, t), Task{}
		}
	}
	if len(t.Trials) > 0 {
		tasks = append(tasks, t)
	}
	return tasks
}

// Spread divides trials of unknown cost into at most n tasks, in order and as evenly as whole trials allow.
func Spread(ids []string, n int) (tasks []Task) {
	n = min(n, len(ids))
	for k := range n {
		tasks = append(tasks, Task{Trials: ids[k*len(ids)/n : (k+1)*len(ids)/n]})
	}
	return tasks
}

// ReadPlan reads a plan file. A fault of its text is a *PlanError.
func ReadPlan(path string) (p Plan, err error) {
	text, err := disk.ReadFile(path)
	if err != nil {
		return p, err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err = dec.Decode(&p); err == nil {
		if _, more := dec.Token(); more != io.EOF {
			err = errors.New("something follows the plan")
		}
	}
	if err == nil {
		err = p.check()
	}
	if err != nil {
		return Plan{}, &PlanError{path, record.Fault(err).Error()}
	}
	return p, nil
}

func writeJSON(path string, v any) error {
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	return disk.WriteFile(path, append(text, '\n'))
}

var trialID = regexp.MustCompile(`^[0-9a-f]{16}$`)

// check returns a fault that no plan has when it is written.
func (p Plan) check() error {
	switch {
	case p.Version != planVersion:
		return fmt.Errorf("version %d; expected %d", p.Version, planVersion)
	case p.Workers < 1:
		return fmt.Errorf("workers %d; expected a whole number ≥ 1", p.Workers)
	case len(p.Tasks) == 0:
		return errors.New("no tasks")
	case p.Data != "" && !filepath.IsAbs(p.Data):
		return fmt.Errorf("data %s; expected a path from the root", p.Data)
	}
	in := map[string]int{}
	for k, t := range p.Tasks {
		if len(t.Trials) == 0 {
			return fmt.Errorf("task %d has no trials", k)
		}
		for _, id := range t.Trials {
			if !trialID.MatchString(id) {
				return fmt.Errorf("task %d: %q is no trial's id; expected 16 hexadecimal digits", k, id)
			}
			if other, ok := in[id]; ok {
				return fmt.Errorf("trial %s stands in task %d and in task %d", id, other, k)
			}
			in[id] = k
		}
	}
	return nil
}
