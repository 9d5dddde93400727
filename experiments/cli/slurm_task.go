package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"msharp/harness/config"
	"msharp/harness/folder"
	"msharp/harness/record"
	"msharp/harness/slurm"
)

func (s *session) slurmTaskCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "task PLAN K",
		Short:  "task K of a submission's plan; what an array task runs",
		Hidden: true,
		Args: func(_ *cobra.Command, words []string) error {
			if len(words) != 2 {
				return usageError{fmt.Errorf("slurm task takes a plan and the number of a task, not %d words", len(words))}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, words []string) error { return s.task(words[0], words[1]) },
	}
}

// task runs one task of a submission's plan. The trials come from the output folder's own plan. When TERM or USR1 says that its time is over,
// the task saves its state and goes back into the queue.
func (s *session) task(path, number string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	plan, err := slurm.ReadPlan(path)
	var edited *slurm.PlanError
	if errors.As(err, &edited) || errors.Is(err, fs.ErrNotExist) {
		return usageError{err}
	} else if err != nil {
		return err
	}
	k, err := strconv.Atoi(number)
	if err != nil || k < 0 || k >= len(plan.Tasks) {
		return usageError{fmt.Errorf("task %s of %s: expected 0 to %d", number, path, len(plan.Tasks)-1)}
	}
	if s.folder == "" {
		s.folder = string(folder.Around(slurm.Folder(path)))
	}
	sweep, err := s.sweepOf(folder.Dir(s.folder), plan, k)
	if err != nil {
		return fmt.Errorf("task %d of %s: %w", k, path, err)
	}
	s.args = plan.Command // for the manifest
	halt, over := s.halting()
	defer over()
	fmt.Fprintf(s.talk, "task %d of %s: %s, restart %s\n", k, path, record.Plural(len(sweep.Trials), "trial"), cmp.Or(os.Getenv("SLURM_RESTART_COUNT"), "0"))
	f := runFlags{workers: plan.Workers, retry: plan.Retry, onFailure: "continue", halt: halt, noDraw: true, planned: true}
	err = s.train(halt, f, sweep, sweep.Trials)
	if errors.As(err, new(interrupted)) {
		return s.requeue(err)
	}
	return err
}

// sweepOf returns the trials of a submission's task k as a sweep.
func (s *session) sweepOf(out folder.Dir, tasks slurm.Plan, k int) (*config.Sweep, error) {
	m, plan, err := out.Read()
	if err != nil {
		return nil, err
	}
	if plan == nil {
		return nil, fmt.Errorf("%s holds no plan.jsonl; submit again", out)
	}
	sweep := &config.Sweep{Name: cmp.Or(m.Name, s.Name)}
	sweep.Execution.CheckpointAfter, sweep.Execution.TimeLimit = duration(tasks.CheckpointAfter), duration(tasks.TimeLimit)
	sweep.Trials, sweep.Sources, err = plan.Trials(tasks.Data, tasks.Tasks[k].Trials)
	return sweep, err
}

func duration(seconds float64) time.Duration {
	return time.Duration(math.Round(seconds * float64(time.Second)))
}

// halting returns a context that is done at the first signal by which Slurm ends a task.
func (s *session) halting() (context.Context, func()) {
	return onSignal(func(n int, which os.Signal) {
		if n == 1 {
			fmt.Fprintf(s.talk, "%v: stopping at the next end of an epoch\n", which)
		}
	}, endSignals...)
}

// requeue puts this task back into the queue after it was interrupted.
func (s *session) requeue(why error) error {
	task, err := slurm.Requeue()
	switch {
	case errors.Is(err, slurm.ErrElsewhere):
		fmt.Fprintf(s.talk, "%s is cancelled or requeued already\n", task)
		return why
	case err != nil:
		return fmt.Errorf("%w; this task is not back in the queue: %w", why, err)
	}
	fmt.Fprintf(s.talk, "%s is back in the queue\n", task)
	return nil
}
