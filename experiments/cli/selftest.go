package cli

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"msharp/harness"
)

func (s *session) selftestCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "selftest",
		Short: "the analytic oracles, on this machine",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(table, "oracle\texpected\tmeasured\ttolerance\t")
			bad := 0
			for _, o := range harness.Oracles() {
				verdict := "ok"
				if !o.OK() {
					verdict = "FAILED"
					bad++
				}
				fmt.Fprintf(table, "%s\t%.9g\t%.9g\t%.1g\t%s\n", o.Name, o.Want, o.Got, o.Tolerance, verdict)
			}
			if err := table.Flush(); err != nil {
				return err
			}
			if bad > 0 {
				return fmt.Errorf("%d oracles failed", bad)
			}
			return nil
		},
	}
}
