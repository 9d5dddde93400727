package cli

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"msharp/harness"
	"msharp/harness/config"
	"msharp/harness/folder"
	"msharp/harness/record"
)

func (s *session) measureCommand() *cobra.Command {
	f := runFlags{onFailure: "continue", shard: "0/1", kept: true}
	c := &cobra.Command{
		Use:   "measure [flags] [key=value ...]",
		Short: "new measures on kept weights, without training again",
		Long: "Takes the measures that records lack, on the kept weights of their trials (keep_weights: true), and draws. Measures are those of\n" +
			"the configuration, or an override: measures='[gradnorm, {kind: msharp, m: [1, 8], rho: [0.1]}]'.",
		RunE: func(_ *cobra.Command, words []string) error {
			sweep, trials, err := s.shard(f, words)
			if err != nil {
				return err
			}
			s.folder = string(s.outFolder(sweep.Name))
			if _, err := s.existingFolder(); err != nil {
				return err
			}
			ctx, stop := s.interruptible()
			defer stop()
			return s.train(ctx, f, sweep, trials)
		},
	}
	c.Flags().IntVar(&f.workers, "workers", runtime.GOMAXPROCS(0), "trials at a time")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "no progress")
	return c
}

// prepareMeasuring is prepare if there is something to measure; otherwise it writes nothing, but refuses what prepare would.
func (s *session) prepareMeasuring(out folder.Dir, sweep *config.Sweep, m record.Manifest) (*folder.Plan, error) {
	recs, held, err := s.recorded(out, record.WithoutEpochs, record.WithoutConfusion)
	if err != nil {
		return nil, err
	}
	if measuring, _ := harness.Divide(sweep.Trials, recs, held, false); len(measuring) > 0 {
		return s.prepare(out, sweep, m)
	}
	plan, _, err := s.joined(out, sweep)
	return plan, err
}

// sayLeft says which of the missing trials will still lack something once kept weights are measured, and returns how many of these are
// recorded.
func (s *session) sayLeft(missing, measuring []config.Trial, recs []record.Record, held folder.Held) (recorded int) {
	_, left := harness.Divide(missing, recs, held, true)
	if len(left) > 0 {
		fmt.Fprintf(s.talk, "left for run, because no weights are kept or only training gives what is missing: %s\n", named(config.IDs(left), 10))
	}
	if len(measuring) == 0 {
		fmt.Fprintln(s.talk, "kept weights lack no measures")
	}
	state := states(recs)
	for _, t := range left {
		if state[t.ID] != "" {
			recorded++
		}
	}
	return recorded
}
