package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"msharp/harness/config"
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

// task runs one task of a plan. Told by TERM or USR1 that its time is over, it saves where it is and goes back into the queue.
func (s *session) task(path, number string) error {
	plan, sweep, err := s.readPlan(path)
	if err != nil {
		return err
	}
	k, err := strconv.Atoi(number)
	if err != nil || k < 0 || k >= len(plan.Tasks) {
		return usageError{fmt.Errorf("task %s of %s: expected 0 to %d", number, path, len(plan.Tasks)-1)}
	}
	trials, err := trialsOf(plan, k, path, sweep)
	if err != nil {
		return err
	}
	s.args = plan.Command // which the manifest tells
	halt, over := s.halting()
	defer over()
	fmt.Fprintf(s.talk, "task %d of %s: %s, restart %d\n", k, path, record.Plural(len(trials), "trial"), restarts())
	f := runFlags{workers: plan.Workers, retry: plan.Retry, onFailure: "continue", halt: halt, noDraw: true}
	err = s.train(halt, f, sweep, trials)
	if errors.As(err, new(interrupted)) {
		return s.requeue(err)
	}
	return err
}

// readPlan reads a plan and the sweep it is of. With it the session stands where its records go.
func (s *session) readPlan(path string) (plan slurm.Plan, sweep *config.Sweep, err error) {
	path, err = filepath.Abs(path)
	if err != nil {
		return plan, nil, err
	}
	plan, err = slurm.ReadPlan(path)
	var edited *slurm.PlanError
	if errors.As(err, &edited) || errors.Is(err, fs.ErrNotExist) {
		return plan, nil, usageError{err}
	} else if err != nil {
		return plan, nil, err
	}
	if s.folder == "" {
		s.folder = slurm.OutFolder(path)
	}
	s.data = plan.Data
	text, err := os.ReadFile(slurm.SweepPath(path))
	if err != nil {
		return plan, nil, err
	}
	sweep, err = config.Plan(slurm.SweepPath(path), text, nil, s.data)
	return plan, sweep, err
}

// trialsOf returns the trials of a plan's task.
func trialsOf(plan slurm.Plan, k int, path string, sweep *config.Sweep) (trials []config.Trial, err error) {
	known := map[string]config.Trial{}
	for _, t := range sweep.Trials {
		known[t.ID] = t
	}
	for _, id := range plan.Tasks[k].Trials {
		t, ok := known[id]
		if !ok {
			problem := fmt.Sprintf("task %d: trial %s is none of %s's, on the data found here and by this program", k, id, slurm.SweepPath(path))
			return nil, usageError{&slurm.PlanError{File: path, Problem: problem}}
		}
		trials = append(trials, t)
	}
	return trials, nil
}

// restarts returns how often Slurm has put this task back into the queue.
func restarts() int {
	n, _ := strconv.Atoi(os.Getenv("SLURM_RESTART_COUNT"))
	return n
}

// halting returns a context that is done at the first signal by which Slurm ends a task.
func (s *session) halting() (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, endSignals...)
	go func() {
		if which, ok := <-signals; ok {
			fmt.Fprintf(s.talk, "%v: stopping at the next end of an epoch\n", which)
			cancel()
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(signals)
		cancel()
	}
}

// requeue puts this task back into the queue after it was interrupted.
func (s *session) requeue(why error) error {
	task, err := slurm.Requeue()
	switch {
	case errors.Is(err, slurm.ErrElsewhere):
		fmt.Fprintf(s.talk, "%s is cancelled or requeued already\n", task)
		return why
	case err != nil:
		return fmt.Errorf("%w, and this task is not back in the queue: %w", why, err)
	}
	fmt.Fprintf(s.talk, "%s is back in the queue\n", task)
	return nil
}
