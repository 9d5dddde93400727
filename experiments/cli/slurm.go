package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"msharp/harness/slurm"
	"msharp/models/kind"
)

func (s *session) slurmCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "slurm",
		Short: "the same sweep on a Slurm cluster: submit, status, cancel",
		Long: "Trains a sweep as job arrays of a Slurm cluster, several short trials a task. The output folder must be one that the nodes see too.\n" +
			"submit submits what its records lack and the queue does not have.",
	}
	oneOf(c, s.slurmSubmitCommand(), s.slurmStatusCommand(), s.slurmCancelCommand())
	c.AddCommand(s.slurmTaskCommand())
	return c
}

// oneOf makes c the parent of commands, one of which must be named.
func oneOf(c *cobra.Command, commands ...*cobra.Command) {
	var names []string
	for _, sub := range commands {
		names = append(names, sub.Name())
	}
	c.RunE = func(_ *cobra.Command, words []string) error {
		if len(words) == 0 {
			return usageError{fmt.Errorf("%s: expected one of %s", c.Name(), strings.Join(names, ", "))}
		}
		return &kind.Error{Value: c.Name() + " " + words[0], Problem: "no command", Expected: "one of " + strings.Join(names, ", "), Nearest: kind.Nearest(words[0], names)}
	}
	c.AddCommand(commands...)
}

func (s *session) slurmCancelCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "cancel",
		Short: "end the jobs submitted from the output folder, and no others",
		Args:  noArgs,
		RunE:  func(*cobra.Command, []string) error { return s.cancel() },
	}
}

func (s *session) cancel() error {
	out, subs, err := s.submitted()
	if err != nil {
		return err
	}
	queue, err := slurm.Queue()
	if err != nil {
		return err
	}
	jobs, err := slurm.Cancel(subs, queue)
	if err != nil {
		return err
	}
	if len(jobs) == 0 {
		fmt.Fprintf(s.out, "nothing submitted from %s is queued or running\n", out)
		return nil
	}
	fmt.Fprintf(s.out, "cancelled %s; what is recorded stays\n", strings.Join(jobs, ", "))
	return nil
}
