package cli

import (
	"cmp"

	"github.com/spf13/cobra"

	"msharp/harness"
	"msharp/harness/record"
)

// podCommand is what a pod of the manifest's Job runs.
func (s *session) podCommand() *cobra.Command {
	f := runFlags{onFailure: "continue"}
	c := &cobra.Command{
		Use:    "pod",
		Short:  "one shard of a sweep; what a pod of the Job runs",
		Hidden: true,
		Args:   noArgs,
		RunE:   func(*cobra.Command, []string) error { return s.pod(f) },
	}
	c.Flags().IntVar(&f.workers, "workers", 1, "trials at a time")
	c.Flags().StringVar(&f.shard, "shard", "0/1", "the shard, `I/N`")
	return c
}

// pod trains a shard. The pod that ends last finds all trials of the sweep recorded, failed ones included, and draws.
func (s *session) pod(f runFlags) error {
	sweep, trials, err := s.shard(f, nil)
	if err != nil {
		return err
	}
	halt, over := s.halting()
	defer over()
	f.halt, f.noDraw, f.retry = halt, true, true // an index that failed is tried again to run its failed trials
	trained := s.train(halt, f, sweep, trials)
	out := s.outFolder(sweep.Name)
	recs, _, err := record.Load(string(out))
	if err == nil && len(harness.Missing(sweep.Trials, recs, out, false)) == 0 {
		_, err = s.drawFolder(out)
	}
	return cmp.Or(trained, err)
}
