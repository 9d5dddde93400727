package cli

import (
	"fmt"
	"runtime"
	"slices"

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
			if _, _, err := f.check(); err != nil {
				return err
			}
			sweep, err := s.plan(words)
			if err != nil {
				return err
			}
			s.folder = string(s.outFolder(sweep.Name))
			if _, err := s.existingFolder(); err != nil {
				return err
			}
			ctx, stop := s.interruptible()
			defer stop()
			return s.train(ctx, f, sweep, sweep.Trials)
		},
	}
	c.Flags().IntVar(&f.workers, "workers", runtime.GOMAXPROCS(0), "trials at a time")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "no progress")
	return c
}

// prepareMeasuring is prepare if there is something to measure; else it only refuses what prepare would.
func (s *session) prepareMeasuring(out folder.Dir, sweep *config.Sweep, m record.Manifest) (*folder.Plan, error) {
	recs, err := s.load(out, record.WithoutEpochs, record.WithoutConfusion)
	if err != nil {
		return nil, err
	}
	if len(harness.Measurable(sweep.Trials, recs, out, false)) > 0 {
		return s.prepare(out, sweep, m)
	}
	plan, _, err := s.joined(out, sweep)
	return plan, err
}

// sayLeft says which of the missing trials will still lack something once kept weights are measured, and returns how many of these are
// recorded.
func (s *session) sayLeft(missing, kept []config.Trial, recs []record.Record, out folder.Dir) (recorded int) {
	left := idSet(missing)
	for _, id := range ids(harness.Measurable(kept, recs, out, true)) {
		delete(left, id)
	}
	if names := slices.DeleteFunc(ids(missing), func(id string) bool { return !left[id] }); len(names) > 0 {
		fmt.Fprintf(s.talk, "left for run, because no weights are kept or only training gives what is missing: %s\n", named(names, 10))
	}
	if len(kept) == 0 {
		fmt.Fprintln(s.talk, "kept weights lack no measures")
	}
	for _, r := range recs {
		if left[r.ID] {
			recorded++
		}
	}
	return recorded
}
