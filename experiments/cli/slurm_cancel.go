package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"msharp/harness/slurm"
)

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
