package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

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
